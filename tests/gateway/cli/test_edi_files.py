"""Files of EDI can be looked at, judged and converted by anybody, without a partner."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result

from edi.gathering import MESSAGES
from gateway.cli.edi_tree import TOLD

Gateway = Callable[..., Result]

ORDER = (
    "UNB+UNOC:3+7301234567890:14+7309876543210:14+261121:0230+REF0001'"
    "UNH+1+ORDERS:D:96A:UN'BGM+220+4711+9'DTM+137:20261121:102'NAD+BY+7301234567890::9'"
    "NAD+SU+7309876543210::9++Bröd?'s <b>AB</b>'CUX+2:SEK:9'LIN+1++7350012345675:EN'QTY+21:100'"
    "LIN+2++7350012345682:EN'QTY+21:5'UNS+S'UNT+12+1'UNZ+1+REF0001'"
)
WRONG = (
    ORDER.replace("220", "22X").replace("21:100", "21:1OO").replace("UNS+S", "XYZ+1'UNS+S")
    .replace("UNZ+1+REF0001", "UNZ+1+REF0002")
)  # fmt: skip

ROOT = Path(__file__).parents[3]
HELD = 2_000_000
"""Bytes more that may be held of 190 kB of orders: all their trees are more than twice as many."""

ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261122*1010*U*00401"
    "*000000001*0*P*>~"
)
GS = "GS*PO*SENDER*RECEIVER*20261122*1010*1*X*004010~"


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def order(tmp_path: Path) -> str:
    return written(tmp_path / "order.edi", ORDER)


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    return written(tmp_path / "wrong.edi", WRONG)


def written(path: Path, text: str) -> str:
    path.write_bytes(text.encode("latin-1"))
    return str(path)


SPENT = """
import os, sys
from contextlib import redirect_stdout
from gateway.cli.edi import edi
from tests.memory import measured

workspace, usual, large, command, *options = sys.argv[1:]
for path in (usual, usual, large):
    with measured() as memory, open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        try:
            edi.main([command, path, "--workspace", workspace, *options], standalone_mode=False)
        except SystemExit as end:
            assert end.code == 0
    print(memory.most)
