"""Bad input gets a clear fault with code, place and way out, in the partner's syntax, and is kept.

Each line of "bad input" that we promise to refuse goes to the real application of a workspace. The
answer is always cXML inside HTTP 200, except for a body that is too large to be looked at.
"""

import re
import socket
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from canonical.order import Item
from canonical.punchout import Operation
from gateway.punchout.service import PunchoutService
from tests.e2e.spine import BLOCKED, PARTNER, SECRET, Reply, Shown, Spine, open_spine, order_of
from tests.protocols.test_xml import ATTACKS, CANARY

pytestmark = pytest.mark.xdist_group("bad_input")

BODY_LIMIT = 100_000
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def spine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spine]:
    """Lend the product on a demo workspace that takes bodies of up to `BODY_LIMIT` bytes."""

    def adjust(folder: Path) -> None:
        file = folder / "gateway.toml"
        file.write_text(f"{file.read_text('utf-8')}\n[limits]\nbody = {BODY_LIMIT}\n", "utf-8")

    opened = open_spine(tmp_path_factory.mktemp("spine") / "workspace", adjust)
    yield opened
    opened.gateway.close()


@pytest.fixture(scope="module")
def template(spine: Spine) -> bytes:
    """Return a good order of a real cart, under the number and the payloadID `PO-0`."""
    document = spine.bytes_of(order_of(spine.shopped(), "PO-0"))
    return re.sub(rb'payloadID="[^"]*"', b'payloadID="PO-0@buyer"', document, count=1)


@pytest.fixture
def order(template: bytes, request: pytest.FixtureRequest) -> bytes:
    """Return a good order under a number and a payloadID of this test's own."""
    return template.replace(b"PO-0", f"PO-{zlib.crc32(request.node.nodeid.encode())}".encode())


def put(old: str, new: str, count: int = 1) -> Change:
    """Return the change that puts `new` in the place of `old`, which must be there."""

    def change(document: bytes) -> bytes:
        assert old.encode() in document, old
        return document.replace(old.encode(), new.encode(), count)

    return change


def number_of(document: bytes) -> str:
    found = re.search(rb'orderID="(PO-\d+)"', document)
    assert found is not None
    return found[1].decode()


def is_cxml(reply: Reply) -> bool:
    return (
        reply.http == 200
        and reply.media_type.lower().startswith("text/xml")
        and b"<cXML " in reply.body
        and b"<html" not in reply.body.lower()
    )


def faults(shown: Shown) -> dict[str, str]:
    """Return the faults on a message's timeline: the first sentence of each code."""
    told = [one for step in shown["timeline"] for one in step["faults"]]
    return {one["code"]: one["text"] for one in reversed(told)}


# -- refused in the answer

