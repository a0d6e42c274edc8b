"""An order by EDI goes all the way with real processes: in by file and post, out by file."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from edi.edifact.codec import EdifactCodec
from gateway.cli.commands import main
from gateway.cli.demo_workspace import make_workspace
from tests.e2e.test_buyer import running

PARTNER = "nordhamn-industri"
SECONDS = 90.0
CODEC = EdifactCodec()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    workspace = make_workspace(tmp_path_factory.mktemp("exchange") / "demo")
    with running(workspace) as url:
        yield workspace, url


def _sample(workspace: Path) -> Path:
    return workspace / "partners" / PARTNER / "samples/orders.edi"


def _left(workspace: Path) -> dict[str, list[str]]:
    """Return what lies in the outbox by message type; each is valid by its directory."""
    found: dict[str, list[str]] = {}
    for file in sorted((workspace / "outbox" / PARTNER).glob("*.edi")):
        reading = CODEC.read(file.read_bytes(), "")
        assert not reading.faults
        for message in reading.messages:
            assert not message.faults, message.faults
            found.setdefault(message.name, []).append(file.read_text("latin-1"))
    return found


def _wait(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


def _core(workspace: Path, *words: str) -> None:
    result = CliRunner().invoke(main, ["core", *words, "--workspace", str(workspace)])
    assert result.exit_code == 0, result.output


def test_a_file_of_orders_is_answered_shipped_and_billed(served: tuple[Path, str]) -> None:
    workspace, _ = served
    inbox = workspace / "inbox" / PARTNER
    inbox.mkdir(parents=True, exist_ok=True)
    shutil.copy(_sample(workspace), inbox)
    _wait(lambda: {"CONTRL", "ORDRSP"} <= set(_left(workspace)))
    assert (inbox / "done/orders.edi").exists()
    (control,) = _left(workspace)["CONTRL"]
    assert "UCI+1+7350000000214:14+7350000000016:14+7'" in control
    (response,) = _left(workspace)["ORDRSP"]
    assert "RFF+ON:NI-4711'" in response
    for what in ("ship", "bill", "ship"):
        _core(workspace, what, f"{PARTNER}:NI-4711")
    _wait(lambda: {"DESADV", "INVOIC"} <= set(_left(workspace)))
    left = _left(workspace)
    assert {name: len(texts) for name, texts in left.items()} == {
        "CONTRL": 1,
        "ORDRSP": 1,
        "DESADV": 1,
        "INVOIC": 1,
    }
    assert "RFF+ON:NI-4711" in left["DESADV"][0]
    assert "RFF+ON:NI-4711" in left["INVOIC"][0]
    numbers = [
        int(match[1])
        for texts in left.values()
        for text in texts
        if (match := re.search(r"UNB\+(?:[^+']*\+){4}(\d+)", text))
    ]
    assert sorted(numbers) == [1, 2, 3, 4]


def test_an_order_that_is_posted_needs_the_secret(served: tuple[Path, str]) -> None:
    workspace, url = served
    secret = (workspace / "secrets" / PARTNER).read_text().strip()
    content = _sample(workspace).read_bytes()
    content = content.replace(b"+1'", b"+77'").replace(b"NI-4711", b"NI-4777")
    content = content.replace(b"UNT+20+77'", b"UNT+20+1'").replace(b"LIN+77'", b"LIN+1'")
    content = re.sub(rb"UNZ\+1\+\d+'", b"UNZ+1+77'", content)
    media = {"Content-Type": "application/edifact"}

    def post(password: str) -> httpx.Response:
        return httpx.post(
            f"{url}/edi", content=content, headers=media, auth=("x", password), trust_env=False
        )

    refused = post("wrong")
    assert (refused.status_code, refused.json()["status"]) == (401, "unauthenticated")
    taken = post(secret)
    assert (taken.status_code, taken.json()["status"]) == (202, "received")
    again = post(secret)
    assert again.json()["message"] == taken.json()["message"]

    def answered() -> bool:
        return any("RFF+ON:NI-4777'" in text for text in _left(workspace).get("ORDRSP", []))

    _wait(answered)
