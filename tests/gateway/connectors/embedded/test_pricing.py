"""The price that was agreed wins: net, then the contract list, then the standard list."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.price import PriceBreak
from gateway.connectors.embedded.pricing import (
    Discount,
    Offer,
    Offers,
    discount_on,
    less,
    price_of,
)

D = Decimal
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def sek(amount: str, **fields: object) -> Offer:
    return Offer(D(amount), "SEK", **fields)  # type: ignore[arg-type]


def amount(offers: Offers) -> Decimal | None:
    price = price_of(offers, "SEK", "EA", TODAY)
    return None if price is None else price.amount


NET, CONTRACT, STANDARD = sek("9"), sek("8"), sek("7")
TEN = (Discount(D(10)),)


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        (Offers(net=(NET,), contract=(CONTRACT,), standard=(STANDARD,)), "9"),
        (Offers(contract=(CONTRACT,), standard=(STANDARD,)), "8"),
        (Offers(standard=(STANDARD,)), "7"),
        (Offers(), None),
        (Offers(net=(NET,), discounts=TEN), "9"),
        (Offers(contract=(CONTRACT,), discounts=TEN), "7.20"),
        (Offers(standard=(STANDARD,), discounts=TEN), "6.30"),
        (Offers(net=(Offer(D(1), "EUR"),), contract=(CONTRACT,)), "8"),
        (Offers(net=(sek("1", valid_to=TODAY - DAY),), contract=(CONTRACT,)), "8"),
        (Offers(net=(sek("1", valid_from=TODAY + DAY),), contract=(CONTRACT,)), "8"),
        (Offers(net=(sek("1", valid_to=TODAY),), contract=(CONTRACT,)), "1"),
        (Offers(net=(sek("1", valid_from=TODAY),), contract=(CONTRACT,)), "1"),
        (Offers(standard=(sek("5"), sek("6", valid_from=TODAY))), "6"),
        (Offers(standard=(sek("6"), sek("5"))), "5"),
    ],
)
def test_the_table_of_the_module_head_holds(offers: Offers, expected: str | None) -> None:
    assert amount(offers) == (None if expected is None else D(expected))


def test_the_list_price_is_shown_only_for_the_same_base() -> None:
    offers = Offers(net=(NET,), standard=(sek("700", base_quantity=D(100)),))
    price = price_of(offers, "SEK", "EA", TODAY)
    assert price is not None
    assert price.list_amount is None
    same = price_of(Offers(net=(NET,), standard=(STANDARD,)), "SEK", "EA", TODAY)
    assert same is not None
    assert same.list_amount == 7


def test_breaks_rise_and_are_discounted_like_the_amount() -> None:
    steps = (PriceBreak(minimum=D(50), amount=D(6)), PriceBreak(minimum=D(10), amount=D(7)))
    price = price_of(
        Offers(contract=(sek("8.005", breaks=steps),), discounts=TEN), "SEK", "EA", TODAY
    )
    assert price is not None
    assert [(step.minimum, step.amount) for step in price.breaks] == [
        (10, D("6.30")),
        (50, D("5.40")),
    ]
    assert price.amount == D("7.205")


def test_a_price_ends_with_its_offer_or_its_discount_whichever_is_first() -> None:
    offers = Offers(
        contract=(sek("8", valid_to=TODAY + 9 * DAY),),
        discounts=(Discount(D(10), None, TODAY + 2 * DAY),),
    )
    price = price_of(offers, "SEK", "EA", TODAY)
    assert price is not None
    assert price.valid_until == TODAY + 2 * DAY


def test_the_discount_that_began_last_holds() -> None:
    older, newer = Discount(D(20)), Discount(D(5), TODAY)
    assert discount_on((older, newer), TODAY) == newer
    assert discount_on((older, newer), TODAY - DAY) == older


days = st.none() | st.dates(TODAY - 5 * DAY, TODAY + 5 * DAY)
offered = st.builds(
    Offer,
    amount=st.decimals(0, 1000, places=2),
    currency=st.sampled_from(["SEK", "EUR"]),
    base_quantity=st.sampled_from([D(1), D(100)]),
    valid_from=days,
    valid_to=days,
)
several = st.lists(offered, max_size=4).map(tuple)


@given(several, several, several, st.decimals(0, 100, places=1))
def test_only_valid_prices_of_the_currency_take_part(
    net: tuple[Offer, ...], contract: tuple[Offer, ...], standard: tuple[Offer, ...], percent: D
) -> None:
    def fits(one: Offer) -> bool:
        started = one.valid_from is None or one.valid_from <= TODAY
        return one.currency == "SEK" and started and (one.valid_to is None or one.valid_to >= TODAY)

    price = price_of(Offers(net, contract, standard, (Discount(percent),)), "SEK", "EA", TODAY)
    ranks = [[one for one in rank if fits(one)] for rank in (net, contract, standard)]
    winner = next((rank for rank in ranks if rank), None)
    if winner is None:
        assert price is None
        return
    assert price is not None
    off = D(0) if winner is ranks[0] else percent
    assert price.amount in {less(one.amount, off) for one in winner}


@given(st.decimals(0, 10_000, places=3), st.decimals(0, 100, places=2))
def test_a_discount_rounds_once_to_the_decimals_of_the_list(amount: D, percent: D) -> None:
    price = less(amount, percent)
    assert 0 <= price <= amount
    assert abs(price - amount * (100 - percent) / 100) <= D("0.0005")
