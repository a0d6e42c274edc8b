"""997, 999 and TA1 say of an interchange exactly what its faults are, and settle it when read."""

from datetime import UTC, datetime

import pytest

from canonical.faults import Fault, Severity
from canonical.interchange import AcknowledgedState
from canonical.wire import Credential, CredentialRole, Envelope, Markup, Receipt
from edi.acknowledging import Report
from edi.x12.acknowledgements import functional, ta1
from edi.x12.codec import X12Codec
from edi.x12.dialect import X12Dialect

CODEC = X12Codec()
MEDIA = "application/edi-x12"
ISA = (
    "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       "
    "*261121*0830*U*00401*000000101*1*P*>~"
)
BODY = "BEG*00*SA*PO1**20261121~PO1*1*100*EA*65.67**VP*584860-82~CTT*1~"
BAD = BODY.replace("*100*", "*1OO*")
OWN = Envelope(
    message_id="4711",
    sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="ZZ", identity="SUPPLIER"),
        Credential(role=CredentialRole.TO, domain="ZZ", identity="BUYER"),
    ),
)


def interchange(*bodies: str, version: str = "004010") -> bytes:
    text = f"{ISA}GS*PO*BUYER*SUPPLIER*20261121*0830*7*X*{version}~"
    for number, body in enumerate(bodies, start=1):
        text += f"ST*850*{number:04}~{body}SE*{body.count('~') + 2}*{number:04}~"
    return f"{text}GE*{len(bodies)}*7~IEA*1*000000101~".encode()


def report(content: bytes) -> Report:
    reading = CODEC.read(content, MEDIA)
    assert reading.envelope is not None
    receipts = tuple(
        Receipt(
            one.name,
            one.reference,
            one.group,
            one.envelope.version or "",
            one.faults,
            group_kind=one.group_kind,
        )
        for one in reading.messages
    )
    return Report(reading.envelope, receipts, reading.faults)


def told(content: bytes, **occasions: str) -> list[str]:
    dialect = X12Dialect(acknowledge=occasions)
    return [
        line for one in functional(report(content), dialect) for line in one.text.split("~")[:-1]
    ]


def test_a_clean_group_is_accepted_with_its_messages() -> None:
    assert told(interchange(BODY, BODY)) == [
        "AK1*PO*7", "AK2*850*0001", "AK5*A", "AK2*850*0002", "AK5*A", "AK9*A*2*2*2",
    ]  # fmt: skip


def test_a_wrong_element_is_named_with_its_data() -> None:
    assert told(interchange(BODY, BAD))[3:] == [
        "AK2*850*0002", "AK3*PO1*3**8", "AK4*2**6*1OO", "AK5*R*5", "AK9*P*2*2*1",
    ]  # fmt: skip


def test_a_missing_segment_is_reported_at_the_last_one_processed() -> None:
    lines = told(interchange(BODY.replace("BEG*00*SA*PO1**20261121~", "")))
    assert lines[2:] == ["AK3*BEG*1**3", "AK5*R*5", "AK9*R*1*1*0"]


def test_a_wrong_count_is_named_in_the_message_itself() -> None:
    lines = told(interchange(BODY).replace(b"SE*5", b"SE*6"))
    assert lines[2:] == ["AK5*R*4", "AK9*R*1*1*0"]


def test_a_wrong_trailer_refuses_the_group() -> None:
    lines = told(interchange(BODY).replace(b"GE*1", b"GE*2"))
    assert lines == ["AK1*PO*7", "AK9*R*1*1*0*5"], "nothing in it was taken in"


def test_a_refused_group_names_the_messages_that_are_wrong_too() -> None:
    lines = told(interchange(BODY, BAD).replace(b"GE*2", b"GE*3"))
    assert lines[1:] == [
        "AK2*850*0002", "AK3*PO1*3**8", "AK4*2**6*1OO", "AK5*R*5", "AK9*R*2*2*0*5",
    ]  # fmt: skip


