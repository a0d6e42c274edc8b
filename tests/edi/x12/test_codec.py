"""X12 becomes messages with trees and faults, and what is written passes the same tables."""

import csv
from datetime import UTC, datetime

import pytest

from canonical.faults import Fault
from canonical.wire import (
    Credential,
    CredentialRole,
    Dialect,
    Envelope,
    Markup,
    Message,
    Receipt,
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


def test_a_bare_group_has_an_envelope_without_anybody() -> None:
    reading = CODEC.envelope(b"GS*PO*A*B*20261121*0830*1*X*004010~ST*850*0001~")
    assert reading.envelope == Envelope(message_id="")
    assert codes(reading.faults) == ["X12-015"]


def test_a_file_of_several_interchanges_is_cut_where_each_begins() -> None:
    one, two = interchange(BODY), interchange().replace(b"*", b"|").replace(b"~", b"\n")
    parts = list(CODEC.interchanges(one + b"\n" + two + one))
    assert b"".join(parts) == one + b"\n" + two + one
    assert [part.strip()[:4] for part in parts] == [b"ISA*", b"ISA|", b"ISA*"]


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


@pytest.mark.parametrize("cut", [b"SE*5*0001", b"GE*1*101", b"IEA*1*000000101"])
@pytest.mark.parametrize("size", [1, 64, 10_000])
def test_a_trailer_without_end_takes_no_password_of_the_next_interchange_with_it(
    cut: bytes, size: int
) -> None:
    whole = interchange(BODY)
    torn = whole[: whole.index(cut) + len(cut)]
    proven = whole.replace(b"*00*          *ZZ*BUYER", b"*01*secret    *ZZ*BUYER", 1)
    content = torn + b"\r\n" + proven
    assert list(CODEC.interchanges(content)) == [torn + b"\r\n", proven]
    assert b"secret" not in CODEC.redacted(content, MEDIA)
    chunks = (content[at : at + size] for at in range(0, len(content), size))
    names = [one.name for one in CODEC.messages(chunks) if isinstance(one, Message)]
    assert names == ["850", "850"]


def test_of_loops_that_belong_nowhere_the_first_thousand_are_told() -> None:
    loops = "".join(f"HL*{number}*{number}*I~" for number in range(1, 5001))
    body = f"BSN*00*SHIP1*20261122*0830~{loops}CTT*5000~"
    (message,) = CODEC.read(interchange(body, name="856"), MEDIA).messages
    assert codes(message.faults) == ["X12-028"] * 1000 + ["X12-199"]
    assert [one.place.segment for one in message.faults[-2:] if one.place] == [1002, 1003]


def test_a_partners_guide_tightens_what_a_release_allows() -> None:
    rule = {"850": {"rules": {"PO1/PO1/04": "required"}}}
    data = {"guide": "theirs", "edition": "004010", "messages": rule}
    guide, _ = read_guide(data, lambda _: "guides/theirs.yaml:1")
    codec, content = X12Codec(guides={"theirs": guide}), interchange(BODY.replace("65.67", ""))
    dialect = X12Dialect(guide="theirs")
    assert codec.read(content, MEDIA).messages[0].faults == ()
    assert codes(codec.read(content, MEDIA, dialect=dialect).messages[0].faults) == ["X12-110"]
