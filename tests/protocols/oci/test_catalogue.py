"""A page of a catalogue is JSON that reads back as the elements it was written from."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import has_errors
from canonical.wire import Envelope, Markup, Node, Verdict
from protocols.oci.codec import OciCodec
from protocols.oci.dialect import OciDialect

CODEC = OciCodec()
JSON = "application/json; charset=utf-8"
PAGE = (
    "<Catalogue><CTI>X</CTI><CURRENTPAGE>1</CURRENTPAGE><TOTALITEMS>1</TOTALITEMS><Items><Item>"
    "<NEWITEM><PRICE>9.90</PRICE><MINORDER_QTY>2.5</MINORDER_QTY><PRICE_SCALES/><DESCRIPTION><Item>"
    "<description>Räka &amp; ost</description></Item></DESCRIPTION></NEWITEM></Item></Items>"
    "</Catalogue>"
)


def shape(node: Node) -> tuple[str, str, list[object]]:
    return node.tag, node.text or "", [shape(child) for child in node]


def test_lists_numbers_and_texts_are_what_json_calls_so() -> None:
    payload = CODEC.write(Markup("Catalogue", PAGE), Envelope(message_id=""), OciDialect())
    assert msgspec.json.decode(payload.content) == {
        "CTI": "X",
        "CURRENTPAGE": 1,
        "TOTALITEMS": 1,
        "Items": [
            {
                "NEWITEM": {
                    "PRICE": "9.90",
                    "MINORDER_QTY": 2.5,
                    "PRICE_SCALES": [],
                    "DESCRIPTION": [{"description": "Räka & ost"}],
                }
            }
        ],
    }
    assert CODEC.check(payload, "Catalogue", OciDialect()) == ()


def test_what_is_written_is_read_back() -> None:
    payload = CODEC.write(Markup("Catalogue", PAGE), Envelope(message_id=""), OciDialect())
    (message,) = CODEC.read(payload.content, payload.media_type).messages
    again = [shape(node) for node in message.element]
    assert message.name == "Catalogue"
    assert again[0] == ("CTI", "X", [])
    (items,) = [inner for tag, _, inner in again if tag == "Items"]
    assert items == [
        (
            "Item",
            "",
            [
                (
                    "NEWITEM",
                    "",
                    [
                        ("PRICE", "9.90", []),
                        ("MINORDER_QTY", "2.5", []),
                        ("PRICE_SCALES", "", []),
                        ("DESCRIPTION", "", [("Item", "", [("description", "Räka & ost", [])])]),
                    ],
                )
            ],
        )
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"Items": 1}',
        b'{"Items": [' + b"[" * 5_000 + b"]" * 5_000 + b"]}",
        b'{"Items": [[[[[[[[[[1]]]]]]]]]]}',
        b'{"Items": ["\xff"]}',
        b'{"Items": [' + b"1," * 250_000 + b"1]}",
    ],
)
def test_json_that_is_no_page_is_told(content: bytes) -> None:
    reading = CODEC.read(content, JSON)
    assert [fault.code for fault in reading.faults] == ["OCI-010"]
    assert has_errors(reading.faults)


@given(st.binary(max_size=100))
def test_reading_json_never_raises(content: bytes) -> None:
    CODEC.read(content, JSON)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_status_of_http(verdict: Verdict) -> None:
    payload = CODEC.acknowledgement(verdict, Envelope(message_id="m1"), OciDialect(), detail="why")
    (message,) = CODEC.read(payload.content, payload.media_type).messages
    assert message.status is not None
    assert 200 <= message.status.code < 600
    assert (message.status.detail, message.envelope.message_id) == ("why", "m1")
