"""An order of a cart that promised its prices is delivered at them, until the promise ends."""

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from threading import Barrier, get_ident

import pytest
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.identifiers import Reference
from canonical.order import Item, Order
from canonical.price import Price
from canonical.punchout import Cart, CartLine, QuoteStatus
from canonical.rules.judgement import QuotedLine
from canonical.stored import load
from gateway.ambient import Ambient
from gateway.connectors.contract import PriceQuestion
from gateway.pipeline.emitting import Outgoing
from gateway.pipeline.operations import refuse, release, replay
from gateway.pipeline.pipeline import Pipeline
from gateway.pipeline.quoting import is_quote, quotes_of
from gateway.pipeline.states import State
from gateway.pipeline.working import jobs_of
from gateway.store.database import Database
from tests.builders import NOON, make_order, make_order_request, make_partner
from tests.gateway.pipeline.conftest import House, build_house
from tests.patience import STALLED

TODAY = NOON.date()
MARK = "816037cef26de78b"
REFERRED = b'<SupplierOrderInfo orderID="Q7"/></OrderRequestHeader>'


IDS = count(1)


def at(house: House, now: datetime) -> House:
    """Return the same house at another time; what is made in it is numbered in order."""
    ambient = Ambient(now=lambda: now, new_id=lambda: f"{next(IDS):032x}")
    equipment = dataclasses.replace(house.equipment, ambient=ambient)
    shop = dataclasses.replace(house.shop, equipment=equipment)
    house.engine.handlers = jobs_of(shop)
    return dataclasses.replace(house, shop=shop, pipeline=Pipeline(equipment))


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return at(build_house(database, tmp_path), NOON)


def line(sku: str = "SKU-1", amount: str = "8.00", **fields: object) -> CartLine:
    values: dict[str, object] = {
        "line_id": sku.removeprefix("SKU-"),
        "item": Item(sku=sku, auxiliary_id=MARK if sku == "SKU-1" else None),
        "quantity": Quantity(value=Decimal(5), unit="EA"),
        "description": sku,
        "price": Price(amount=Decimal(amount), currency="EUR"),
    }
    return CartLine(**{**values, **fields})  # type: ignore[arg-type]


def quote(*lines: CartLine, until: date | None = TODAY, **fields: object) -> Cart:
    values: dict[str, object] = {"cart_id": "Q7", "currency": "EUR", "buyer_cookie": "c"}
    made = lines or (line(), line("SKU-2"))
    return Cart(lines=made, valid_until=until, issued_at=NOON, **{**values, **fields})  # type: ignore[arg-type]


def went_home(house: House, *carts: Cart, partner: str = "buyer") -> None:
    """Let carts go home with a browser."""
    for cart in carts:
        to = make_partner(partner)
        sent = house.pipeline.emit(Outgoing(to, cart))
        assert sent.payload is not None, sent.faults


def ordered(house: House, *, referring: bool = True, marked: bool = False, **fields: object) -> str:
    """Receive an order of two lines at 8.00 and let it be worked on; return its message."""
    whole = make_order_request(**fields).replace(b">10.00<", b">8.00<")  # type: ignore[arg-type]
    if referring:
        whole = whole.replace(b"</OrderRequestHeader>", REFERRED)
    if marked:
        mark = f"<SupplierPartAuxiliaryID>{MARK}</SupplierPartAuxiliaryID></ItemID>".encode()
        whole = whole.replace(b"</ItemID>", mark, 1)
    answer = house.receive(whole)
    assert answer.message_id is not None
    house.engine.drain()
    return answer.message_id


def prices_in_the_core(house: House) -> list[Decimal]:
    ((_, body),) = house.core.submitted()
    order = load(body[body.index(b"{") :])
    assert isinstance(order, Order)
    return [one.price.amount for one in order.lines if one.price is not None]


def test_an_order_that_names_the_quote_reaches_the_core_at_its_prices(house: House) -> None:
    went_home(house, quote())
    message = ordered(house)
    assert house.state(message) == State.DELIVERED
    assert prices_in_the_core(house) == [Decimal("8.00"), Decimal("8.00")]
    assert house.codes(message).count("ORDER-024") == 2


