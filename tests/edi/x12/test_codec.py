"""X12 becomes messages with trees and faults, and what is written passes the same tables."""

import csv
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Fault, Severity, has_errors
from canonical.wire import (
    Credential,
    CredentialRole,
    Dialect,
    Envelope,
    Markup,
    Message,
    Receipt,
    Verdict,
)
from edi.guides import read_guide
from edi.x12.codec import X12Codec
from edi.x12.dialect import GROUPS, X12Dialect
from edi.x12.editions import edition
from tests.reference import reference_folder

CODEC = X12Codec()
MEDIA = "application/edi-x12"
ISA = "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       *261121*0830*U*00401*000000101*0*P*>~"  # noqa: E501
BODY = "BEG*00*SA*PO1**20261121~PO1*1*100*EA*65.67**VP*584860-82~CTT*1~"
PIECES = (b"~", b"*", b">", b"ISA*", b"GS*", b"SE*", b"\n", b"\x00", b"\x0e", b"\xff", b"")
OWN = Envelope(
    message_id="4711",
    sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="ZZ", identity="SUPPLIER"),
        Credential(role=CredentialRole.TO, domain="ZZ", identity="BUYER"),
    ),
)


def interchange(*bodies: str, name: str = "850", version: str = "004010") -> bytes:
    text = f"{ISA}GS*{GROUPS.get(name, 'PO')}*BUYER*SUPPLIER*20261121*0830*101*X*{version}~"
    for number, body in enumerate(bodies, start=1):
        text += f"ST*{name}*{number:04}~{body}SE*{body.count('~') + 2}*{number:04}~"
    return f"{text}GE*{len(bodies)}*101~IEA*1*000000101~".encode("latin-1")


def codes(faults: tuple[Fault, ...]) -> list[str]:
    return [one.code for one in faults]


def test_an_order_has_a_tree_and_an_envelope() -> None:
    reading = CODEC.read(interchange(BODY), MEDIA)
    (message,) = reading.messages
    assert (message.name, message.reference, message.group) == ("850", "0001", "101")
    assert (message.faults, message.envelope.version) == ((), "004010")
    root = message.tree.root
    assert [branch[0][0] for branch in root[1:]] == ["BEG", "PO1", "CTT"]
    assert message.tree.layout.position("BEG", "03") == (3, None)
    assert reading.envelope is not None
    sender = reading.envelope.credentials[0]
    assert (reading.envelope.message_id, sender.domain, sender.identity) == (
        "000000101",
        "ZZ",
        "BUYER",
    )


def test_one_bad_message_does_not_sink_its_neighbours() -> None:
    bad = BODY.replace("*100*", "*1OO*")
    first, second, third = CODEC.read(interchange(BODY, bad, BODY), MEDIA).messages
    assert (first.faults, third.faults) == ((), ())
    assert codes(second.faults) == ["X12-122"]
    assert second.faults[0].standard == "AK403:6"


def test_a_release_that_is_not_there_is_named() -> None:
    (message,) = CODEC.read(interchange(BODY, version="003040"), MEDIA).messages
    assert codes(message.faults) == ["X12-037"]
    assert [branch[0][0] for branch in message.tree.root[1:]] == ["BEG", "PO1", "CTT"]
    assert message.tree.layout.position("BEG", "03") is None


def test_a_message_that_the_tables_do_not_have_is_named() -> None:
    (message,) = CODEC.read(interchange(BODY, name="834"), MEDIA).messages
    assert codes(message.faults) == ["X12-038"]


def test_supplied_tables_count_before_ours() -> None:
    codec = X12Codec({"003040": edition("004010")})
    (message,) = codec.read(interchange(BODY, version="003040"), MEDIA).messages
    assert message.faults == ()


def test_implementation_versions_use_the_tables_of_their_release() -> None:
    (message,) = CODEC.read(interchange(BODY, version="004010VICS"), MEDIA).messages
    assert message.faults == ()


def test_a_partner_lowers_what_a_check_leads_to() -> None:
    content = interchange(BODY).replace(b"SE*5", b"SE*6").replace(b"GE*1", b"GE*2")
    dialect = X12Dialect(severities={"X12-020": "note", "X12-018": "ignore"})
    reading = CODEC.read(content, MEDIA, dialect=dialect)
    assert reading.faults == ()
    assert [one.severity for one in reading.messages[0].faults] == [Severity.NOTE]
    plain = CODEC.read(content, MEDIA)
    assert has_errors(plain.faults)
    assert has_errors(plain.messages[0].faults)


def test_strictness_makes_everything_an_error() -> None:
    reading = CODEC.read(b"\xef\xbb\xbf" + interchange(BODY), MEDIA, strict=True)
    assert {one.severity for one in reading.faults} == {Severity.ERROR}
    bad = CODEC.read(interchange(BODY.replace("PO1", "PO1\x07", 1)), MEDIA, strict=True)
    assert {one.severity for one in bad.messages[0].faults} == {Severity.ERROR}


