"""A journey at a right gateway has no findings; one that is wrong in one way has that finding."""

from dataclasses import replace
from decimal import Decimal

import pytest

from canonical.punchout import Operation
from gateway.buyer.browser import Page
from gateway.buyer.exchange import browsed
from gateway.buyer.journey import NO_ORDER_WAY
from gateway.buyer.logins import Login
from gateway.settings.model import Identity
from tests.gateway.buyer.stand_in import StandIn, make_journey


def codes(step) -> list[str]:
    return [finding.code for finding in step.findings]


def with_cart(shop: StandIn):
    journey = make_journey(shop)
    journey.punchout()
    journey.add("4711", Decimal(2))
    journey.add("0815", Decimal(3))
    journey.transfer()
    return journey


def test_the_whole_journey_at_a_right_gateway_has_no_findings():
    journey = with_cart(StandIn())
    journey.punchout(Operation.EDIT)
    journey.transfer()
    journey.punchout(Operation.INSPECT)
    journey.cancel()
    journey.order()
    journey.repeat()
    journey.conflict()
    journey.order("update")
    journey.order("delete")
    report = journey.report()
    assert report.findings == ()
    assert report.passed
    assert len(report.steps) == 13
    ids = [message_id for step in report.steps for message_id in step.message_ids]
    sent = [message_id for message_id in ids if "buyer.example.com" in message_id]
    assert len(sent) == 8
    assert len(set(sent)) == 6, "the repetition and the conflict use the order's own payloadID"


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("BUYER-001", {"http_status": 201}),
        ("BUYER-002", {"media_type": "text/html"}),
        ("BUYER-005", {"no_start_page": True}),
        ("BUYER-015", {"shop_down": True}),
    ],
)
def test_a_wrong_answer_to_the_setup_is_found(code, wrong):
    step = make_journey(StandIn(**wrong)).punchout()
    assert codes(step) == [code]


def test_a_return_form_to_another_address_is_found():
    journey = make_journey(StandIn(action="https://elsewhere.example.com/"))
    journey.punchout()
    journey.add("4711", Decimal(1))
    assert codes(journey.transfer()) == ["BUYER-010"]


def test_a_part_that_is_not_offered_is_found_and_ends_the_journey():
    journey = make_journey(StandIn())
    journey.punchout()
    step = journey.add("9999", Decimal(1))
    assert (codes(step), step.done) == (["BUYER-016"], False)


@pytest.mark.parametrize(
    ("code", "wrong"), [("BUYER-050", "loses_lines"), ("BUYER-051", "renames")]
)
def test_an_edit_that_changes_the_cart_by_itself_is_found(code, wrong):
    journey = with_cart(StandIn(**{wrong: True}))
    journey.punchout(Operation.EDIT)
    assert code in codes(journey.transfer())


def test_a_cart_for_inspection_that_can_be_changed_is_found():
    journey = with_cart(StandIn(changeable=True))
    assert codes(journey.punchout(Operation.INSPECT)) == ["BUYER-017"]


def test_a_cart_for_inspection_that_lacks_a_line_is_found():
    journey = with_cart(StandIn(forgets_carts=True))
    assert codes(journey.punchout(Operation.INSPECT)) == ["BUYER-050", "BUYER-050"]


def test_a_gateway_that_forgets_what_it_answered_is_found():
    shop = StandIn(forgetful=True)
    journey = with_cart(shop)
    journey.order()
    assert codes(journey.repeat()) == ["BUYER-006"]


def test_a_gateway_that_takes_another_document_under_a_used_id_is_found():
    journey = with_cart(StandIn(careless=True, forgetful=True))
    journey.order()
    assert codes(journey.conflict()) == ["BUYER-064"]


def test_a_step_out_of_order_says_what_is_missing():
    journey = make_journey(StandIn())
    for step in (journey.transfer(), journey.order(), journey.repeat(), journey.conflict()):
        assert (codes(step), step.done) == (["BUYER-070"], False)
    assert codes(journey.punchout(Operation.EDIT)) == ["BUYER-070"]
    assert not journey.report().passed


def test_an_order_that_has_no_way_is_compared_and_not_sent():
    shop = StandIn()
    journey = with_cart(shop)
    journey.post.account = replace(journey.post.account, orders=False)
    sent = len(shop.heard)
    step = journey.order()
    assert (step.done, step.message_ids, step.fact("sent as")) == (True, (), "nothing")
    assert {difference.kind for difference in step.differences} == {"preserved"}
    assert len(shop.heard) == sent
    assert journey.report().unchecked == (NO_ORDER_WAY,)
    assert codes(journey.order("update")) == ["BUYER-070"]


def test_a_cart_is_ordered_over_two_orders_and_compared_with_both():
    shop = StandIn()
    journey = with_cart(shop)
    before = len(shop.heard)
    step = journey.split(2)
    assert (codes(step), step.done, len(step.message_ids)) == ([], True, 2)
    assert len(shop.heard) == before + 2
    assert {difference.kind for difference in step.differences} == {"preserved"}
    numbers = str(step.fact("order")).split(", ")
    assert len(set(numbers)) == 2
    assert journey.ordered is not None
    assert journey.ordered.order_id == numbers[-1]
    assert codes(journey.repeat()) == codes(journey.order("update")) == []


def test_a_split_cart_without_a_way_is_compared_and_one_without_a_cart_is_not():
    journey = with_cart(StandIn())
    journey.post.account = replace(journey.post.account, orders=False)
    step = journey.split(2)
    assert (step.done, step.message_ids) == (True, ())
    assert {difference.kind for difference in step.differences} == {"preserved"}
    assert codes(make_journey(StandIn()).split(2)) == ["BUYER-070"]


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("BUYER-009", {"login_status": 403}),
        ("BUYER-009", {"login_status": 503}),
        ("BUYER-015", {"lost_behind": True}),
    ],
)
def test_a_login_that_is_refused_is_told_from_a_shop_that_cannot_be_used(code, wrong):
    journey = make_journey(StandIn(**wrong))
    journey.post.account = replace(
        journey.post.account,
        syntax="oci",
        base_url="https://shop.example.com",
        login=Identity(domain="OCI", identity="north"),
    )
    step = journey.punchout()
    assert (codes(step), step.done) == ([code], False)
    assert "s3cret" not in str(step)


def test_a_login_is_not_sent_again_as_if_it_were_a_message():
    journey = make_journey(StandIn())
    login = Login(url="https://shop.example.com/oci/north", method="post", fields=())
    journey.last = browsed(login, Page(url=login.url, status=200))
    step = journey.repeat()
    assert (codes(step), step.done) == (["BUYER-070"], False)


def test_what_cannot_be_done_is_said_once():
    journey = make_journey(StandIn())
    journey.leave_out("edit: no way")
    journey.leave_out("edit: no way")
    assert journey.report(("DTD: none",)).unchecked == ("DTD: none", "edit: no way")


def test_the_secret_is_in_no_part_of_a_report():
    journey = with_cart(StandIn())
    journey.order()
    assert "s3cret" not in str(journey.report().plain())