def test_a_line_that_has_the_id_of_a_quoted_one_needs_no_other_name(house: House) -> None:
    went_home(house, quote(line()))
    message = ordered(house, referring=False, marked=True, lines=1)
    assert house.state(message) == State.DELIVERED
    assert prices_in_the_core(house) == [Decimal("8.00")]


@pytest.mark.parametrize(
    ("cart", "said"),
    [
        (quote(until=TODAY - timedelta(days=1)), ["ORDER-025"]),
        (quote(until=None), []),
        (quote(quote_status=QuoteStatus.PENDING), []),
        (quote(line("SKU-3"), line("SKU-4")), []),
        (quote(cart_id="Q8"), []),
    ],
)
def test_what_is_no_promise_any_more_leaves_todays_price(
    house: House, cart: Cart, said: Sequence[str]
) -> None:
    went_home(house, cart)
    message = ordered(house)
    assert house.state(message) == State.HELD
    codes = set(house.codes(message))
    assert codes >= {"ORDER-010", *said}
    assert codes.isdisjoint({"ORDER-024", "ORDER-025", "ORDER-026"} - set(said))
    assert house.core.submitted() == []


def test_a_quote_that_is_split_over_orders_holds_for_each_of_them(house: House) -> None:
    went_home(house, quote())
    for number in ("1", "2"):
        message = ordered(
            house,
            marked=True,
            order_id=f"PO-{number}",
            payload_id=f"{number}@buyer.example",
            quantity="2",
        )
        assert house.state(message) == State.DELIVERED
    assert len(house.core.submitted()) == 2
    more = ordered(house, order_id="PO-3", payload_id="3@buyer.example", quantity="6")
    assert house.state(more) == State.HELD
    assert house.codes(more).count("ORDER-026") == 2
    rest = ordered(house, order_id="PO-4", payload_id="4@buyer.example", quantity="1")
    assert house.state(rest) == State.DELIVERED


def again(house: House, number: int, quantity: str = "5", **fields: object) -> str:
    """Receive an order by the quote under a number of its own."""
    own: dict[str, object] = {
        "order_id": f"PO-{number}",
        "payload_id": f"{number}@buyer.example",
        "quantity": quantity,
        "lines": 1,
    }
    return ordered(house, **{**own, **fields})  # type: ignore[arg-type]


def on_credit_hold(house: House, *, hold: bool = True) -> None:
    house.core.customers["C1"] = replace(house.core.customers["C1"], credit_hold=hold)


def test_a_quote_for_five_does_not_give_its_price_to_twice_five(house: House) -> None:
    went_home(house, quote())
    assert house.state(again(house, 1)) == State.DELIVERED
    message = again(house, 2)
    assert house.state(message) == State.HELD
    entry = next(one for one in house.shown(message).timeline if one.step == "check")
    (said,) = [one for one in entry.faults if one.code == "ORDER-026"]
    assert said.found == "5 EA, after 5 EA in order PO-1"
    assert said.expected == "at most 5 EA, as in quote Q7"
    assert {"ORDER-010"} <= set(house.codes(message))


def test_what_is_cancelled_or_refused_is_given_back(house: House) -> None:
    went_home(house, quote())
    again(house, 1)
    again(house, 1, kind="delete", payload_id="1d@buyer.example")
    second = again(house, 2)
    assert house.state(second) == State.DELIVERED
    on_credit_hold(house)
    again(house, 2, kind="delete", payload_id="2d@buyer.example")
    third = again(house, 3)
    assert house.state(third) == State.HELD
    refuse(house.shop, third, "not today")
    on_credit_hold(house, hold=False)
    assert house.state(again(house, 4)) == State.DELIVERED


def test_an_order_that_waits_for_a_person_keeps_what_it_took(house: House) -> None:
    went_home(house, quote())
    on_credit_hold(house)
    first = again(house, 1)
    assert house.state(first) == State.HELD
    on_credit_hold(house, hold=False)
    assert "ORDER-026" in house.codes(again(house, 2))
    release(house.equipment, first, "paid")
    house.engine.drain()
    assert house.state(first) == State.DELIVERED


