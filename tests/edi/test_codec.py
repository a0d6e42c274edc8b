"""Either syntax becomes messages with trees and faults; what is written passes the same tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.faults import Fault, Severity, has_errors
from canonical.wire import Dialect, Envelope, Markup, Message, Payload, Verdict
from edi.codec import SegmentCodec
from edi.dialect import SegmentDialect
from edi.guides import Value, read_guide
from tests.edi.sides import EDIFACT, X12, Side, both, messages
from tests.memory import measured


@both
def test_one_bad_message_does_not_sink_its_neighbours(side: Side) -> None:
    content = side.interchange(side.body, side.bad(), side.body)
    first, second, third = side.codec.read(content, side.media).messages
    assert (first.faults, third.faults) == ((), ())
    (fault,) = second.faults
    assert fault.place is not None
    assert (fault.code, fault.place.path, fault.standard) == side.wrong


@both
def test_a_partner_lowers_what_a_check_leads_to(side: Side) -> None:
    content = side.interchange(side.body)
    for right, wrong in side.count:
        content = content.replace(right, wrong)
    plain = side.codec.read(content, side.media)
    (around,), (inside,) = plain.faults, plain.messages[0].faults
    assert has_errors((around,))
    assert has_errors((inside,))
    dialect = side.dialect(severities={inside.code: "note", around.code: "ignore"})
    reading = side.codec.read(content, side.media, dialect=dialect)
    assert reading.faults == ()
    assert [one.severity for one in reading.messages[0].faults] == [Severity.NOTE]


ANOTHER = {"EDIFACT": "D.01B", "X12": "005010"}
"""An edition that is there, and in which the orders of `tests.edi.sides` are not."""


def guided(side: Side, **said: Value) -> tuple[SegmentCodec, SegmentDialect]:
    """Return a codec that knows a guide, and the dialect of a partner who has it."""
    guide, wrong = read_guide({"guide": "Region X", **said}, lambda _: "guides/x.yaml:1")
    assert wrong == ()
    return type(side.codec)(guides={"x": guide}), side.dialect(guide="x")


@both
@pytest.mark.parametrize("named", [True, False])
def test_a_guide_that_is_made_for_another_edition_of_a_message_is_told(
    side: Side, named: bool
) -> None:
    other = ANOTHER[side.prefix]
    messages: dict[str, Value] = {"messages": {side.name: {}}} if named else {}
    codec, dialect = guided(side, edition=other, **messages)
    content = side.interchange(side.body, side.body)
    for message in codec.read(content, side.media, dialect=dialect).messages:
        (fault,) = message.faults
        assert (fault.code, fault.severity) == (f"{side.prefix}-044", Severity.NOTE)
        assert (fault.source, fault.expected) == ("Region X", other)
        assert fault.found in {"D.96A", "004010"}
        assert fault.place is not None
        assert fault.place.offset is not None
        told = replace(dialect, severities={fault.code: "ignore"})
        assert codec.read(content, side.media, dialect=told).messages[0].faults == ()
        assert codec.check(Payload(content, side.media), side.name, told) == ()


@both
def test_nothing_is_told_of_a_guide_that_fits_or_is_for_something_else(side: Side) -> None:
    content = side.interchange(side.body)
    usual = {"EDIFACT": "D.96A", "X12": "004010"}
    (elsewhere,) = {"D.01B", "005010"} - {ANOTHER[side.prefix]}
    for edition, message in (
        (usual[side.prefix], side.name),
        (ANOTHER[side.prefix], "INVOIC"),
        (elsewhere, side.name),
        ("semicolon-order", side.name),
    ):
        codec, dialect = guided(side, edition=edition, messages={message: {}})
        assert codec.read(content, side.media, dialect=dialect).messages[0].faults == ()


@both
def test_strictness_makes_everything_an_error(side: Side) -> None:
    content = b"\xef\xbb\xbf" + side.interchange(side.body.replace("PO1", "P\x07O1", 1))
    reading = side.codec.read(content, side.media, strict=True)
    assert [one.severity for one in reading.faults] == [Severity.ERROR]
    assert {one.severity for one in reading.messages[0].faults} == {Severity.ERROR}


@both
def test_the_envelope_is_read_without_the_messages(side: Side) -> None:
    whole = side.interchange(side.body)
    reading = side.codec.envelope(whole[: whole.index(side.body.encode())] + b"x" * 1000)
    assert reading.envelope is not None
    assert reading.faults == ()
    assert reading.messages == ()
    assert reading.envelope == side.codec.read(whole, side.media).envelope


@both
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n", b"hello", b"UNISA*", b"IS"])
def test_what_is_no_interchange_has_no_envelope(side: Side, content: bytes) -> None:
    reading = side.codec.envelope(content)
    assert reading.envelope is None
    assert has_errors(reading.faults)


@both
def test_a_stream_gives_envelope_messages_and_faults_in_their_order(side: Side) -> None:
    content = side.interchange(side.body, side.body)
    content = content[: content.rindex(side.line[-1].encode(), 0, -1) + 1]
    chunks = (content[at : at + 10] for at in range(0, len(content), 10))
    kinds = [type(unit) for unit in side.codec.messages(chunks)]
    assert kinds == [Envelope, Message, Message, Fault]


@both
def test_an_outline_tells_all_but_the_segments(side: Side) -> None:
    content = side.interchange(side.body, side.bad())
    whole = side.codec.read(content, side.media)
    outline = side.codec.outline([content[:99], content[99:]])
    assert (outline.envelope, outline.faults) == (whole.envelope, whole.faults)
    for one, full in zip(outline.messages, whole.messages, strict=True):
        assert (one.name, one.reference, one.group, one.size) == (
            full.name,
            full.reference,
            full.group,
            full.size,
        )
        assert one.faults == full.faults
        assert one.envelope == full.envelope
        assert one.tree.root == [[side.name]]
    assert sum(one.size for one in whole.messages) < len(content)


@both
def test_what_is_written_is_read_back(side: Side) -> None:
    payload = side.codec.write(Markup(side.name, side.body), side.own, side.dialect())
    assert payload.media_type == side.media
    assert side.codec.check(payload, side.name, side.dialect()) == ()
    reading = side.codec.read(payload.content, side.media)
    assert reading.envelope is not None
    assert reading.envelope.message_id == side.control[1]
    assert reading.envelope.sent_at == side.own.sent_at
    assert reading.envelope.credentials == side.own.credentials


@both
def test_what_leaves_is_checked_more_strictly_than_what_comes(side: Side) -> None:
    dialect = side.dialect(severities={side.wrong[0]: "ignore"})
    payload = side.codec.write(Markup(side.name, side.bad()), side.own, dialect)
    found = side.codec.check(payload, side.name, dialect)
    assert [one.code for one in found] == [side.wrong[0]]
    assert has_errors(found)


@both
def test_a_verdict_is_answered_in_words(side: Side) -> None:
    answer = side.codec.acknowledgement
    assert answer(Verdict.ACCEPTED, side.own, Dialect()).content == b"accepted\n"
    told = answer(Verdict.UNREADABLE, side.own, Dialect(), detail="no envelope")
    assert told.content == b"unreadable: no envelope\n"


@both
def test_every_fault_that_reading_gives_is_declared(side: Side) -> None:
    assert len({one.code for one in side.codec.faults}) == len(side.codec.faults)


@both
@given(st.binary(max_size=200))
def test_no_bytes_make_reading_raise(side: Side, content: bytes) -> None:
    codec = side.codec
    codec.read(content, side.media)
    codec.read(side.interchange()[:-40] + content, side.media)
    codec.envelope(content)
    assert len(codec.redacted(content, side.media)) == len(content)
    assert b"".join(codec.interchanges(content)) == content


@both
@pytest.mark.parametrize("gap", [b"", b"\r\n"])
@pytest.mark.parametrize("cut", [0, 1, 40])
def test_an_interchange_that_was_cut_off_does_not_take_the_next_one_with_it(
    side: Side, cut: int, gap: bytes
) -> None:
    whole = side.interchange(side.body)
    torn = whole[: whole.rindex(b"UNZ" if side is EDIFACT else b"IEA") - cut]
    torn = torn if gap else torn[: torn.rindex(side.line[-1].encode()) + 1]
    content = whole + gap + torn + gap + whole + gap + whole
    each = [part.strip() for part in side.codec.interchanges(content)]
    assert each == [whole, torn.strip(), whole, whole]


def test_announced_separators_go_with_the_interchange_behind_them() -> None:
    whole = EDIFACT.interchange(EDIFACT.body)
    una = b"UNA:+.? '"
    each = [una + whole[:-11], una + whole, una + whole]
    assert list(EDIFACT.codec.interchanges(b"".join(each))) == each


@both
def test_messages_before_an_interchange_are_a_piece_of_their_own(side: Side) -> None:
    whole = side.interchange(side.body)
    bare = whole[whole.index(b"UNH" if side is EDIFACT else b"ST*") :]
    bare = bare[: bare.rindex(b"UNZ" if side is EDIFACT else b"GE*")]
    assert list(side.codec.interchanges(bare + whole)) == [bare, whole]


@both
@given(st.data())
def test_no_mutation_of_an_interchange_makes_reading_raise(side: Side, data: st.DataObject) -> None:
    content = bytearray(side.interchange(side.body, side.body))
    pieces = st.sampled_from((*side.signs, b"\x00", b"\x0e", b"\xff", b""))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(pieces)
    reading = side.codec.read(bytes(content), side.media)
    for message in reading.messages:
        assert message.tree.root[0][0] in {side.codec.syntax.header, "TA1"}
    chunks = [bytes(content[:150]), bytes(content[150:])]
    assert len(messages(side.codec.messages(chunks))) == len(reading.messages)


@both
def test_a_message_that_is_too_long_is_told_and_its_neighbours_read(side: Side) -> None:
    content = side.interchange(side.body, side.long(500), side.body)
    agreed = side.dialect(message_limit=1000)
    given = messages(side.codec.messages((content,), agreed))
    assert [side.codes(one.faults) for one in given] == [[], ["041"], []]
    assert given[1].faults[0].expected == "≤ 1,000 bytes"
    assert len(given[1].tree.root) == 1
    assert given[1].reference != given[0].reference
    assert "041" not in side.codes(side.codec.read(content, side.media).messages[1].faults)


@both
def test_what_is_wrong_with_a_long_message_is_told_whatever_is_forgiven(side: Side) -> None:
    right, wrong = side.count[0]
    content = side.interchange(side.long(500)).replace(right[:2], wrong[:2])
    prefix = side.prefix
    agreed = side.dialect(message_limit=1000, severities={f"{prefix}-041": "ignore"})
    (given,) = messages(side.codec.messages((content,), agreed))
    assert side.codes(given.faults) == ["041"]
    assert has_errors(given.faults)


@both
def test_one_segment_without_end_takes_no_more_than_its_own_bytes(side: Side) -> None:
    mark = side.line[-1]
    endless = side.long(1).replace(f"x{mark}", f"{'x' * 40_000_000}{mark}")
    content = side.interchange(endless)
    with measured() as memory:
        (given,) = messages(side.codec.messages((content,)))
    (fault,) = given.faults
    assert side.codes(given.faults) == ["026"]
    assert fault.place is not None
    assert (fault.place.message, fault.place.segment) == (1, 1 + endless[:200].count(mark) + 1)
    assert memory.most < 8_000_000


def test_the_syntaxes_are_two() -> None:
    assert {EDIFACT.prefix, X12.prefix} == {"EDIFACT", "X12"}
