"""Promise: the OCI mappings read every call and write carts at exactly the price quoted."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.faults import has_errors, sentence
from canonical.identifiers import Attachment, Identifier, Property
from canonical.order import Item, ItemType
from canonical.price import Price
from canonical.punchout import (
    Cart,
    CartLine,
    ItemList,
    PunchoutSetup,
    QueryKind,
    QuoteStatus,
)
from canonical.wire import Envelope, Payload
from gateway.cli.map_samples import Samples
from protocols.oci.codec import OciCodec
from protocols.oci.dialect import OciDialect, Variant
from protocols.oci.parameters import FUNCTIONS
from tests.mappings.workbench import SHIPPED

FOLDER = Path(__file__).parents[2] / "mappings" / "oci"
SAMPLES = sorted((*FOLDER.rglob("*.in.form"), *FOLDER.rglob("*.in.json")))
CODEC = OciCodec()
DIALECT = OciDialect(charset="UTF-8")
LINE = CartLine(
    line_id="1",
    item=Item(sku="BOLT-M8"),
    quantity=Quantity(value=Decimal(200), unit="C62"),
    name="Bolt M8",
    description="Bolt M8",
    price=Price(amount=Decimal("95.50"), currency="SEK", base_quantity=Decimal(100)),
)


def cart(*lines: CartLine) -> Cart:
    return Cart(cart_id="c1", currency="SEK", lines=lines, buyer_cookie="")


def payload_of(document: Cart | ItemList, dialect: OciDialect = DIALECT) -> Payload:
    writer = SHIPPED.writer("oci", type(document))
    assert writer is not None
    written = writer.write(document, version=dialect.version)
    assert written.markup is not None, [sentence(fault) for fault in written.faults]
    return CODEC.write(written.markup, Envelope(message_id=""), dialect)


def fields_of(document: Cart | ItemList, dialect: OciDialect = DIALECT) -> dict[str, str]:
    return dict(CODEC.form(payload_of(document, dialect), dialect).fields)


def read_back(payload: Payload, dialect: OciDialect = DIALECT) -> Cart:
    (message,) = CODEC.read(payload.content, payload.media_type, dialect=dialect).messages
    reader = SHIPPED.reader("oci", message.name)
    assert reader is not None
    mapped = reader.read(message)
    assert isinstance(mapped.document, Cart), mapped.faults
    return mapped.document


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sample_gives_what_is_written_beside_it(path: Path) -> None:
    assert Samples(SHIPPED).one(path).failures == []


def test_every_mapping_that_reads_has_a_sample() -> None:
    samples = Samples(SHIPPED)
    list(samples.run(FOLDER))
    heads = [
        str(entry.head)
        for entry in SHIPPED.entries()
        if entry.head is not None and entry.head.reads and entry.head.syntax == "oci"
    ]
    assert set(heads) == set(samples.coverage)
    assert set(samples.coverage["oci/Cart -> Cart"].missed) <= {
        "lines[].parent_line",
        "lines[].item_type",
    }
    assert set(samples.coverage["oci/Login -> PunchoutSetup"].missed) == set()


def test_every_function_has_a_mapping() -> None:
    for function in FUNCTIONS.values():
        assert SHIPPED.reader("oci", function.message) is not None, function.message


def test_no_secret_of_a_call_reaches_its_document() -> None:
    content = b"USERNAME=a&PASSWORD=canary&HOOK_URL=https://b.example/&api_key=canary&dept=7"
    (message,) = CODEC.read(content, "").messages
    reader = SHIPPED.reader("oci", message.name)
    assert reader is not None
    setup = reader.read(message).document
    assert isinstance(setup, PunchoutSetup)
    assert "canary" not in repr(setup)
    assert setup.properties == (Property(name="DEPT", value="7"),)


def test_a_line_leaves_with_the_fields_that_the_next_call_asks_by() -> None:
    assert fields_of(cart(LINE)) == {
        "NEW_ITEM-DESCRIPTION[1]": "Bolt M8",
        "NEW_ITEM-QUANTITY[1]": "200",
        "NEW_ITEM-UNIT[1]": "PCE",
        "NEW_ITEM-PRICE[1]": "95.50",
        "NEW_ITEM-CURRENCY[1]": "SEK",
        "NEW_ITEM-PRICEUNIT[1]": "100",
        "NEW_ITEM-VENDORMAT[1]": "BOLT-M8",
        "NEW_ITEM-EXT_PRODUCT_ID[1]": "BOLT-M8",
    }


FIVE = OciDialect(version="5.0", charset="UTF-8", item_types={"composite": "A", "item": "B"})
PARTS = cart(
    replace(LINE, item_type=ItemType.COMPOSITE),
    replace(LINE, line_id="2", parent_line="1", item_type=ItemType.ITEM),
    replace(LINE, line_id="3", item_type=ItemType.LEAN),
)


@pytest.mark.parametrize("variant", list(Variant))
def test_wholes_and_parts_are_told_apart_by_the_codes_agreed_on(variant: Variant) -> None:
    dialect = replace(FIVE, variant=variant)
    home = read_back(payload_of(PARTS, dialect), dialect)
    assert [(line.item_type, line.parent_line) for line in home.lines] == [
        (ItemType.COMPOSITE, None),
        (ItemType.ITEM, "1"),
        (None, None),
    ]


def test_a_part_says_so_by_the_line_that_it_belongs_to() -> None:
    lines = [replace(line, item_type=None) for line in PARTS.lines]
    sent = fields_of(cart(*lines), FIVE)
    assert "NEW_ITEM-ITEM_TYPE[1]" not in sent
    assert (sent["NEW_ITEM-ITEM_TYPE[2]"], sent["NEW_ITEM-PARENT_ID[2]"]) == ("B", "1")


def test_a_type_falls_back_from_the_product_to_the_line_to_the_constant() -> None:
    own = Property(name="ITEM_TYPE", value="K")
    constant = replace(FIVE, item_constants={"ITEM_TYPE": "C"}, item_types={"item": "B"})
    lines = (replace(PARTS.lines[0], properties=(own,)), *PARTS.lines[1:])
    sent = fields_of(cart(*lines), constant)
    assert [sent[f"NEW_ITEM-ITEM_TYPE[{n}]"] for n in (1, 2, 3)] == ["K", "B", "C"]


def test_a_type_that_nobody_explained_is_kept_as_it_came() -> None:
    content = b"NEW_ITEM-DESCRIPTION[1]=a&NEW_ITEM-QUANTITY[1]=1&NEW_ITEM-UNIT[1]=PCE"
    content += b"&NEW_ITEM-ITEM_TYPE[1]=Z"
    (line,) = read_back(Payload(content, "application/x-www-form-urlencoded"), FIVE).lines
    assert line.item_type is None
    assert Property(name="ITEM_TYPE", value="Z") in line.properties


def test_before_version_5_nothing_is_said_of_parts() -> None:
    names = " ".join(fields_of(PARTS))
    assert "ITEM_TYPE" not in names
    assert "PARENT_ID" not in names


def test_a_vendor_number_of_the_line_goes_before_that_of_the_call() -> None:
    dialect = replace(DIALECT, item_constants={"VENDOR": "100"})
    own = replace(LINE, supplier=Identifier(value="200", scheme="VENDOR"))
    world = replace(LINE, line_id="2", supplier=Identifier(value="9", scheme="DUNS"))
    sent = fields_of(cart(own, world), dialect)
    assert (sent["NEW_ITEM-VENDOR[1]"], sent["NEW_ITEM-VENDOR[2]"]) == ("200", "100")
    (first, _) = read_back(payload_of(cart(own, world), dialect), dialect).lines
    assert first.supplier == Identifier(value="200", scheme="VENDOR")


SHEET = Attachment(url="https://s.example/sheet.pdf", file_name="Data sheet")


@pytest.mark.parametrize(
    ("image", "documents", "address", "title"),
    [
        ("https://s.example/i.png", (), "https://s.example/i.png", None),
        ("https://s.example/i.png", (SHEET,), SHEET.url, "Data sheet"),
        (None, (SHEET, replace(SHEET, url="https://s.example/2.pdf")), SHEET.url, "Data sheet"),
        (None, (), None, None),
    ],
)
def test_the_first_document_or_the_picture_has_the_one_field_there_is(
    image: str | None, documents: tuple[Attachment, ...], address: str | None, title: str | None
) -> None:
    line = replace(LINE, image=image, attachments=documents)
    sent = fields_of(cart(line))
    assert sent.get("NEW_ITEM-ATTACHMENT[1]") == address
    assert sent.get("NEW_ITEM-ATTACHMENT_TITLE[1]") == title
    writer = SHIPPED.writer("oci", Cart)
    assert writer is not None
    said = [sentence(one) for one in writer.write(cart(line), version="4.0").faults]
    assert any("of several documents the first goes" in one for one in said) == (len(documents) > 1)


@pytest.mark.parametrize(
    ("name", "description", "short", "long"),
    [
        ("Bolt", "Bolt", "Bolt", None),
        ("Bolt", "A bolt of steel", "Bolt", "A bolt of steel"),
        (None, "A bolt of steel", "A bolt of steel", "A bolt of steel"),
        ("Bolt " * 10, "Steel", ("Bolt " * 10)[:40], f"{'Bolt ' * 10}\r\nSteel"),
        ("Bolt " * 10, "Bolt " * 10 + "M8", ("Bolt " * 10)[:40], "Bolt " * 10 + "M8"),
        ("Bolt " * 10, "Bolt " * 10, ("Bolt " * 10)[:40], "Bolt " * 10),
        ("Bolt " * 10, None, ("Bolt " * 10)[:40], "Bolt " * 10),
        (None, None, "BOLT-M8", None),
    ],
)
def test_nothing_of_a_name_is_lost_by_the_forty_characters(
    name: str | None, description: str | None, short: str, long: str | None
) -> None:
    fields = fields_of(cart(replace(LINE, name=name, description=description)))
    assert fields["NEW_ITEM-DESCRIPTION[1]"] == short.strip()
    assert fields.get("NEW_ITEM-LONGTEXT_1:132[]") == long


def test_a_price_per_another_unit_cannot_be_written() -> None:
    price = Price(amount=Decimal(1), currency="SEK", unit="KGM")
    writer = SHIPPED.writer("oci", Cart)
    assert writer is not None
    written = writer.write(cart(replace(LINE, price=price)))
    assert written.markup is None
    assert has_errors(written.faults)


def test_the_version_decides_what_a_line_may_say() -> None:
    child = replace(LINE, parent_line="1")
    assert "NEW_ITEM-PARENT_ID[1]" not in fields_of(cart(child))
    five = OciDialect(version="5.0")
    assert fields_of(cart(child), five)["NEW_ITEM-PARENT_ID[1]"] == "1"


def test_a_page_of_search_results_says_which_it_is() -> None:
    found = ItemList(
        kind=QueryKind.SEARCH, currency="SEK", lines=(LINE,), total=1081, page=2, page_size=10
    )
    fields = fields_of(found)
    assert {name: value for name, value in fields.items() if name.startswith("HEADER")} == {
        "HEADER-PAGE": "2",
        "HEADER-PER_PAGE": "10",
        "HEADER-TOTAL_PAGES": "109",
        "HEADER-TOTAL_RESULTS": "1081",
    }
    answer = replace(found, kind=QueryKind.VALIDATE)
    assert not [name for name in fields_of(answer) if name.startswith("HEADER")]


def test_nothing_found_is_an_empty_form_of_a_catalogue() -> None:
    nothing = ItemList(kind=QueryKind.VALIDATE, currency="SEK", lines=(), total=0)
    assert fields_of(nothing) == {"~caller": "CTLG"}


def test_a_cancelled_cart_brings_no_item_home() -> None:
    payload = payload_of(replace(cart(LINE), cancelled=True))
    assert read_back(payload).cancelled
    assert read_back(payload).lines == ()


AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=5)
BASES = st.sampled_from([Decimal(n) for n in ("1", "10", "100", "1000", "0.5", "12")])
NAUGHTY = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=50
).filter(str.strip)


@settings(max_examples=60)
@given(st.lists(st.tuples(AMOUNTS, BASES, NAUGHTY), min_size=1, max_size=4))
def test_what_comes_home_costs_what_was_quoted(
    drawn: list[tuple[Decimal, Decimal, str]],
) -> None:
    lines = tuple(
        replace(
            LINE,
            name=name,
            price=Price(amount=amount, currency="SEK", base_quantity=base),
        )
        for amount, base, name in drawn
    )
    payload = payload_of(cart(*lines))
    assert not [f for f in CODEC.check(payload, "Cart", DIALECT) if f.code != "OCI-032"]
    for sent, back in zip(lines, read_back(payload).lines, strict=True):
        assert sent.price is not None
        assert back.price is not None
        assert Fraction(back.price.amount) / Fraction(back.price.base_quantity) == Fraction(
            sent.price.amount
        ) / Fraction(sent.price.base_quantity)
        assert (back.quantity, back.item.sku) == (sent.quantity, sent.item.sku)


def test_a_cart_whose_prices_are_to_be_confirmed_is_a_bid_with_a_number() -> None:
    plainly = fields_of(cart(LINE))
    assert not [name for name in plainly if "QUOTE" in name]
    bid = fields_of(replace(cart(LINE), quote_status=QuoteStatus.PENDING))
    assert bid["NEW_ITEM-EXT_QUOTE_ID[1]"] == "c1"
    assert bid["NEW_ITEM-EXT_QUOTE_ITEM[1]"] == "1"
    assert {**bid, **plainly} == bid


def test_a_cart_that_says_until_when_its_prices_hold_has_the_number_that_an_order_names() -> None:
    payload = payload_of(replace(cart(LINE), valid_until=date(2026, 12, 31)))
    assert read_back(payload).cart_id == "c1"
    assert read_back(payload_of(cart(LINE))).cart_id == ""