def test_an_order_let_pass_at_the_quoted_price_counts_whoever_let_it(house: House) -> None:
    went_home(house, quote())
    large = again(house, 1, "9")
    assert house.state(large) == State.HELD
    assert house.state(again(house, 2, "1")) == State.DELIVERED
    release(house.equipment, large, "agreed by telephone")
    house.engine.drain()
    assert "ORDER-026" in house.codes(again(house, 3, "1"))


def test_an_order_at_todays_price_takes_nothing(house: House) -> None:
    went_home(house, quote())
    dear = make_order_request(order_id="PO-1", payload_id="1@buyer.example", quantity="9", lines=1)
    answer = house.receive(dear.replace(b"</OrderRequestHeader>", REFERRED))
    house.engine.drain()
    assert house.state(answer.message_id) == State.DELIVERED
    assert house.codes(answer.message_id).count("ORDER-026") == 1
    assert house.state(again(house, 2)) == State.DELIVERED


def test_a_change_takes_the_place_of_its_order(house: House) -> None:
    went_home(house, quote())
    again(house, 1)
    for version, quantity in (("2", "5"), ("3", "2")):
        changed = again(
            house, 1, quantity, kind="update", version=version, payload_id=f"1-{version}@buyer"
        )
        assert house.state(changed) == State.DELIVERED
        assert "ORDER-026" not in house.codes(changed)
    assert house.state(again(house, 2, "3")) == State.DELIVERED
    assert "ORDER-026" in house.codes(again(house, 3, "1"))


def test_a_change_that_waits_gives_nothing_back_yet(house: House) -> None:
    went_home(house, quote())
    again(house, 1)
    on_credit_hold(house)
    smaller = again(house, 1, "2", kind="update", version="2", payload_id="1-2@buyer.example")
    assert house.state(smaller) == State.HELD
    on_credit_hold(house, hold=False)
    assert "ORDER-026" in house.codes(again(house, 2, "3"))
    release(house.equipment, smaller, "paid")
    house.engine.drain()
    assert house.state(again(house, 3, "3")) == State.DELIVERED


def test_an_order_that_is_worked_on_anew_takes_what_it_took_before(house: House) -> None:
    went_home(house, quote())
    message = again(house, 1)
    replay(house.equipment, message, "again")
    house.engine.drain()
    assert house.state(message) == State.DELIVERED
    assert "ORDER-026" not in house.codes(message)


def test_a_test_order_takes_nothing(house: House) -> None:
    went_home(house, quote())
    assert house.state(again(house, 1, test=True)) == State.TESTED
    assert house.state(again(house, 2)) == State.DELIVERED


def test_a_cart_that_comes_again_to_the_same_day_promises_nothing_anew(house: House) -> None:
    went_home(house, quote(line()))
    assert house.state(again(house, 1, referring=False, marked=True)) == State.DELIVERED
    went_home(house, quote(line(), cart_id="Q8"))
    assert "ORDER-026" in house.codes(again(house, 2, referring=False, marked=True))
    went_home(house, quote(line(), cart_id="Q9", until=TODAY + timedelta(days=1)))
    assert house.state(again(house, 3, referring=False, marked=True)) == State.DELIVERED


def test_of_orders_that_want_one_quote_at_the_same_moment_one_gets_it(house: House) -> None:
    went_home(house, quote())
    messages = []
    for number in (1, 2, 3, 4):
        whole = make_order_request(
            order_id=f"PO-{number}", payload_id=f"{number}@buyer.example", quantity="5", lines=1
        ).replace(b">10.00<", b">8.00<")
        answer = house.receive(whole.replace(b"</OrderRequestHeader>", REFERRED))
        messages.append(answer.message_id)
    met, asked = Barrier(len(messages)), house.core.prices
    waited: set[int] = set()
    judged: list[str] = []

    def together(customer: str, questions: Sequence[PriceQuestion], on: date) -> object:
        judged.append(customer)
        if get_ident() not in waited:  # who has to judge again does not wait for the others
            waited.add(get_ident())
            met.wait(timeout=STALLED)
        return asked(customer, questions, on)

    house.core.prices = together  # type: ignore[method-assign,assignment]
    jobs = list(house.engine.waiting.values())
    house.engine.waiting.clear()
    with ThreadPoolExecutor(len(jobs)) as threads:
        list(threads.map(lambda job: house.engine.handlers[job[0]](*job[1]), jobs))
    house.engine.drain()
    states = sorted(house.state(message) for message in messages)
    assert states == [State.DELIVERED, State.HELD, State.HELD, State.HELD]
    assert len(judged) > len(jobs)


