"""Promise: Peppol logins open a shop, and every cart that we write is valid by XSD and rules."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.faults import has_errors, sentence
from canonical.identifiers import Attachment, Property
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification, TaxCategory
from canonical.punchout import Cart, CartLine, PunchoutSession, PunchoutSetup, SessionState
from canonical.wire import Envelope, Payload
from gateway.cli.map_samples import Samples
from gateway.pipeline.writing import said_by
from gateway.standards import install
from gateway.standards.rules import rules_available
from gateway.standards.ubl import UblJudge
from mappings.engine.library import Written
from mappings.engine.markup import allowed
from protocols.ubl.codec import UblCodec
from protocols.ubl.dialect import PunchoutDialect
from tests.mappings.workbench import SHIPPED
from tests.reference import reference_folder

FOLDER = Path(__file__).parents[2] / "mappings" / "ubl"
SAMPLES = sorted(FOLDER.rglob("*.in.*"))
DIALECT = PunchoutDialect(
    tax_percent=Decimal(25), supplier_endpoint="0088:7300010000001", validity_days=14
)
NAMES = {"supplier": "Supplier & Söner AB", "buyer": "Kommunen", "version": "2.1"}
NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def allowed_part(text: str) -> str:
    return "".join(character for character in text if allowed(character))


def written(cart: Cart, dialect: PunchoutDialect = DIALECT) -> Written:
    writer = SHIPPED.writer("ubl", "Cart")
    assert writer is not None
    return writer.write(cart, **(said_by(dialect) | NAMES))


def payload_of(cart: Cart, codec: UblCodec) -> Payload:
    made = written(cart)
    assert made.markup is not None, made.faults
    return codec.write(made.markup, Envelope(message_id="m"), DIALECT)


def make_line(**changes: object) -> CartLine:
    line = CartLine(
        line_id="1",
        item=Item(sku="A-1", auxiliary_id="K-1/1"),
        quantity=Quantity(value=Decimal(3), unit="EA"),
        name="Thing",
        price=Price(amount=Decimal("1.2345"), currency="SEK", base_quantity=Decimal(100)),
    )
    return msgspec.structs.replace(line, **changes)


def make_cart(*lines: CartLine, **changes: object) -> Cart:
    cart = Cart(
        cart_id="K-1", currency="SEK", lines=lines or (make_line(),), buyer_cookie="", issued_at=NOW
    )
    return msgspec.structs.replace(cart, **changes)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_gives_what_is_written_beside_it(path: Path) -> None:
    assert Samples(SHIPPED).one(path).failures == []


def test_every_reading_mapping_has_samples_that_reach_its_fields() -> None:
    samples = Samples(SHIPPED)
    list(samples.run(FOLDER))
    heads = {
        str(entry.head)
        for entry in SHIPPED.entries()
        if entry.head is not None and entry.head.reads and entry.head.syntax == "ubl"
    }
    assert heads == set(samples.coverage)
    for coverage in samples.coverage.values():
        assert set(coverage.missed) <= {"lines[].line_id", "lines[].price.unit"}


def test_the_quantity_is_the_batch_and_the_price_keeps_its_base() -> None:
    text = payload_of(make_cart(), UblCodec()).content.decode()
    assert '<cbc:BatchQuantity unitCode="EA">3</cbc:BatchQuantity>' in text
    assert '<cbc:BaseQuantity unitCode="EA">100</cbc:BaseQuantity>' in text
    assert '<cbc:PriceAmount currencyID="SEK">1.2345</cbc:PriceAmount>' in text


def test_what_the_dialect_says_stands_in_the_document() -> None:
    text = payload_of(make_cart(), UblCodec()).content.decode()
    assert '<cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>' in text
    assert "<cbc:EndDate>2026-12-06</cbc:EndDate>" in text
    assert "<cbc:Percent>25</cbc:Percent>" in text
    assert "Supplier &amp; Söner AB" in text
    own = PunchoutDialect(tax_percent=Decimal(25), supplier_name="S", buyer_name="B")
    markup = written(make_cart(), own).markup
    assert markup is not None
    assert "<cbc:RegistrationName>S<" in markup.text
    assert "<cbc:RegistrationName>B<" in markup.text


def test_a_product_without_tax_does_not_leave_unless_the_partner_has_one() -> None:
    made = written(make_cart(), PunchoutDialect())
    assert has_errors(made.faults)
    assert "tax_percent" in sentence(made.faults[0])
    tax = TaxCategory(category="Z", percent=Decimal(0))
    assert written(make_cart(make_line(tax=tax)), PunchoutDialect()).faults == ()


def test_the_rate_of_a_product_stands_whatever_the_partner_has() -> None:
    reduced = make_line(tax=TaxCategory(percent=Decimal(12)))
    made = written(make_cart(reduced), PunchoutDialect(tax_percent=Decimal(25)))
    assert made.markup is not None
    assert "<cbc:Percent>12</cbc:Percent>" in made.markup.text
    assert "<cbc:Percent>25</cbc:Percent>" not in made.markup.text


def test_lines_of_two_contracts_name_none_and_say_so() -> None:
    lines = (make_line(agreement="A"), make_line(line_id="2", agreement="B"))
    made = written(make_cart(*lines))
    assert made.markup is not None
    assert "ReferencedContract" not in made.markup.text
    assert "ActionCode" not in made.markup.text
    assert [fault.code for fault in made.faults] == ["MAP-011"]
    one = written(make_cart(lines[0], make_line(line_id="2")))
    assert one.markup is not None
    assert one.faults == ()
    assert one.markup.text.count("<cbc:ActionCode>CT</cbc:ActionCode>") == 1


def test_a_classification_that_no_list_knows_is_called_mutually_defined() -> None:
    found = (Classification(scheme="eCl@ss", code="1"), Classification(scheme="custom", code="2"))
    text = payload_of(make_cart(make_line(classifications=found)), UblCodec()).content.decode()
    assert 'listID="STQ">1<' in text
    assert 'listID="ZZZ">2<' in text


@pytest.mark.parametrize(("unit", "spelt"), [("BX", "XBX"), ("XBX", "XBX"), ("PF", "XPX")])
def test_a_package_is_written_as_peppol_spells_it(unit: str, spelt: str) -> None:
    box = make_line(quantity=Quantity(value=Decimal(1), unit=unit))
    content = payload_of(make_cart(box), UblCodec()).content
    assert content.count(f'unitCode="{spelt}"'.encode()) == 2


def test_a_price_for_another_unit_than_the_quantity_does_not_leave() -> None:
    price = Price(amount=Decimal(1), currency="SEK", unit="KGM")
    codec = UblCodec()
    payload = payload_of(make_cart(make_line(price=price)), codec)
    assert [fault.code for fault in codec.check(payload, "Catalogue", DIALECT)] == ["UBL-021"]


def test_an_unknown_unit_does_not_leave() -> None:
    unknown = make_line(quantity=Quantity(value=Decimal(1), unit="KLUMP"))
    assert has_errors(written(make_cart(unknown)).faults)


@pytest.mark.parametrize("changes", [{"cancelled": True}, {"lines": ()}])
def test_a_cart_with_nothing_to_say_is_none(changes: dict[str, object]) -> None:
    codec = UblCodec()
    payload = payload_of(make_cart(**changes), codec)
    assert codec.form(payload, DIALECT).fields == (("catalogue", ""),)


def test_the_answer_to_a_login_keeps_no_link() -> None:
    session = PunchoutSession(
        session_id="s-1",
        partner="kommun",
        customer_id="C",
        state=SessionState.PENDING,
        created_at=NOW,
        expires_at=NOW + timedelta(hours=2),
        setup=PunchoutSetup(operation="create"),
        start_url="https://shop.example/s/t0ken",
    )
    writer = SHIPPED.writer("ubl", "PunchoutSession")
    assert writer is not None
    markup = writer.write(session, version="2.1").markup
    assert markup is not None
    assert "t0ken" not in markup.text
    assert "s-1" in markup.text


TEXTS = st.text(min_size=1, max_size=30).filter(lambda text: allowed_part(text).strip())
"""Texts of which something is left in XML: what holds nothing else is an empty element."""
CODES = st.text("ABCDEFabc0123456789-", min_size=1, max_size=12)
DECIMALS = st.decimals("0.0001", "999999", allow_nan=False, allow_infinity=False, places=4)
CURRENCIES = st.sampled_from(["SEK", "EUR", "NOK", "DKK"])
UNITS = st.sampled_from(["EA", "C62", "KGM", "MTR", "HUR", "BX", "PK", "PF", "RO"])
TAXES = st.none() | st.builds(
    TaxCategory,
    category=st.just("S"),
    percent=st.decimals("0.1", "30", allow_nan=False, places=1),
)
LINES = st.builds(
    CartLine,
    line_id=st.just("x"),
    item=st.builds(
        Item,
        sku=CODES,
        buyer_sku=st.none() | CODES,
        manufacturer=st.none() | TEXTS,
        manufacturer_sku=st.none() | CODES,
        gtin=st.none() | st.just("7350053850019"),
    ),
    quantity=st.builds(Quantity, value=DECIMALS, unit=UNITS),
    name=st.none() | TEXTS,
    description=st.none() | TEXTS,
    classifications=st.lists(
        st.builds(
            Classification,
            scheme=st.sampled_from(["UNSPSC", "eClass", "custom"]),
            code=CODES,
            version=st.none() | CODES,
        ),
        max_size=2,
    ).map(tuple),
    lead_time_days=st.none() | st.integers(0, 90),
    delivery=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    tax=TAXES,
    agreement=st.none() | st.just("R-1"),
    agreement_line=st.none() | CODES,
    parent_line=st.none() | st.just("1"),
    service=st.booleans(),
    image=st.none() | st.just("https://shop.example/a.jpg?x=1&y=2"),
    attachments=st.lists(
        st.builds(
            Attachment, url=st.just("https://shop.example/a.pdf"), file_name=st.none() | CODES
        ),
        max_size=2,
    ).map(tuple),
    properties=st.lists(st.builds(Property, name=TEXTS, value=TEXTS), max_size=2).map(tuple),
)


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    """Give any cart of one currency, with lines numbered in their order."""
    currency = draw(CURRENCIES)
    lines = []
    for number, line in enumerate(draw(st.lists(LINES, min_size=1, max_size=4)), 1):
        price = Price(amount=draw(DECIMALS), currency=currency, base_quantity=draw(DECIMALS))
        lines.append(msgspec.structs.replace(line, line_id=str(number), price=price))
    valid = draw(st.none() | st.dates(date(2026, 11, 22), date(2027, 11, 22)))
    return make_cart(*lines, currency=currency, valid_until=valid, cart_id=draw(CODES))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UblJudge]:
    reference = reference_folder("peppol")
    if not rules_available():
        pytest.skip("saxonche is not installed")
    workspace = tmp_path_factory.mktemp("workspace")
    for name in ("xsd/ubl-2.1", "rules/2026.5"):
        install(reference / name, workspace)
    made = UblJudge(workspace)
    yield made
    made.close()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(carts())
def test_any_cart_is_valid_by_schema_and_rules(judge: UblJudge, cart: Cart) -> None:
    codec = UblCodec(judge)
    assert codec.check(payload_of(cart, codec), "Catalogue", DIALECT) == ()


@settings(max_examples=50, deadline=None)
@given(carts())
def test_what_is_written_is_read_back_with_exact_numbers(cart: Cart) -> None:
    codec = UblCodec()
    payload = payload_of(cart, codec)
    reader = SHIPPED.reader("ubl", "Catalogue")
    assert reader is not None
    back = reader.read(codec.read(payload.content, payload.media_type).messages[0]).document
    assert isinstance(back, Cart)
    for ours, theirs in zip(cart.lines, back.lines, strict=True):
        assert (theirs.quantity.value, theirs.price, theirs.item.sku) == (
            ours.quantity.value, ours.price, ours.item.sku,
        )  # fmt: skip
        assert theirs.quantity.unit in (ours.quantity.unit, f"X{ours.quantity.unit}", "XPX")
        assert (theirs.service, theirs.delivery, theirs.lead_time_days, theirs.image) == (
            ours.service, ours.delivery, ours.lead_time_days, ours.image,
        )  # fmt: skip
    assert (back.cart_id, back.issued_at) == (cart.cart_id, cart.issued_at)


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.out.xml")), ids=lambda path: path.name)
def test_every_written_sample_is_valid_by_schema_and_rules(judge: UblJudge, path: Path) -> None:
    payload = Payload(path.read_bytes(), "application/xml")
    assert UblCodec(judge).check(payload, "Catalogue", DIALECT) == ()
