"""One SQLite file is served once: a second `run` or `web` says so and how to have several."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gateway.settings import load_settings
from gateway.store import liveness
from gateway.store.liveness import only_web


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_second_one_on_the_same_file_is_refused(
    gateway: Callable[..., Result], command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "GIVE_WAY", 0.0)
    (tmp_path / "gateway.toml").write_text("port = 0\n", encoding="utf-8")
    with only_web(load_settings(tmp_path).database_url):
        result = gateway(command)
    assert result.exit_code == 3
    assert "another web process serves" in result.output
    assert "`database.url`" in result.output
    assert not (tmp_path / "data" / "gateway.sqlite").exists(), "it was prepared all the same"
