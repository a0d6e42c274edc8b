"""Each message of an interchange is on record once, and the interchange is acknowledged once."""

from pathlib import Path

import pytest

from canonical.interchange import AcknowledgedState, Acknowledgement
from canonical.order import Order, OrderChange
from canonical.stored import load_as
from canonical.wire import Verdict
from gateway.pipeline.operations import ReplayError, list_messages, refuse, release, replay
from gateway.pipeline.unpacking import message_id_of
from gateway.store.database import Database
from gateway.store.messages import MessageFilter, StoredMessage
from gateway.store.series import list_series
from tests.builders import make_customer, make_partner
from tests.gateway.pipeline.conftest import House, build_house
from tests.gateway.pipeline.interchanges import (
    PARTNER_FIELDS,
    X12_FIELDS,
    interchange,
    order_message,
    x12_interchange,
    x12_order,
)
from tests.memory import measured


@pytest.fixture
def edi(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path, make_partner(**PARTNER_FIELDS))


def _messages(house: House, **wanted: object) -> list[StoredMessage]:
    found = list_messages(house.database, MessageFilter(**wanted))  # type: ignore[arg-type]
    return sorted(found, key=lambda one: one.id)


def _orders(house: House) -> list[StoredMessage]:
    return [one for one in _messages(house) if one.kind == "order"]


def _sent(house: House) -> list[str]:
    return [payload.content.decode() for _, payload in house.postbox.sent]


def test_orders_reach_the_core_and_are_acknowledged(edi: House) -> None:
    content = interchange("42", [order_message("PO-1"), order_message("PO-2", "2")])
    answer = edi.take(content)
    assert answer.verdict is Verdict.RECEIVED
    assert edi.state(answer.message_id) == "arrived"
    edi.engine.drain()
    assert edi.state(answer.message_id) == "answered"
    assert [(one.order_id, one.state, one.external_id) for one in _orders(edi)] == [
        ("PO-1", "delivered", "42/1"),
        ("PO-2", "delivered", "42/2"),
    ]
    (told,) = _sent(edi)
    assert "UCI+42+7301234567890:14+7309876543210:14+7'" in told
    assert told.startswith("UNB+UNOC:3+7309876543210:14+7301234567890:14+261122:1200+1'")


def test_one_bad_message_is_refused_and_its_neighbours_go_on(edi: House) -> None:
    bad = order_message("PO-2", "2", quantity="1O")
    messages = [order_message("PO-1"), bad, order_message("PO-3", "3")]
    answer = edi.take(interchange("7", messages))
    edi.engine.drain()
    states = {one.external_id: one.state for one in _messages(edi) if one.name == "ORDERS"}
    assert states == {"7/1": "delivered", "7/2": "refused", "7/3": "delivered"}
    (told,) = _sent(edi)
    assert "UCM+2+ORDERS:D:96A:UN:EAN008+4" in told
    (out,) = [one for one in _messages(edi) if one.direction == "out"]
    document = load_as(Acknowledgement, edi.shown(out.id).message.document or b"")
    assert [one.state for one in document.messages] == [
        AcknowledgedState.ACCEPTED,
        AcknowledgedState.REJECTED,
        AcknowledgedState.ACCEPTED,
    ]
    assert out.cause == answer.message_id
    assert (out.name, out.state) == ("CONTRL", "sent")


def test_the_same_again_does_nothing_and_gets_the_same_answer(edi: House) -> None:
    content = interchange("42", [order_message("PO-1")])
    first = edi.take(content)
    edi.engine.drain()
    again = edi.take(content)
    edi.engine.drain()
    assert (again.verdict, again.message_id) == (first.verdict, first.message_id)
    assert len(_orders(edi)) == 1
    assert len(_sent(edi)) == 1


def test_the_same_number_with_another_content_waits_for_a_person(edi: House) -> None:
    edi.take(interchange("42", [order_message("PO-1")]))
    edi.engine.drain()
    other = edi.take(interchange("42", [order_message("PO-9")]))
    assert other.verdict is Verdict.RECEIVED
    assert edi.state(other.message_id) == "held"
    assert "PIPELINE-003" in edi.codes(other.message_id)
    edi.engine.drain()
    assert len(_orders(edi)) == 1


