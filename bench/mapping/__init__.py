"""Time the mapping engine against the same work written by hand."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator

from lxml import etree

from bench.harness import Row, paired
from bench.mapping import by_hand, orders
from canonical.wire import Envelope, Message
from gateway.partners.library import shipped_library

_PARSER = etree.XMLParser(  # the settings of protocols.xml, without its checks: both sides use it  # noqa: TID251  # both sides parse alike
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)  # fmt: skip


def rows() -> Iterator[Row]:
    """Give the rows of the mapping: reading an order twice, writing a cart twice."""
    yield from _reading()
    yield from _writing()


def _reading() -> Iterator[Row]:
    library = shipped_library()
    start = time.perf_counter()
    reader = library.reader("cxml", "OrderRequest.new")
    print(f"compile order-request: {(time.perf_counter() - start) * 1000:.1f} ms")
    assert reader is not None
    content = orders.order_request()
    units = library.table("cxml/uom").inward
    envelope = Envelope(message_id="bench")

    def parse() -> etree._Element:
        return etree.fromstring(content, _PARSER)  # noqa: TID251  # both sides parse alike

    def ours() -> object:
        return reader.read(Message("OrderRequest.new", envelope, parse()))

    result = reader.read(Message("OrderRequest.new", envelope, parse()))
    for rival in (by_hand.single_pass, by_hand.with_find):
        expected = rival(parse(), units)
        assert result.document == expected, f"{rival.__name__} reads something else"
    assert not result.faults
    yield _row("order of 100 lines, parse and map", ours,
               lambda: by_hand.single_pass(parse(), units), "hand-tuned single pass", ">= 0.71")  # fmt: skip  # noqa: E501
    yield _row("order of 100 lines, parse and map", ours,
               lambda: by_hand.with_find(parse(), units), "find and findtext", "> 1")  # fmt: skip


def _writing() -> Iterator[Row]:
    library = shipped_library()
    cart = orders.cart()
    start = time.perf_counter()
    writer = library.writer("cxml", type(cart))
    print(f"compile punchout-order-message-write: {(time.perf_counter() - start) * 1000:.1f} ms")
    assert writer is not None

    def ours() -> bytes:
        written = writer.write(cart, version="1.2.071")
        assert written.markup is not None
        return written.markup.text.encode()

    assert _same(ours(), by_hand.cart_by_elements(cart)), "the element API writes something else"
    yield _row("cart of 100 lines, written", ours,
               lambda: by_hand.cart_by_elements(cart), "lxml element API", ">= 5")  # fmt: skip
    yield _row("cart of 100 lines, written and base64", lambda: b64encode(ours()),
               lambda: b64encode(by_hand.cart_by_elements(cart)), "lxml element API", ">= 5")  # fmt: skip  # noqa: E501


def _same(left: bytes, right: bytes) -> bool:
    return _canonical(left) == _canonical(right)


def _canonical(text: bytes) -> bytes:
    root = etree.fromstring(text, _PARSER)  # noqa: TID251  # both sides parse alike
    return etree.tostring(root, method="c14n")


def _row(
    name: str, ours: Callable[[], object], rival: Callable[[], object], against: str, goal: str
) -> Row:
    mine, theirs = paired(ours, rival)
    return Row(name, mine, theirs, against, "documents/s", goal)