"""


def spent(words: tuple[str, ...], usual: str, large: str, workspace: Path) -> list[int]:
    """Return how many bytes a command held at most, of files that it has nothing to complain of.

    In a process of its own: what others did in this one would stay in its memory.
    """
    line = [sys.executable, "-c", SPENT, str(workspace), usual, large, *words]
    ran = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    return [int(number) for number in ran.stdout.split()]


def test_a_right_file_is_shown_as_a_tree_of_names(gateway: Gateway, order: str) -> None:
    result = gateway("edi", "inspect", order)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == (
        "Interchange EDIFACT REF0001 from 7301234567890 (14) to 7309876543210 (14): "
        "nothing is wrong"
    )
    assert lines[2] == "Message 1: ORDERS D:96A:UN 1, 11 segments: nothing is wrong"
    assert "     8      QTY quantity: meaning of the quantity 21; quantity 100" in lines
    assert any("Bröd's <b>AB</b>" in line for line in lines), "released characters are restored"


def test_segments_of_x12_have_names_of_their_own(gateway: Gateway, tmp_path: Path) -> None:
    ends = "SE*3*0001~GE*1*1~IEA*1*000000001~"
    path = written(tmp_path / "order.x12", f"{ISA}{GS}ST*850*0001~BEG*00*SA*1**20261122~{ends}")
    said = gateway("edi", "inspect", path).output
    assert "BEG head of the order: BEG01 purpose of the message 00; BEG02 kind of order SA" in said
    assert "BEG orderns huvud: BEG01 " in gateway("edi", "inspect", path, "--lang", "sv").output


def test_what_is_wrong_stands_below_its_segment(gateway: Gateway, wrong: str) -> None:
    result = gateway("edi", "inspect", wrong, "--lang", "sv")
    assert result.exit_code == 1
    lines = [line.strip() for line in result.output.splitlines()]
    at = next(n for n, line in enumerate(lines) if line.startswith("8  "))
    assert lines[at + 1 : at + 6] == [
        "EDIFACT-122: ett värde är inte ett tal",
        lines[at + 2],
        "ORDERS/SG25[1]/QTY/C186/6060 · beställd kvantitet på rad 1",
        "QTY+21:1OO",
        "^^^",
    ]
    assert any("EDIFACT-017" in line for line in lines)


def test_the_page_needs_nothing_else_and_escapes_what_was_sent(
    gateway: Gateway, wrong: str
) -> None:
    page = gateway("edi", "inspect", wrong, "--html").output
    assert page.startswith("<!doctype html>")
    assert "Bröd&#39;s &lt;b&gt;AB&lt;/b&gt;" in page
    assert "<b>AB" not in page
    for outside in ("<script", "src=", "http:", "https:", "@import", "url("):
        assert outside not in page
    for code in ("EDIFACT-126", "EDIFACT-122", "EDIFACT-101", "EDIFACT-017", "EDIFACT-020"):
        assert code in page
    assert 'href="#m1s8"' in page
    assert 'id="m1s8"' in page


def test_a_page_can_be_read_in_swedish(gateway: Gateway, order: str) -> None:
    page = gateway("edi", "inspect", order, "--html", "--lang", "sv").output
    assert '<html lang="sv">' in page
    assert "inget är fel" in page
    assert "beställning" in page or "kvantitet" in page


def test_each_interchange_of_a_file_is_shown_with_its_own_parties(
    gateway: Gateway, tmp_path: Path
) -> None:
    other = ORDER.replace("REF0001", "REF0002").replace("+7301234567890:14+", "+SISTER:ZZ+", 1)
    file = written(tmp_path / "day.edi", ORDER + other)
    lines = gateway("edi", "inspect", file).output.splitlines()
    assert lines[0] == "day.edi, 2 interchanges: nothing is wrong"
    assert [line for line in lines if line.startswith(("Interchange", "Message"))] == [
        "Interchange EDIFACT REF0001 from 7301234567890 (14) to 7309876543210 (14)",
        "Message 1: ORDERS D:96A:UN 1, 11 segments: nothing is wrong",
        "Interchange EDIFACT REF0002 from SISTER (ZZ) to 7309876543210 (14)",
        "Message 2: ORDERS D:96A:UN 1, 11 segments: nothing is wrong",
    ]
    page = gateway("edi", "inspect", file, "--html").output
    assert "2 interchanges EDIFACT" in page
    assert page.index("REF0001") < page.index("SISTER") < page.index("Message 2")


def test_a_narrow_terminal_gets_segments_on_several_lines_and_carets_in_their_place(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "x" * 30
    long = ORDER.replace("NAD+BY", f"FTX+ZZ9Z++{text}+{text}:{text}'NAD+BY")
    file = written(tmp_path / "long.edi", long)
    monkeypatch.setenv("COLUMNS", "72")
    lines = gateway("edi", "inspect", file).output.splitlines()
    at = next(n for n, line in enumerate(lines) if line.lstrip().startswith("^^^^"))
    assert lines[at - 1][lines[at].index("^") :].startswith("ZZ9Z")
    tree = [line for line in lines if "identity of the party" in line]
    assert all(line.startswith(" " * 12) for line in tree)
    picture = [line for line in lines if "FTX+ZZ9Z" in line]
    assert all(len(line) <= 72 for line in (*tree, *picture))
    page = gateway("edi", "inspect", file, "--html").output
    assert f"FTX+ZZ9Z++{text}+{text}:{text}" in page, "a page is as wide as it needs"


def test_the_group_of_a_message_is_shown(gateway: Gateway, tmp_path: Path) -> None:
    grouped = ORDER.replace("UNH+1", "UNG+ORDERS+A+B+261121:0230+G7+UN+D:96A'UNH+1")
    file = written(tmp_path / "group.edi", grouped.replace("UNZ+1", "UNE+1+G7'UNZ+1"))
    assert "Message 1: ORDERS D:96A:UN 1, group G7," in gateway("edi", "inspect", file).output
    assert "· group G7 ·" in gateway("edi", "inspect", file, "--html").output


def test_what_is_wrong_is_said_in_swedish_to_the_last_word(gateway: Gateway, wrong: str) -> None:
    said = gateway("edi", "validate", "--lang", "sv", wrong).output
    assert "beställd kvantitet på rad 1" in said
    assert "överföringens nummer" in said
    assert said.endswith("wrong.edi: 1 meddelande, 5 fel, 0 anmärkningar\n")
    assert " of line " not in said


def test_files_are_validated_one_after_the_other(gateway: Gateway, order: str, wrong: str) -> None:
    result = gateway("edi", "validate", order, wrong)
    assert result.exit_code == 1
    assert f"{order}: 1 message, 0 errors, 0 warnings and notes" in result.output
    assert f"{wrong}: 1 message, 5 errors, 0 warnings and notes" in result.output
    assert gateway("edi", "validate", order).exit_code == 0


def test_a_report_as_json_has_everything(gateway: Gateway, wrong: str) -> None:
    (report,) = json.loads(gateway("edi", "validate", wrong, "--json").output)
    assert (report["syntax"], report["messages"]) == ("edifact", 1)
    fault = next(one for one in report["faults"] if one["code"] == "EDIFACT-122")
    assert fault["place"]["path"] == "ORDERS/SG25[1]/QTY/C186/6060"
    assert fault["place"]["mark"] == [7, 10]
    assert fault["subject"] == "ordered quantity of line 1"
    offsets = [one["place"]["offset"] for one in report["faults"]]
    assert offsets == sorted(offsets)


def test_a_file_of_more_messages_than_one_reading_holds_is_validated(
    gateway: Gateway, tmp_path: Path
) -> None:
    many = MESSAGES + 2
    body = "".join(f"UNH+{n}+X:D:96A:UN'UNT+2+{n}'" for n in range(1, many + 1))
    head, tail = ORDER.partition("UNH")[0], f"UNZ+{many}+REF0001'"
    path = written(tmp_path / "many.edi", head + body + tail)
    last = gateway("edi", "validate", path).output.splitlines()[-1]
    assert last == f"{path}: {many} messages, {many} errors, 0 warnings and notes"


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 1000, b"UNA", b"UNB+", b"ISA*00"])
def test_what_is_no_edi_is_told_and_no_crash(
    gateway: Gateway, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd"
    path.write_bytes(content)
    for words in (("inspect",), ("validate",), ("inspect", "--html")):
        assert gateway("edi", *words, str(path)).exit_code != 0


@pytest.mark.parametrize(("target", "load"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_document_is_printed_as_data(
    gateway: Gateway, order: str, target: str, load: Callable[[str], list[dict[str, object]]]
) -> None:
    result = gateway("edi", "convert", order, "--to", target)
    assert result.exit_code == 0, result.output
    (stored,) = load(result.stdout)
    assert stored["kind"] == "order"
    assert stored["document"]["order_id"] == "4711"


def test_segments_are_printed_as_data(gateway: Gateway, order: str) -> None:
    (message,) = json.loads(gateway("edi", "convert", order, "--to", "json", "--tree").stdout)
    assert (message["message"], message["reference"]) == ("ORDERS", "1")
    line = next(one for one in message["segments"]["below"] if one["tag"] == "LIN")
    assert line == {
        "tag": "LIN",
        "elements": ["1", "", ["7350012345675", "EN"]],
        "below": [{"tag": "QTY", "elements": [["21", "100"]]}],
    }
    assert gateway("edi", "convert", order, "--to", "cxml", "--tree").exit_code == 3


def test_a_document_is_written_in_its_own_syntax_again(
    gateway: Gateway, order: str, tmp_path: Path
) -> None:
    result = gateway("edi", "convert", order, "--to", "edifact")
    assert result.exit_code == 0, result.output
    again = written(tmp_path / "again.edi", result.stdout_bytes.decode("latin-1").strip())
    first = gateway("edi", "convert", order, "--to", "json").stdout
    assert gateway("edi", "convert", again, "--to", "json").stdout == first


def test_a_message_without_tables_is_not_said_to_lack_anything(
    gateway: Gateway, tmp_path: Path
) -> None:
    path = written(tmp_path / "old.edi", ORDER.replace("D:96A", "D:77Z"))
    result = gateway("edi", "convert", path, "--to", "json")
    assert result.exit_code == 1
    assert "EDIFACT-037" in result.stderr
    assert "MAP-" not in result.stderr
    assert json.loads(result.stdout) == []


@pytest.mark.parametrize(("target", "load"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_several_documents_are_one_list(
    gateway: Gateway, tmp_path: Path, target: str, load: Callable[[str], list[dict[str, object]]]
) -> None:
    head, body = ORDER.split("UNH+1+", 1)
    body = body.removesuffix("UNZ+1+REF0001'")
    more = body.replace("UNT+12+1", "UNT+12+2").replace("4711", "4712")
    path = written(tmp_path / "two.edi", f"{head}UNH+1+{body}UNH+2+{more}UNZ+2+REF0001'")
    result = gateway("edi", "convert", path, "--to", target)
    assert result.exit_code == 0, result.output
    assert [one["document"]["order_id"] for one in load(result.stdout)] == ["4711", "4712"]


def test_what_is_beyond_the_first_thousand_faults_is_counted(
    gateway: Gateway, tmp_path: Path
) -> None:
    body = "".join(f"UNH+{n}+X:D:96A:UN'UNT+2+{n}'" for n in range(1, TOLD + 3))
    path = written(tmp_path / "many.edi", ORDER.partition("UNH")[0] + body)
    page = gateway("edi", "inspect", path, "--html").output
    assert "and 3 more" in page
    assert page.count('<li><a href="#m') == TOLD


@pytest.mark.parametrize("words", [("inspect",), ("inspect", "--html"), ("convert", "--to=json")])
def test_no_more_of_a_file_is_held_than_a_message(
    tmp_path: Path, order: str, words: tuple[str, ...]
) -> None:
    head, _, rest = ORDER.partition("UNH")
    lines = "".join(f"LIN+{n}++7350012345675:EN'QTY+21:1'" for n in range(3, 43))
    one = "UNH" + rest.partition("UNZ")[0].replace("UNS", lines + "UNS").replace("+12+1", "+92+1")
    body = (one.replace("+1+O", f"+{n}+O").replace("+92+1", f"+92+{n}") for n in range(1, 121))
    path = written(tmp_path / "large.edi", f"{head}{''.join(body)}UNZ+120+REF0001'")
    _, usual, large = spent(words, order, path, tmp_path)  # what is kept was made the first time
    assert large - usual < HELD


def test_what_cannot_be_converted_is_told_and_left_out(gateway: Gateway, wrong: str) -> None:
    result = gateway("edi", "convert", wrong, "--to", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == []
    assert "EDIFACT-122" in result.stderr
    unknown = gateway("edi", "convert", wrong, "--to", "klingon")
    assert unknown.exit_code == 3
    assert 'nothing writes "klingon"' in unknown.output
    assert gateway("edi", "convert", wrong, "--to", "oci").exit_code == 1
