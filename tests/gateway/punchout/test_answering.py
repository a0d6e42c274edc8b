"""A buyer's system is told between shopping trips what is sold to it, and at its own price."""

from dataclasses import replace
from decimal import Decimal

import pytest

from canonical.document import Document
from canonical.faults import Fault, has_errors
from canonical.identifiers import Property
from canonical.product import PartNumber
from canonical.punchout import (
    CataloguePage,
    CataloguePageQuery,
    ItemList,
    ItemQuery,
    PunchoutSession,
    QueryKind,
)
from canonical.wire import Verdict
from gateway.connectors.contract import Page
from gateway.pipeline.contract import Outcome
from gateway.punchout.answering import reduced
from gateway.punchout.faults import fault
from gateway.store.database import Database
from tests.gateway.punchout.world import RETURN_URL, World, make_partner, make_world


def ask(world: World, query: Document, partner: str = "norr") -> Outcome:
    return world.service.answer(
        replace(world.received(partner=partner), document=query, syntax="oci")
    )


def listed(world: World, kind: QueryKind, partner: str = "norr", **question: object) -> ItemList:
    query = ItemQuery(kind=kind, return_url=RETURN_URL, **question)  # type: ignore[arg-type]
    outcome = ask(world, query, partner)
    assert outcome.verdict is Verdict.ACCEPTED, outcome
    assert isinstance(outcome.reply, ItemList)
    return outcome.reply


def skus(answer: ItemList | CataloguePage) -> list[str | None]:
    return [line.item.sku for line in answer.lines]


def test_a_product_is_validated_at_the_price_of_its_quantity(world: World) -> None:
    answer = listed(world, QueryKind.VALIDATE, sku="BOLT-M8", quantity=Decimal(1000))
    (line,) = answer.lines
    assert (line.line_id, line.item.auxiliary_id) == ("1", "BOLT-M8")
    assert line.quantity.value == 1000
    assert line.price is not None
    assert (line.price.amount, line.price.base_quantity, line.price.breaks) == (149, 100, ())
    assert (answer.total, answer.currency) == (1, "SEK")


def test_each_buyer_hears_its_own_price_of_what_is_sold_to_it(world: World) -> None:
    (norr,) = listed(world, QueryKind.VALIDATE, sku="BOLT-M8").lines
    (verkstad,) = listed(world, QueryKind.VALIDATE, "verkstad", sku="BOLT-M8").lines
    assert norr.price is not None
    assert verkstad.price is not None
    assert (norr.price.amount, verkstad.price.amount) == (Decimal("158.50"), Decimal("210.00"))
    assert skus(listed(world, QueryKind.VALIDATE, sku="DRILL-18")) == ["DRILL-18"]
    assert skus(listed(world, QueryKind.VALIDATE, "verkstad", sku="DRILL-18")) == []


@pytest.mark.parametrize("kind", [QueryKind.VALIDATE, QueryKind.CHECK_QUANTITY])
@pytest.mark.parametrize("sku", ["NO-SUCH", "LASER-X", "", None, "x" * 5000])
def test_what_is_not_sold_to_this_buyer_is_an_empty_list(
    world: World, kind: QueryKind, sku: str | None
) -> None:
    answer = listed(world, kind, sku=sku)
    assert (answer.lines, answer.total) == ((), 0)


def test_a_product_is_found_by_the_id_that_its_line_got_and_keeps_it(world: World) -> None:
    token = world.enter()
    assert world.add(token, "BOLT-M8", "100") is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    (sent,) = world.outbox.carts[-1].lines
    (line,) = listed(world, QueryKind.VALIDATE, sku=sent.item.auxiliary_id).lines
    assert (line.item.sku, line.item.auxiliary_id) == ("BOLT-M8", sent.item.auxiliary_id)
    other = listed(world, QueryKind.VALIDATE, "verkstad", sku=sent.item.auxiliary_id)
    assert other.lines == (), "an id of another partner names nothing"