@pytest.mark.parametrize(
    ("code", "name"), [("CR", "810.credit"), ("CN", "810.credit"), ("DI", "810")]
)
def test_a_credit_note_is_a_message_of_its_own(code: str, name: str) -> None:
    body = f"BIG*20261122*F1***1**{code}~IT1*1*1*EA*1**VP*A~TDS*100~CTT*1~"
    (message,) = CODEC.read(interchange(body, name="810"), MEDIA).messages
    assert message.name == name


@pytest.mark.parametrize(
    ("name", "body"),
    [("850", BODY.replace("BEG*00", "BEG*01")), ("860", "BCH*01*SA*PO1***20261121~")],
)
def test_a_cancellation_is_a_message_of_its_own(name: str, body: str) -> None:
    (message,) = CODEC.read(interchange(body, name=name), MEDIA).messages
    assert message.name == f"{name}.cancellation"


def test_loops_lie_in_the_loops_they_name_and_rows_are_found_all_the_same() -> None:
    body = (
        "BSN*00*FS1*20261121*0915~HL*1**S~HL*2*1*O~PRF*A~HL*3*1*O~PRF*B~HL*4*2*I~SN1**1*EA~"
        "HL*5*9*I~SN1**2*EA~"
    )
    (message,) = CODEC.read(interchange(body, name="856"), MEDIA).messages
    root = message.tree.root
    shipment = root[2]
    assert [branch[0] for branch in shipment[1:]] == [["HL", "2", "1", "O"], ["HL", "3", "1", "O"]]
    assert shipment[1][2][0] == ["HL", "4", "2", "I"]
    assert codes(message.faults) == ["X12-028"]
    assert root[3][0] == ["HL", "5", "9", "I"]
    assert message.tree.place is not None
    assert message.tree.place(shipment[1][2][1][0], 2, None).segment == 9


def test_the_envelope_is_read_without_the_messages() -> None:
    reading = CODEC.envelope(ISA.encode() + b"GS*PO" + b"x" * 1000)
    assert reading.envelope is not None
    assert reading.faults == ()


