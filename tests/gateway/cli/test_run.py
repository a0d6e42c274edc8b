"""One SQLite file and one port are served once: a second `run` or `web` says so and what to do."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from gateway.cli import run
from gateway.errors import GatewayError
from gateway.settings import load_settings
from gateway.store import liveness
from gateway.store.liveness import only_web
from tests.patience import STALLED
from tests.ports import free_port


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Give back what a command makes of signals: the tests after these are stopped as ever."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_second_one_on_the_same_file_is_refused(
    gateway: Callable[..., Result], command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "GIVE_WAY", 0.0)
    (tmp_path / "gateway.toml").write_text("port = 0\n", encoding="utf-8")
    with only_web(load_settings(tmp_path).database_url):
        result = gateway(command)
    assert result.exit_code == 3
    assert "another gateway serves" in result.output
    assert "`database.url`" in result.output
    assert not (tmp_path / "data" / "gateway.sqlite").exists(), "it was prepared all the same"


def test_a_port_that_the_parts_of_a_killed_one_still_hold_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "GIVE_WAY", STALLED)
    refuse, tried = run.refuse_taken_port, threading.Event()

    def look(host: str, port: int) -> None:
        try:
            refuse(host, port)
        finally:
            tried.set()

    monkeypatch.setattr(run, "refuse_taken_port", look)
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        waiting = threading.Thread(target=run.require_port, args=("127.0.0.1", port))
        waiting.start()
        assert tried.wait(STALLED)
        assert waiting.is_alive()
    waiting.join(STALLED)
    assert not waiting.is_alive()


def test_a_port_that_stays_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "GIVE_WAY", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(GatewayError, match="GATEWAY_PORT"):
            run.require_port("127.0.0.1", port)
