"""What the shop should have checked a cart by is judged when it comes home, by the same table."""

from decimal import Decimal

from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.price import Price
from gateway.buyer.keeping import SPELT, judge_keeping
from gateway.buyer.rules import Weight
from gateway.partners.keeping import CART_RULES, LINE_RULES
from gateway.partners.limits import Limits
from tests.gateway.buyer.test_differ import make_cart, make_line

FINE = replace(
    make_line("A"),
    quantity=Quantity(value=Decimal("1.25"), unit="EA"),
    price=Price(amount=Decimal("12.50"), currency="EUR", base_quantity=Decimal(100)),
)


def judged(limits: Limits) -> list[tuple[str, str, str | None, str | None]]:
    found = judge_keeping(make_cart(FINE, make_line("B")), limits, "Cart")
    return [(one.code, one.message, one.item, one.found) for one in found]


def test_a_cart_within_the_limits_is_no_finding():
    assert judged(Limits()) == []


def test_a_broken_rule_names_line_and_value():
    limits = Limits(quantity_decimals=0, price_unit=False)
    assert judged(limits) == [
        ("BUYER-055", "price-unit", "A", "12.50 / 100"),
        ("BUYER-055", "quantity-decimals", "A", "1.25"),
    ]


def test_the_profile_says_how_grave_it_is_and_what_the_system_does():
    limits = Limits(
        quantity_decimals=0,
        decisions={"quantity-decimals": "warn"},
        effects={"quantity-decimals": "round"},
    )
    (found,) = judged(limits)
    assert found[:2] == ("BUYER-056", "quantity-decimals: the buyer's system rounds it")
    (finding,) = judge_keeping(make_cart(FINE), limits, "Cart")
    assert finding.weight is Weight.WARNING
    assert judged(limits.model_copy(update={"decisions": {"quantity-decimals": "ignore"}})) == []


def test_too_many_lines_are_told_of_the_whole():
    assert judged(Limits(lines=1)) == [("BUYER-055", "lines", None, "2")]


def test_every_rule_is_judged_somewhere():
    assert {rule.name for rule in (*LINE_RULES, *CART_RULES)} >= SPELT