def test_a_product_is_found_by_the_buyers_own_number_and_by_no_other_buyers(world: World) -> None:
    number = PartNumber(customer_id="1001", buyer_sku="4711-B", sku="BOLT-M8")
    world.catalogue.apply_part_numbers(Page(items=(number,), deleted=(), next="1", more=False))
    assert skus(listed(world, QueryKind.VALIDATE, sku="4711-B")) == ["BOLT-M8"]
    (line,) = listed(world, QueryKind.SEARCH, text="4711-B").lines
    assert (line.item.sku, line.item.buyer_sku) == ("BOLT-M8", "4711-B")
    assert skus(listed(world, QueryKind.VALIDATE, "verkstad", sku="4711-B")) == []


@pytest.mark.parametrize(
    ("asked", "told"), [(None, "100"), ("1", "100"), ("120", "150"), ("150", "150")]
)
def test_a_quantity_that_cannot_be_ordered_is_raised_to_one_that_can(
    world: World, asked: str | None, told: str
) -> None:
    quantity = None if asked is None else Decimal(asked)
    (line,) = listed(world, QueryKind.VALIDATE, sku="BOLT-M8", quantity=quantity).lines
    assert line.quantity.value == Decimal(told)


@pytest.mark.parametrize(
    ("sku", "asked", "told"),
    [
        ("BOLT-M8", "120", ["150"]),
        ("BOLT-M8", "100000", ["22500"]),
        ("GLOVE-9", "500", ["204"]),
        ("GLOVE-10", "12", []),
        ("PAINT-W", "3.2", ["3.5"]),
    ],
    ids=[
        "raised to a package",
        "cut to the stock",
        "of all warehouses",
        "none left",
        "not stocked",
    ],
)
def test_a_checked_quantity_is_what_can_be_delivered(
    world: World, sku: str, asked: str, told: list[str]
) -> None:
    answer = listed(world, QueryKind.CHECK_QUANTITY, sku=sku, quantity=Decimal(asked))
    assert [line.quantity.value for line in answer.lines] == [Decimal(one) for one in told]


def test_a_search_gives_pages_of_what_the_buyer_may_buy(world: World) -> None:
    whole = listed(world, QueryKind.SEARCH, text="")
    assert "LASER-X" not in skus(whole)
    assert whole.total == len(whole.lines)
    pages = [listed(world, QueryKind.SEARCH, text="", page=n, page_size=2) for n in (1, 2, 3, 4, 9)]
    assert [sku for page in pages for sku in skus(page)] == skus(whole)
    assert {(page.total, page.page_size) for page in pages} == {(whole.total, 2)}
    assert skus(listed(world, QueryKind.SEARCH, text="glove")) != []
    assert listed(world, QueryKind.SEARCH, text="nothing like it").total == 0


@pytest.mark.parametrize(("page", "size"), [(0, 0), (-5, -1), (10**9, 10**9), (1, None)])
def test_no_page_is_too_small_or_too_large(world: World, page: int, size: int | None) -> None:
    answer = listed(world, QueryKind.SEARCH, text="", page=page, page_size=size)
    assert answer.page >= 1
    assert answer.page_size is not None
    assert 1 <= answer.page_size <= 200


def test_a_page_of_the_catalogue_carries_price_breaks_and_the_buyers_marks(world: World) -> None:
    query = CataloguePageQuery(page=1, page_size=50, transaction="T-1", context="here")
    page = ask(world, query).reply
    assert isinstance(page, CataloguePage)
    assert (page.transaction, page.context, page.pages) == ("T-1", "here", 1)
    bolt = next(line for line in page.lines if line.item.sku == "BOLT-M8")
    assert bolt.price is not None
    assert [step.minimum for step in bolt.price.breaks] == [1000, 5000]
    assert bolt.quantity.value == 100
    beyond = ask(world, CataloguePageQuery(page=3, page_size=50)).reply
    assert isinstance(beyond, CataloguePage)
    assert (beyond.lines, beyond.total) == ((), page.total)


