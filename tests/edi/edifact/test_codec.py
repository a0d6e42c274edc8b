"""EDIFACT becomes messages with trees and faults, and what is written passes the same tables."""

import csv
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.faults import Fault, Severity
from canonical.wire import (
    Credential,
    CredentialRole,
    Dialect,
    Envelope,
    Markup,
    Payload,
    Receipt,
)
from edi.edifact.codec import EdifactCodec
from edi.edifact.dialect import EdifactDialect
from edi.edifact.directory.editions import bare_edition
from edi.guides import read_guide
from edi.trees import rows_of
from tests.reference import reference_folder

CODEC = EdifactCodec()
MEDIA = "application/edifact"
START = "UNB+UNOC:3+7301234567890:14+7309876543210:14+261121:0830+REF1'"
BODY = (
    "BGM+220+PO1+9'DTM+137:20261121:102'NAD+BY+7301234567890::9'NAD+SU+7309876543210::9'"
    "LIN+1++7350012345675:EN'QTY+21:100:PCE'UNS+S'"
)
PIECES = (b"'", b"?", b"+", b":", b"UNA", b"UNB+", b"UNZ", b"\n", b"\x00", b"\x0e", b"\xff", b"")
OWN = Envelope(
    message_id="4711",
    sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="14", identity="7309876543210"),
        Credential(role=CredentialRole.TO, domain="14", identity="7301234567890"),
    ),
)


def interchange(*bodies: str, start: str = START, kind: str = "ORDERS:D:96A:UN:EAN008") -> bytes:
    text = start
    for number, body in enumerate(bodies, start=1):
        text += f"UNH+{number}+{kind}'{body}UNT+{body.count(chr(39)) + 2}+{number}'"
    return f"{text}UNZ+{len(bodies)}+REF1'".encode("latin-1")


def codes(faults: tuple[Fault, ...]) -> list[str]:
    return [one.code for one in faults]


def test_an_order_has_a_tree_and_an_envelope() -> None:
    reading = CODEC.read(interchange(BODY), MEDIA)
    (message,) = reading.messages
    assert (message.name, message.reference, message.faults) == ("ORDERS", "1", ())
    assert message.envelope.version == "D:96A:UN:EAN008"
    root = message.tree.root
    assert root[0] == ["UNH", "1", "ORDERS:D:96A:UN:EAN008"]
    assert [branch[0][0] for branch in root[1:]] == ["BGM", "DTM", "NAD", "NAD", "LIN", "UNS"]
    assert root[5] == [["LIN", "1", "", "7350012345675:EN"], [["QTY", "21:100:PCE"]]]
    assert message.tree.layout.position("BGM", "1004") == (2, None)
    assert reading.envelope is not None
    assert reading.envelope.message_id == "REF1"


def test_a_directory_that_is_not_there_is_named() -> None:
    (message,) = CODEC.read(interchange(BODY, kind="ORDERS:D:10B:UN"), MEDIA).messages
    assert codes(message.faults) == ["EDIFACT-037"]
    assert [branch[0][0] for branch in message.tree.root[1:3]] == ["BGM", "DTM"]


def test_a_message_that_a_directory_does_not_have_is_named() -> None:
    (message,) = CODEC.read(interchange(BODY, kind="IFTMIN:D:96A:UN"), MEDIA).messages
    assert codes(message.faults) == ["EDIFACT-038"]


def test_an_imported_directory_counts_before_those_that_are_shipped() -> None:
    codec = EdifactCodec({"D.10B": bare_edition("D.01B")})
    (message,) = codec.read(interchange(BODY, kind="ORDERS:D:10B:UN"), MEDIA).messages
    assert message.faults == ()


def test_a_cancellation_is_a_message_of_its_own() -> None:
    (message,) = CODEC.read(interchange(BODY.replace("PO1+9", "PO1+1")), MEDIA).messages
    assert message.name == "ORDERS.cancellation"


def test_released_characters_are_restored_by_the_tree() -> None:
    body = BODY.replace("PO1", "P?+O??1")
    (message,) = CODEC.read(interchange(body), MEDIA).messages
    row = message.tree.root[1][0]
    assert message.tree.restored is not None
    assert row[2].translate(message.tree.restored) == "P+O?1"