@pytest.mark.parametrize(
    ("stands", "instead"),
    [
        ("UNB+UNOC:3+7301234567890:14", "UNB+UNOC:3+7301234567999:14"),
        ("+7309876543210:14+261122", "+7309876543999:14+261122"),
        (":1159+42'", ":1159+42++++++1'"),
    ],
    ids=["another of their identities", "another of ours", "a test"],
)
def test_a_number_counts_between_two_identities_and_for_tests_apart(
    database: Database, tmp_path: Path, stands: str, instead: str
) -> None:
    sides = {
        "identities": [{"domain": "EDI-14", "identity": f"7301234567{end}"} for end in (890, 999)],
        "supplier": [{"domain": "EDI-14", "identity": f"7309876543{end}"} for end in (210, 999)],
    }
    house = build_house(database, tmp_path, make_partner(**{**PARTNER_FIELDS, **sides}))
    house.take(interchange("42", [order_message("PO-1")]))
    house.engine.drain()
    other = interchange("42", [order_message("PO-9")]).decode().replace(stands, instead, 1)
    answer = house.take(other.encode())
    again = house.take(other.encode())
    house.engine.drain()
    assert house.state(answer.message_id) == "answered"
    assert house.codes(answer.message_id) == [], "its number is no late one of the other series"
    assert again.message_id == answer.message_id
    assert [one.external_id for one in _messages(house) if one.kind == "order"] == ["42/1"] * 2


def test_a_held_interchange_is_taken_out_when_a_person_releases_it(edi: House) -> None:
    edi.take(interchange("42", [order_message("PO-1")]))
    edi.engine.drain()
    other = edi.take(interchange("42", [order_message("PO-9")]))
    release(edi.equipment, other.message_id or "", "they counted wrongly")
    edi.engine.drain()
    assert edi.state(other.message_id) == "answered"
    assert [(one.order_id, one.state) for one in _orders(edi)] == [
        ("PO-1", "delivered"),
        ("PO-9", "delivered"),
    ]


def test_a_message_is_read_again_from_its_own_place_among_its_neighbours(edi: House) -> None:
    edi.take(interchange("42", [order_message("PO-1"), order_message("PO-2", "2", lines=3)]))
    edi.engine.drain()
    second = next(one for one in _orders(edi) if one.order_id == "PO-2")
    replay(edi.equipment, second.id, current_mapping=True)
    edi.engine.drain()
    order = load_as(Order, edi.shown(second.id).message.document or b"")
    assert (order.order_id, len(order.lines)) == ("PO-2", 3)


def test_a_message_with_the_reference_of_its_neighbour_is_read_again_from_its_own_place(
    edi: House,
) -> None:
    edi.take(interchange("42", [order_message("PO-1"), order_message("PO-2", lines=3)]))
    edi.engine.drain()
    second = next(one for one in _orders(edi) if one.order_id == "PO-2")
    replay(edi.equipment, second.id, current_mapping=True)
    order = load_as(Order, edi.shown(second.id).message.document or b"")
    assert (order.order_id, len(order.lines)) == ("PO-2", 3)


def test_a_message_is_read_again_without_holding_its_neighbours(edi: House) -> None:
    orders = [order_message(f"PO-{one}", str(one), lines=400) for one in range(1, 31)]
    edi.take(interchange("42", orders))
    edi.engine.drain()
    last = next(one for one in _orders(edi) if one.order_id == "PO-30")
    replay(edi.equipment, last.id, current_mapping=True)  # what is compiled once is compiled
    edi.engine.drain()
    with measured() as memory:
        replay(edi.equipment, last.id, current_mapping=True)
    assert memory.most < 4_000_000


def test_skipped_numbers_are_noticed_and_late_ones_told(edi: House) -> None:
    edi.take(interchange("5", [order_message("PO-5")]))
    edi.engine.drain()
    jump = edi.take(interchange("8", [order_message("PO-8")]))
    edi.engine.drain()
    late = edi.take(interchange("6", [order_message("PO-6")]))
    edi.engine.drain()
    assert edi.codes(jump.message_id) == ["PIPELINE-026"]
    assert edi.codes(late.message_id) == ["PIPELINE-027"]
    with edi.database.read() as connection:
        seen = next(one for one in list_series(connection) if one.direction == "in")
    assert (seen.last, seen.missing) == (8, (7,))


def _last_first(house: House) -> None:
    """Do the jobs that wait in the opposite order."""
    house.engine.waiting = dict(reversed(house.engine.waiting.items()))
    house.engine.drain()


