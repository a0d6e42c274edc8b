"""Whoever starts a workspace at the same moment, and whenever it is stopped, nothing is left over.

On both databases: several prepare and work a new one at once; and `gateway run` is told to stop
while its parts are starting.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.app import open_gateway
from gateway.cli.demo_workspace import make_workspace
from gateway.cli.processes import command
from tests.e2e.crash_house import children_of, end
from tests.patience import STALLED, wait_until
from tests.ports import free_port

TOGETHER = 3
STARTER = """
import sys, threading
from pathlib import Path
from gateway.app import open_gateway, prepare
print("ready", flush=True)
sys.stdin.readline()
prepare(Path(sys.argv[1]))
gateway = open_gateway(Path(sys.argv[1]))
worker = gateway.worker()
worker.start()
print("works", flush=True)
sys.stdin.readline()
worker.stop()
gateway.close()
"""


@pytest.fixture
def workspace(database_url: str, tmp_path: Path) -> Path:
    made = make_workspace(tmp_path / "workspace")
    settings = made / "gateway.toml"
    text = settings.read_text("utf-8").replace("8080", str(free_port()))
    settings.write_text(f'{text}\n[database]\nurl = "{database_url}"\n', "utf-8")
    return made


@pytest.mark.faults
def test_several_that_start_on_a_new_database_at_once_all_work(workspace: Path) -> None:
    with ExitStack() as held:
        starters = [held.enter_context(_starter(workspace)) for _ in range(TOGETHER)]
        for word in ("ready\n", "works\n"):
            for starter in starters:
                assert starter.stdout is not None
                assert starter.stdin is not None
                assert starter.stdout.readline() == word
            for starter in starters:
                assert starter.stdin is not None
                starter.stdin.write("go\n")
                starter.stdin.flush()
        assert [starter.wait(STALLED) for starter in starters] == [0] * TOGETHER
    gateway = open_gateway(workspace)
    try:
        with gateway.database.read() as connection:
            products = sa.select(sa.func.count()).select_from(sa.table("catalogue_products"))
            assert (connection.scalar(products) or 0) > 300
    finally:
        gateway.close()


def _starter(workspace: Path) -> subprocess.Popen[str]:
    words = (sys.executable, "-c", STARTER, str(workspace))
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def run(workspace: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `gateway run`, in whatever moment of its start."""
    process = subprocess.Popen(
        (*command("run"), "--workspace", str(workspace)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                end(process)


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_stopped_while_its_parts_start_leaves_none_of_them(
    run: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    parts: list[int] = []

    def started() -> bool:
        assert run.poll() is None, run.stdout and run.stdout.read().decode()
        parts[:] = children_of(run.pid)
        return len(parts) == 2

    assert wait_until(started, pause=0.01), "it did not come so far"
    run.send_signal(number)
    code = run.wait(STALLED)
    assert [pid for pid in parts if _runs(pid)] == []
    assert run.stdout is not None
    said = run.stdout.read().decode()
    assert "Traceback" not in said, said
    assert code == 1 or "serving http" in said, "it was still starting, unless we slept"


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