def test_a_row_of_the_tree_is_found_in_the_bytes() -> None:
    content = interchange(BODY, BODY)
    message = CODEC.read(content, MEDIA).messages[1]
    assert message.tree.place is not None
    row = message.tree.root[5][1][0]
    place = message.tree.place(row, 1, 1)
    assert place.offset == content.rindex(b"100:PCE")
    assert (place.message, place.segment) == (2, 7)


def test_a_bare_message_has_an_envelope_without_anybody() -> None:
    reading = CODEC.envelope(b"UNH+1+ORDERS:D:96A:UN'BGM+220'UNT+3+1'")
    assert reading.envelope == Envelope(message_id="")
    assert codes(reading.faults) == ["EDIFACT-015"]


def test_a_file_of_several_interchanges_is_cut_where_each_begins() -> None:
    one, two = interchange(BODY), b"\r\nUNA|;.? ~UNB;UNOC|3;a;b;261121|0830;2~UNZ;0;2~"
    parts = list(CODEC.interchanges(one + two + one))
    assert b"".join(parts) == one + two + one
    assert parts[0].startswith(b"UNB+")
    assert parts[1].strip().startswith(b"UNA|")
    assert parts[2] == one


def test_passwords_are_blanked_where_they_stand() -> None:
    start = "UNB+UNOC:3+A:14+B:14+261121:0830+REF1+sec?+ret:AA'"
    content = interchange(BODY, start=start)
    kept = CODEC.redacted(content, MEDIA)
    assert b"sec" not in kept
    assert len(kept) == len(content)
    assert kept.replace(b"XXX??XXX:AA", b"sec?+ret:AA") == content
    secret = CODEC.read(content, MEDIA).envelope
    assert secret is not None
    assert secret.credentials[0].secret == "sec+ret"


@pytest.mark.parametrize(
    "secret",
    [
        "12345678901234:AA",
        "LetMeIn:BB",
        "?+?+?+?+?+?+?+?+?+?+?+?+?+?+",
        "a??:b:c",
        "a*b",
        "a:",
        ":AA",
    ],
)
@pytest.mark.parametrize("version", [3, 4])
def test_what_is_blanked_has_the_same_faults_as_before(secret: str, version: int) -> None:
    start = f"UNB+UNOC:{version}+A:14+B:14+261121:0830+REF1+{secret}'"
    content = interchange(BODY, start=start)
    kept = CODEC.redacted(content, MEDIA)
    assert kept != content or secret == ":AA"
    assert codes(CODEC.read(kept, MEDIA).faults) == codes(CODEC.read(content, MEDIA).faults)


def test_a_character_that_cannot_be_written_is_found_before_it_leaves() -> None:
    dialect = EdifactDialect()
    payload = CODEC.write(Markup("ORDERS", BODY.replace("PO1", "Łódź")), OWN, dialect)
    assert "EDIFACT-050" in codes(CODEC.check(payload, "ORDERS", dialect))


def test_the_usual_dialect_serves_partners_with_none_of_their_own() -> None:
    dialect = Dialect(versions={"ORDERS": "D.01B EAN010"})
    assert CODEC.version("ORDERS", dialect) == "D.01B"
    assert CODEC.version("CONTRL", dialect) == "D.3"
    payload = CODEC.write(Markup("ORDERS", BODY), OWN, dialect)
    assert b"UNH+1+ORDERS:D:01B:UN:EAN010'" in payload.content
    layout = CODEC.layout("ORDERS", dialect)
    assert layout is not None
    assert layout.position("BGM", "1004") == (2, 0)
    assert CODEC.layout("ORDERS", Dialect(versions={"*": "D.77Z"})) is None


def test_an_acknowledgement_leaves_only_as_agreed() -> None:
    reading = CODEC.read(interchange(BODY), MEDIA)
    receipts = tuple(
        Receipt(one.name, one.reference, one.group, one.envelope.version or "", one.faults)
        for one in reading.messages
    )
    theirs = reading.envelope
    assert theirs is not None
    assert CODEC.acknowledged(theirs, receipts, (), OWN, EdifactDialect()) is None
    dialect = EdifactDialect(acknowledge={"CONTRL": "always"})
    payload = CODEC.acknowledged(theirs, receipts, (), OWN, dialect)
    assert payload is not None
    assert CODEC.check(payload, "CONTRL", dialect) == ()
    assert [one.name for one in CODEC.read(payload.content, MEDIA).messages] == ["CONTRL"]