def test_an_ended_quote_is_named_beside_todays_price(house: House) -> None:
    went_home(house, quote(until=TODAY - timedelta(days=1)))
    message = ordered(house)
    entry = next(one for one in house.shown(message).timeline if one.step == "check")
    (first, _) = [one for one in entry.faults if one.code == "ORDER-025"]
    assert first.found == "quote Q7, which ended 2026-11-21"


def test_another_partners_quote_promises_nothing(house: House) -> None:
    went_home(house, quote(), partner="other")
    assert house.state(ordered(house)) == State.HELD


def test_a_change_of_an_order_goes_by_the_day_on_which_the_order_came(house: House) -> None:
    went_home(house, quote())
    ordered(house)
    tomorrow = at(house, NOON + timedelta(days=1))
    message = ordered(tomorrow, kind="update", version="2", payload_id="2@buyer.example")
    assert tomorrow.state(message) == State.DELIVERED
    assert "ORDER-025" not in tomorrow.codes(message)
    late = ordered(tomorrow, order_id="PO-2", payload_id="3@buyer.example")
    assert tomorrow.state(late) == State.HELD
    assert "ORDER-025" in tomorrow.codes(late)


def promised(house: House, order: Order) -> dict[str, tuple[str, str]]:
    """Return the quote and its line that each line of an order refers to."""
    found = quotes_of(house.database, "buyer", order)
    return {line_id: (one.quote, one.line) for line_id, one in found.items()}


def test_the_cart_that_an_order_names_goes_before_a_newer_one_with_the_same_line(
    house: House,
) -> None:
    went_home(house, quote(line()), quote(line(amount="7.00"), cart_id="Q8"))
    marked = replace(make_order().lines[0], item=Item(sku="SKU-1", auxiliary_id=MARK))
    order = make_order(lines=0)
    order = replace(order, lines=(marked,))
    assert promised(house, order) == {"1": ("Q8", "1")}
    named = replace(order, references=(Reference(kind="quote", value="Q7"),))
    assert promised(house, named) == {"1": ("Q7", "1")}
    went_home(house, quote(line(), cart_id="Q9", until=None))
    plain = replace(order, references=(Reference(kind="cart", value="Q9"),))
    assert promised(house, plain) == {}


def test_of_two_lines_of_an_article_the_one_in_the_ordered_quantity_is_meant(house: House) -> None:
    few = line("SKU-2", line_id="1", quantity=Quantity(value=Decimal(2), unit="EA"))
    many = line("SKU-2", "6.00", line_id="2", quantity=Quantity(value=Decimal(90), unit="EA"))
    went_home(house, quote(few, many))
    named = replace(make_order(), references=(Reference(kind="cart", value="Q7"),))
    assert promised(house, named) == {"2": ("Q7", "1")}
    more = replace(named.lines[1], quantity=Quantity(value=Decimal(60), unit="EA"))
    assert promised(house, replace(named, lines=(more,))) == {"2": ("Q7", "2")}


def test_an_order_without_any_name_asks_for_nothing(house: House) -> None:
    assert quotes_of(house.database, "buyer", make_order()) == {}


def test_only_a_final_cart_with_a_day_is_a_quote() -> None:
    assert is_quote(quote())
    assert not is_quote(quote(until=None))
    assert not is_quote(quote(quote_status=QuoteStatus.PENDING))
    assert not is_quote(quote(cancelled=True))


def test_a_promise_says_what_was_quoted(house: House) -> None:
    went_home(house, quote())
    named = replace(make_order(), references=(Reference(kind="cart", value="Q7"),))
    first = quotes_of(house.database, "buyer", named)["1"]
    quantity = Quantity(value=Decimal(5), unit="EA")
    price = Price(amount=Decimal("8.00"), currency="EUR")
    assert first == QuotedLine("Q7", "1", quantity, price, TODAY, f"{MARK} {TODAY}")