@pytest.mark.parametrize("known", [True, False])
def test_numbers_count_in_the_order_of_their_arrival_whichever_job_is_done_first(
    edi: House, known: bool
) -> None:
    if known:
        edi.take(interchange("4", [order_message("PO-4")]))
        edi.engine.drain()
    each = [edi.take(interchange(f"{one}", [order_message(f"PO-{one}")])) for one in (5, 6, 7, 8)]
    _last_first(edi)
    assert [edi.codes(one.message_id) for one in each] == [[]] * 4
    with edi.database.read() as connection:
        seen = next(one for one in list_series(connection) if one.direction == "in")
    assert (seen.last, seen.missing) == (8, ())


def test_a_gap_is_told_of_the_interchange_behind_it_whichever_job_is_done_first(edi: House) -> None:
    edi.take(interchange("5", [order_message("PO-5")]))
    edi.engine.drain()
    each = [edi.take(interchange(f"{one}", [order_message(f"PO-{one}")])) for one in (9, 10, 13)]
    _last_first(edi)
    codes = [edi.codes(one.message_id) for one in each]
    assert codes == [["PIPELINE-026"], [], ["PIPELINE-026"]]
    with edi.database.read() as connection:
        seen = next(one for one in list_series(connection) if one.direction == "in")
    assert (seen.last, seen.missing) == (13, (6, 7, 8, 11, 12))


def test_two_series_of_a_partner_that_arrive_together_are_counted_apart(edi: House) -> None:
    theirs = interchange("5", [order_message("PO-5")])
    tests = theirs.replace(b"1159+5'", b"1159+5++++++1'").replace(b"PO-5", b"PO-55")
    further = interchange("6", [order_message("PO-6")])
    each = [edi.take(one) for one in (theirs, tests, further)]
    _last_first(edi)
    assert [edi.codes(one.message_id) for one in each] == [[], [], []]
    with edi.database.read() as connection:
        seen = [one for one in list_series(connection) if one.direction == "in"]
    assert sorted((one.last, one.missing) for one in seen) == [(5, ()), (6, ())]


@pytest.mark.parametrize(("first", "skipped"), [("4", []), ("1", ["PIPELINE-026"])])
def test_an_interchange_that_becomes_held_is_counted_once(
    database: Database, tmp_path: Path, first: str, skipped: list[str]
) -> None:
    silent = {**PARTNER_FIELDS, "edi": {"endpoint": "https://buyer.example/edi"}}
    house = build_house(database, tmp_path, make_partner(**silent))
    house.take(interchange(first, [order_message("PO-1")]))
    house.engine.drain()
    held = house.take(interchange("5", [order_message("PO-5")], count=3)).message_id
    house.engine.drain()
    release(house.equipment, held or "", "let us see again")
    house.engine.drain()
    assert house.state(held) == "held"
    counted = [one for one in house.shown(held).timeline if one.step == "count"]
    assert [one.state for one in counted] == ["held"]
    assert [one.code for one in counted[0].faults] == skipped
    following = house.take(interchange("6", [order_message("PO-6")]))
    house.engine.drain()
    assert house.codes(following.message_id) == []
    agreed = build_house(database, tmp_path, make_partner(**PARTNER_FIELDS))
    release(agreed.equipment, held or "", "CONTRL is agreed now")
    agreed.engine.drain()
    assert agreed.state(held) == "answered"
    last = agreed.shown(held).timeline[-1]
    assert (last.step, last.state) == ("unpack", "answered")
    assert "PIPELINE-027" not in agreed.codes(held)


def test_a_held_interchange_can_be_refused_and_nobody_is_told(
    database: Database, tmp_path: Path
) -> None:
    silent = {**PARTNER_FIELDS, "edi": {"endpoint": "https://buyer.example/edi"}}
    house = build_house(database, tmp_path, make_partner(**silent))
    held = house.take(interchange("5", [order_message("PO-5")], count=3)).message_id
    house.engine.drain()
    refuse(house.shop, held or "", "they send it anew")
    house.engine.drain()
    assert house.state(held) == "rejected"
    assert _sent(house) == []