SIGNS = "!#$%&*+,-./:;<=>?@[]^_`{|}~'\x1d\x1f¦§¬¤"
BLURRED = str.maketrans("\x0e\x10", "\x11\x11")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(SIGNS), min_size=5, max_size=5, unique=True),
    st.text(alphabet="aUö \x07\x0e\x10" + SIGNS, max_size=20),
)
def test_whatever_separates_a_value_is_read_as_it_was_meant(signs: list[str], value: str) -> None:
    component, element, release, repetition, terminator = signs
    spelt = "".join(release + char if char in signs else char for char in value)
    rows = [
        ["UNB", f"UNOC{component}4", "A", "B", f"20261122{component}1000", "1"],
        ["UNH", "1", component.join(["ORDERS", "D", "96A", "UN"])],
        ["FTX", "AAI", spelt, "x"],
        ["UNT", "3", "1"],
        ["UNZ", "1", "1"],
    ]
    una = f"UNA{component}{element}.{release}{repetition}{terminator}"
    text = una + "".join(element.join(row) + terminator for row in rows)
    (message,) = CODEC.read(text.encode("latin-1"), MEDIA).messages
    _, row = rows_of(message.tree.root)
    _, _, read, last = row
    read = read.translate(message.tree.restored or {})
    assert last == "x"
    if "".join(signs).isascii():
        assert read == value
    else:
        assert read.translate(BLURRED) == value.translate(BLURRED)


def test_our_own_samples_are_valid_as_their_table_says() -> None:
    folder = reference_folder("edi")
    with (folder / "own.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["file"][:3] != "X12"]
    assert len(rows) == 18
    for row in rows:
        reading = CODEC.read((folder / "own" / row["file"]).read_bytes(), MEDIA)
        found = {
            one.code
            for one in (*reading.faults, *(f for m in reading.messages for f in m.faults))
            if one.severity is Severity.ERROR
        }
        assert found == ({"EDIFACT-126"} if "EANCOM" in row["expected"] else set()), row["file"]


def test_a_payload_of_another_kind_is_told_from_an_interchange() -> None:
    assert codes(CODEC.check(Payload(b"<xml/>", "text/xml"), "ORDERS", Dialect())) == [
        "EDIFACT-003",
        "EDIFACT-002",
    ]


def test_a_partners_guide_allows_its_own_codes_in_its_own_edition() -> None:
    data = {"guide": "theirs", "edition": "D.96A", "codes": {"1001": {"add": ["22X"]}}}
    guide, wrong = read_guide(data, lambda _: "guides/theirs.yaml:1")
    assert wrong == ()
    codec, content = EdifactCodec(guides={"theirs": guide}), interchange(BODY.replace("220", "22X"))
    dialect = EdifactDialect(guide="theirs")
    assert codec.read(content, MEDIA, dialect=dialect).messages[0].faults == ()
    assert codes(codec.read(content, MEDIA).messages[0].faults) == ["EDIFACT-126"]
    other = content.replace(b"D:96A", b"D:01B")
    assert "EDIFACT-126" in codes(codec.read(other, MEDIA, dialect=dialect).messages[0].faults)


@pytest.mark.parametrize("syntax", ["UNOC:3", "UNOC:4"])
def test_a_partners_guide_rules_in_every_version_of_the_syntax(syntax: str) -> None:
    rules = {"BGM/1004": {"longest": "3"}, "PAI": "required"}
    data = {
        "guide": "theirs",
        "edition": "D.01B",
        "codes": {"1001": {"add": ["22X"]}},
        "messages": {"ORDERS": {"rules": rules}},
    }
    guide, wrong = read_guide(data, lambda _: "guides/theirs.yaml:1")
    assert wrong == ()
    codec, start = EdifactCodec(guides={"theirs": guide}), START.replace("UNOC:3", syntax)
    body = BODY.replace("220+PO1+9", "22X+PO123+9")
    content = interchange(body, start=start, kind="ORDERS:D:01B:UN")
    (message,) = codec.read(content, MEDIA, dialect=EdifactDialect(guide="theirs")).messages
    assert sorted(codes(message.faults)) == ["EDIFACT-104", "EDIFACT-121"]
