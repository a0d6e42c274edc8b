"""A cart is measured against the buyer's limits as it will be written for that buyer."""

from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.faults import Fault
from canonical.identifiers import Attachment, Property
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from gateway.app import open_gateway
from gateway.partners.files import Draft, create_partner
from gateway.partners.keeping import CART_RULES, EFFECTS, LINE_RULES, LineRule, rules_for
from gateway.partners.limits import Effect, LimitRule, Limits, RequiredField
from gateway.partners.vault import Vault
from gateway.punchout.faults import FAULTS
from gateway.punchout.limits import check_limits
from gateway.settings import load_settings
from gateway.settings.model import Identity

TABLE = "# extends: cxml/uom\nfrom,to\nEACH,EA\nSTK,C62\n"


def make_cart(unit: str) -> Cart:
    line = CartLine(
        line_id="1", quantity=Quantity(value=Decimal(1), unit=unit), item=Item(sku="A-1")
    )
    return Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=(line,))


@pytest.mark.parametrize(
    ("unit", "codes"),
    [("EA", []), ("C62", ["PUNCHOUT-042"]), ("EACH", [])],
)
def test_the_unit_that_is_written_counts(unit: str, codes: list[str]) -> None:
    spelt = {"EA": "EACH", "C62": "STK"}
    faults = check_limits(
        make_cart(unit), Limits(units=("EACH",)), lambda code: spelt.get(code, code)
    )
    assert [fault.code for fault in faults] == codes
    assert [fault.found for fault in faults] == ["STK"] * len(codes)


def test_a_partners_own_table_says_what_is_written(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    for partner_id, number in (("own", "1"), ("shipped", "2")):
        draft = Draft(
            id=partner_id,
            name="Acme",
            profile="generic",
            customer="1",
            identities=(Identity(domain="DUNS", identity=number),),
            supplier=(Identity(domain="DUNS", identity="9"),),
            secret="hemlig",
        )
        create_partner(tmp_path, draft, Vault(tmp_path), settings)
    tables = tmp_path / "partners" / "own" / "tables" / "cxml"
    tables.mkdir(parents=True)
    (tables / "uom.csv").write_text(TABLE)
    gateway = open_gateway(tmp_path)
    try:
        own, shipped = gateway.partners.get("own"), gateway.partners.get("shipped")
        assert [gateway.unit_written(own, "cxml", unit) for unit in ("EA", "C62", "MTR", "??")] == [
            "EACH", "STK", "MTR", "??",
        ]  # fmt: skip
        assert gateway.unit_written(shipped, "cxml", "EA") == "EA"
    finally:
        gateway.close()


def full_line(**changes: object) -> CartLine:
    """Return a line that has everything, ten of each."""
    line = CartLine(
        line_id="1",
        item=Item(
            sku="A-1",
            auxiliary_id="aux-1",
            manufacturer="Maker & Co",
            manufacturer_sku="M-1",
        ),
        quantity=Quantity(value=Decimal(1234), unit="EA"),
        name="Gloves",
        description="Gloves of leather",
        price=Price(amount=Decimal("1234.5678"), currency="EUR", base_quantity=Decimal(100)),
        classifications=(Classification(scheme="UNSPSC", code="46181504", version="13.0801"),),
        lead_time_days=2,
        properties=(Property(name="colour", value="yellowish"),),
        attachments=(Attachment(content_id="1", file_name="data.pdf", media_type="x/y"),),
    )
    return replace(line, **changes)  # type: ignore[arg-type]  # as the test says


CASES: dict[str, tuple[dict[str, object], str, str | None, str | None]] = {
    "sku-length": ({"sku_length": 2}, "PUNCHOUT-040", "A-1", "at most 2 characters"),
    "sku-characters": ({"refused_characters": "-?"}, "PUNCHOUT-041", "-", None),
    "unit": ({"units": ("BX", "CT")}, "PUNCHOUT-042", "EA", "BX, CT"),
    "unit-length": ({"unit_length": 1}, "PUNCHOUT-080", "EA", "at most 1 characters"),
    "classification": ({"classification": "eClass"}, "PUNCHOUT-043", None, "eClass"),
    "classification-version": (
        {"classification": "unspsc", "classification_version": "26"},
        "PUNCHOUT-081", "13.0801", "26",
    ),
    "price-decimals": ({"price_decimals": 2}, "PUNCHOUT-044", "1234.5678", "at most 2 decimals"),
    "price-digits": (
        {"price_digits": 3}, "PUNCHOUT-082", "1234.5678", "at most 999",
    ),
    "price-unit": ({"price_unit": False}, "PUNCHOUT-083", "1234.5678 / 100", None),
    "quantity-decimals": (
        {"quantity_decimals": 0}, "PUNCHOUT-084", "1.50", "at most 0 decimals",
    ),
    "quantity-digits": (
        {"quantity_digits": 3}, "PUNCHOUT-085", "1234", "at most 999",
    ),
    "currency": ({"currencies": ("SEK", "DKK")}, "PUNCHOUT-086", "EUR", "SEK, DKK"),
    "auxiliary-length": ({"auxiliary_length": 3}, "PUNCHOUT-045", "aux-1", "at most 3 characters"),
    "name-length": ({"name_length": 3}, "PUNCHOUT-088", "Gloves", "at most 3 characters"),
    "description-length": (
        {"description_length": 9}, "PUNCHOUT-046", "Gloves of leather", "at most 9 characters",
    ),
    "manufacturer-length": (
        {"manufacturer_length": 5}, "PUNCHOUT-089", "Maker & Co", "at most 5 characters",
    ),
    "manufacturer-sku-length": (
        {"manufacturer_sku_length": 2}, "PUNCHOUT-090", "M-1", "at most 2 characters",
    ),
    "property-length": (
        {"property_length": 4}, "PUNCHOUT-091", "colour: yellowish", "at most 4 characters",
    ),
    "text-characters": (
        {"text_charset": "ISO-8859-1"}, "PUNCHOUT-092", "ł", "ISO-8859-1",
    ),
    "attachments": ({"attachments": False}, "PUNCHOUT-093", "data.pdf", None),
    "required": ({"required": ("gtin",)}, "PUNCHOUT-087", None, "gtin"),
    "lines": ({"lines": 1}, "PUNCHOUT-094", "2", "at most 1 lines"),
}  # fmt: skip
CHANGES: dict[str, dict[str, object]] = {
    "quantity-decimals": {"quantity": Quantity(value=Decimal("1.50"), unit="EA")},
    "text-characters": {"description": "złoty"},
}


def checked(rule: str, **decided: object) -> tuple[Fault, ...]:
    line = full_line(**CHANGES.get(rule, {}))
    lines = (line, line) if rule == "lines" else (line,)
    cart = Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=lines)
    return check_limits(cart, Limits.model_validate({**CASES[rule][0], **decided}))