REFUSED: dict[str, tuple[Change, int, str, str]] = {
    "unknown unit": (
        put("<UnitOfMeasure>BX<", "<UnitOfMeasure>ZZZ<"),
        400,
        "MAP-006",
        "ItemOut[1]/ItemDetail/UnitOfMeasure",
    ),
    "a quantity that is no number": (
        put('quantity="10"', 'quantity="1O"'),
        400,
        "MAP-002",
        "ItemOut[1]/@quantity",
    ),
    "a price that is no number": (put(">289.00<", ">289,00<"), 400, "MAP-002", "UnitPrice/Money"),
    "an order of no known type": (
        put('type="new"', 'type="maybe"'),
        400,
        "CXML-030",
        "OrderRequestHeader/@type",
    ),
    "a header without order number": (
        lambda document: re.sub(
            rb'<OrderRequestHeader orderID="[^"]*"', b"<OrderRequestHeader", document
        ),
        400,
        "CXML-031",
        "OrderRequestHeader/@orderID",
    ),
    "an update of an unknown order": (put('type="new"', 'type="update"'), 412, "PIPELINE-005", ""),
    "a delete of an unknown order": (put('type="new"', 'type="delete"'), 412, "PIPELINE-005", ""),
    "an operation that we do not offer": (
        put("OrderRequest>", "InvoiceDetailRequest>", 2),
        450,
        "PIPELINE-006",
        "",
    ),
    "a signed document": (
        put("</Request>", '</Request><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'),
        477,
        "PIPELINE-024",
        "",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_code_place_and_way_out_and_kept(name: str, spine, order):
    change, code, fault, place = REFUSED[name]

    reply, shown = spine.receive(change(order))

    assert is_cxml(reply)
    assert reply.code == code
    assert shown["state"] == "refused"
    told = faults(shown)[fault]
    assert place in told
    assert " -- " in told or fault.startswith("CXML"), "no way out is named"
    if code != 477:
        assert fault in reply.text
        assert place in reply.text
    assert "OrderRequestHeader" in shown["payload"]
    assert f'<Status code="{code}"' in shown["reply"]
    assert fault in spine.cli("messages", "show", shown["id"]).output


def test_the_edit_of_an_unknown_cart_is_refused_with_412(spine):
    cart = spine.shopped().cart
    strange = tuple(
        replace(line, item=Item(sku=f"NO-{number}", auxiliary_id="never-seen"))
        for number, line in enumerate(cart.lines, start=1)
    )
    with spine.client() as client:
        journey = spine.journey(client)
        journey.cart = replace(cart, lines=strange)
        exchange, _ = journey.ask(Operation.EDIT)

    assert exchange.http_status == 200
    assert exchange.code == 412
    assert b"PUNCHOUT-010" in exchange.answer.content
    assert exchange.answer.content.count(b"never-seen") == len(strange) == 2
    (kept,) = spine.messages("--reference", exchange.message_id)
    assert kept["state"] == "refused"
    assert "SupplierPartAuxiliaryID" in faults(spine.shown(kept["id"]))["PUNCHOUT-010"]


# -- accepted, then held for a person

HELD: dict[str, tuple[Change, str, str]] = {
    "a price outside the tolerance": (put(">289.00<", ">209.00<"), "ORDER-010", "lines[0].price"),
    "an item outside the assortment": (
        put("<SupplierPartID>PA-10010<", "<SupplierPartID>LI-10170<"),
        "ORDER-008",
        "lines[0].item",
    ),
    "an unknown item": (
        lambda document: re.sub(
            rb"<SupplierPartID>PA-10010<.*?</ItemID>",
            b"<SupplierPartID>XX-1</SupplierPartID></ItemID>",
            document,
            count=1,
        ),
        "ORDER-007",
        "lines[0].item",
    ),
    "an orderer without authority": (put("karin.holm@", "mallory@", 9), "ORDER-002", "originator"),
    "another currency": (put('currency="SEK"', 'currency="EUR"', 9), "ORDER-012", "currency"),
}


@pytest.mark.parametrize("name", HELD)
def test_it_is_held_with_code_place_and_way_out_and_not_in_the_core(name: str, spine, order):
    change, fault, place = HELD[name]

    reply, shown = spine.receive(change(order))
    spine.work()

    assert is_cxml(reply)
    assert reply.code == 200
    told = faults(spine.shown(shown["id"]))[fault]
    assert place in told
    assert " -- " in told
    assert "found" in told
    assert shown["id"] in {one["id"] for one in spine.messages("--state", "held")}
    assert spine.gateway.core.order(f"{PARTNER}:{number_of(order)}") is None


def test_a_wrong_total_is_told_and_the_lines_hold(spine, order):
    _, shown = spine.receive(put(">8740.00<", ">1.00<")(order))
    spine.work()

    after = spine.shown(shown["id"])
    assert after["state"] == "delivered"
    assert "found '1.00 SEK', expected 8740.00 SEK" in faults(after)["ORDER-020"]


# -- the same again, and not quite the same


def test_the_same_bytes_again_get_the_same_answer_and_one_order(spine, order):
    first = spine.post(order)
    again = spine.post(order)
    spine.work()
    later = spine.post(order)
    spine.work()

    assert first.code == 200
    assert first.body == again.body == later.body
    (known,) = spine.messages("--reference", number_of(order))
    assert known["state"] == "delivered"


def test_another_body_under_the_same_payload_id_is_a_conflict_and_changes_nothing(spine, order):
    spine.post(order)
    reply, shown = spine.receive(put('quantity="10"', 'quantity="11"')(order))
    spine.work()

    assert is_cxml(reply)
    assert reply.code == 409
    assert "PIPELINE-003" in reply.text
    assert 'quantity="11"' in shown["payload"]
    assert shown["state"] == "refused"
    (known,) = spine.messages("--reference", number_of(order))
    assert known["state"] == "delivered"
    core = spine.gateway.core.order(f"{PARTNER}:{number_of(order)}")
    assert core is not None
    assert {int(line.quantity.value) for line in core.lines} == {10}


def test_an_order_number_under_a_new_payload_id_is_a_conflict(spine, order):
    spine.post(order)
    reply, shown = spine.receive(put("@buyer", "-again@buyer")(order))

    assert is_cxml(reply)
    assert reply.code == 409
    assert number_of(order) in reply.text
    assert faults(shown).keys() == {"PIPELINE-004"}


# -- strangers

STRANGERS: dict[str, Change] = {
    "a wrong secret": put(SECRET, "guessed"),
    "no secret at all": put(f"<SharedSecret>{SECRET}</SharedSecret>", ""),
    "a secret that goes on": put(SECRET, f"{SECRET}2"),
    "an unknown partner": put("777000111", "000000000", 2),
    "an identity cut by a comment": put("777000111<", "777000111<!-- -->0<", 2),
    "a document meant for somebody else": put(">123456789<", ">987650000<"),
    "another partner as sender": lambda document: b"777000222<".join(
        document.rsplit(b"777000111<", 1)
    ),
}


def test_every_stranger_gets_the_same_answer(spine, order):
    shapes = {}
    for number, (name, change) in enumerate(STRANGERS.items()):
        remote = f"198.51.100.{number}"
        reply, shown = spine.receive(change(order), remote=remote)
        assert is_cxml(reply), name
        assert reply.code == 401, name
        assert shown["state"] == "refused"
        assert shown["partner"] is None
        assert "PIPELINE-001" in faults(shown)
        shapes[name] = reply.shape
    assert len(set(shapes.values())) == 1, shapes
    assert spine.messages("--reference", number_of(order), "--state", "delivered") == []


@pytest.mark.parametrize("between", ["<!-- x -->", "<?x y?>", "<![CDATA[]]>"])
def test_a_credential_is_the_text_that_it_holds_whatever_stands_between(between: str, spine, order):
    parted = put(SECRET, f"{SECRET[:4]}{between}{SECRET[4:]}")(order)
    assert spine.post(put("777000111", f"777{between}000111", 2)(parted)).code == 200
    longer = put("777000111<", f"777000111{between}9<", 2)(order)
    assert spine.post(longer, remote="198.51.100.77").code == 401


def test_guessing_stops_being_compared_and_nobody_else_suffers(spine, order):
    with spine.standing_still():
        wrong = [
            spine.post(put(SECRET, f"guess-{number}")(order), remote="203.0.113.9").code
            for number in range(12)
        ]
        assert wrong == [401] * 10 + [560] * 2
        reply, shown = spine.receive(order, remote="203.0.113.9")
        assert reply.code == 560
        assert "PIPELINE-025" in faults(shown)
        assert spine.post(order, remote="203.0.113.10").code == 200


def test_a_blocked_partner_is_forbidden(spine, order):
    reply, shown = spine.receive(put("777000111", "777000222", 2)(order))
    assert is_cxml(reply)
    assert reply.code == 403
    assert shown["state"] == "refused"
    assert "PIPELINE-019" in faults(shown)
    assert spine.gateway.partners.get(BLOCKED).state == "blocked"


# -- attacks and what cannot be read


@pytest.fixture
def listener():
    """Listen on loopback: whoever fetched anything would have to connect."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_unreadable_never_a_stranger_and_touches_nothing(
    name: str, spine, listener, tmp_path
):
    document, fault = ATTACKS[name]
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    document = document.replace(b"{file}", str(secret).encode())
    document = document.replace(b"{port}", str(listener.getsockname()[1]).encode())
    media_type, content = "text/xml", document
    if len(document) > BODY_LIMIT:
        assert spine.post(document).http == 413
        media_type = 'multipart/related; boundary="b"'
        content = b"--b\r\nContent-Type: text/xml\r\n\r\n%b\r\n--b--\r\n" % document

    reply, shown = spine.receive(content, media_type)

    assert is_cxml(reply)
    assert reply.code == 406
    assert fault in reply.text
    assert fault in faults(shown)
    assert shown["state"] == "refused"
    assert CANARY not in reply.text + (shown["payload"] or "")
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 50, b"<cXML", b"<Order/>", b'{"order": 1}', b"UNB+UNOA:2+A+B", b"<cXML></cXML>"],
)
def test_what_is_no_cxml_is_406_and_not_401(content: bytes, spine):
    reply, shown = spine.receive(content)
    assert is_cxml(reply)
    assert reply.code == 406
    assert faults(shown)


def test_a_body_over_the_limit_is_refused_before_anybody_looks_at_it(spine, order):
    known = len(spine.messages())
    reply = spine.post(order + b" " * BODY_LIMIT)
    assert reply.http == 413
    assert reply.media_type.startswith("text/plain")
    assert len(spine.messages()) == known
    assert spine.post(order + b" " * (BODY_LIMIT - len(order))).code == 200


def test_an_error_of_our_own_is_500_inside_cxml_and_says_nothing_about_us(spine, order):
    class Broken(PunchoutService):
        def open(self, received):
            message = f"the insides of {received.partner.id} fell out"
            raise RuntimeError(message)

    with spine.client() as client:
        exchange, _ = spine.journey(client).ask()
    document = re.sub(rb'payloadID="[^"]*"', b'payloadID="boom@buyer"', exchange.sent.content)
    whole = vars(spine.gateway)["punchout"]
    vars(spine.gateway)["punchout"] = Broken(whole.means)
    try:
        reply, shown = spine.receive(document)
    finally:
        vars(spine.gateway)["punchout"] = whole

    assert is_cxml(reply)
    assert reply.code == 500
    assert "insides" not in reply.text
    assert "RuntimeError" in str(shown["timeline"])
    assert spine.post(document).code == 200, "an error of ours must not take the id"
    assert spine.post(order).code == 200