def test_a_group_next_to_a_broken_one_is_refused_without_its_reason() -> None:
    other = (
        "GS*PO*BUYER*SUPPLIER*20261121*0830*8*X*004010~ST*850*0001~" + BODY + "SE*5*0001~GE*1*8~"
    )
    content = interchange(BODY).replace(b"GE*1", b"GE*2").replace(b"IEA*1", b"IEA*2")
    at = content.index(b"IEA")
    lines = told(content[:at] + other.encode() + content[at:])
    assert lines == ["AK1*PO*7", "AK9*R*1*1*0", "AK1*PO*8", "AK9*R*1*1*0"]


def test_a_refused_interchange_is_told_of_even_where_no_ta1_is_agreed() -> None:
    content = interchange(BODY).replace(b"IEA*1", b"IEA*2")
    assert told(content, TA1="always") == [], "TA1 says it"
    assert told(content, TA1="never") == ["AK1*PO*7", "AK9*R*1*1*0"]


def test_a_group_is_called_as_it_was_sent() -> None:
    content = interchange(BODY).replace(b"GS*PO", b"GS*OG").replace(b"ST*850", b"ST*875")
    assert told(content)[:2] == ["AK1*OG*7", "AK2*875*0001"]


def test_too_many_components_have_a_code_of_their_own_since_there_are_repetitions() -> None:
    odd = BODY.replace("*100*", "*100>1*")
    assert "AK4*2:2**3*1" in told(interchange(odd))
    newer = interchange(odd, version="005010").replace(b"*U*00401*", b"*^*00501*")
    assert "AK4*2:2**13*1" in told(newer, **{"997": "always"})


def test_a_tag_that_none_can_have_is_told_in_its_least_length() -> None:
    lines = told(interchange(BODY.replace("CTT*1", "*1")))
    assert "AK3*..*4**1" in lines


def test_what_cannot_be_written_is_told_with_a_point_in_its_place() -> None:
    content = interchange(BODY.replace("*100*", "*1\x07\u20acO*"))
    at = report(content)
    dialect = X12Dialect(acknowledge={"997": "always", "TA1": "never"})
    payload = CODEC.acknowledged(at.theirs, at.receipts, at.faults, OWN, dialect)
    assert payload is not None
    assert CODEC.check(payload, "997", dialect) == ()


def test_warnings_are_noted_and_accepted() -> None:
    lines = told(interchange(BODY.replace("584860", "58\x07860")))
    assert lines[2:] == ["AK5*E*5", "AK9*E*1*1*1"]


def test_notes_are_not_spoken_of() -> None:
    note = Fault(code="X-1", message="hm", severity=Severity.NOTE)
    receipt = Receipt("850", "0001", "7", "004010", (note,))
    (body,) = functional(Report(OWN, (receipt,)), X12Dialect())
    assert body.text == "AK1*PO*7~AK2*850*0001~AK5*A~AK9*A*1*1*1~"


def test_a_fault_without_code_refuses_all_the_same() -> None:
    receipt = Receipt("850", "0001", "7", "004010", (Fault(code="X-1", message="no"),))
    (body,) = functional(Report(OWN, (receipt,)), X12Dialect())
    assert "AK5*R*5~" in body.text


def test_since_5010_the_words_are_those_of_999() -> None:
    lines = told(interchange(BAD, version="005010"))
    assert lines == [
        "AK1*PO*7*005010", "AK2*850*0001", "IK3*PO1*3**8", "IK4*2**6*1OO", "IK5*R*5", "AK9*R*1*1*0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "agreed", "name"),
    [("004010", {}, "997"), ("005010", {}, "999"), ("005010", {"997": "always"}, "997"),
     ("005010", {"997": "always", "999": "always"}, "999")],
)  # fmt: skip
def test_a_partner_may_want_the_other_one(version: str, agreed: dict[str, str], name: str) -> None:
    bodies = functional(report(interchange(BODY, version=version)), X12Dialect(acknowledge=agreed))
    assert [one.name for one in bodies] == [name]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (interchange(BODY), "TA1*000000101*261121*0830*A*000~"),
        (interchange(BODY).replace(b"IEA*1", b"IEA*2"), "TA1*000000101*261121*0830*R*021~"),
        (interchange(BODY) + b"bye", "TA1*000000101*261121*0830*E*024~"),
    ],
)
def test_ta1_says_whether_the_interchange_is_accepted(content: bytes, line: str) -> None:
    assert ta1(report(content)) == line


