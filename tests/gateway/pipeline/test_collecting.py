"""A partner's folder is proof of who sends; a file is taken in once, whatever happens between."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from canonical.wire import Reading, Verdict
from edi.edifact.codec import EdifactCodec
from gateway.ambient import Ambient
from gateway.pipeline.collecting import Pauses, collect_inboxes
from gateway.pipeline.contract import Arrival
from gateway.pipeline.operations import list_messages
from gateway.pipeline.pipeline import Pipeline
from gateway.store.database import Database
from gateway.store.messages import MessageFilter
from gateway.transports.folder import FolderSender
from tests.builders import NOON, make_partner
from tests.gateway.pipeline.conftest import House, build_house
from tests.gateway.pipeline.interchanges import PARTNER_FIELDS, interchange, order_message

PARTNER = make_partner(
    **{**PARTNER_FIELDS, "edi": {"inbox": "inbox/buyer", "endpoint": "folder:outbox/buyer",
                                 "acknowledge": {"CONTRL": "always"}}}
)  # fmt: skip

OTHER = {"domain": "EDI-14", "identity": "7300000000000"}


@pytest.fixture
def edi(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path, PARTNER)


def drop(workspace: Path, name: str, content: bytes) -> Path:
    folder = workspace / "inbox/buyer"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(content)
    before = NOON.timestamp() - 60
    os.utime(file, (before, before))
    return file


def _collect(house: House, workspace: Path) -> int:
    return collect_inboxes(house.pipeline, [PARTNER], workspace)


def _orders(house: House) -> list[str | None]:
    found = list_messages(house.database, MessageFilter())
    return sorted(str(one.order_id) for one in found if one.kind == "order")


def test_a_file_of_several_interchanges_is_taken_in_whole(edi: House, tmp_path: Path) -> None:
    both = (
        interchange("1", [order_message("PO-1")])
        + b"\r\n"
        + interchange("2", [order_message("PO-2")])
    )
    drop(tmp_path, "orders.edi", both)
    assert _collect(edi, tmp_path) == 1
    edi.engine.drain()
    assert _orders(edi) == ["PO-1", "PO-2"]
    assert (tmp_path / "inbox/buyer/done/orders.edi").exists()


def test_a_crash_between_taking_and_moving_does_no_harm(edi: House, tmp_path: Path) -> None:
    content = interchange("1", [order_message("PO-1")])
    for _ in range(2):
        drop(tmp_path, "orders.edi", content)
        _collect(edi, tmp_path)
        edi.engine.drain()
    assert _orders(edi) == ["PO-1"]


def test_bare_messages_are_known_by_their_folder(edi: House, tmp_path: Path) -> None:
    drop(tmp_path, "bare.edi", order_message("PO-1").encode())
    _collect(edi, tmp_path)
    edi.engine.drain()
    assert _orders(edi) == ["PO-1"]


def test_what_is_no_interchange_is_put_aside_with_the_reason(edi: House, tmp_path: Path) -> None:
    drop(tmp_path, "holiday.jpg", b"\xff\xd8\xff\xe0 not an order")
    _collect(edi, tmp_path)
    reason = tmp_path / "inbox/buyer/refused/holiday.jpg.reason.txt"
    assert "EDIFACT-" in reason.read_text()


def test_a_folder_does_not_tell_who_else_is_a_partner(database: Database, tmp_path: Path) -> None:
    other = make_partner("other", **{**PARTNER_FIELDS, "identities": [OTHER]})
    house = build_house(database, tmp_path, PARTNER, other)
    content = interchange("1", [order_message("PO-1")])
    for name, identity in (("known.edi", b"7300000000000"), ("unknown.edi", b"7300000000001")):
        drop(tmp_path, name, content.replace(b"+7301234567890:14+", b"+%b:14+" % identity, 1))
    with capture_logs() as lines:
        _collect(house, tmp_path)
    reasons = {one.read_text() for one in (tmp_path / "inbox/buyer/refused").glob("*.txt")}
    assert reasons == {"the sender is not recognised\n"}
    told = [line for line in lines if line["event"] == "a sender is refused"]
    assert [line["folder_of"] for line in told] == ["buyer", "buyer"]
    assert "came to the address of buyer" in told[0]["reason"], "the operator is told all"
    assert "its sender is no known partner" in told[1]["reason"]


def test_the_acknowledgement_lands_in_the_outbox(edi: House, tmp_path: Path) -> None:
    edi.shop.sender.send = FolderSender(tmp_path).send  # type: ignore[method-assign]
    drop(tmp_path, "orders.edi", interchange("1", [order_message("PO-1")]))
    _collect(edi, tmp_path)
    edi.engine.drain()
    (file,) = (tmp_path / "outbox/buyer").iterdir()
    assert b"+CONTRL:" in file.read_bytes()


FLAT = make_partner(
    **{**PARTNER_FIELDS, "edi": {"inbox": "inbox/buyer", "flat": "semicolon-order"}}
)  # fmt: skip


def test_flat_files_are_read_by_the_schema_of_the_partner(
    database: Database, tmp_path: Path
) -> None:
    house = build_house(database, tmp_path, FLAT)
    text = "H;PO-7;2026-11-22;SEK;K-7\r\nL;1;SKU-1;;;;2;C62\r\nH;PO-8;2026-11-22;SEK;K-7\r\n"
    drop(tmp_path, "orders.txt", f"{text}L;1;SKU-2;;;;1,5;C62\r\nE;2\r\n".encode())
    assert collect_inboxes(house.pipeline, [FLAT], tmp_path) == 1
    house.engine.drain()
    assert _orders(house) == ["PO-7", "PO-8"]


def test_a_flat_file_that_is_refused_whole_waits_for_a_person_with_all_that_is_wrong(
    database: Database, tmp_path: Path
) -> None:
    house = build_house(database, tmp_path, FLAT)
    drop(tmp_path, "orders.txt", b"H;PO-7;2026-11-22;SEK;K-7\r\nL;1;SKU-1;;;;2x;C62\r\nE;9\r\n")
    assert collect_inboxes(house.pipeline, [FLAT], tmp_path) == 1
    house.engine.drain()
    (message,) = list_messages(house.database, MessageFilter())
    assert message.state == "held", "nobody acknowledges a flat file, so nobody would know"
    assert house.codes(message.id) == ["FLAT-009", "FLAT-122"]


def test_a_flat_file_without_a_partner_is_refused(database: Database, tmp_path: Path) -> None:
    house = build_house(database, tmp_path, FLAT)
    arrival = Arrival(
        syntax="flat", content=b"H;PO-7", media_type="", received_at=NOON, trusted=True
    )
    (answer,) = house.pipeline.receive_all(arrival)
    assert answer.verdict is Verdict.UNAUTHENTICATED


class Stumbling(EdifactCodec):
    """Have a defect that some interchange brings out."""

    def envelope(self, content: bytes) -> Reading:
        if b"PO-13" in content:
            raise ArithmeticError
        return super().envelope(content)


def test_a_file_that_brings_out_a_defect_keeps_no_other_waiting(edi: House, tmp_path: Path) -> None:
    edi.equipment.edi["edifact"] = Stumbling()  # type: ignore[index]  # a dict, here
    odd = drop(tmp_path, "1.edi", interchange("1", [order_message("PO-13")]))
    drop(tmp_path, "2.edi", interchange("2", [order_message("PO-2")]))
    pauses = Pauses()
    assert collect_inboxes(edi.pipeline, [PARTNER], tmp_path, pauses) == 1
    assert odd.exists()
    tried = _received(edi)
    collect_inboxes(edi.pipeline, [PARTNER], tmp_path, pauses)
    assert _received(edi) == tried, "it is not tried again at once: each attempt is on record"
    collect_inboxes(_later(edi, 2), [PARTNER], tmp_path, pauses)
    assert _received(edi) == tried + 1


def _later(house: House, seconds: float) -> Pipeline:
    ambient = Ambient(now=lambda: NOON + timedelta(seconds=seconds))
    return Pipeline(replace(house.equipment, ambient=ambient))


def _received(house: House) -> int:
    return len(list_messages(house.database, MessageFilter()))


def test_what_fails_is_left_alone_twice_as_long_each_time() -> None:
    pauses, path, now, waited = Pauses(), Path("inbox"), 1000.0, []
    for _ in range(7):
        assert pauses.due(path, now)
        pauses.failed(path, now, longest=30)
        began = now
        while not pauses.due(path, now):
            now += 1
        waited.append(now - began)
    assert waited == [1, 2, 4, 8, 16, 30, 30]
    pauses.forget(now)
    pauses.failed(path, now, longest=30)
    assert not pauses.due(path, now + 29), "it was tried just now: it is remembered"
    pauses.forget(now + 100)
    pauses.failed(path, now + 100, longest=30)
    assert pauses.due(path, now + 101), "nobody tried it for long: it begins anew"


def test_an_interchange_that_was_cut_off_sinks_no_neighbour_in_its_file(
    edi: House, tmp_path: Path
) -> None:
    each = [interchange(f"{one}", [order_message(f"PO-{one}")]) for one in (1, 2, 3)]
    drop(tmp_path, "orders.edi", b"\r\n".join([each[0], each[1][:-20], each[2]]))
    collect_inboxes(edi.pipeline, [PARTNER], tmp_path)
    edi.engine.drain()
    assert _orders(edi) == ["PO-1", "PO-3"]
    told = "".join(payload.content.decode() for _, payload in edi.postbox.sent)
    assert [f"UCI+{one}+" in told for one in (1, 2, 3)] == [True, True, True]


def test_a_file_that_is_too_large_is_refused_unread(edi: House, tmp_path: Path) -> None:
    content = interchange("1", [order_message("PO-1")])
    drop(tmp_path, "large.edi", content + b" " * 10)
    drop(tmp_path, "small.edi", content)
    with capture_logs() as lines:
        assert collect_inboxes(edi.pipeline, [PARTNER], tmp_path, largest=len(content)) == 2
    assert [(one["event"], one["file"]) for one in lines] == [("a file is refused", "'large.edi'")]
    edi.engine.drain()
    assert len(_orders(edi)) == 1
    folder = tmp_path / "inbox/buyer"
    assert [file.name for file in (folder / "done").iterdir()] == ["small.edi"]
    assert (folder / "refused/large.edi.reason.txt").read_text() == (
        f"the file has {len(content) + 10} bytes; up to {len(content)} are taken in: split it "
        "between its interchanges, or raise limits.interchange in gateway.toml\n"
    )


def test_a_folder_that_cannot_be_used_keeps_what_is_in_it(edi: House, tmp_path: Path) -> None:
    file = drop(tmp_path, "orders.edi", interchange("1", [order_message("PO-1")]))
    (tmp_path / "inbox/buyer/done").write_text("a file in the way")
    pauses = Pauses()
    assert collect_inboxes(edi.pipeline, [PARTNER], tmp_path, pauses) == 0
    assert (file.exists(), _orders(edi)) == (True, [])
    (tmp_path / "inbox/buyer/done").unlink()
    assert collect_inboxes(edi.pipeline, [PARTNER], tmp_path, pauses) == 0
    assert collect_inboxes(_later(edi, 2), [PARTNER], tmp_path, pauses) == 1