def test_a_bare_group_has_an_envelope_without_anybody() -> None:
    reading = CODEC.envelope(b"GS*PO*A*B*20261121*0830*1*X*004010~ST*850*0001~")
    assert reading.envelope == Envelope(message_id="")
    assert codes(reading.faults) == ["X12-015"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n", b"ISAAC*", b"UNB+UNOC:3"])
def test_what_is_no_interchange_has_no_envelope(content: bytes) -> None:
    reading = CODEC.envelope(content)
    assert reading.envelope is None
    assert has_errors(reading.faults)


def test_a_file_of_several_interchanges_is_cut_where_each_begins() -> None:
    one, two = interchange(BODY), interchange().replace(b"*", b"|").replace(b"~", b"\n")
    parts = list(CODEC.interchanges(one + b"\n" + two + one))
    assert b"".join(parts) == one + b"\n" + two + one
    assert [part.strip()[:4] for part in parts] == [b"ISA*", b"ISA|", b"ISA*"]


def test_a_stream_gives_envelope_messages_and_faults_in_their_order() -> None:
    content = interchange(BODY, BODY).replace(b"IEA*1", b"IEA*3")
    chunks = (content[at : at + 10] for at in range(0, len(content), 10))
    assert [type(unit) for unit in CODEC.messages(chunks)] == [Envelope, Message, Message, Fault]


def test_passwords_are_blanked_where_they_stand() -> None:
    content = interchange(BODY).replace(
        b"00*          *00*          ", b"01*me        *01*secret    "
    )
    kept = CODEC.redacted(content, MEDIA)
    assert kept[:37] == b"ISA*01*XX        *01*XXXXXX    *ZZ*BU"
    assert kept[37:] == content[37:]
    reading = CODEC.envelope(content)
    assert reading.envelope is not None
    assert reading.envelope.credentials[0].secret == "secret"


def test_what_is_written_is_read_back() -> None:
    payload = CODEC.write(Markup("850", BODY), OWN, X12Dialect())
    assert payload.media_type == MEDIA
    assert CODEC.check(payload, "850", X12Dialect()) == ()
    reading = CODEC.read(payload.content, MEDIA)
    assert reading.envelope is not None
    assert reading.envelope.message_id == "000004711"
    assert reading.envelope.sent_at == OWN.sent_at
    assert reading.envelope.credentials == OWN.credentials


def test_what_leaves_is_checked_more_strictly_than_what_comes() -> None:
    dialect = X12Dialect(severities={"X12-122": "ignore"})
    payload = CODEC.write(Markup("850", BODY.replace("*100*", "*1OO*")), OWN, dialect)
    found = CODEC.check(payload, "850", dialect)
    assert codes(found) == ["X12-122"]
    assert has_errors(found)


@pytest.mark.parametrize("text", ["Łódź", "a>b", "a\x0fb"])
def test_a_character_that_cannot_be_written_is_found_before_it_leaves(text: str) -> None:
    payload = CODEC.write(Markup("850", BODY.replace("584860-82", text)), OWN, X12Dialect())
    assert "X12-050" in codes(CODEC.check(payload, "850", X12Dialect()))


def test_the_usual_dialect_serves_partners_with_none_of_their_own() -> None:
    dialect = Dialect(versions={"*": "005010"})
    assert CODEC.version("850", dialect) == "005010"
    layout = CODEC.layout("850", dialect)
    assert layout is not None
    assert layout.position("PO1", "02") == (2, None)
    assert CODEC.layout("850", Dialect(versions={"*": "003040"})) is None


def test_a_verdict_is_answered_in_words() -> None:
    assert CODEC.acknowledgement(Verdict.ACCEPTED, OWN, Dialect()).content == b"accepted\n"
    told = CODEC.acknowledgement(Verdict.UNREADABLE, OWN, Dialect(), detail="no ISA")
    assert told.content == b"unreadable: no ISA\n"


def test_an_acknowledgement_leaves_only_as_agreed_and_is_read_back() -> None:
    reading = CODEC.read(interchange(BODY, BODY.replace("*100*", "*1OO*")), MEDIA)
    receipts = tuple(
        Receipt(one.name, one.reference, one.group, one.envelope.version or "", one.faults)
        for one in reading.messages
    )
    theirs = reading.envelope
    assert theirs is not None
    never = X12Dialect(acknowledge={"997": "never"})
    assert CODEC.acknowledged(theirs, receipts, (), OWN, never) is None
    both = X12Dialect(acknowledge={"997": "always", "TA1": "always"})
    payload = CODEC.acknowledged(theirs, receipts, (), OWN, both)
    assert payload is not None
    assert CODEC.check(payload, "997", both) == ()
    first, second = CODEC.read(payload.content, MEDIA).messages
    assert (first.name, second.name) == ("TA1", "997")
    assert CODEC.settlement(first).control_reference == "000000101"
    assert [one.state.value for one in CODEC.settlement(second).messages] == [
        "accepted",
        "rejected",
    ]
    assert CODEC.settlement(reading.messages[0]) is None


def test_every_fault_that_reading_gives_is_declared() -> None:
    assert len({one.code for one in CODEC.faults}) == len(CODEC.faults)


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_raise(content: bytes) -> None:
    CODEC.read(content, MEDIA)
    CODEC.read(ISA.encode() + content, MEDIA)
    CODEC.envelope(content)
    assert len(CODEC.redacted(content, MEDIA)) == len(content)
    assert b"".join(CODEC.interchanges(content)) == content


@given(st.data())
def test_no_mutation_of_an_interchange_makes_reading_raise(data: st.DataObject) -> None:
    content = bytearray(interchange(BODY, BODY))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.sampled_from(PIECES))
    reading = CODEC.read(bytes(content), MEDIA)
    chunked = [type(one) for one in CODEC.messages([bytes(content[:150]), bytes(content[150:])])]
    assert chunked.count(Message) == len(reading.messages)


def test_our_own_samples_are_valid_as_their_table_says() -> None:
    folder = reference_folder("edi")
    with (folder / "own.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["file"][:3] == "X12"]
    assert len(rows) == 12
    for row in rows:
        reading = CODEC.read((folder / "own" / row["file"]).read_bytes(), MEDIA)
        assert reading.messages, row["file"]
        assert reading.faults == (), row["file"]
        assert [message.faults for message in reading.messages] == [()], row["file"]


def test_a_partners_guide_tightens_what_a_release_allows() -> None:
    rule = {"850": {"rules": {"PO1/PO1/04": "required"}}}
    data = {"guide": "theirs", "edition": "004010", "messages": rule}
    guide, _ = read_guide(data, lambda _: "guides/theirs.yaml:1")
    codec, content = X12Codec(guides={"theirs": guide}), interchange(BODY.replace("65.67", ""))
    dialect = X12Dialect(guide="theirs")
    assert codec.read(content, MEDIA).messages[0].faults == ()
    assert codes(codec.read(content, MEDIA, dialect=dialect).messages[0].faults) == ["X12-110"]


def test_a_message_that_is_too_long_is_told_and_its_neighbours_read() -> None:
    content = interchange(BODY, BODY.replace("CTT", "MSG*x~" * 500 + "CTT"), BODY)
    given = [
        one
        for one in CODEC.messages((content,), X12Dialect(message_limit=1000))
        if isinstance(one, Message)
    ]
    assert [codes(one.faults) for one in given] == [[], ["X12-041"], []]
    assert given[1].tree.root == [["ST", "850", "0002"]]
