"""Make small schemas and read with them."""

from textwrap import dedent

from canonical.faults import Fault
from canonical.wire import Message
from edi.flatfile.codec import FlatCodec
from edi.flatfile.declaring import read_schema
from edi.flatfile.dialect import FlatDialect
from edi.flatfile.schema import Schema
from edi.guides import Wrong
from gateway.partners.marked import read_marked

ORDERS = """
flat: Orders
charset: cp1252
delimiter: ";"
decimal: ","
type: {column: 1}
message: head
counts: {end.lines: line}
records:
  head:
    type: H
    fields:
      order_id: {format: an..10, required: yes, name: order number}
      ordered: {date: YYYY-MM-DD, required: yes, name: {en: order date}}
      kind: {format: a..3, forbidden: yes}
  line:
    type: L
    parent: head
    required: yes
    repeats: "3"
    fields:
      number: {format: n..6, required: yes}
      sku: {format: an2..10, required: yes}
      quantity: {format: n..9, decimals: ..3, required: yes, name: ordered quantity}
      unit: {codes: [ST, KG]}
      letters: a..4
  text:
    type: T
    parent: line
    fields: {text: an..70}
  end:
    type: E
    required: yes
    fields: {lines: {format: n..6, required: yes}}
"""
GOOD = (
    "H;PO-1;2026-11-22\r\nL;1;SKU1;1,5;ST\r\nT;Blå\r\nL;2;SKU2;10;KG\r\n"
    "H;PO-2;2026-11-23\r\nL;1;SKU3;3;ST\r\nE;3\r\n"
)
FIXED = """
flat: Fixed
charset: cp850
type: {start: 1, length: 1}
message: head
records:
  head:
    type: H
    fields:
      order_id: {start: 2, format: an..10, required: yes}
      ordered: {date: YYYYMMDD, void: ["00000000"]}
  line:
    type: L
    parent: head
    fields:
      sku: {start: 2, format: an..10, required: yes}
      quantity: {format: n..7, decimals: 2, implied: yes, fill: "0"}
      code: {format: an..5, justify: right, fill: "0"}
"""
LIST = """
flat: Prices
delimiter: ","
line_end: lf
headings: yes
records:
  item:
    fields:
      sku: {heading: Article No, format: an..20, required: yes}
      price: {heading: Price, format: n..10, decimals: 2}
      name: {heading: Name, format: an..20}
"""


def declared(text: str, name: str = "orders") -> tuple[Schema, tuple[Wrong, ...]]:
    marked = read_marked(dedent(text).encode(), "s.yaml")
    assert not marked.findings
    return read_schema(marked.data, name, marked.where)


def schema(text: str = ORDERS, **changes: str) -> Schema:
    """Return a schema with some texts replaced: `old="new"` by pairs of keyword values."""
    for old, new in changes.items():
        text = text.replace(old, new)
    made, wrong = declared(text)
    assert not wrong
    return made


def codec(made: Schema | None = None) -> FlatCodec:
    return FlatCodec({"orders": made or schema()})


DIALECT = FlatDialect(schema="orders")


def read(content: str | bytes, made: Schema | None = None) -> tuple[list[Message], list[Fault]]:
    made = made or schema()
    if isinstance(content, str):
        content = content.encode(made.charset)
    reading = codec(made).read(content, "", dialect=DIALECT)
    return list(reading.messages), list(reading.faults)


def all_codes(content: str | bytes, made: Schema | None = None) -> list[str]:
    """Return the codes of all faults, the file's own last."""
    messages, found = read(content, made)
    return [one.code for message in messages for one in message.faults] + [
        one.code for one in found
    ]
