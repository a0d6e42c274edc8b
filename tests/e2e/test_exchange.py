"""An order by EDI goes all the way with real processes: in by file and post, out by file."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from canonical.wire import EdiCodec
from edi.edifact.codec import EdifactCodec
from edi.x12.codec import X12Codec
from gateway.cli.commands import main
from gateway.cli.demo_workspace import make_workspace
from tests.e2e.test_buyer import running
from tests.patience import STALLED, wait_until

PARTNER = "nordhamn-industri"
CODECS: dict[str, EdiCodec] = {".edi": EdifactCodec(), ".x12": X12Codec()}


AMERICAN = "calder-tools"
"""A customer who orders by X12."""
AGREED = f"""
edi:
  syntax: x12
  inbox: inbox/{AMERICAN}
  endpoint: folder:outbox/{AMERICAN}
  documents: [OrderResponse, DespatchAdvice, Invoice]
  versions: {{"*": "004010"}}
"""
ORDER_850 = """\
ISA*00*          *00*          *ZZ*CALDER         *ZZ*ELKRAFT        \
*261122*0830*U*00401*000000005*0*P*>~
GS*PO*CALDER*ELKRAFT*20261122*0830*5*X*004010~
ST*850*0001~
BEG*00*SA*CT-900**20261122~
CUR*BY*SEK~
PER*BD*Erik Sand*EM*erik.sand@nordhamn.example~
N1*BY*Calder Tools*92*CALDER~
N1*ST*Workshop*92*7350000000221~
PO1*1*4*BX*260.10**VP*PA-10010~
PO1*2*12*PR*109.48**VP*SA-10100~
CTT*2~
SE*10*0001~
GE*1*5~
IEA*1*000000005~
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    workspace = make_workspace(tmp_path_factory.mktemp("exchange") / "demo")
    words = ["partner", "new", AMERICAN, "--customer", "10002", "--secret-stdin"]
    words += ["--identity", "EDI-ZZ:CALDER", "--supplier", "EDI-ZZ:ELKRAFT"]
    made = CliRunner().invoke(main, [*words, "--workspace", str(workspace)], input="s3cret-enough")
    assert made.exit_code == 0, made.output
    file = workspace / "partners" / AMERICAN / "partner.yaml"
    text = re.sub(r"^state: .*$", "state: live", file.read_text("utf-8"), flags=re.MULTILINE)
    file.write_text(text + AGREED, encoding="utf-8")
    with running(workspace) as url:
        yield workspace, url


def _sample(workspace: Path) -> Path:
    return workspace / "partners" / PARTNER / "samples/orders.edi"


def _left(workspace: Path, partner: str = PARTNER) -> dict[str, list[str]]:
    """Return what lies in the outbox by message type; each is valid by its directory."""
    found: dict[str, list[str]] = {}
    for file in sorted((workspace / "outbox" / partner).glob("[!.]*.*")):  # hidden: not whole yet
        reading = CODECS[file.suffix].read(file.read_bytes(), "")
        assert not reading.faults
        for message in reading.messages:
            assert not message.faults, message.faults
            found.setdefault(message.name, []).append(file.read_text("latin-1"))
    return found


def _wait(look: Callable[[], object]) -> None:
    assert wait_until(look), "it did not happen"


def _core(workspace: Path, *words: str) -> None:
    result = CliRunner().invoke(main, ["core", *words, "--workspace", str(workspace)])
    assert result.exit_code == 0, result.output


def test_a_file_of_orders_is_answered_shipped_and_billed(served: tuple[Path, str]) -> None:
    workspace, _ = served
    inbox = workspace / "inbox" / PARTNER
    inbox.mkdir(parents=True, exist_ok=True)
    shutil.copy(_sample(workspace), inbox)
    _wait(lambda: {"CONTRL", "ORDRSP"} <= set(_left(workspace)))
    _wait((inbox / "done/orders.edi").exists)  # it moves when its orders are in, answered or not
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


def test_an_order_by_x12_is_answered_shipped_and_billed(served: tuple[Path, str]) -> None:
    workspace, _ = served
    inbox = workspace / "inbox" / AMERICAN
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "order.x12").write_text(ORDER_850)
    _wait(lambda: {"997", "855"} <= set(_left(workspace, AMERICAN)))
    for what in ("ship", "bill"):
        _core(workspace, what, f"{AMERICAN}:CT-900")
    _wait(lambda: {"856", "810"} <= set(_left(workspace, AMERICAN)))
    left = _left(workspace, AMERICAN)
    assert {name: len(texts) for name, texts in left.items()} == dict.fromkeys(
        ("997", "855", "856", "810"), 1
    )
    assert all("CT-900" in left[name][0] for name in ("855", "856", "810"))
    assert "AK5*A" in left["997"][0]


def test_an_order_that_is_posted_needs_the_secret(served: tuple[Path, str]) -> None:
    workspace, url = served
    secret = (workspace / "secrets" / PARTNER).read_text().strip()
    content = _sample(workspace).read_bytes()
    content = content.replace(b"+1'", b"+77'").replace(b"NI-4711", b"NI-4777")
    content = content.replace(b"UNT+20+77'", b"UNT+20+1'").replace(b"LIN+77'", b"LIN+1'")
    content = re.sub(rb"UNZ\+1\+\d+'", b"UNZ+1+77'", content)
    media = {"Content-Type": "application/edifact"}

    def post(password: str) -> httpx.Response:
        auth = ("x", password)
        with httpx.Client(trust_env=False, timeout=STALLED) as client:
            return client.post(f"{url}/edi", content=content, headers=media, auth=auth)

    refused = post("wrong")
    assert (refused.status_code, refused.json()["status"]) == (401, "unauthenticated")
    taken = post(secret)
    assert (taken.status_code, taken.json()["status"]) == (202, "received")
    again = post(secret)
    assert again.json()["message"] == taken.json()["message"]

    def answered() -> bool:
        return any("RFF+ON:NI-4777'" in text for text in _left(workspace).get("ORDRSP", []))

    _wait(answered)
