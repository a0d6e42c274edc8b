"""Promise: the shipped cXML mappings read what buyers send and write what every DTD version accepts."""  # noqa: E501

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from canonical.amounts import Money, Quantity
from canonical.faults import Severity, has_errors, sentence
from canonical.identifiers import Identifier, Property
from canonical.order import Item, LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from canonical.price import Price
from canonical.product import Classification, TaxCategory
from canonical.punchout import Cart, CartLine, PunchoutSetup, QuoteStatus, Route, RouteNode
from canonical.wire import Credential, CredentialRole, Dialect, Envelope
from gateway.cli.map_samples import Samples
from protocols.cxml.vocabulary import DOCTYPES, module_of
from protocols.xml import parse
from tests.mappings.workbench import CODEC, SHIPPED
from tests.reference import reference_folder

FOLDER = Path(__file__).parents[2] / "mappings" / "cxml"
SAMPLES = sorted(FOLDER.rglob("*.in.xml"))
OURS = (
    "OrderRequest",
    "PunchOut",
    "Profile",
    "StatusUpdate",
    "Confirmation",
    "confirmation",
    "punchout",
)
VERSIONS = ("1.1.010", "1.2.014", "1.2.020", "1.2.050", "1.2.063", "1.2.071")


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.fixture(scope="module")
def reference() -> Path:
    return reference_folder("cxml")


@pytest.mark.parametrize("path", SAMPLES, ids=shown)
def test_sample_gives_what_is_written_beside_it(path: Path) -> None:
    assert Samples(SHIPPED).one(path).failures == []


def test_every_mapping_that_reads_has_samples_and_most_fields_are_hit() -> None:
    samples = Samples(SHIPPED)
    list(samples.run(FOLDER))
    heads = [
        str(entry.head)
        for entry in SHIPPED.entries()
        if entry.head is not None and entry.head.reads and entry.head.syntax == "cxml"
    ]
    assert set(heads) == set(samples.coverage)
    missed = samples.coverage["cxml/OrderRequest.new -> Order"].missed
    assert set(missed) <= {
        f"{whose}attachments[].{name}"
        for whose in ("", "lines[].")
        for name in ("content_id", "file_name", "media_type", "size")
    }


def test_documents_of_others_are_read_without_error(reference: Path) -> None:
    paths = [path for path in sorted(reference.rglob("*.xml")) if path.name.startswith(OURS)]
    assert len(paths) > 10
    for path in paths:
        _read_without_error(path)


def _read_without_error(path: Path) -> None:
    for message in CODEC.read(path.read_bytes(), "text/xml").messages:
        reader = SHIPPED.reader("cxml", message.name)
        if reader is None:
            continue
        mapped = reader.read(message)
        errors = [sentence(fault) for fault in mapped.faults if has_errors((fault,))]
        expected = ["MAP-006"] if "quirks" in path.name else []
        assert [error[:7] for error in errors] == expected, errors


def _dtd(folder: Path, version: str, name: str) -> etree.DTD | None:
    path = folder / "dtd" / version / f"{module_of(name)}.dtd"
    return etree.DTD(str(path)) if path.exists() else None


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_is_valid_in_every_version_that_knows_it(
    reference: Path, version: str
) -> None:
    validated = 0
    for path in SAMPLES:
        message = CODEC.read(path.read_bytes(), "text/xml").messages[0]
        reader = SHIPPED.reader("cxml", message.name)
        assert reader is not None
        document = reader.read(message).document
        dtd = _dtd(reference, version, message.name)
        if document is None or dtd is None:
            continue
        writer = SHIPPED.writer("cxml", type(document), message.name)
        assert writer is not None
        result = writer.write(document, version=version)
        assert result.markup is not None, result.faults
        payload = CODEC.write(result.markup, message.envelope, Dialect(versions={"*": version}))
        root = parse(payload.content, doctypes=DOCTYPES).root
        assert dtd.validate(root), f"{shown(path)}: {dtd.error_log}"
        validated += 1
    assert validated >= 10


def test_every_writer_names_a_mapping_that_reads_it_back() -> None:
    names = {entry.name for entry in SHIPPED.entries()}
    for entry in SHIPPED.entries():
        pair = next(
            (
                line.split(": ")[1]
                for line in entry.source.text.splitlines()
                if line.startswith("pair: ")
            ),
            None,
        )
        assert pair is None or pair in names, f"{entry.name} names {pair}"


