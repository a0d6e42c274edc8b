"""CONTRL and APERAK say of a message exactly what its faults are, and settle it when read."""

from datetime import UTC, datetime

import pytest

from canonical.faults import Fault, Place, Severity, has_errors
from canonical.interchange import AcknowledgedState
from canonical.wire import (
    Credential,
    CredentialRole,
    Envelope,
    Markup,
    Message,
    Payload,
    Receipt,
)
from edi.acknowledging import Report
from edi.edifact.acknowledgements import aperak, contrl
from edi.edifact.codec import EdifactCodec
from edi.edifact.dialect import EdifactDialect

CODEC = EdifactCodec()
MEDIA = "application/edifact"
BODY = (
    "BGM+220+PO1+9'DTM+137:20261121:102'NAD+BY+7301234567890::9'"
    "LIN+1++7350012345675:EN'QTY+21:100:PCE'UNS+S'"
)
UNB = "UNB+UNOC:3+7301234567890:14+7309876543210:14+261121:0830+REF1++++1'"
OWN = Envelope(
    message_id="4711",
    sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="14", identity="7309876543210"),
        Credential(role=CredentialRole.TO, domain="14", identity="7301234567890"),
    ),
)
ALWAYS = EdifactDialect(acknowledge={"CONTRL": "always"})


def interchange(*bodies: str, count: int | None = None) -> bytes:
    text = UNB
    for number, body in enumerate(bodies, start=1):
        text += f"UNH+{number}+ORDERS:D:96A:UN'{body}UNT+{body.count(chr(39)) + 2}+{number}'"
    return f"{text}UNZ+{len(bodies) if count is None else count}+REF1'".encode()


def report(content: bytes) -> Report:
    reading = CODEC.read(content, MEDIA)
    assert reading.envelope is not None
    receipts = tuple(
        Receipt(one.name, one.reference, one.group, one.envelope.version or "", one.faults)
        for one in reading.messages
    )
    return Report(reading.envelope, receipts, reading.faults)


def segments(body: Markup) -> list[str]:
    return body.text.split("'")[:-1]


def acknowledged(content: bytes, dialect: EdifactDialect = ALWAYS) -> Payload | None:
    told = report(content)
    return CODEC.acknowledged(told.theirs, told.receipts, told.faults, OWN, dialect)


def read(payload: Payload | None) -> tuple[Message, ...]:
    assert payload is not None
    return CODEC.read(payload.content, MEDIA).messages


def test_a_clean_interchange_is_acknowledged_with_its_messages() -> None:
    assert segments(contrl(report(interchange(BODY)))) == [
        "UCI+REF1+7301234567890:14+7309876543210:14+7",
        "UCM+1+ORDERS:D:96A:UN+7",
    ]


def test_without_detail_only_what_is_refused_is_named() -> None:
    bad = BODY.replace("100", "1OO")
    told = segments(contrl(report(interchange(BODY, bad)), full=False))
    assert told[1:] == ["UCM+2+ORDERS:D:96A:UN+4+37"]


def test_a_wrong_element_is_named_by_its_position_from_the_tag() -> None:
    told = segments(contrl(report(interchange(BODY.replace("100", "1OO")))))
    assert told[1:] == ["UCM+1+ORDERS:D:96A:UN+4", "UCS+6", "UCD+37+2:2"]


def test_a_missing_segment_is_reported_at_the_last_one_processed() -> None:
    told = segments(contrl(report(interchange(BODY.replace("DTM+137:20261121:102'", "")))))
    assert told[1:] == ["UCM+1+ORDERS:D:96A:UN+4", "UCS+2+13"]


def test_a_wrong_count_is_named_in_the_message_itself() -> None:
    content = interchange(BODY).replace(b"UNT+8", b"UNT+9")
    told = segments(contrl(report(content)))
    assert told[1:] == ["UCM+1+ORDERS:D:96A:UN+4+29+UNT+2"]


def test_a_refused_interchange_refuses_all_in_it() -> None:
    assert segments(contrl(report(interchange(BODY, count=3)))) == [
        "UCI+REF1+7301234567890:14+7309876543210:14+4+29+UNZ+2"
    ]


def test_an_interchange_without_messages_is_received() -> None:
    told = Report(report(interchange(BODY)).theirs)
    assert segments(contrl(told)) == ["UCI+REF1+7301234567890:14+7309876543210:14+8"]


