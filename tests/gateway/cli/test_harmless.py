"""Nothing that a partner sends steers the terminal of whoever looks at it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

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
from gateway.cli.harmless import harmless, harmless_bytes
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