def test_a_confirmed_price_holds_for_one_unit_whatever_its_base() -> None:
    line = OrderResponseLine(
        line_id="1",
        status=LineStatus.CHANGED,
        quantity=Quantity(value=Decimal(200), unit="EA"),
        price=Price(amount=Decimal(95), currency="SEK", base_quantity=Decimal(100)),
    )
    response = OrderResponse(
        response_id="R1",
        order_id="PO-1",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        status=ResponseStatus.CHANGED,
        currency="SEK",
        lines=(line,),
    )
    writer = SHIPPED.writer("cxml", OrderResponse)
    assert writer is not None
    written = writer.write(response)
    assert written.markup is not None
    assert '<Money currency="SEK">0.95</Money>' in written.markup.text


def full_cart(lines: tuple[CartLine, ...], **changes: object) -> Cart:
    """Return a cart with everything that a cart can hold."""
    route = Route(
        original_id="setup-1@buyer.example",
        nodes=(
            RouteNode(
                kind="route",
                identifiers=(Identifier(value="AN1", scheme="NetworkId"),),
                wants_details=True,
            ),
            RouteNode(kind="copy", identifiers=(Identifier(value="1", scheme="DUNS"),)),
        ),
    )
    cart = Cart(
        cart_id="C-1",
        currency="SEK",
        lines=lines,
        buyer_cookie="c",
        shipping=Money(amount=Decimal("49.00"), currency="SEK"),
        quote_status=QuoteStatus.PENDING,
        route=route,
    )
    return msgspec.structs.replace(cart, **changes)


FULL_LINES = st.builds(
    CartLine,
    line_id=st.just("1"),
    item=st.builds(
        Item,
        sku=st.just("A"),
        auxiliary_id=st.none() | st.just("x"),
        buyer_sku=st.none() | st.just("B"),
        gtin=st.none() | st.just("7350053850019"),
        manufacturer=st.none() | st.just("M & M"),
        manufacturer_sku=st.none() | st.just("m"),
    ),
    quantity=st.builds(
        Quantity, value=st.decimals("0.001", "9999", places=3), unit=st.sampled_from(["EA", "KGM"])
    ),
    name=st.none() | st.just("n"),
    description=st.none() | st.just("d"),
    price=st.builds(
        Price,
        amount=st.decimals("0", "9999", places=4),
        currency=st.just("SEK"),
        base_quantity=st.sampled_from([Decimal(1), Decimal(100)]),
    ),
    classifications=st.just(()) | st.just((Classification(scheme="UNSPSC", code="1"),)),
    lead_time_days=st.none() | st.just(3),
    tax=st.none()
    | st.builds(
        TaxCategory,
        category=st.sampled_from(["S", "Z", "E"]),
        percent=st.sampled_from([Decimal(0), Decimal("25.0"), Decimal("12.5")]),
    ),
    parent_line=st.none() | st.just("1"),
    service=st.booleans(),
    properties=st.just(()) | st.just((Property(name="p", value="v"),)),
)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=40, deadline=None)
@given(lines=st.lists(FULL_LINES, min_size=1, max_size=3), cancelled=st.booleans())
def test_any_cart_is_valid_in_every_version(
    reference: Path, version: str, lines: list[CartLine], cancelled: bool
) -> None:
    dtd = _dtd(reference, version, "PunchOutOrderMessage")
    assert dtd is not None
    numbered = tuple(
        msgspec.structs.replace(line, line_id=str(number)) for number, line in enumerate(lines, 1)
    )
    cart = full_cart(numbered, cancelled=cancelled)
    writer = SHIPPED.writer("cxml", Cart)
    assert writer is not None
    written = writer.write(cart, version=version)
    assert written.markup is not None, written.faults
    envelope = Envelope(message_id="m", sent_at=datetime(2026, 11, 22, tzinfo=UTC), credentials=(
        Credential(role=CredentialRole.FROM, domain="DUNS", identity="1"),
        Credential(role=CredentialRole.TO, domain="DUNS", identity="2"),
        Credential(role=CredentialRole.SENDER, domain="DUNS", identity="1"),
    ), user_agent="t")  # fmt: skip
    payload = CODEC.write(written.markup, envelope, Dialect(versions={"*": version}))
    root = parse(payload.content, doctypes=DOCTYPES).root
    assert dtd.validate(root), str(dtd.error_log)
    knows_routes = version != "1.1.010"
    assert (b"<Path>" in payload.content) is knows_routes
    assert (b'quoteStatus="pending"' in payload.content) is knows_routes


