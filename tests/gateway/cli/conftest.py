"""Lend the tests of commands a runner and a fresh workspace."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `gateway ...` in a workspace of its own."""
    monkeypatch.setenv("GATEWAY_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("GATEWAY_KEY", raising=False)

    def run(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(main, list(words), input=given, catch_exceptions=False)

    return run
