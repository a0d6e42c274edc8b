"""Each order rule speaks up when it is broken, stays silent when not, and is ruled by policy."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.amounts import Money, Quantity
from canonical.faults import Severity
from canonical.identifiers import Identifier
from canonical.order import Item, LineStatus, Order, OrderLine, PriceLevel
from canonical.party import Address, Contact, Customer, Orderer, Party
from canonical.price import Price, PriceBreak
from canonical.product import Package, Product
from canonical.rules import order as rules
from canonical.rules.judgement import QuotedLine
from canonical.rules.order import (
    FAULTS,
    RULES,
    Consequence,
    Decision,
    Judgement,
    OrderFacts,
    OrderPolicy,
    agreed_order,
    check_order,
)

D = Decimal
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOME = Address(
    address_id="A1", street=("Storgatan 1",), postal_code="211 20", city="Malmö", country="SE"
)
CUSTOMER = Customer(
    customer_id="1",
    name="Buyer",
    currency="SEK",
    assortments=("care",),
    orderers=(Orderer(email="Karin@Buyer.example", limit=D("1000")),),
    addresses=(HOME,),
)
PRODUCT = Product(
    sku="P1",
    name="Gloves",
    unit="BX",
    gtin="07350000000015",
    minimum_quantity=D(10),
    quantity_multiple=D(5),
    packages=(Package(unit="CS", content=D(10)),),
    assortments=("care",),
)
PRICE = Price(
    amount=D("10.00"), currency="SEK", breaks=(PriceBreak(minimum=D(50), amount=D("9.00")),)
)
LINE = OrderLine(
    line_id="1",
    quantity=Quantity(value=D(10), unit="BX"),
    item=Item(sku="P1"),
    price=Price(amount=D("10.00"), currency="SEK"),
)
ORDER = Order(
    order_id="PO",
    issued_at=NOON,
    currency="SEK",
    lines=(LINE,),
    total=Money(amount=D("100.00"), currency="SEK"),
    originator=Contact(email=" karin@buyer.EXAMPLE "),
    ship_to=Address(address_id="A1"),
)
FACTS = OrderFacts(customer=CUSTOMER, products={"P1": PRODUCT}, prices={"1": PRICE})


def facts(**changes: object) -> OrderFacts:
    values = {name: getattr(FACTS, name) for name in ("customer", "products", "prices", "reasons")}
    return OrderFacts(**{**values, **changes})


def line(**changes: object) -> Order:
    return replace(ORDER, lines=(replace(LINE, **changes),), total=None)


def codes(judgement: Judgement) -> list[str]:
    return [fault.code for fault in judgement.faults]


def bought(value: str, unit: str = "BX") -> Quantity:
    return Quantity(value=D(value), unit=unit)


def priced(amount: str, base: str = "1", unit: str | None = None, currency: str = "SEK") -> Price:
    return Price(amount=D(amount), currency=currency, base_quantity=D(base), unit=unit)


def sek(amount: str) -> Money:
    return Money(amount=D(amount), currency="SEK")


def promised(quantity: str, until: int) -> dict[str, object]:
    """Return facts of a quote at 8.00 a box up to a day of the month, of an order on the 23rd."""
    last = date(2026, 11, until)
    quoted = QuotedLine("Q7", "1", bought(quantity), priced("8.00"), last)
    return {"quotes": {"1": quoted}, "came": NOON.date()}


OTHER_PLACE = Address(street=("Elsewhere 9",), postal_code="99999", city="X", country="SE")
SAME_PLACE = Address(street=("storgatan  1",), postal_code="21120", city="Malmo", country="se")

BOTH = facts(prices={"1": PRICE, "2": PRICE})
US = Party(name="Us", identifiers=(Identifier(value="123456789", scheme="DUNS"),))
THEM = Identifier(value="987654321", scheme="duns")
OTHERS = Party(name="Others", identifiers=(Identifier(value="v7", scheme="internal"), THEM))


def whole_and_part(level: PriceLevel | None, total: str | None = None) -> Order:
    """Return an order of a whole and a part of it, both at their contract price."""
    whole = replace(LINE, price_level=level)
    lines = (whole, replace(LINE, line_id="2", parent_line="1"))
    return replace(ORDER, lines=lines, total=None if total is None else sek(total))


BROKEN: list[tuple[str, str, Order, OrderFacts]] = [
    ("ORDER-001", "buyer", ORDER, facts(customer=None)),
    ("ORDER-002", "originator.email", replace(ORDER, originator=Contact(email="x@y")), FACTS),
    ("ORDER-003", "total", line(quantity=bought("115"), price=priced("9.00")), FACTS),
    ("ORDER-004", "originator.email", replace(ORDER, originator=None), FACTS),
    ("ORDER-004", "originator.email", replace(ORDER, originator=Contact(email=" ")), FACTS),
    ("ORDER-005", "lines", replace(ORDER, lines=(), total=None), FACTS),
    ("ORDER-006", "lines[1].line_id", replace(ORDER, lines=(LINE, LINE), total=None), FACTS),
    ("ORDER-007", "lines[0].item", line(item=Item(sku="P2")), FACTS),
    ("ORDER-007", "lines[0].item", line(item=Item()), FACTS),
    (
        "ORDER-008",
        "lines[0].item.sku",
        ORDER,
        facts(products={"P1": replace(PRODUCT, assortments=("shop",))}),
    ),
    ("ORDER-009", "lines[0].price", ORDER, facts(prices={})),
    ("ORDER-010", "lines[0].price", line(price=priced("10.01")), FACTS),
    ("ORDER-010", "lines[0].price", line(price=priced("9.98")), FACTS),
    ("ORDER-011", "lines[0].price", line(price=priced("10.004")), FACTS),
    ("ORDER-012", "currency", replace(ORDER, currency="NOK", total=None), FACTS),
    ("ORDER-012", "lines[0].price.currency", line(price=priced("10.00", currency="EUR")), FACTS),
    (
        "ORDER-012",
        "total.currency",
        replace(ORDER, total=Money(amount=D(100), currency="EUR")),
        FACTS,
    ),
    ("ORDER-013", "lines[0].quantity", line(quantity=bought("5")), FACTS),
    ("ORDER-014", "lines[0].quantity", line(quantity=bought("12")), FACTS),
    ("ORDER-014", "lines[0].quantity", line(quantity=bought("10.5")), FACTS),
    ("ORDER-015", "lines[0].quantity.unit", line(quantity=bought("10", "EA")), FACTS),
    (
        "ORDER-016",
        "lines[0].quantity.unit",
        line(quantity=bought("2", "CS"), price=priced("100.00")),
        FACTS,
    ),
    ("ORDER-017", "ship_to", replace(ORDER, ship_to=OTHER_PLACE), FACTS),
    ("ORDER-017", "ship_to", replace(ORDER, ship_to=Address(address_id="A2")), FACTS),
    ("ORDER-017", "lines[0].ship_to", line(ship_to=OTHER_PLACE), FACTS),
    ("ORDER-018", "ship_to", replace(ORDER, ship_to=None), FACTS),
    ("ORDER-019", "buyer", ORDER, facts(customer=replace(CUSTOMER, credit_hold=True))),
    ("ORDER-020", "total", replace(ORDER, total=Money(amount=D("100.06"), currency="SEK")), FACTS),
    ("ORDER-021", "lines[0].quantity", line(quantity=bought("0")), FACTS),
    ("ORDER-021", "lines[0].quantity", line(quantity=bought("-10")), FACTS),
    ("ORDER-022", "lines[0].price", line(price=None), FACTS),
    ("ORDER-023", "lines[0].price", line(price=priced("10", base="0")), FACTS),
    ("ORDER-023", "lines[0].price", line(price=priced("10", unit="KGM")), FACTS),
    ("ORDER-024", "lines[0].price", line(price=priced("8.00")), facts(**promised("10", 23))),
    ("ORDER-025", "lines[0].price", ORDER, facts(**promised("10", 22))),
    ("ORDER-026", "lines[0].quantity", ORDER, facts(**promised("9", 23))),
    ("ORDER-027", "lines[1].price", whole_and_part(PriceLevel.GROUP), BOTH),
    ("ORDER-027", "lines[0].price", whole_and_part(PriceLevel.ITEM), BOTH),
    ("ORDER-028", "lines[0].supplier", replace(line(supplier=THEM), seller=US), FACTS),
    ("ORDER-028", "lines[0].supplier", line(supplier=THEM), facts(us=US.identifiers)),
    ("ORDER-028", "lines[0].supplier", line(suppliers=(OTHERS,)), facts(us=US.identifiers)),
]

KEPT: list[tuple[str, Order, OrderFacts]] = [
    ("a good order", ORDER, FACTS),
    (
        "no orderers means all",
        replace(ORDER, originator=None),
        facts(customer=replace(CUSTOMER, orderers=())),
    ),
    ("no assortments means all", ORDER, facts(customer=replace(CUSTOMER, assortments=()))),
    (
        "no addresses means anywhere",
        replace(ORDER, ship_to=OTHER_PLACE),
        facts(customer=replace(CUSTOMER, addresses=())),
    ),
    ("an address without number is compared by place", replace(ORDER, ship_to=SAME_PLACE), FACTS),
    ("a product found by GTIN", line(item=Item(gtin="7350000000015")), FACTS),
    ("a price per 100", line(price=priced("1000.00", base="100")), FACTS),
    (
        "the break that the quantity reaches",
        line(quantity=bought("50"), price=priced("9.00")),
        FACTS,
    ),
    (
        "a total with shipping and tax",
        replace(
            ORDER,
            total=Money(amount=D("135.00"), currency="SEK"),
            shipping=Money(amount=D(10), currency="SEK"),
            tax=Money(amount=D(25), currency="SEK"),
        ),
        FACTS,
    ),
    (
        "a total at the limit",
        replace(
            ORDER,
            lines=(replace(LINE, quantity=bought("100"), price=priced("9.00")),),
            total=Money(amount=D("900.00"), currency="SEK"),
        ),
        FACTS,
    ),
]


@pytest.mark.parametrize(("code", "target", "order", "known"), BROKEN)
def test_a_broken_rule_is_reported_alone_with_its_place(
    code: str, target: str, order: Order, known: OrderFacts
) -> None:
    judgement = check_order(order, known)
    assert [(fault.code, fault.target) for fault in judgement.faults] == [(code, target)]


@pytest.mark.parametrize(("what", "order", "known"), KEPT)
def test_what_is_right_is_accepted_in_silence(what: str, order: Order, known: OrderFacts) -> None:
    judgement = check_order(order, known)
    assert codes(judgement) == [], what
    assert judgement.decision is Decision.ACCEPTED
    assert [answer.status for answer in judgement.lines] == [LineStatus.ACCEPTED]


def test_every_rule_has_a_broken_example() -> None:
    assert {code for code, *_ in BROKEN} == {rule.code for rule in RULES}


def test_the_docstring_table_is_the_rule_table() -> None:
    for rule in RULES:
        described = [row for row in (rules.__doc__ or "").splitlines() if rule.code in row]
        assert len(described) == 1
        assert described[0].endswith(f" {rule.default}"), rule.code
    assert [kind.code for kind in FAULTS] == [f"ORDER-{n:03d}" for n in range(1, len(RULES) + 1)]


@pytest.mark.parametrize(
    ("code", "order", "known"), [(code, order, known) for code, _, order, known in BROKEN]
)
def test_the_policy_decides_what_follows(code: str, order: Order, known: OrderFacts) -> None:
    for consequence in rules.RULE[code].allowed:
        judgement = check_order(order, known, OrderPolicy(consequences={code: consequence}))
        worst = judgement.faults[0].severity
        if consequence is Consequence.HOLD:
            assert (judgement.decision, worst) == (Decision.HELD, Severity.ERROR)
        elif consequence is Consequence.REJECT:
            assert (judgement.decision, worst) == (Decision.REJECTED, Severity.ERROR)
        elif consequence is Consequence.CHANGE:
            assert (judgement.decision, worst) == (Decision.CHANGED, Severity.WARNING)
        else:
            assert judgement.decision is Decision.ACCEPTED
            assert worst is not Severity.ERROR


def test_a_wrong_price_names_both_prices_and_the_difference() -> None:
    fault = check_order(line(price=priced("12.50")), FACTS).faults[0]
    assert fault.found == "12.50 SEK"
    assert fault.expected == "10.00 SEK per BX"
    assert fault.hint == "25.00 % above the contract price 10.00 SEK per BX"


def test_a_price_tolerance_in_percent_lets_the_buyers_price_stand() -> None:
    policy = OrderPolicy(price_tolerance_percent=D(2))
    judgement = check_order(line(price=priced("10.20")), FACTS, policy)
    assert codes(judgement) == ["ORDER-011"]
    assert judgement.lines[0].price == priced("10.20")
    assert codes(check_order(line(price=priced("10.21")), FACTS, policy)) == ["ORDER-010"]


def test_a_change_of_the_price_answers_with_the_contract_price() -> None:
    policy = OrderPolicy(consequences={"ORDER-010": Consequence.CHANGE})
    judgement = check_order(line(price=priced("12.50")), FACTS, policy)
    assert judgement.lines[0].status is LineStatus.CHANGED
    assert judgement.lines[0].price == priced("10.00", unit="BX")
    assert judgement.lines[0].reason


def test_a_change_of_the_quantity_fills_the_packaging() -> None:
    policy = OrderPolicy(
        consequences={"ORDER-013": Consequence.CHANGE, "ORDER-014": Consequence.CHANGE}
    )
    judgement = check_order(line(quantity=bought("3")), FACTS, policy)
    assert judgement.lines[0].quantity == bought("10")
    agreed = agreed_order(line(quantity=bought("3")), judgement)
    assert agreed.lines[0].quantity == bought("10")


def test_a_rejected_line_leaves_the_others_standing() -> None:
    other = replace(LINE, line_id="2", item=Item(sku="GONE"))
    order = replace(ORDER, lines=(LINE, other), total=Money(amount=D(200), currency="SEK"))
    policy = OrderPolicy(consequences={"ORDER-007": Consequence.REJECT})
    judgement = check_order(order, FACTS, policy)
    assert judgement.decision is Decision.CHANGED
    assert [one.status for one in judgement.lines] == [LineStatus.ACCEPTED, LineStatus.REJECTED]
    agreed = agreed_order(order, judgement)
    assert [one.line_id for one in agreed.lines] == ["1"]
    assert agreed.total == Money(amount=D("100.00"), currency="SEK")


def test_a_hold_wins_over_a_rejected_line() -> None:
    other = replace(LINE, line_id="2", quantity=bought("0"))
    order = replace(ORDER, lines=(replace(LINE, price=priced("99")), other), total=None)
    assert check_order(order, FACTS).decision is Decision.HELD


def test_a_line_without_price_gets_the_contract_price_at_its_break() -> None:
    judgement = check_order(line(price=None, quantity=bought("60")), FACTS)
    assert judgement.decision is Decision.ACCEPTED
    assert judgement.lines[0].price == priced("9.00", unit="BX")


def test_the_break_counts_in_the_products_unit() -> None:
    judgement = check_order(line(quantity=bought("5", "CS"), price=priced("90.00")), FACTS)
    assert codes(judgement) == ["ORDER-016"]


def test_an_unchanged_order_is_agreed_as_it_came() -> None:
    assert agreed_order(ORDER, check_order(ORDER, FACTS)) == ORDER


@pytest.mark.parametrize(
    "make",
    [
        lambda: OrderPolicy(consequences={"ORDER-999": Consequence.HOLD}),
        lambda: OrderPolicy(consequences={"ORDER-007": Consequence.CHANGE}),
        lambda: OrderPolicy(price_tolerance=D("-1")),
        lambda: OrderPolicy(price_tolerance_percent=D("NaN")),
    ],
)
def test_a_policy_that_no_rule_allows_is_refused(make: Callable[[], OrderPolicy]) -> None:
    with pytest.raises(ValueError, match=r"ORDER-|tolerance"):
        make()


amounts = st.decimals(min_value=0, max_value=10_000, places=2)
quantities = st.decimals(min_value=-5, max_value=200, places=1)
units = st.sampled_from(["BX", "CS", "EA", "KGM"])
order_lines = st.builds(
    lambda line_id, sku, value, unit, price: OrderLine(
        line_id=line_id, quantity=Quantity(value=value, unit=unit), item=Item(sku=sku), price=price
    ),
    st.sampled_from("123"),
    st.sampled_from(["P1", "P2", None]),
    quantities,
    units,
    st.none()
    | st.builds(
        lambda amount, base, unit: Price(
            amount=amount, currency="SEK", base_quantity=base, unit=unit
        ),
        amounts,
        st.sampled_from([D(0), D(1), D(100)]),
        st.none() | units,
    ),
)
policies = st.builds(
    lambda picks: OrderPolicy(consequences=dict(zip(rules.RULE, picks, strict=True))),
    st.tuples(*(st.sampled_from(sorted(rule.allowed)) for rule in RULES)),
)


@given(st.lists(order_lines, max_size=4), policies, st.booleans())
def test_any_order_gets_a_decision_that_its_faults_and_lines_explain(
    lines: list[OrderLine], policy: OrderPolicy, known: bool
) -> None:
    order = replace(ORDER, lines=tuple(lines), total=None)
    judgement = check_order(order, FACTS if known else facts(customer=None), policy)
    follows = {policy.consequence(code) for code in codes(judgement)}
    assert [answer.line_id for answer in judgement.lines] == [one.line_id for one in lines]
    statuses = {answer.status for answer in judgement.lines}
    if judgement.decision is Decision.ACCEPTED:
        assert statuses <= {LineStatus.ACCEPTED}
        assert follows <= {Consequence.NOTE}
    elif judgement.decision is Decision.REJECTED:
        assert statuses <= {LineStatus.REJECTED}
        assert Consequence.REJECT in follows
    elif judgement.decision is Decision.HELD:
        assert Consequence.HOLD in follows
    else:
        assert Consequence.HOLD not in follows
        assert statuses - {LineStatus.ACCEPTED}
    for fault in judgement.faults:
        assert fault.target


@given(amounts, amounts, st.sampled_from([1, 10, 100, 1000]))
def test_prices_compare_the_same_whatever_they_are_per(ordered: D, owed: D, base: int) -> None:
    known = facts(prices={"1": Price(amount=owed, currency="SEK")})
    exactly = OrderPolicy(price_tolerance=D(0))
    one = check_order(line(price=priced(str(ordered))), known, exactly)
    many = check_order(line(price=priced(str(ordered * base), str(base))), known, exactly)
    assert codes(one) == codes(many)
    assert ("ORDER-010" in codes(one)) == (ordered != owed)


def test_the_credit_is_fixed_when_the_order_is_judged() -> None:
    bo, siv = Contact(name="Bo"), Contact(name="Siv")
    own = Orderer(email="ada@buyer.example", salesperson=bo)
    order = replace(ORDER, originator=Contact(email="ADA@buyer.example"))
    customer = replace(CUSTOMER, orderers=(own,), salesperson=siv)
    judgement = check_order(order, facts(customer=customer))
    assert judgement.salesperson == bo
    assert agreed_order(order, judgement).salesperson == bo
    without = check_order(order, facts(customer=replace(customer, orderers=())))
    assert agreed_order(order, without).salesperson == siv
    assert check_order(ORDER, facts(customer=None)).salesperson is None


def test_a_person_is_credited_by_the_id_of_the_buyers_system_too() -> None:
    bo = Contact(name="Bo")
    own = Orderer(email="ada@buyer.example", user_id="ABERG", salesperson=bo)
    who = Contact(email="desk@buyer.example", identifier=Identifier(value="aberg", scheme="user"))
    customer = replace(CUSTOMER, orderers=(own,))
    order = replace(ORDER, originator=who)
    assert check_order(order, facts(customer=customer)).salesperson == bo
