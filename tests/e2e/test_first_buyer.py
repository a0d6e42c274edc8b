"""The tutorial "connect your first buyer" does what it says: its commands are taken and run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_buyer import wait_until_ready
from tests.patience import STALLED, wait_until
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs/tutorial/first-buyer.md"
HELD = "messages list --state held"


def commands() -> list[str]:
    """Return the tutorial's commands in order, continued lines joined."""
    blocks = re.findall(r"^```\n(.*?)^```", TUTORIAL.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if re.match(r"(gateway|cp|cd|echo) ", line)]


class Reader:
    """Follow the tutorial in a folder of one's own, with a port of one's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GATEWAY_PORT": str(port),
            "GATEWAY_BASE_URL": self.url,
        }

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            command = "true"
        return subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=STALLED, check=False,
        )  # fmt: skip

    def messages(self, more: str = "") -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(
            self.type(f"gateway messages list --json {more}").stdout
        )
        return found


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Give a reader in an empty folder with the examples that a checkout has."""
    (tmp_path / "examples").mkdir()
    shutil.copytree(ROOT / "examples/demo", tmp_path / "examples/demo")
    return Reader(tmp_path)


def test_every_command_of_the_tutorial_does_what_it_says(reader):
    listed = commands()
    serve = listed.index("gateway run")
    assert serve > 3
    for command in listed[:serve]:
        result = reader.type(command)
        assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    script = re.search(r"```yaml\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)
    assert script is not None
    (reader.folder / "first-order.yaml").write_text(script[1])
    with subprocess.Popen(
        [sys.executable, "-m", "gateway.cli", "run"],
        cwd=reader.folder,
        env=reader.environment,
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            wait_until_ready(reader.url, server)
            for command in listed[serve + 1 :]:
                follow(reader, command)
        finally:
            server.terminate()
            server.wait(STALLED)


def follow(reader: Reader, command: str) -> None:
    """Type one command; where the tutorial has an id of its own, take one that is there."""
    if "messages show" in command or "messages release" in command:
        state = "held" if "release" in command else "delivered"
        orders = wait_for(reader, state)
        command = re.sub(r"\b(01[0-9a-f]{30}|ID)\b", orders[0]["id"], command)
    if HELD in command:
        wait_for(reader, "held")
    result = reader.type(command)
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    if HELD in command:
        assert "OrderRequest.new" in result.stdout
    if "messages show" in command:
        assert "deliver" in result.stdout


def wait_for(reader: Reader, state: str) -> list[dict[str, str]]:
    """Return the orders in a state; the worker may need a moment for the first."""
    found: list[dict[str, str]] = []

    def look() -> bool:
        listed = reader.messages(f"--state {state}")
        found[:] = [one for one in listed if one["name"] == "OrderRequest.new"]
        return bool(found)

    assert wait_until(look), f"no order became {state}: {reader.messages()}"
    return found
