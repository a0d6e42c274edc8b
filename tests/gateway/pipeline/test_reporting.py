"""What a partner reports later of our message sets its acknowledgement, in one commit with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from canonical.interchange import Acknowledgement
from canonical.punchout import StatusUpdate
from gateway.pipeline.contract import Answer
from gateway.pipeline.pipeline import Pipeline
from gateway.pipeline.reporting import report_handler
from gateway.pipeline.states import State
from gateway.pipeline.working import jobs_of
from gateway.store.database import Database
from gateway.store.messages import MessageFilter, StoredMessage, find_messages
from tests.builders import SECRET, make_order_request, make_partner
from tests.gateway.pipeline.conftest import House, build_house, response_of
from tests.gateway.pipeline.interchanges import (
    PARTNER_FIELDS,
    X12_FIELDS,
    interchange,
    order_message,
    x12_interchange,
    x12_order,
)


def make_report(
    payload_id: str, code: int, *, identity: str = "BUYER", own_id: str = "s@b"
) -> bytes:
    return f"""<cXML payloadID="{own_id}" timestamp="2026-11-22T12:00:00+00:00"><Header>
<From><Credential domain="NetworkId"><Identity>{identity}</Identity></Credential></From>
<To><Credential domain="DUNS"><Identity>SUPPLIER</Identity></Credential></To>
<Sender><Credential domain="NetworkId"><Identity>{identity}</Identity>\
<SharedSecret>{SECRET}</SharedSecret></Credential><UserAgent>Test</UserAgent></Sender>
</Header><Request><StatusUpdateRequest><DocumentReference payloadID="{payload_id}"/>
<Status code="{code}" text="told">kept by the warehouse</Status>
</StatusUpdateRequest></Request></cXML>""".encode()


@pytest.fixture
def telling(database: Database, tmp_path: Path) -> House:
    response = {"response": {"url": "https://buyer.example/cxml"}}
    partners = (make_partner(orders=response), make_partner("other"))
    house = build_house(database, tmp_path, *partners)
    handlers = {StatusUpdate: report_handler(database, house.equipment.ambient)}
    equipment = replace(house.equipment, handlers=handlers)
    return replace(house, pipeline=Pipeline(equipment))


def response_sent(house: House) -> StoredMessage:
    house.receive(make_order_request())
    house.engine.drain()
    return sent(house)


def sent(house: House) -> StoredMessage:
    with house.database.read() as connection:
        found = find_messages(connection, MessageFilter())
    return next(one for one in found if one.direction == "out")


def reported(house: House, code: int, **words: str) -> Answer:
    return house.receive(make_report(sent(house).external_id or "", code, **words))


def test_a_late_no_disputes_what_was_sent_and_says_why(telling: House) -> None:
    before = response_sent(telling)
    assert (before.state, before.acknowledgement) == (State.SENT, "positive")
    answer = reported(telling, 400)
    shown = telling.shown(before.id)
    assert (shown.message.state, shown.message.acknowledgement) == (State.DISPUTED, "negative")
    last = shown.timeline[-1]
    assert (last.step, [fault.code for fault in last.faults]) == ("report", ["PIPELINE-021"])
    assert "400 told kept by the warehouse" in last.note
    assert answer.message_id is not None
    assert answer.message_id in last.note


def test_a_late_yes_settles_a_dispute(telling: House) -> None:
    telling.postbox.answers = [response_of(400)]
    before = response_sent(telling)
    assert before.state == State.DISPUTED
    reported(telling, 200)
    assert (sent(telling).state, sent(telling).acknowledgement) == (State.SENT, "positive")


def test_a_report_that_comes_before_our_own_news_of_the_delivery_counts(telling: House) -> None:
    telling.receive(make_order_request())
    for step in ("check", "deliver"):
        _, (_, arguments, _) = telling.engine.waiting.popitem()
        telling.engine.handlers[step](*arguments)
    assert sent(telling).state == State.PREPARED
    reported(telling, 201)
    assert (sent(telling).state, sent(telling).delivery) == (State.SENT, "delivered")
    telling.engine.drain()
    assert telling.postbox.sent == []


def test_neither_yes_nor_no_is_only_noted(telling: House) -> None:
    before = response_sent(telling)
    reported(telling, 302)
    after = sent(telling)
    assert (after.state, after.acknowledgement) == (before.state, before.acknowledgement)
    assert telling.shown(before.id).timeline[-1].step == "report"


def test_a_report_that_comes_twice_counts_once(telling: House) -> None:
    before = response_sent(telling)
    first, second = reported(telling, 400), reported(telling, 400)
    assert (first.verdict, second.verdict) == ("accepted", "accepted")
    assert [entry.step for entry in telling.shown(before.id).timeline].count("report") == 1


@pytest.mark.parametrize("whose", ["another partner's", "nobody's", "the order's"])
def test_a_report_of_no_message_of_ours_to_this_partner_changes_nothing(
    telling: House, whose: str
) -> None:
    before = response_sent(telling)
    reports = {
        "another partner's": make_report(before.external_id or "", 400, identity="OTHER"),
        "nobody's": make_report("unknown@us", 400),
        "the order's": make_report("1@buyer.example", 400),
    }
    answer = telling.receive(reports[whose])
    assert answer.verdict == "accepted"
    assert telling.codes(answer.message_id) == ["PIPELINE-023"]
    assert sent(telling).state == State.SENT


def _contrl(number: str, about: str, action: str) -> bytes:
    segments = (
        f"UNB+UNOC:3+7301234567890:14+7309876543210:14+261122:1210+{number}'UNH+1+CONTRL:D:3:UN'"
        f"UCI+{about}+7309876543210:14+7301234567890:14+{action}'"
        f"UNT+3+1'UNZ+1+{number}'"
    )
    return segments.encode()


@pytest.fixture
def exchanging(database: Database, tmp_path: Path) -> House:
    agreed = {
        "endpoint": "https://buyer.example/edi",
        "documents": ["OrderResponse"],
        "acknowledged_within_hours": 4,
    }
    house = build_house(database, tmp_path, make_partner(**{**PARTNER_FIELDS, "edi": agreed}))
    handlers = {Acknowledgement: report_handler(database, house.equipment.ambient)}
    equipment = replace(house.equipment, handlers=handlers)
    shop = replace(house.shop, equipment=equipment)
    house.engine.handlers = jobs_of(shop)
    return replace(house, shop=shop, pipeline=Pipeline(equipment))


@pytest.mark.parametrize(
    ("action", "state", "acknowledgement"),
    [
        ("7", State.SENT, "positive"),
        ("4", State.DISPUTED, "negative"),
        ("8", State.SENT, "pending"),
    ],
)
def test_a_control_message_settles_the_interchange_that_it_names(
    exchanging: House, action: str, state: State, acknowledgement: str
) -> None:
    exchanging.take(interchange("1", [order_message("PO-1")]))
    exchanging.engine.drain()
    before = sent(exchanging)
    assert (before.name, before.state, before.acknowledgement) == ("ORDRSP", "sent", "pending")
    exchanging.take(_contrl("2", before.external_id or "", action))
    exchanging.engine.drain()
    after = sent(exchanging)
    assert (after.state, after.acknowledgement) == (state, acknowledgement)
    assert exchanging.shown(after.id).timeline[-1].step == "report"


@pytest.mark.parametrize(
    ("code", "state", "acknowledgement"),
    [("A", State.SENT, "positive"), ("R", State.DISPUTED, "negative")],
)
def test_a_997_settles_the_group_that_it_names(
    database: Database, tmp_path: Path, code: str, state: State, acknowledgement: str
) -> None:
    house = build_house(database, tmp_path, make_partner(**X12_FIELDS))
    handlers = {Acknowledgement: report_handler(database, house.equipment.ambient)}
    equipment = replace(house.equipment, handlers=handlers)
    shop = replace(house.shop, equipment=equipment)
    house.engine.handlers = jobs_of(shop)
    house = replace(house, shop=shop, pipeline=Pipeline(equipment))
    house.take(x12_interchange("1", x12_order("PO-1")), "x12")
    house.engine.drain()
    with house.database.read() as connection:
        found = find_messages(connection, MessageFilter())
    (before,) = [one for one in found if one.name == "855"]
    group = str(int(before.external_id or "0"))
    told = (f"AK1*PR*{group}", "AK2*855*0001", f"AK5*{code}", f"AK9*{code}*1*1*{int(code == 'A')}")
    house.take(x12_interchange("2", told, name="997", group="FA"), "x12")
    house.engine.drain()
    after = house.shown(before.id)
    assert (after.message.state, after.message.acknowledgement) == (state, acknowledgement)
    assert after.timeline[-1].step == "report"


def test_a_control_message_about_nothing_of_ours_is_kept(exchanging: House) -> None:
    exchanging.take(_contrl("2", "4711", "7"))
    exchanging.engine.drain()
    with exchanging.database.read() as connection:
        found = find_messages(connection, MessageFilter())
    (told,) = [one for one in found if one.name == "CONTRL"]
    assert "PIPELINE-023" in exchanging.codes(told.id)
