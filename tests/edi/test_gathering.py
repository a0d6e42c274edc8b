"""A reading holds what a stream gives, and no more than anybody can use."""

import pytest

from canonical.faults import Fault, Severity, has_errors
from canonical.rows import SegmentTree
from canonical.wire import Envelope, Message
from edi.edifact.codec import EdifactCodec
from edi.edifact.faults import fault as edifact
from edi.gathering import FAULTS_TOLD, Bounds, gathered
from edi.layout import DirectoryLayout
from edi.schema import Directory
from edi.x12.codec import X12Codec
from edi.x12.faults import fault as x12

EDIFACT, X12 = EdifactCodec(), X12Codec()
FLOOD = 20_000
"""Bytes of a flood: what is quadratic takes longer than a test may even so."""

NOTE = Fault(code="X-1", message="hm", severity=Severity.NOTE)
ENVELOPE = Envelope(message_id="1")
TREE = SegmentTree([["UNH"]], DirectoryLayout(Directory("", {}, {})))


def message(number: int) -> Message:
    return Message("ORDERS", ENVELOPE, TREE, reference=str(number), faults=(NOTE,))


def test_the_first_envelope_stands_for_all() -> None:
    reading = gathered([ENVELOPE, message(1), Envelope(message_id="2"), NOTE], edifact, "EDIFACT")
    assert reading.envelope is ENVELOPE
    assert [one.reference for one in reading.messages] == ["1"]
    assert reading.faults == (NOTE,)


def test_strictness_makes_every_fault_an_error() -> None:
    reading = gathered([message(1), NOTE], edifact, "EDIFACT", strict=True)
    assert has_errors(reading.faults)
    assert has_errors(reading.messages[0].faults)


@pytest.mark.parametrize(("fault", "prefix"), [(edifact, "EDIFACT"), (x12, "X12")])
def test_more_messages_than_fit_are_told_and_not_held(fault, prefix: str) -> None:
    given = iter([message(number) for number in range(9)])
    reading = gathered(given, fault, prefix, bounds=Bounds(messages=3))
    assert len(reading.messages) == 3
    assert [one.code for one in reading.faults] == [f"{prefix}-039"]
    assert has_errors(reading.faults)
    assert len(list(given)) == 5


@pytest.mark.parametrize(("fault", "prefix"), [(edifact, "EDIFACT"), (x12, "X12")])
def test_more_faults_than_fit_are_one_fault_and_messages_go_on(fault, prefix: str) -> None:
    given = [NOTE] * 9 + [message(1)]
    reading = gathered(given, fault, prefix, bounds=Bounds(faults=3))
    assert [one.code for one in reading.faults] == ["X-1"] * 3 + [f"{prefix}-040"]
    assert len(reading.messages) == 1


@pytest.mark.parametrize(
    "flood",
    [
        b"UNH+'", b"UNT+'", b"UNZ+'", b"UNE+'", b"UNG+'", b"UNB+UNOC:3'", b"UNA:+.? 'UNB+", b"'",
        b"?", b"?'", b"UN", b" UNT+", b"\nUNB+UNOC:3", b"UNH+1+ORDERS:D:96A:UN'", b"+", b"\x00",
        b"UNH+1+ORDERS:D:96A:UN'BGM?", b"\r\n", b"\xff",
    ],
)  # fmt: skip
def test_no_flood_of_anything_hangs_edifact(flood: bytes) -> None:
    start = b"UNB+UNOC:3+A+B+261121:0830+1'"
    for content in (flood, start + flood, start + b"UNH+1+ORDERS:D:96A:UN'" + flood):
        reading = EDIFACT.read(content + flood * (FLOOD // len(flood)), "")
        assert reading.faults or any(one.faults for one in reading.messages)
        assert len(reading.faults) <= FAULTS_TOLD + 2


@pytest.mark.parametrize(
    "flood",
    [
        b"ST*~", b"SE*~", b"GE*~", b"GS*~", b"IEA*~", b"ISA*", b"ISA*00*", b"TA1*~", b"~", b"\n",
        b" ST*", b"ST*850*1~", b"ISA*00*x*00*x*ZZ*x*ZZ*x*261121*0830*U*00401*1*0*P*>~", b"*",
        b"\xff",
    ],
)  # fmt: skip
def test_no_flood_of_anything_hangs_x12(flood: bytes) -> None:
    start = b"ISA*00*x*00*x*ZZ*x*ZZ*x*261121*0830*U*00401*1*0*P*>~"
    for content in (flood, start + flood, start + b"GS*PO*A*B*20261121*0830*1*X*004010~" + flood):
        reading = X12.read(content + flood * (FLOOD // len(flood)), "")
        assert reading.faults or any(one.faults for one in reading.messages)
        assert len(reading.faults) <= FAULTS_TOLD + 2