def test_taxes_are_those_of_the_lines_to_the_penny() -> None:
    line = CartLine(
        line_id="1",
        item=Item(sku="A"),
        quantity=Quantity(value=Decimal(3), unit="EA"),
        price=Price(amount=Decimal("9.99"), currency="SEK"),
        tax=TaxCategory(percent=Decimal("12.5")),
    )
    free = msgspec.structs.replace(line, line_id="2", tax=None)
    writer = SHIPPED.writer("cxml", Cart)
    assert writer is not None
    markup = writer.write(full_cart((line, free)), version="1.2.050").markup
    assert markup is not None
    assert '<Tax><Money currency="SEK">3.75</Money><Description xml:lang="en">Tax<' in markup.text
    assert '<TaxDetail category="vat" percentageRate="12.5">' in markup.text
    assert markup.text.count("<Tax>") == 2
    told = full_cart((line,), tax=Money(amount=Decimal("4.00"), currency="SEK"))
    markup = writer.write(told, version="1.2.050").markup
    assert markup is not None
    assert '<Tax><Money currency="SEK">4.00</Money>' in markup.text
    none = writer.write(full_cart((free,)), version="1.2.050").markup
    assert none is not None
    assert "<Tax>" not in none.text


def test_the_chain_of_sites_goes_home_without_what_proves_them() -> None:
    folder = FOLDER / "punchout-setup-request.samples"
    content = (folder / "05-source-through-a-chain.in.xml").read_bytes()
    assert b"must not travel on" in content
    reader = SHIPPED.reader("cxml", "PunchOutSetupRequest")
    assert reader is not None
    setup = reader.read(CODEC.read(content, "text/xml").messages[0]).document
    assert isinstance(setup, PunchoutSetup)
    writer = SHIPPED.writer("cxml", Cart)
    assert writer is not None
    written = writer.write(full_cart((), route=setup.route), version="1.2.050").markup
    assert written is not None
    assert "must not travel on" not in written.text
    assert written.text.startswith('<Path><Node type="route" itemDetailsRequired="yes">')


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["UniqueName", "UserEmail", "UserFullName"], ("v0", "v1", "v2")),
        (["USER", "EmailAddress", "FirstName"], ("v0", "v1", "v2")),
        (["UserName", "email", "LastName"], ("v0", "v1", "v2")),
        (["userId", "UseremaiL", "UserPrintableName"], ("v0", "v1", "v2")),
        (["x", "y", "z"], None),
    ],
)
def test_the_shopper_is_found_under_the_names_that_systems_use(
    names: list[str], expected: tuple[str, str, str] | None
) -> None:
    extrinsics = "".join(
        f'<Extrinsic name="{name}">v{number}</Extrinsic>' for number, name in enumerate(names)
    )
    text = (
        '<cXML payloadID="p" timestamp="2026-11-22T08:00:00+01:00"><Header/><Request>'
        f'<PunchOutSetupRequest operation="create"><BuyerCookie>c</BuyerCookie>{extrinsics}'
        "</PunchOutSetupRequest></Request></cXML>"
    )
    reader = SHIPPED.reader("cxml", "PunchOutSetupRequest")
    assert reader is not None
    setup = reader.read(CODEC.read(text.encode(), "text/xml").messages[0]).document
    assert isinstance(setup, PunchoutSetup)
    found = setup.shopper and (setup.shopper.user_id, setup.shopper.email, setup.shopper.name)
    assert found == expected
    assert [one.name for one in setup.properties] == names


def test_an_unknown_unit_of_one_line_keeps_no_shop_shut() -> None:
    sent = (FOLDER / "punchout-setup-request.samples" / "02-edit.in.xml").read_bytes()
    strange = sent.replace(b"<UnitOfMeasure>EA", b"<UnitOfMeasure>COLLI")
    message = CODEC.read(strange, "text/xml").messages[0]
    reader = SHIPPED.reader("cxml", message.name)
    assert reader is not None
    result = reader.read(message)
    assert isinstance(result.document, PunchoutSetup), result.faults
    assert [line.quantity.unit for line in result.document.lines] == ["COLLI"]
    found = [(one.code, one.severity) for one in result.faults]
    assert found == [("MAP-006", Severity.WARNING)] * 2