def test_a_refused_interchange_has_no_word_on_its_groups() -> None:
    assert told(interchange(BODY).replace(b"IEA*1", b"IEA*2")) == []


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
    for name in ("997", "TA1"):
        dialect = X12Dialect(acknowledge={"997": "never", "TA1": "never", name: occasion})
        for content, wanted in ((interchange(BODY), good), (interchange(BAD), bad)):
            one = report(content)
            made = CODEC.acknowledged(one.theirs, one.receipts, one.faults, OWN, dialect)
            assert (made is not None) is wanted


def test_an_acknowledgement_is_not_acknowledged() -> None:
    dialect = X12Dialect(acknowledge={"997": "always", "TA1": "always"})
    one = report(interchange(BODY))
    made = CODEC.acknowledged(one.theirs, one.receipts, one.faults, OWN, dialect)
    assert made is not None
    assert told(made.content) == []
    answer = X12Dialect(acknowledge={"997": "never", "TA1": "always"})
    only = CODEC.acknowledged(one.theirs, one.receipts, one.faults, OWN, answer)
    assert only is not None
    again = report(only.content)
    assert CODEC.acknowledged(again.theirs, again.receipts, again.faults, OWN, answer) is None


@pytest.mark.parametrize("version", ["004010", "005010"])
def test_what_we_acknowledge_with_is_valid_and_settles(version: str) -> None:
    dialect = X12Dialect(versions={"*": version}, acknowledge={"TA1": "always"})
    one = report(interchange(BODY, BAD, version=version))
    made = CODEC.acknowledged(one.theirs, one.receipts, one.faults, OWN, dialect)
    assert made is not None
    assert CODEC.check(made, "997", dialect) == ()
    first, second = (CODEC.settlement(m) for m in CODEC.read(made.content, MEDIA).messages)
    assert first is not None
    assert (first.kind, first.state) == ("TA1", AcknowledgedState.ACCEPTED)
    assert second is not None
    assert second.state is AcknowledgedState.ACCEPTED_WITH_ERRORS
    assert second.group_reference == "7"
    assert [message.state for message in second.messages] == [
        AcknowledgedState.ACCEPTED,
        AcknowledgedState.REJECTED,
    ]
    assert second.messages[1].reasons == (
        "segment 3 PO1: 8 elements in error",
        "segment 3 PO1 element 2: 6 invalid character",
        "5 segments in error",
    )


def test_a_refusal_by_ta1_has_its_reason() -> None:
    answer = "TA1*000000007*261121*0831*R*025~"
    (message,) = CODEC.read(f"{ISA}{answer}IEA*0*000000101~".encode(), MEDIA).messages
    settled = CODEC.settlement(message)
    assert settled is not None
    assert (settled.control_reference, settled.state) == ("000000007", AcknowledgedState.REJECTED)
    assert settled.reasons == ("025 number of interchange came before",)


def test_codes_that_nobody_knows_stay_codes() -> None:
    body = Markup("997", "AK1*PO*7~AK2*850*0001~AK5*R*77~AK9*R*1*1*0*88~")
    payload = CODEC.write(body, OWN, X12Dialect())
    settled = CODEC.settlement(CODEC.read(payload.content, MEDIA).messages[0])
    assert settled is not None
    assert settled.reasons == ("88 error",)
    assert settled.messages[0].reasons == ("77 error",)
