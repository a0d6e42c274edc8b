"""What a buyer's system would cut, round or drop is found before the cart leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Severity
from canonical.wire import Envelope, Markup, Payload
from protocols import form
from protocols.oci.codec import OciCodec
from protocols.oci.dialect import OciDialect
from protocols.oci.fields import FIELDS, Kind, findings_of, plain_values

CODEC = OciCodec()
RIGHT = {"DESCRIPTION": "Bolt", "QUANTITY": "2", "UNIT": "PCE", "PRICE": "1.50", "CURRENCY": "SEK"}


def checked(
    *items: dict[str, str], dialect: OciDialect | None = None
) -> list[tuple[str, str, str]]:
    """Return code, path and severity of every finding about these items."""
    known = dialect or OciDialect(charset="UTF-8")
    pairs = [
        (name if "NEW_ITEM" in name else f"NEW_ITEM-{name}[{number}]", value)
        for number, item in enumerate(items, start=known.first_index)
        for name, value in item.items()
    ]
    payload = form.write(pairs, "utf-8")
    found = CODEC.check(Payload(payload, f"{form.MEDIA_TYPE}; charset=UTF-8"), "Cart", known)
    return [(f.code, (f.place and f.place.path) or "", f.severity.value) for f in found]


def test_an_item_that_fits_gives_no_finding() -> None:
    assert checked(RIGHT, RIGHT) == []


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("version", ["2.0", "3.0", "4.0", "5.0"])
def test_every_field_is_held_to_its_length_in_every_version(name: str, version: str) -> None:
    field = FIELDS[name]
    length = field.length_in(version)
    letter = "1" if field.kind in (Kind.DECIMAL, Kind.WHOLE) else "X"
    dialect = OciDialect(version=version, charset="UTF-8")
    beyond = checked({**RIGHT, name: letter * (length + 1)}, dialect=dialect)
    assert "OCI-030" in [code for code, _, _ in beyond]
    within = checked({**RIGHT, name: letter * length}, dialect=dialect)
    assert "OCI-030" not in [code for code, _, _ in within]


@pytest.mark.parametrize(
    ("version", "name", "length"),
    [("2.0", "MATNR", 18), ("3.0", "MATNR", 18), ("4.0", "MATNR", 40), ("3.0", "PRICEUNIT", 9)],
)
def test_lengths_differ_from_version_to_version(version: str, name: str, length: int) -> None:
    assert FIELDS[name].length_in(version) == length


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"PRICE": "1,50"}, "OCI-031", "NEW_ITEM-PRICE[1]"),
        ({"QUANTITY": "1O"}, "OCI-031", "NEW_ITEM-QUANTITY[1]"),
        ({"LEADTIME": "soon"}, "OCI-031", "NEW_ITEM-LEADTIME[1]"),
        ({"PRICE": "1.2345"}, "OCI-032", "NEW_ITEM-PRICE[1]"),
        ({"QUANTITY": "0.0001"}, "OCI-032", "NEW_ITEM-QUANTITY[1]"),
        ({"PRICEUNIT": "0.5"}, "OCI-032", "NEW_ITEM-PRICEUNIT[1]"),
        ({"PRICE": "123456789012"}, "OCI-033", "NEW_ITEM-PRICE[1]"),
        ({"UNIT": "Styck"}, "OCI-035", "NEW_ITEM-UNIT[1]"),
        ({"UNIT": "st"}, "OCI-035", "NEW_ITEM-UNIT[1]"),
        ({"CURRENCY": "kr"}, "OCI-036", "NEW_ITEM-CURRENCY[1]"),
        ({"SERVICE": "yes"}, "OCI-036", "NEW_ITEM-SERVICE[1]"),
        ({"ATTACHMENT_PURPOSE": "P"}, "OCI-036", "NEW_ITEM-ATTACHMENT_PURPOSE[1]"),
        ({"QUANTITY": "0"}, "OCI-036", "NEW_ITEM-QUANTITY[1]"),
        ({"PRICE": "-1"}, "OCI-036", "NEW_ITEM-PRICE[1]"),
        ({"QUANTITY": ""}, "OCI-034", "NEW_ITEM-QUANTITY[1]"),
        ({"DESCRIPTION": ""}, "OCI-034", "NEW_ITEM-DESCRIPTION[1]"),
        ({"UNIT": ""}, "OCI-034", "NEW_ITEM-UNIT[1]"),
        ({"CURRENCY": ""}, "OCI-034", "NEW_ITEM-CURRENCY[1]"),
        ({"COLOUR": "red"}, "OCI-037", "NEW_ITEM-COLOUR[1]"),
        ({"PARENT_ID": "1"}, "OCI-038", "NEW_ITEM-PARENT_ID[1]"),
    ],
)
def test_a_finding_names_the_field_and_its_line(
    change: dict[str, str], code: str, path: str
) -> None:
    assert (code, path) in [(found, where) for found, where, _ in checked({**RIGHT, **change})]


def test_a_number_of_the_buyer_stands_in_for_description_and_unit() -> None:
    assert checked({"MATNR": "4711", "QUANTITY": "1"}) == []


def test_fewer_decimals_of_a_buyer_hold() -> None:
    dialect = OciDialect(price_decimals=2, quantity_decimals=0, charset="UTF-8")
    found = checked({**RIGHT, "PRICE": "1.505", "QUANTITY": "1.5"}, dialect=dialect)
    assert [code for code, _, _ in found] == ["OCI-032", "OCI-032"]


def test_what_only_describes_is_a_warning_and_what_pays_an_error() -> None:
    found = checked({**RIGHT, "DESCRIPTION": "x" * 41, "VENDORMAT": "y" * 41})
    assert [severity for _, _, severity in found] == [Severity.WARNING, Severity.ERROR]


def test_a_field_of_its_own_is_known_where_the_buyer_takes_it() -> None:
    dialect = OciDialect(custom_fields=("~new_item-COLOUR", "NEW_ITEM_CERT"), charset="UTF-8")
    item = {**RIGHT, "COLOUR": "red", "NEW_ITEM_CERT[1]": "x"}
    assert checked(item, dialect=dialect) == []


def test_version_five_knows_the_hierarchy() -> None:
    dialect = OciDialect(version="5.0", charset="UTF-8")
    assert checked({**RIGHT, "PARENT_ID": "1", "ITEM_TYPE": "R"}, dialect=dialect) == []


def test_a_hole_in_the_numbers_is_found() -> None:
    found = checked(RIGHT, {}, RIGHT)
    assert found == [("OCI-021", "NEW_ITEM-DESCRIPTION[3]", "warning")]


def test_characters_that_the_charset_does_not_hold_are_found() -> None:
    dialect = OciDialect()
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in RIGHT.items())
    text = (
        f"<Cart><NEW_ITEM>{fields}<LONGTEXT>\u0141\u00f3d\u017a \u20ac</LONGTEXT></NEW_ITEM></Cart>"
    )
    payload = CODEC.write(Markup("Cart", text), Envelope(message_id=""), dialect)
    (fault,) = CODEC.check(payload, "Cart", dialect)
    assert (fault.code, fault.found) == ("OCI-039", "&#321;")


DIALECTS = st.builds(
    OciDialect,
    version=st.sampled_from(["2.0", "3.0", "4.0", "5.0"]),
    price_decimals=st.integers(0, 10),
    quantity_decimals=st.integers(0, 10),
)
NUMBERS = st.text("0123456789.,-+ ", max_size=17)


@given(st.sampled_from(sorted(FIELDS)), st.one_of(st.text(max_size=70), NUMBERS), DIALECTS)
def test_a_value_that_is_not_looked_at_closely_has_nothing_against_it(
    name: str, value: str, dialect: OciDialect
) -> None:
    pattern = plain_values(dialect.version, dialect.price_decimals, dialect.quantity_decimals)
    if name in pattern and pattern[name].fullmatch(value):
        assert list(findings_of(f"NEW_ITEM-{name}[1]", name, value, dialect, set())) == []