def test_groups_are_named_before_their_messages() -> None:
    group = "UNG+ORDERS+A+B+261121:0830+G1'"
    content = interchange(BODY).replace(b"UNH", group.encode() + b"UNH", 1)
    content = content.replace(b"UNZ", b"UNE+1+G1'UNZ")
    told = segments(contrl(report(content)))
    assert told[1:] == ["UCF+G1+++7", "UCM+1+ORDERS:D:96A:UN+7"]


def test_a_fault_without_code_is_unspecified() -> None:
    receipt = Receipt("ORDERS", "1", version="D:96A:UN", faults=(Fault(code="X-1", message="no"),))
    told = segments(contrl(Report(OWN, (receipt,))))
    assert told[1:] == ["UCM+1+ORDERS:D:96A:UN+4+18"]


def test_warnings_refuse_nothing() -> None:
    warning = Fault(code="X-1", message="hm", severity=Severity.WARNING)
    receipt = Receipt("ORDERS", "1", version="D:96A:UN", faults=(warning,))
    assert segments(contrl(Report(OWN, (receipt,))))[1:] == ["UCM+1+ORDERS:D:96A:UN+7"]


def test_data_in_references_is_released() -> None:
    receipt = Receipt("ORDERS", "A+B", version="D:96A:UN")
    told = CODEC.acknowledged(OWN, (receipt,), (), OWN, ALWAYS)
    assert told is not None
    assert b"UCM+A?+B+ORDERS" in told.content


@pytest.mark.parametrize("syntax", [3, 4])
def test_what_we_acknowledge_with_is_valid_in_its_syntax(syntax: int) -> None:
    dialect = EdifactDialect(syntax=syntax, acknowledge={"CONTRL": "always", "APERAK": "always"})
    for content in (
        interchange(BODY, BODY.replace("100", "1OO").replace("DTM+137:20261121:102'", "")),
        interchange(BODY, count=7),
        interchange(BODY).replace(b"UNT+8", b"UNT+9"),
    ):
        payload = acknowledged(content, dialect)
        assert payload is not None
        assert CODEC.check(payload, "CONTRL", dialect) == ()


@pytest.mark.parametrize(
    ("occasion", "good", "bad"),
    [
        ("always", True, True),
        ("errors", False, True),
        ("asked", True, True),
        ("never", False, False),
    ],
)
def test_an_acknowledgement_leaves_when_it_is_agreed(occasion: str, good: bool, bad: bool) -> None:
    dialect = EdifactDialect(acknowledge={"CONTRL": occasion})
    assert (acknowledged(interchange(BODY), dialect) is not None) is good
    assert (acknowledged(interchange(BODY, count=2), dialect) is not None) is bad


def test_nobody_asks_unless_unb_does() -> None:
    content = interchange(BODY).replace(b"+REF1++++1'", b"+REF1'")
    assert acknowledged(content, EdifactDialect()) is None


def test_an_acknowledgement_is_not_acknowledged() -> None:
    payload = acknowledged(interchange(BODY))
    assert payload is not None
    assert acknowledged(payload.content) is None


def test_contrl_settles_what_it_names() -> None:
    bad = BODY.replace("100", "1OO")
    (message,) = read(acknowledged(interchange(BODY, bad)))
    told = CODEC.settlement(message)
    assert told is not None
    assert (told.kind, told.state) == ("CONTRL", AcknowledgedState.ACCEPTED_WITH_ERRORS)
    assert told.control_reference == "REF1"
    first, second = told.messages
    assert (first.reference, first.state) == ("1", AcknowledgedState.ACCEPTED)
    assert (second.reference, second.state) == ("2", AcknowledgedState.REJECTED)
    assert second.reasons == ("segment 6 element 2.2: 37 invalid type of character",)


@pytest.mark.parametrize(
    ("content", "state", "reasons"),
    [
        (interchange(BODY), AcknowledgedState.ACCEPTED, ()),
        (
            interchange(BODY, count=2),
            AcknowledgedState.REJECTED,
            ("UNZ: 29 count does not match what was received",),
        ),
    ],
)
def test_contrl_settles_the_interchange(
    content: bytes, state: AcknowledgedState, reasons: tuple[str, ...]
) -> None:
    (message,) = read(acknowledged(content))
    told = CODEC.settlement(message)
    assert told is not None
    assert (told.state, told.reasons) == (state, reasons)


def test_contrl_may_say_no_more_than_that_it_came() -> None:
    text = "UCI+REF1+A+B+8'"
    payload = CODEC.write(Markup("CONTRL", text), OWN, EdifactDialect())
    told = CODEC.settlement(read(payload)[0])
    assert told is not None
    assert (told.state, told.messages) == (AcknowledgedState.RECEIVED, ())