def test_an_attempt_that_died_half_way_is_finished_by_the_next(
    edi: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.pipeline.unpacking.TOGETHER", 1)
    content = interchange("42", [order_message(f"PO-{n}", str(n)) for n in range(1, 6)])
    answer = edi.take(content)
    assert answer.message_id is not None
    calls = []
    real = edi.database.append

    def dying(batch: object) -> None:
        calls.append(batch)
        if len(calls) == 3:
            raise SystemExit
        real(batch)  # type: ignore[arg-type]

    monkeypatch.setattr(edi.database, "append", dying)
    job = next(iter(edi.engine.waiting))
    step, arguments, _ = edi.engine.waiting[job]
    with pytest.raises(SystemExit):
        edi.engine.handlers[step](*arguments)
    assert len(_orders(edi)) == 2
    edi.engine.drain()
    orders = _orders(edi)
    assert [one.order_id for one in orders] != []
    assert {one.id for one in orders} == {message_id_of(answer.message_id, n) for n in range(5)}
    assert {one.state for one in orders} == {"delivered"}
    assert len(_sent(edi)) == 1


def test_a_broken_envelope_refuses_all_and_says_so(edi: House) -> None:
    answer = edi.take(interchange("42", [order_message("PO-1")], count=3))
    edi.engine.drain()
    assert edi.codes(answer.message_id)
    assert _sent(edi)


@pytest.mark.parametrize("occasion", ["always", "errors"])
def test_a_broken_envelope_is_held_where_only_an_aperak_could_tell_of_it(
    database: Database, tmp_path: Path, occasion: str
) -> None:
    agreed = {"CONTRL": "never", "APERAK": occasion}
    fields = {**PARTNER_FIELDS, "edi": {"endpoint": "https://b.example", "acknowledge": agreed}}
    house = build_house(database, tmp_path, make_partner(**fields))
    messages = [order_message("PO-1"), order_message("PO-2", "2", quantity="1O")]
    answer = house.take(interchange("42", messages, count=5))
    house.engine.drain()
    assert house.state(answer.message_id) == "held"
    assert _sent(house) == []


def test_an_order_number_that_came_before_is_refused_alone(edi: House) -> None:
    edi.take(interchange("1", [order_message("PO-1")]))
    edi.engine.drain()
    edi.take(interchange("2", [order_message("PO-1"), order_message("PO-2", "2")]))
    edi.engine.drain()
    states = {one.external_id: one.state for one in _messages(edi) if one.name == "ORDERS"}
    assert states == {"1/1": "delivered", "2/1": "refused", "2/2": "delivered"}


def test_nothing_is_acknowledged_where_nothing_is_agreed(
    database: Database, tmp_path: Path
) -> None:
    agreed = {**PARTNER_FIELDS, "edi": {"endpoint": "https://buyer.example/edi"}}
    house = build_house(database, tmp_path, make_partner(**agreed))
    house.take(interchange("1", [order_message("PO-1")]))
    house.engine.drain()
    assert _sent(house) == []
    with house.database.read() as connection:
        assert [one.direction for one in list_series(connection)] == ["in"]


def test_what_a_rule_refuses_is_told_by_aperak_and_not_by_contrl(
    database: Database, tmp_path: Path
) -> None:
    agreed = {"CONTRL": "always", "APERAK": "errors"}
    fields = {**PARTNER_FIELDS, "edi": {"endpoint": "https://b.example", "acknowledge": agreed}}
    house = build_house(database, tmp_path, make_partner(**fields))
    house.take(interchange("1", [order_message("PO-1")]))
    house.engine.drain()
    house.take(interchange("2", [order_message("PO-1"), order_message("PO-2", "2")]))
    house.engine.drain()
    first, second = _sent(house)
    assert "APERAK" not in first
    assert "UCM+1+ORDERS:D:96A:UN:EAN008+7" in second
    assert second.count("+APERAK:") == 1
    assert "this order came before" in second


def _change(order_id: str, reference: str, lines: list[tuple[str, str, str]]) -> str:
    """Return an ORDCHG in part; each line has its number, its action and its quantity."""
    body = [
        f"UNH+{reference}+ORDCHG:D:96A:UN:EAN008",
        f"BGM+230+{order_id}-{reference}+4",
        "DTM+137:20261122:102",
        f"RFF+ON:{order_id}",
        "NAD+BY+7301234567890::9",
        "CTA+OC+:Ada",
        "COM+ada@buyer.example:EM",
        "NAD+SU+7309876543210::9",
        "CUX+2:EUR:9",
    ]
    for number, action, quantity in lines:
        body += [f"LIN+{number}+{action}+SKU-{number}:SA", f"QTY+21:{quantity}:EA"]
    body += ["UNS+S"]
    body.append(f"UNT+{len(body) + 1}+{reference}")
    return "".join(f"{segment}'" for segment in body)


def test_a_change_in_part_reaches_the_core_as_the_whole_order(edi: House) -> None:
    edi.take(interchange("1", [order_message("PO-1", lines=3)]))
    edi.engine.drain()
    change = _change("PO-1", "1", [("1", "3", "7"), ("2", "2", "1"), ("4", "1", "2")])
    edi.take(interchange("2", [change]))
    edi.engine.drain()
    changed = next(one for one in _messages(edi) if one.kind == "order-change")
    assert changed.state == "delivered", edi.codes(changed.id)
    order = load_as(OrderChange, edi.shown(changed.id).message.document or b"")
    assert [(line.line_id, line.quantity.value) for line in order.lines] == [
        ("1", 7),
        ("3", 1),
        ("4", 2),
    ]
    assert edi.core.effects().count(("submit", "buyer:PO-1")) == 2


def test_an_answer_to_a_change_names_the_change(database: Database, tmp_path: Path) -> None:
    agreed = {"endpoint": "https://b.example", "documents": ["OrderResponse"]}
    edi = build_house(database, tmp_path, make_partner(**{**PARTNER_FIELDS, "edi": agreed}))
    edi.take(interchange("1", [order_message("PO-1", lines=3)]))
    edi.engine.drain()
    edi.take(interchange("2", [_change("PO-1", "1", [("1", "3", "7")])]))
    edi.engine.drain()
    first, second = [text for text in _sent(edi) if "+ORDRSP:" in text]
    assert "RFF+PP" not in first
    assert "RFF+ON:PO-1'" in second
    assert "RFF+PP:PO-1-1'" in second


def test_a_change_of_lines_that_are_not_there_is_refused(edi: House) -> None:
    edi.take(interchange("1", [order_message("PO-1")]))
    edi.engine.drain()
    edi.take(interchange("2", [_change("PO-1", "1", [("9", "3", "7")])]))
    edi.engine.drain()
    changed = next(one for one in _messages(edi) if one.name == "ORDCHG")
    assert changed.state == "refused"
    assert "PIPELINE-028" in edi.codes(changed.id)
    assert edi.core.effects().count(("submit", "buyer:PO-1")) == 1


@pytest.mark.parametrize("number", ["PO-1", "PO-2"])
def test_a_change_in_part_is_the_whole_order_again_when_it_is_read_again(
    edi: House, number: str
) -> None:
    edi.take(interchange("1", [order_message(f"PO-{n}", str(n), lines=3) for n in (1, 2)]))
    edi.engine.drain()
    edi.take(interchange("2", [_change(number, "1", [("1", "3", "7")])]))
    edi.take(interchange("3", [_change(number, "2", [("2", "3", "9")])]))
    edi.engine.drain()
    for changed in [one for one in _messages(edi) if one.kind == "order-change"]:
        before = edi.shown(changed.id).message.document
        replay(edi.equipment, changed.id, current_mapping=True)
        edi.engine.drain()
        after = edi.shown(changed.id).message
        assert after.state == "delivered", edi.codes(changed.id)
        assert after.document == before
        assert len(load_as(OrderChange, after.document or b"").lines) == 3


def test_a_change_that_does_not_fit_its_order_any_more_is_not_read_again(edi: House) -> None:
    edi.take(interchange("1", [order_message("PO-1")]))
    edi.engine.drain()
    edi.core.customers["C1"] = make_customer(credit_hold=True)
    edi.take(interchange("2", [_change("PO-1", "1", [("4", "1", "2")])]))
    edi.take(interchange("3", [_change("PO-1", "2", [("4", "3", "5")])]))
    edi.engine.drain()
    first, second = [one for one in _messages(edi) if one.kind == "order-change"]
    assert (first.state, second.state) == ("held", "held")
    refuse(edi.shop, first.id, "no such article")
    with pytest.raises(ReplayError, match="does not fit its order") as caught:
        replay(edi.equipment, second.id, current_mapping=True)
    assert [(one.code, one.found) for one in caught.value.faults] == [("PIPELINE-028", "line 4")]
    assert edi.state(second.id) == "held"


def test_a_change_in_part_that_came_before_its_order_is_not_read_again(edi: House) -> None:
    edi.take(interchange("1", [_change("PO-1", "1", [("1", "3", "7")])]))
    job, waiting = edi.engine.waiting.popitem()
    edi.take(interchange("2", [order_message("PO-1")]))
    edi.engine.drain()
    edi.engine.waiting[job] = waiting
    edi.engine.drain()
    (changed,) = [one for one in _messages(edi) if one.kind == "order-change"]
    assert changed.state == "held"
    with pytest.raises(ReplayError, match="an order that came after it"):
        replay(edi.equipment, changed.id, current_mapping=True)


@pytest.mark.parametrize(("agreed", "expected"), [("SEK", "SEK"), (None, None)])
def test_an_order_without_a_currency_is_in_the_one_that_is_agreed(
    database: Database, tmp_path: Path, agreed: str | None, expected: str | None
) -> None:
    fields = {**PARTNER_FIELDS, "edi": {"endpoint": "https://b.example", "currency": agreed}}
    house = build_house(database, tmp_path, make_partner(**fields))
    order = order_message("PO-1").replace("CUX+2:EUR:9'", "").replace("UNT+18+", "UNT+17+")
    house.take(interchange("1", [order]))
    house.engine.drain()
    (found,) = [one for one in _messages(house) if one.name == "ORDERS"]
    if expected is None:
        assert (found.state, "MAP-001" in house.codes(found.id)) == ("refused", True)
    else:
        document = load_as(Order, house.shown(found.id).message.document or b"")
        assert document.currency == expected


@pytest.fixture
def x12(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path, make_partner(**X12_FIELDS))


def test_an_850_is_acknowledged_by_997_and_answered_by_855(x12: House) -> None:
    answer = x12.take(x12_interchange("42", x12_order("PO-1")), "x12")
    assert answer.verdict is Verdict.RECEIVED
    x12.engine.drain()
    assert x12.state(answer.message_id) == "answered"
    assert [(one.order_id, one.state, one.external_id) for one in _orders(x12)] == [
        ("PO-1", "delivered", "000000042/42/0001"),
    ]
    told = {text.partition("ST*")[2][:3]: text for text in _sent(x12)}
    assert set(told) == {"997", "855"}
    assert "AK1*PO*42~AK2*850*0001~AK5*A~AK9*A*1*1*1~" in told["997"]
    assert "*ZZ*SUPPLIERCORP   *ZZ*BUYERCORP      *261122*1200*" in told["855"]
    assert "BAK*00*AD*PO-1*20261122****" in told["855"]
    assert "PO1*1*1*EA*10**VP*SKU-1~ACK*IA*1*EA" in told["855"]


def test_an_860_is_answered_by_865_and_not_by_another_855(x12: House) -> None:
    x12.take(x12_interchange("42", x12_order("PO-1")), "x12")
    x12.engine.drain()
    change = (
        "BCH*04*SA*PO-1**2*20261122",
        "CUR*BY*EUR",
        "PER*OC*Ada*EM*ada@buyer.example",
        "N1*BY*Buyer Ltd",
        "N1*ST*Site*92*A1",
        "POC*1*QI*3*3*EA*10.00**VP*SKU-1",
        "CTT*1",
    )
    x12.take(x12_interchange("43", change, name="860", group="PC"), "x12")
    x12.engine.drain()
    told = [text.partition("ST*")[2] for text in _sent(x12)]
    assert [one[:3] for one in told if one[:3] != "997"] == ["855", "865"]
    (answer,) = [one for one in told if one.startswith("865")]
    assert "BCA*00*AD*PO-1**2*20261122***" in answer
    assert "POC*1*NC*3*3*EA*10**VP*SKU-1~ACK*IA*3*EA" in answer


def test_one_bad_850_is_refused_and_its_neighbour_is_answered(x12: House) -> None:
    bad = x12_order("PO-1", quantity="1O", lines=1)
    x12.take(x12_interchange("7", bad, x12_order("PO-2")), "x12")
    x12.engine.drain()
    assert [(one.external_id, one.state) for one in _messages(x12) if one.name == "850"] == [
        ("000000007/7/0001", "refused"),
        ("000000007/7/0002", "delivered"),
    ]
    told = {text.partition("ST*")[2][:3]: text for text in _sent(x12)}
    assert "AK2*850*0001~AK3*PO1*7*" in told["997"]
    assert "AK4*2**6*1O~AK5*R*5~AK2*850*0002~AK5*A~AK9*P*2*2*1~" in told["997"]
    assert "*PO-2*" in told["855"]


def test_an_interchange_is_taken_out_in_less_than_its_trees_would_take(edi: House) -> None:
    message = order_message("PO-1", lines=300).replace("D:96A", "D:77Z")
    content = interchange("42", [message.replace("+1'", f"+{n}'") for n in range(1, 81)])
    answer = edi.take(content)
    with measured() as memory:
        edi.engine.drain()
    assert edi.state(answer.message_id) == "answered"
    (told,) = _sent(edi)
    assert told.count("UCM+") == 80
    assert len(content) > 1_000_000
    assert memory.most < 20_000_000