def test_to_choose_from_what_a_search_finds_the_shop_opens_with_it(world: World) -> None:
    query = ItemQuery(
        kind=QueryKind.SOURCE, text="glove", return_url=RETURN_URL, return_target="_top",
        language="sv",
    )  # fmt: skip
    reply = ask(world, query).reply
    assert isinstance(reply, PunchoutSession)
    assert reply.start_url is not None
    setup = reply.setup
    assert (setup.search, setup.return_target, setup.language) == ("glove", "_top", "sv")


def test_the_answer_is_written_as_the_question_asks(world: World) -> None:
    query = ItemQuery(
        kind=QueryKind.VALIDATE, sku="BOLT-M8", return_url=RETURN_URL,
        properties=(Property(name="HTTP_CONTENT_CHARSET", value="utf-8"),),
    )  # fmt: skip
    outcome = ask(world, query)
    assert outcome.dialect is not None
    assert outcome.dialect.charset == "UTF-8"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://buyer.example/", "https://a@b/"])
def test_an_answer_goes_to_no_address_that_a_cart_would_not_go_to(world: World, url: str) -> None:
    outcome = ask(world, ItemQuery(kind=QueryKind.VALIDATE, sku="BOLT-M8", return_url=url))
    assert outcome.verdict is Verdict.INVALID
    assert outcome.reply is None


def test_an_answer_that_is_only_read_needs_no_address(world: World) -> None:
    outcome = ask(world, ItemQuery(kind=QueryKind.SEARCH, text="bolt"))
    assert isinstance(outcome.reply, ItemList)


def test_a_silent_core_and_an_unknown_customer_are_told_apart(database: Database) -> None:
    stranger = make_partner("norr", customer="0000")
    world = make_world(database, stranger)
    outcome = ask(world, ItemQuery(kind=QueryKind.VALIDATE, sku="BOLT-M8"))
    assert outcome.verdict is Verdict.MISCONFIGURED
    assert [one.code for one in outcome.faults] == ["PUNCHOUT-006"]


def test_a_shop_of_the_suppliers_own_is_not_answered_for(database: Database) -> None:
    outside = {
        "shop": "external",
        "external_url": "https://shop.example",
        "external_secret": "env:S",
    }
    world = make_world(database, make_partner("norr", punchout=outside))
    outcome = ask(world, CataloguePageQuery())
    assert outcome.verdict is Verdict.UNSUPPORTED
    assert [one.code for one in outcome.faults] == ["PUNCHOUT-060"]


def test_only_questions_are_answered_here(world: World) -> None:
    with pytest.raises(TypeError, match="not PunchoutSetup"):
        ask(world, world.received().document)


def test_lines_that_cannot_be_written_are_left_out_and_named(world: World) -> None:
    whole = listed(world, QueryKind.SEARCH, text="")

    def trial(document: Document) -> tuple[Fault, ...]:
        assert isinstance(document, ItemList)
        (line,) = document.lines
        return (fault("PUNCHOUT-042"),) if line.item.sku == "BOLT-M8" else ()

    rest, left_out = reduced(whole, trial)
    assert "BOLT-M8" not in skus(rest)
    assert len(rest.lines) == len(whole.lines) - 1
    assert [line.line_id for line in rest.lines] == [str(n + 1) for n in range(len(rest.lines))]
    ((code, target),) = [(one.code, one.target) for one in left_out]
    assert (code, target) == ("PUNCHOUT-062", "BOLT-M8")
    assert not has_errors(left_out)


def test_a_cart_names_each_product_as_its_buyer_does(world: World) -> None:
    number = PartNumber(customer_id="1001", buyer_sku="4711-B", sku="BOLT-M8")
    world.catalogue.apply_part_numbers(Page(items=(number,), deleted=(), next="1", more=False))
    token = world.enter()
    assert world.add(token, "BOLT-M8", "100") is None
    assert world.add(token, "DRILL-18", "1") is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    lines = world.outbox.carts[-1].lines
    assert [line.item.buyer_sku for line in lines] == ["4711-B", None]