def test_aperak_tells_reasons_in_words() -> None:
    (receipt,) = report(interchange(BODY.replace("100", "1OO"))).receipts
    assert has_errors(receipt.faults)
    told = segments(aperak(receipt, report(interchange(BODY)).theirs, OWN))
    assert told[0] == "BGM++4711-1+27"
    assert told[1] == "DTM+137:202611220705:203"
    assert told[2:6] == [
        "RFF+ACW:1",
        "RFF+ACE:REF1",
        "NAD+MS+7309876543210::9",
        "NAD+MR+7301234567890::9",
    ]
    assert told[6] == "ERC+EDIF-122::91"
    assert told[7].startswith("FTX+AAO+++EDIFACT-122")


def test_an_aperak_says_in_any_set_what_was_wrong_with_any_characters() -> None:
    many = BODY.replace("DTM+137:20261121:102'", "DTM+137:20261121:102'" * 36)
    content = interchange(many.replace("7301234567890", "7301234567890\u20ac" * 4))
    for identifier in ("UNOA", "UNOC"):
        occasions = {"CONTRL": "always", "APERAK": "always"}
        dialect = EdifactDialect(acknowledge=occasions, identifier=identifier)
        payload = acknowledged(content, dialect)
        assert payload is not None
        assert b"\x1a" not in payload.content
        assert CODEC.check(payload, "APERAK", dialect) == ()
        assert b"at most 35" in payload.content.replace(b":", b"").lower()


def test_an_aperak_says_nothing_of_our_own_files() -> None:
    missing = Fault(
        code="MAP-001",
        message="a required value is missing",
        place=Place(line=1),
        target="currency",
        source="mappings/edifact/orders.yaml:10",
    )
    receipt = Receipt("ORDERS", "1", version="D:96A:UN", refused=(missing,))
    told = segments(aperak(receipt, report(interchange(BODY)).theirs, OWN))
    assert told[7].replace("\x10", ":").endswith("line 1 currency: a required value is missing")


def test_aperak_leaves_for_refused_messages_only_where_so_agreed() -> None:
    content = interchange(BODY, BODY.replace("100", "1OO"))
    dialect = EdifactDialect(acknowledge={"CONTRL": "never", "APERAK": "errors"})
    (message,) = read(acknowledged(content, dialect))
    told = CODEC.settlement(message)
    assert told is not None
    assert (told.kind, told.state) == ("APERAK", AcknowledgedState.REJECTED)
    assert (told.control_reference, told.messages[0].reference) == ("REF1", "2")
    assert told.reasons[0].startswith("EDIF-122: EDIFACT-122 line 1 ORDERS/SG25[1]/QTY")
    assert told.issued_at == OWN.sent_at


def test_aperak_accepts_what_has_no_errors() -> None:
    dialect = EdifactDialect(acknowledge={"CONTRL": "never", "APERAK": "always"})
    (message,) = read(acknowledged(interchange(BODY), dialect))
    told = CODEC.settlement(message)
    assert told is not None
    assert (told.state, told.reasons) == (AcknowledgedState.ACCEPTED, ())


@pytest.mark.parametrize("occasion", ["always", "errors"])
def test_no_aperak_speaks_of_messages_of_an_interchange_refused_whole(occasion: str) -> None:
    content = interchange(BODY, BODY.replace("100", "1OO"), count=5)
    silent = EdifactDialect(acknowledge={"CONTRL": "never", "APERAK": occasion})
    assert acknowledged(content, silent) is None
    both = EdifactDialect(acknowledge={"CONTRL": "always", "APERAK": occasion})
    assert [one.name for one in read(acknowledged(content, both))] == ["CONTRL"]


def test_an_aperak_of_others_names_the_document() -> None:
    text = "BGM++A1'DTM+137:20261121:102'RFF+IV:INV7'ERC+42'FTX+AAO+++too :late'"
    payload = CODEC.write(Markup("APERAK", text), OWN, EdifactDialect())
    told = CODEC.settlement(read(payload)[0])
    assert told is not None
    assert told.document_id == "INV7"
    assert told.state is AcknowledgedState.ACCEPTED_WITH_ERRORS
    assert told.reasons == ("42: too late",)
    assert told.messages == ()


def test_other_messages_settle_nothing() -> None:
    assert CODEC.settlement(CODEC.read(interchange(BODY), MEDIA).messages[0]) is None
