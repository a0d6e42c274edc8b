"""A promised price holds to its day and for its quantity; otherwise today's, with the reason."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.order import Item, Order, OrderLine
from canonical.party import Customer
from canonical.price import Price, PriceBreak
from canonical.product import Package, Product
from canonical.rules.judgement import Decision, OrderFacts, QuotedLine, QuoteUse, Taken
from canonical.rules.order import agreed_order, check_order
from canonical.rules.quotes import by_quotes
from tests.builders import NOON

TODAY = NOON.date()
PRODUCT = Product(
    sku="P1", name="Paper", unit="EA", packages=(Package(unit="BX", content=Decimal(5)),)
)
QUIET = {"ORDER-016", "ORDER-018"}
CONTRACT = Price(amount=Decimal("50.00"), currency="SEK")


def price(amount: str, **fields: object) -> Price:
    return Price(amount=Decimal(amount), currency="SEK", **fields)  # type: ignore[arg-type]


def line(line_id: str, quantity: str, unit: str, at: Price | None) -> OrderLine:
    amount = Quantity(value=Decimal(quantity), unit=unit)
    return OrderLine(line_id=line_id, quantity=amount, item=Item(sku="P1"), price=at)


def order(*lines: OrderLine) -> Order:
    return Order(order_id="PO-1", issued_at=NOON, currency="SEK", lines=lines)


def quoted(quantity: str = "10", at: Price | None = None, until: date = TODAY) -> QuotedLine:
    amount = Quantity(value=Decimal(quantity), unit="BX")
    return QuotedLine("Q7", "1", amount, at or price("240.00"), until)


def facts(*line_ids: str, quote: QuotedLine | None = None, **fields: object) -> OrderFacts:
    values: dict[str, object] = {
        "customer": Customer(customer_id="1", name="Buyer", currency="SEK"),
        "products": {"P1": PRODUCT},
        "prices": dict.fromkeys(line_ids, CONTRACT),
        "quotes": dict.fromkeys(line_ids, quote or quoted()),
        "came": TODAY,
    }
    return OrderFacts(**{**values, **fields})  # type: ignore[arg-type]


def codes(made: Order, known: OrderFacts) -> list[str]:
    """Return what is said of an order, but for its missing address and its unit."""
    return [one.code for one in check_order(made, known).faults if one.code not in QUIET]


def test_an_order_at_the_quoted_price_is_accepted_and_says_whose_price_it_is() -> None:
    made = order(line("1", "10", "BX", price("240.00")))
    judgement = check_order(made, facts("1"))
    assert judgement.decision is Decision.ACCEPTED
    assert agreed_order(made, judgement).lines[0].price == price("240.00")
    (note,) = [one for one in judgement.faults if one.code == "ORDER-024"]
    assert "240.00 SEK per BX, quote Q7 until 2026-11-22" in str(note.found)
    assert note.hint == "today's: 50.00 SEK per EA"


def test_the_quoted_price_counts_in_the_unit_of_the_quote_and_without_its_breaks() -> None:
    with_breaks = price("240.00", breaks=(PriceBreak(minimum=Decimal(1), amount=Decimal(1)),))
    known = facts("1", quote=quoted(at=with_breaks))
    assert codes(order(line("1", "50", "EA", price("48.00"))), known) == ["ORDER-024"]


def test_another_price_than_the_quoted_is_held_even_if_it_is_todays() -> None:
    made = order(line("1", "10", "BX", price("250.00")))
    judgement = check_order(made, facts("1"))
    assert judgement.decision is Decision.HELD
    (wrong,) = [one for one in judgement.faults if one.code == "ORDER-010"]
    assert wrong.hint == "4.17 % above the quoted price 240.00 SEK per BX"


def test_a_quote_at_todays_price_is_passed_over_in_silence() -> None:
    known = facts("1", quote=quoted(at=price("250.00")))
    assert codes(order(line("1", "10", "BX", price("250.00"))), known) == []


def test_a_quote_stands_where_the_core_has_no_price_of_its_own() -> None:
    known = facts("1", prices={}, reasons={"1": "no price list"})
    judgement = check_order(order(line("1", "10", "BX", None)), known)
    assert judgement.decision is Decision.ACCEPTED
    assert judgement.lines[0].price == price("240.00", unit="BX")
    assert "ORDER-009" not in [one.code for one in judgement.faults]


def test_a_quote_that_ended_yesterday_leaves_todays_price_and_is_named() -> None:
    known = facts("1", quote=quoted(until=date(2026, 11, 21)))
    judgement = check_order(order(line("1", "10", "BX", price("240.00"))), known)
    assert judgement.decision is Decision.HELD
    said = {one.code: one for one in judgement.faults}
    assert said["ORDER-025"].found == "quote Q7, which ended 2026-11-21"
    assert "contract price 50.00 SEK per EA" in str(said["ORDER-010"].hint)


@pytest.mark.parametrize(("first", "second", "said"), [("6", "4", False), ("6", "5", True)])
def test_lines_of_one_quoted_line_count_together(first: str, second: str, *, said: bool) -> None:
    at = price("240.00")
    made = order(line("1", first, "BX", at), line("2", second, "BX", at))
    assert ("ORDER-026" in codes(made, facts("1", "2"))) == said


def test_more_than_was_quoted_is_judged_by_todays_price() -> None:
    made = order(line("1", "55", "EA", price("48.00")))
    judgement = check_order(made, facts("1"))
    said = {one.code: one for one in judgement.faults}
    assert (said["ORDER-026"].found, said["ORDER-026"].expected) == (
        "55 EA",
        "at most 10 BX, as in quote Q7",
    )
    assert judgement.decision is Decision.HELD


def taken(*amounts: tuple[str, str]) -> tuple[Taken, ...]:
    return tuple(
        Taken(f"PO-{n}", Quantity(value=Decimal(value), unit=unit))
        for n, (value, unit) in enumerate(amounts, 10)
    )


@pytest.mark.parametrize(
    ("before", "stands"),
    [((), True), ((("20", "EA"),), True), ((("3", "BX"), ("6", "EA")), False)],
)
def test_what_other_orders_took_of_a_promise_is_not_there_any_more(
    before: tuple[tuple[str, str], ...], *, stands: bool
) -> None:
    quote = dataclasses.replace(quoted(), taken=taken(*before))
    made = order(line("1", "6", "BX", price("240.00")))
    assert ("ORDER-024" in codes(made, facts("1", quote=quote))) == stands
    assert ("ORDER-026" in codes(made, facts("1", quote=quote))) == (not stands)


def test_a_finding_names_the_orders_that_took_it_but_no_long_list_of_them() -> None:
    quote = dataclasses.replace(quoted(), taken=taken(*[("2", "BX")] * 5))
    judgement = check_order(order(line("1", "1", "BX", price("240.00"))), facts("1", quote=quote))
    (said,) = [one for one in judgement.faults if one.code == "ORDER-026"]
    assert said.found == (
        "5 EA, after 2 BX in order PO-10, after 2 BX in order PO-11, after 2 BX in order PO-12"
        " and 2 more"
    )


def test_what_cannot_be_counted_is_taken_for_all() -> None:
    quote = dataclasses.replace(quoted(), taken=taken(("1", "KGM")))
    made = order(line("1", "1", "BX", price("240.00")))
    assert "ORDER-026" in codes(made, facts("1", quote=quote))


def test_a_judgement_says_what_the_order_takes_in_the_products_unit() -> None:
    made = order(line("1", "6", "BX", price("240.00")), line("2", "1", "EA", price("50.00")))
    quote = dataclasses.replace(quoted(), promise="m 2026-11-22")
    (first, second) = check_order(made, facts("1", "2", quote=quote)).uses
    assert first == QuoteUse(
        promise="m 2026-11-22", quantity=Quantity(value=Decimal(30), unit="EA"), standing=True
    )
    assert second.quantity == Quantity(value=Decimal(1), unit="EA")


@pytest.mark.parametrize(("at", "claims"), [("240.00", True), ("250.00", False), (None, False)])
def test_beyond_a_promise_only_its_price_claims_it(at: str | None, *, claims: bool) -> None:
    made = order(line("1", "11", "BX", None if at is None else price(at)))
    found = check_order(made, facts("1")).uses
    assert [one.standing for one in found] == ([False] if claims else [])


def test_lines_without_a_quote_and_products_that_are_not_known_are_left_alone() -> None:
    made = order(line("1", "10", "BX", price("250.00")), line("2", "10", "BX", price("240.00")))
    known = facts("1", "2", quotes={"2": quoted()})
    assert codes(made, known) == ["ORDER-024"]
    strange = replace(made.lines[0], item=Item(sku="P9"))
    assert codes(order(strange), facts("1")) == ["ORDER-007"]
    odd = line("1", "10", "KGM", price("250.00"))
    assert codes(order(odd), facts("1")) == ["ORDER-015"]


def test_without_quotes_nothing_changes() -> None:
    known = facts("1", quotes={})
    assert by_quotes(order(line("1", "1", "EA", CONTRACT)), known) == (known, ())
