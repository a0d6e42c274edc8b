"""What mappings write leaves padded, counted and numbered, in the partner's separators."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.wire import Credential, CredentialRole, Dialect, Envelope, Markup
from edi.bodies import Long
from edi.units import Arrived
from edi.x12.dialect import X12Dialect, dialect_of, version_of
from edi.x12.reader import Reader
from edi.x12.writer import Writer, data, number_of, segment

OWN = Envelope(
    message_id="4711",
    sent_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="01", identity="US"),
        Credential(role=CredentialRole.TO, domain="", identity="THEM"),
    ),
)
BODY = Markup("855", "BAK*00*AC*PO1*20261122~")
HEADER = "ISA*00*          *00*          *01*US             *ZZ*THEM           *261122*0705*"


def written(*bodies: Markup | Long, envelope: Envelope = OWN, **dialect: object) -> str:
    writer = Writer(X12Dialect(**dialect))
    return b"".join(writer.interchange(bodies, envelope)).decode("latin-1")


def test_the_envelope_is_padded_counted_and_numbered() -> None:
    text = written(BODY, BODY)
    assert text == (
        f"{HEADER}U*00401*000004711*0*P*>~GS*PR*US*THEM*20261122*0705*4711*X*004010~"
        "ST*855*0001~BAK*00*AC*PO1*20261122~SE*3*0001~"
        "ST*855*0002~BAK*00*AC*PO1*20261122~SE*3*0002~GE*2*4711~IEA*1*000004711~"
    )
    assert text.index("GS*") == 106


def test_repetition_has_a_separator_since_5010() -> None:
    assert f"{HEADER}^*00501*000004711" in written(BODY, versions={"*": "005010"})


def test_what_is_asked_stands_in_the_header() -> None:
    envelope = replace(OWN, test=True, acknowledge=True, application="DEPT", credentials=(
        replace(OWN.credentials[0], secret="pw"), OWN.credentials[1],
    ))  # fmt: skip
    text = written(BODY, envelope=envelope)
    assert text.startswith("ISA*00*          *01*pw        *01*US")
    assert "*000004711*1*T*>~GS*PR*US*DEPT*" in text


def test_messages_of_one_type_make_a_group() -> None:
    text = written(BODY, Markup("856", "BSN*00~"), BODY)
    assert "GE*1*4711~GS*SH*US*THEM*20261122*0705*471102*X*004010~ST*856*0001~" in text
    assert text.endswith("GE*1*471103~IEA*3*000004711~")


@pytest.mark.parametrize(
    ("reference", "number"),
    [("1", "000000001"), ("123456789", "123456789"), ("9999999991", "999999991"),
     ("a1@us", "000000000"), ("", "000000000"), ("\u0661", "000000000")],
)  # fmt: skip
def test_control_numbers_have_nine_digits(reference: str, number: str) -> None:
    assert number_of(reference) == number


def test_any_separators_are_written() -> None:
    text = written(Markup("855", "BAK*a:b^c~"), signs="|:^\n", versions={"*": "005010"})
    assert "BAK|a:b^c\n" in text
    assert text.startswith("ISA|00|")
    assert "|P|:\nGS|PR|" in text


def test_separators_may_change_places() -> None:
    text = written(Markup("855", segment("BAK", "a:b", "c")), signs=":*^~")
    assert "BAK:a*b:c~" in text


def test_every_segment_may_end_a_line() -> None:
    assert written(BODY, lines=True).splitlines()[3] == "BAK*00*AC*PO1*20261122~"


@pytest.mark.parametrize(
    ("value", "spelt"), [("a*b", "a#b"), ("a~b", "a#b"), ("a>b", "a#b"), ("a:b", "a:b"), ("Ł", "#")]
)
def test_what_cannot_be_written_is_replaced_or_told(value: str, spelt: str) -> None:
    body = Markup("855", segment("BAK", data(value)))
    for substitute, code in (("#", "X12-051"), ("", "X12-050")):
        writer = Writer(X12Dialect(substitute=substitute))
        content = b"".join(writer.interchange([body], OWN)).decode("latin-1")
        assert f"BAK*{spelt if substitute else spelt.replace('#', chr(0x1A))}~" in content
        assert [one.code for one in writer.faults] == ([code] if spelt != value else [])


def test_an_interchange_may_hold_answers_only() -> None:
    content = b"".join(Writer(X12Dialect()).interchange((), OWN, ("TA1*000000101~",))).decode()
    assert content.endswith("*P*>~TA1*000000101~IEA*0*000004711~")


@pytest.mark.parametrize(
    "envelope", [replace(OWN, sent_at=None), replace(OWN, credentials=OWN.credentials[:1])]
)
def test_nobody_can_be_left_out_of_an_envelope(envelope: Envelope) -> None:
    with pytest.raises(ValueError, match="an interchange needs"):
        written(BODY, envelope=envelope)


@pytest.mark.parametrize("signs", ["*>^", "**^~", "*>^a", "*>^ ", "*>^…", "*>^\x0e"])
def test_separators_that_nobody_can_use_are_our_mistake(signs: str) -> None:
    with pytest.raises(ValueError, match="four different signs"):
        written(BODY, signs=signs)


def test_a_long_list_goes_on_in_another_message() -> None:
    items = (f"LIN*{n}~CTP*{n}~" for n in range(500_100))
    body = Long("832", "BCT*PC~", items, lambda held: f"CTT*{held}~")
    counts = []
    writer = Writer(X12Dialect())
    for unit in Reader(writer.interchange([body], OWN), part=1 << 18):
        if isinstance(unit, Arrived):
            assert unit.faults == ()
            if unit.piece.last:
                counts.append(unit.piece.segment + unit.piece.count - 1)
    assert counts == [999_998, 1_000_200 - 999_994 + 4]


def test_999_is_of_the_version_that_brought_it() -> None:
    assert version_of("999", X12Dialect()) == "005010"
    assert version_of("997", X12Dialect(versions={"997": "003040"})) == "003040"
    assert version_of("855.x", X12Dialect(versions={"855": "005010"})) == "005010"
    assert dialect_of(Dialect(versions={"*": "005010"})).versions == {"*": "005010"}


PLAIN = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1)


@given(st.lists(st.lists(PLAIN, min_size=1, max_size=4), max_size=5))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    body = Markup("850", "".join(segment("MSG", *map(data, row)) for row in rows))
    for signs in ("\x1d\x1f\x1c\x1e", "\x1d\x1f\x1c\n"):
        dialect = X12Dialect(signs=signs, versions={"*": "005010"}, encoding="utf-8")
        content = b"".join(Writer(dialect).interchange([body], OWN))
        (piece,) = (unit.piece for unit in Reader([content]) if isinstance(unit, Arrived))
        restored = piece.restored or {}
        back = [[part.translate(restored) for part in row[1:]] for row in piece.rows()[1:-1]]
        assert back == rows