def test_every_rule_that_a_profile_may_decide_on_is_there_and_tested() -> None:
    names = [rule.name for rule in (*LINE_RULES, *CART_RULES)]
    assert sorted(names) == sorted(get_args(LimitRule)) == sorted(CASES)


@pytest.mark.parametrize("rule", CASES)
def test_a_broken_rule_names_line_found_and_expected(rule: str) -> None:
    _, code, found, expected = CASES[rule]
    (fault,) = checked(rule)
    assert (fault.code, fault.found, fault.expected) == (code, found, expected)
    assert fault.target == (None if rule == "lines" else "lines[1] A-1")
    assert fault.hint or code < "PUNCHOUT-047"


def test_a_rule_leads_by_itself_to_what_its_fault_says() -> None:
    severities = {kind.code: kind.severity for kind in FAULTS}
    usual = {"block": "error", "warn": "warning"}
    for rule in (*LINE_RULES, *CART_RULES):
        assert usual[rule.usually] == severities[rule.code], rule.name


@pytest.mark.parametrize("rule", CASES)
def test_what_follows_is_the_buyers_to_say(rule: str) -> None:
    for decision, severity in (("block", "error"), ("warn", "warning")):
        (fault,) = checked(rule, decisions={rule: decision})
        assert fault.severity == severity
    assert checked(rule, decisions={rule: "ignore"}) == ()


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_fault_says_what_the_buyers_system_would_do(effect: Effect) -> None:
    (plain,) = checked("unit")
    (told,) = checked("unit", effects={"unit": effect})
    words = EFFECTS[effect]
    assert told.message == (f"{plain.message}; {words}" if words else plain.message)


def test_a_line_that_has_everything_passes_without_limits() -> None:
    cart = Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=(full_line(),))
    assert check_limits(cart, Limits()) == ()


def test_every_required_field_is_looked_for_where_it_stands() -> None:
    bare = CartLine(line_id="1", item=Item(), quantity=Quantity(value=Decimal(1), unit="EA"))
    cart = Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=(bare,))
    wanted = get_args(RequiredField)
    faults = check_limits(cart, Limits(required=wanted))
    assert [fault.expected for fault in faults] == list(wanted)
    assert {fault.code for fault in faults} == {"PUNCHOUT-087"}


def test_bytes_are_counted_where_the_buyer_counts_bytes() -> None:
    cart = Cart(
        cart_id="c", buyer_cookie="b", currency="EUR", lines=(full_line(description="åäö"),)
    )
    limits = {"description_length": 5}
    assert check_limits(cart, Limits.model_validate(limits)) == ()
    (fault,) = check_limits(cart, Limits.model_validate({**limits, "count_bytes": True}))
    assert fault.expected == "at most 5 bytes"


def test_a_rule_is_looked_at_where_its_limit_is_set_and_it_is_not_ignored() -> None:
    assert rules_for(Limits()) == ()
    asked = Limits.model_validate({"sku_length": 3, "price_unit": False, "attachments": False})
    assert [rule.name for rule in rules_for(asked)] == ["sku-length", "price-unit", "attachments"]
    ignoring = asked.model_copy(update={"decisions": {"sku-length": "ignore"}})
    assert [rule.name for rule in rules_for(ignoring)] == ["price-unit", "attachments"]


@pytest.mark.parametrize("rule", LINE_RULES, ids=lambda rule: rule.name)
def test_every_rule_names_a_limit_of_its_own(rule: LineRule) -> None:
    assert rule.limit in Limits.model_fields
    assert [other.limit for other in LINE_RULES].count(rule.limit) == 1
    assert list(rule.check(make_cart("EA").lines[0], Limits())) == [], "unset, it finds nothing"
