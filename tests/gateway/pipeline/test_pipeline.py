"""An accepted order is stored before its answer; a repeated id gets the same answer, bytewise."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from canonical.punchout import Cart
from canonical.wire import Verdict
from gateway.errors import NotFoundError, TakenError
from gateway.pipeline.contract import Sent
from gateway.pipeline.emitting import Outgoing
from gateway.pipeline.states import State
from gateway.store.database import Database
from gateway.store.messages import MessageFilter, find_messages, message
from tests.builders import make_order_request, make_partner, make_product
from tests.gateway.pipeline.conftest import House, build_house


def states(house: House) -> list[str]:
    with house.database.read() as connection:
        return [one.state for one in find_messages(connection, MessageFilter())]


def test_an_accepted_order_is_stored_with_its_job(house: House) -> None:
    answer = house.receive(make_order_request())
    assert answer.verdict is Verdict.ACCEPTED
    assert b'code="200"' in answer.payload.content
    shown = house.shown(answer.message_id)
    assert shown.message.state == State.ACCEPTED
    assert shown.message.job in house.engine.waiting
    assert shown.reply == answer.payload.content
    assert ("order", "PO-1") in shown.references
    assert [entry.step for entry in shown.timeline] == ["receive"]


def test_the_archive_holds_no_secret(house: House) -> None:
    answer = house.receive(make_order_request(secret="abracadabra-42"))
    shown = house.shown(answer.message_id)
    assert shown.payload is not None
    assert b"PO-1" in shown.payload
    assert b"abracadabra" not in shown.payload


def test_the_same_message_again_gets_the_stored_reply(house: House) -> None:
    first = house.receive(make_order_request())
    second = house.receive(make_order_request())
    assert second.payload == first.payload
    assert second.message_id == first.message_id
    assert states(house) == [State.ACCEPTED]


def test_a_message_without_id_is_known_again_by_its_bytes(house: House) -> None:
    content = make_order_request(payload_id="")
    first, second = house.receive(content), house.receive(content)
    assert first.verdict is Verdict.ACCEPTED
    assert first.payload == second.payload
    assert first.message_id == second.message_id


def test_the_same_id_with_another_body_is_a_conflict(house: House) -> None:
    house.receive(make_order_request())
    answer = house.receive(make_order_request(quantity="7"))
    assert answer.verdict is Verdict.CONFLICT
    assert b'code="409"' in answer.payload.content
    assert house.codes(answer.message_id) == ["PIPELINE-003"]
    assert sorted(states(house)) == [State.ACCEPTED, State.REFUSED]


def test_fifty_at_once_make_one_order_and_identical_answers(house: House) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(house.receive, [make_order_request()] * 50))
    assert {answer.payload.content for answer in answers} == {answers[0].payload.content}
    assert states(house) == [State.ACCEPTED]
    house.engine.drain()
    assert house.core.effects() == [("submit", "buyer:PO-1")]


def test_the_same_order_under_another_id_is_refused(house: House) -> None:
    house.receive(make_order_request())
    answer = house.receive(make_order_request(payload_id="2@buyer.example"))
    assert answer.verdict is Verdict.CONFLICT
    assert house.codes(answer.message_id) == ["PIPELINE-004"]


def test_another_version_is_another_order(house: House) -> None:
    house.receive(make_order_request())
    answer = house.receive(make_order_request(payload_id="2@buyer.example", version="2"))
    assert answer.verdict is Verdict.ACCEPTED
    assert house.shown(answer.message_id).message.core_key == "buyer:PO-1:2"


@pytest.mark.parametrize("kind", ["update", "delete"])
def test_what_follows_an_unknown_order_is_refused(house: House, kind: str) -> None:
    answer = house.receive(make_order_request(kind=kind))
    assert answer.verdict is Verdict.PRECONDITION
    assert b'code="412"' in answer.payload.content
    assert house.codes(answer.message_id) == ["PIPELINE-005"]


@pytest.mark.parametrize("fields", [{"secret": "wrong"}, {"identity": "NOBODY"}, {"secret": ""}])
def test_whoever_is_not_recognised_learns_nothing_else(
    house: House, fields: dict[str, str]
) -> None:
    answer = house.receive(make_order_request(**fields))  # type: ignore[arg-type]
    assert answer.verdict is Verdict.UNAUTHENTICATED
    shown = house.shown(answer.message_id)
    assert (shown.message.state, shown.message.partner) == (State.REFUSED, None)
    assert b"secret" not in answer.payload.content.lower()
    assert house.codes(answer.message_id)[-1] == "PIPELINE-001"


@pytest.mark.parametrize("content", [b"", b"<cXML", b"\x00\xff", b"<html/>", b"<cXML/>"])
def test_what_cannot_be_read_is_kept_and_never_a_matter_of_identity(
    house: House, content: bytes
) -> None:
    answer = house.receive(content)
    assert answer.verdict in {Verdict.UNREADABLE, Verdict.INVALID}
    assert answer.payload.content.lstrip().startswith(b"<")
    shown = house.shown(answer.message_id)
    assert shown.message.state == State.REFUSED
    assert house.codes(answer.message_id)


def test_a_refused_message_may_come_again_corrected(house: House) -> None:
    house.receive(make_order_request(kind="update"))
    house.receive(make_order_request(payload_id="0@buyer.example"))
    answer = house.receive(make_order_request(kind="update", quantity="3"))
    assert answer.verdict is Verdict.ACCEPTED


def test_what_a_partner_may_not_send_is_forbidden(database: Database, tmp_path: Path) -> None:
    house = build_house(database, tmp_path, make_partner(orders={"accept": ["new"]}))
    house.receive(make_order_request())
    answer = house.receive(make_order_request(kind="delete", payload_id="2@b"))
    assert answer.verdict is Verdict.FORBIDDEN
    assert house.codes(answer.message_id) == ["PIPELINE-002"]


def test_an_error_of_our_own_is_answered_in_the_syntax_and_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.pipeline.ordering.ORDERS", None)
    answer = house.receive(make_order_request())
    assert answer.verdict is Verdict.ERROR
    assert b'code="500"' in answer.payload.content
    assert house.codes(answer.message_id) == ["PIPELINE-007"]


def test_nothing_is_promised_when_the_database_fails(house: House) -> None:
    message.drop(house.database.engine)
    answer = house.receive(make_order_request())
    assert answer.verdict is Verdict.BUSY
    assert answer.message_id is None
    with house.database.read() as connection:
        assert (
            connection.scalar(
                sa.text("SELECT count(*) FROM interchange WHERE claimed_id IS NOT NULL")
            )
            == 0
        )
    assert house.engine.waiting == {} or house.core.effects() == []


def test_what_nothing_handles_is_said_to_be_unsupported(house: House) -> None:
    order = make_order_request().decode()
    start, end = order.index("<OrderRequest>"), order.index("</OrderRequest>")
    profile = order[:start] + "<ProfileRequest/>" + order[end + len("</OrderRequest>") :]
    answer = house.receive(profile.encode())
    assert answer.verdict is Verdict.UNSUPPORTED
    assert b'code="450"' in answer.payload.content
    assert house.codes(answer.message_id)[-1] == "PIPELINE-006"


def test_an_order_number_that_cannot_be_kept_whole_is_invalid(house: House) -> None:
    answer = house.receive(make_order_request("9" * 151))
    assert answer.verdict is Verdict.INVALID
    assert "PIPELINE-008" in house.codes(answer.message_id)


def test_several_messages_in_one_interchange_are_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec = house.equipment.codecs["cxml"]
    reading = codec.read(make_order_request(), "text/xml")
    double = replace(reading, messages=reading.messages * 2)
    monkeypatch.setattr(codec, "read", lambda *_, **__: double)
    answer = house.receive(make_order_request())
    assert answer.verdict is Verdict.UNSUPPORTED
    assert "PIPELINE-009" in house.codes(answer.message_id)


def test_a_document_that_no_mapping_writes_does_not_leave(house: House) -> None:
    sent = house.pipeline.emit(
        Outgoing(make_partner(), make_product(), references=(("cart", "7"),))
    )
    assert sent.payload is None
    assert [fault.code for fault in sent.faults] == ["PIPELINE-022"]
    shown = house.shown(sent.message_id)
    assert shown.message.state == State.REFUSED
    assert ("cart", "7") in shown.references


@pytest.mark.parametrize(("test", "mode"), [(True, b"test"), (False, b"production")])
def test_what_answers_a_test_says_that_it_is_one(house: House, test: bool, mode: bytes) -> None:
    cart = Cart(cart_id="C-1", currency="SEK", lines=(), buyer_cookie="c", cancelled=True)
    sent = house.pipeline.emit(Outgoing(make_partner(), cart, test=test))
    assert sent.payload is not None
    assert b'deploymentMode="' + mode in sent.payload.content
    assert house.shown(sent.message_id).message.test is test


def test_what_is_to_happen_with_a_message_happens_with_its_record_or_not_at_all(
    house: House,
) -> None:
    cart = Cart(cart_id="C-1", currency="SEK", lines=(), buyer_cookie="c", cancelled=True)
    done: list[str] = []
    sent = house.pipeline.emit(
        Outgoing(make_partner(), cart), lambda _connection, sent: done.append(sent.message_id)
    )
    assert done == [sent.message_id]

    def lost(_connection: sa.Connection, sent: Sent) -> None:
        done.append(sent.message_id)
        message = "another was faster"
        raise TakenError(message)

    with pytest.raises(TakenError):
        house.pipeline.emit(Outgoing(make_partner(), cart), lost)
    with pytest.raises(NotFoundError):
        house.shown(done[1])
