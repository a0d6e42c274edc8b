"""Nothing that a partner sends steers the terminal of whoever looks at it."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

import msgspec
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from gateway.app import open_gateway
from gateway.buyer.differ import Difference
from gateway.buyer.findings import Finding
from gateway.buyer.report import Report, Step
from gateway.cli.buyer import show_report, show_step
from gateway.cli.harmless import harmless, harmless_bytes, harmless_json, harmless_value
from gateway.pipeline.contract import Arrival
from tests.builders import NOON, make_order_request

Gateway = Callable[..., Result]
NEW = ("partner", "new", "buyer", "--customer", "C1", "--identity", "NetworkId:BUYER")
NAUGHTY = "\x9b31m\u202egpj\u202c [bold]{{7*7}}</red> \u2066%s"
"""A colour by C1, text turned round, and what rich, Jinja and Python would fill in."""
STEERING = {"\x1b", "\x9b", "\x9d", "\x07", "\u202e", "\u202c", "\u2066", "\r"}


def is_harmless(text: str) -> bool:
    return STEERING.isdisjoint(text)


@given(st.text())
def test_what_is_left_is_printable(text: str) -> None:
    assert all(sign.isprintable() or sign in "\n\t" for sign in harmless(text))


@given(st.binary())
def test_bytes_that_are_no_text_are_harmless_too(content: bytes) -> None:
    assert all(sign.isprintable() or sign in "\n\t" for sign in harmless_bytes(content))


def test_what_steers_is_spelt_out_and_the_rest_stays() -> None:
    assert harmless("Åsa\x1b[2J\u202e\U0001f692\n") == "Åsa\\x1b[2J\\u202e\U0001f692\n"


def test_a_value_is_one_line() -> None:
    assert harmless_value("PO-1\n  state  delivered\x1b[1A") == "PO-1\\n  state  delivered\\x1b[1A"


@given(st.dictionaries(st.text(), st.text()))
def test_json_is_harmless_and_reads_back_the_same(found: dict[str, str]) -> None:
    shown = harmless_json(msgspec.json.format(msgspec.json.encode(found), indent=2))
    assert all(sign.isprintable() or sign == "\n" for sign in shown)
    assert json.loads(shown) == found


@pytest.fixture
def received(gateway: Gateway, tmp_path: Path) -> str:
    """Give the id of an order with naughty text in every field that takes text."""
    assert gateway("db", "upgrade").exit_code == 0
    words = (*NEW, "--supplier", "DUNS:SUPPLIER", "--name", "Buyer Ltd", "--secret-stdin")
    assert gateway(*words, given="abracadabra-42\n").exit_code == 0
    text = quoteattr(NAUGHTY, {"\n": " "})[1:-1]
    order = make_order_request(order_id=text, payload_id=f"{text}@buyer.example").decode()
    for plain in ("SKU-1", "Dock 1", "Ada", "ada@buyer.example"):
        assert plain in order
        order = order.replace(plain, text)
    house = open_gateway(tmp_path)
    answer = house.pipeline.receive(Arrival("cxml", order.encode(), "text/xml", NOON))
    house.close()
    assert answer.message_id is not None
    return answer.message_id


def test_naughty_order_fields_are_text_in_every_listing(gateway: Gateway, received: str) -> None:
    for words in (
        ("messages", "list"),
        ("messages", "show", received),
        ("messages", "show", received, "--payload"),
        ("messages", "list", "--json"),
        ("messages", "show", received, "--json"),
    ):
        result = gateway(*words)
        assert result.exit_code == 0, words
        assert is_harmless(result.output), words
        assert "31m" in result.output, "the field is there"


def test_no_number_of_a_partner_writes_a_line_of_its_own(gateway: Gateway, tmp_path: Path) -> None:
    assert gateway("db", "upgrade").exit_code == 0
    house = open_gateway(tmp_path)
    forged = b"UNB+UNOC:3+999:14+888:14+261122:1159+1\n  state            delivered'UNZ+0+1'"
    answer = house.pipeline.receive(Arrival("edifact", forged, "", NOON, trusted=True))
    house.close()
    assert answer.message_id is not None
    lines = gateway("messages", "show", answer.message_id).output.splitlines()
    assert [line.split()[1] for line in lines if line.split()[0] == "state"] == ["refused"]


NAUGHTY_EDI = (
    "UNB+UNOW:4+7301234567890:14+7309876543210:14+261122:0230+REF\x1b[2J1'"
    "UNH+1+ORDERS:D:96A:UN:\x9b31m'BGM+220+PO\x1b]0;pwn\x07\u202e+9'DTM+137:2026\x1b[2J:102'"
    "FTX+AAI+++h\x9b31mi'X\x1b[+1'UNS+S'UNT+7+1'UNZ+1+REF\x1b[2J1'"
)


@pytest.mark.parametrize(
    "words",
    [
        ("edi", "inspect"),
        ("edi", "inspect", "--lang", "sv"),
        ("edi", "validate"),
        ("edi", "validate", "--json"),
        ("edi", "convert", "--to", "json"),
        ("edi", "convert", "--to", "json", "--tree"),
        ("map", "try"),
        ("map", "try", "--json"),
        ("map", "explain"),
    ],
)
def test_naughty_files_of_edi_are_text_to_every_command(
    gateway: Gateway, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "naughty.edi"
    file.write_bytes(NAUGHTY_EDI.encode())
    field = ("order_id",) if words[-1] == "explain" else ()
    result = gateway(*words, str(file), *field)
    assert is_harmless(result.output), words
    assert "[2J" in result.output or "pwn" in result.output, "the value is there"


def test_errors_are_harmless_too(gateway: Gateway) -> None:
    assert gateway("db", "upgrade").exit_code == 0
    result = gateway("messages", "show", NAUGHTY)
    assert result.exit_code == 1
    assert is_harmless(result.stderr)
    assert "31m" in result.stderr


def test_naughty_fields_are_text_in_the_virtual_buyers_report() -> None:
    finding = Finding(
        "BUYER-061", NAUGHTY, NAUGHTY, path=NAUGHTY, item=NAUGHTY, found=NAUGHTY, expected=NAUGHTY
    )
    step = Step(
        "order",
        NAUGHTY,
        facts=((NAUGHTY, NAUGHTY),),
        message_ids=(NAUGHTY,),
        findings=(finding,),
        differences=(Difference(NAUGHTY, "unit", "EA", NAUGHTY),),
    )
    out = StringIO()
    console = Console(file=out, width=300)
    show_step(console, step)
    show_report(console, Report("acme", (step,), unchecked=(NAUGHTY,)))
    assert is_harmless(out.getvalue())
    assert out.getvalue().count("[bold]{{7*7}}") >= 8, "no field was taken for markup"
