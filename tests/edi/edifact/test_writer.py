"""What mappings write leaves in the partner's separators, characters, numbers and limits."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.wire import Credential, CredentialRole, Envelope, Markup
from edi.bodies import Long
from edi.edifact.dialect import EdifactDialect
from edi.edifact.reader import Reader
from edi.edifact.writer import Writer, composite, data, segment, stamp
from edi.units import Arrived

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
OWN = Envelope(
    message_id="4711",
    sent_at=NOW,
    credentials=(
        Credential(role=CredentialRole.FROM, domain="14", identity="US", kind="back"),
        Credential(role=CredentialRole.TO, domain="ZZ", identity="THEM+CO"),
    ),
)
BODY = Markup("ORDERS", "BGM+220+7+9'")


def written(*bodies: Markup | Long, envelope: Envelope = OWN, **dialect: object) -> str:
    writer = Writer(EdifactDialect(**dialect))
    return b"".join(writer.interchange(bodies, envelope)).decode("utf-8", "replace")


def test_the_envelope_is_counted_and_numbered() -> None:
    assert written(BODY, BODY) == (
        "UNB+UNOC:3+US:14:back+THEM?+CO:ZZ+261122:0705+4711'"
        "UNH+1+ORDERS:D:96A:UN'BGM+220+7+9'UNT+3+1'"
        "UNH+2+ORDERS:D:96A:UN'BGM+220+7+9'UNT+3+2'UNZ+2+4711'"
    )


def test_everything_that_is_asked_stands_in_unb() -> None:
    envelope = replace(
        OWN, test=True, acknowledge=True, application="PURCH", credentials=(
            replace(OWN.credentials[0], secret="PW"), OWN.credentials[1],
        ),
    )  # fmt: skip
    text = written(BODY, envelope=envelope, agreement="DEAL")
    assert text.startswith("UNB+UNOC:3+US:14:back+THEM?+CO:ZZ+261122:0705+4711+PW+PURCH++1+DEAL+1'")


@pytest.mark.parametrize(("syntax", "spelt"), [(1, "261122"), (3, "261122"), (4, "20261122")])
def test_years_have_four_digits_from_version_4_on(syntax: int, spelt: str) -> None:
    assert stamp(NOW, syntax) == f"{spelt}:0705"
    assert f"+{spelt}:0705+" in written(BODY, syntax=syntax)


@pytest.mark.parametrize(
    ("dialect", "una"),
    [
        ({}, ""),
        ({"una": True}, "UNA:+.? '"),
        ({"una": True, "syntax": 4, "identifier": "UNOY"}, "UNA:+.?*'"),
        ({"separators": "|;,!*~"}, "UNA|;,! ~"),
        ({"una": True, "lines": True}, "UNA:+.? '\r\n"),
    ],
)
def test_una_is_written_where_it_is_needed_or_asked_for(dialect: dict, una: str) -> None:
    text = written(BODY, **dialect)
    assert text.partition("UNB")[0] == una


def test_other_separators_release_themselves_and_nothing_else() -> None:
    body = Markup("ORDERS", segment("FTX", data("a+b;c'd~e?f!g*h")))
    text = written(body, separators="|;,!*~")
    assert "FTX;a+b!;c'd!~e?f!!g*h~" in text


def test_a_sender_without_release_character_cannot_write_separators_as_data() -> None:
    text = written(Markup("ORDERS", segment("FTX", data("a+b?c"))), separators=":+.  '")
    assert "FTX+a\x1ab?c'" in text


def test_every_segment_may_end_a_line() -> None:
    text = written(Markup("ORDERS", "FTX+a\x0eb'BGM+1'"), lines=True)
    assert text.splitlines()[2:4] == ["FTX+a?'b'", "BGM+1'"]


def test_groups_hold_messages_of_one_type() -> None:
    text = written(BODY, BODY, Markup("ORDRSP", "BGM+231'"), grouped=True,
                   versions={"ORDERS": "D.96A EAN008"})  # fmt: skip
    assert text.count("UNG+ORDERS+US:14+THEM?+CO:ZZ+261122:0705+1+UN+D:96A:EAN008'") == 1
    assert "UNE+2+1'UNG+ORDRSP+" in text
    assert text.endswith("UNE+1+2'UNZ+2+4711'")


def test_a_character_that_the_set_lacks_is_replaced_or_told() -> None:
    body = Markup("ORDERS", "FTX+Łódź'")
    for substitute, code, text in (
        ("#", "EDIFACT-051", "FTX+#ód#'"),
        ("", "EDIFACT-050", "FTX+\x1aód\x1a'"),
    ):
        writer = Writer(EdifactDialect(substitute=substitute))
        content = b"".join(writer.interchange([body], OWN)).decode("latin-1")
        assert text in content
        assert [one.code for one in writer.faults] == [code, code]
        assert [one.found for one in writer.faults] == ["Ł", "ź"]


@pytest.mark.parametrize(
    ("identifier", "text"),
    [("UNOA", "G.TEBORG.2'"), ("UNOB", "G.teborg.2'"), ("UNOC", "Göteborg@2'")],
)
def test_levels_a_and_b_have_neither_foreign_letters_nor_every_sign(
    identifier: str, text: str
) -> None:
    writer = Writer(EdifactDialect(identifier=identifier, substitute="."))
    content = b"".join(writer.interchange([Markup("ORDERS", "FTX+Göteborg@2'")], OWN))
    assert f"FTX+{text}" in content.decode("latin-1")
    lost = {"EDIFACT-051"} if identifier != "UNOC" else set()
    assert {one.code for one in writer.faults} == lost
    (told,) = (unit.faults for unit in Reader((content,)) if isinstance(unit, Arrived))
    assert told == ()


def test_a_control_character_is_written_in_no_set() -> None:
    writer = Writer(EdifactDialect(substitute="."))
    content = b"".join(writer.interchange([Markup("ORDERS", "FTX+a\x07b'")], OWN))
    assert b"FTX+a.b'" in content


def test_a_substitute_that_separates_is_released() -> None:
    assert "FTX+L??dz??'" in written(
        Markup("ORDERS", "FTX+Lódzź'"), substitute="?", identifier="UNOB"
    )


@pytest.mark.parametrize(
    ("identifier", "codec"), [("UNOY", "utf-8"), ("UNOD", "iso8859-2"), ("UNOK", "iso8859-9")]
)
def test_text_is_written_in_the_agreed_set(identifier: str, codec: str) -> None:
    content = b"".join(
        Writer(EdifactDialect(identifier=identifier, syntax=4)).interchange(
            [Markup("ORDERS", "FTX+ö'")], OWN
        )
    )
    assert "FTX+ö'".encode(codec) in content


def test_level_a_has_no_small_letters() -> None:
    assert "FTX+BLUE'" in written(Markup("ORDERS", "FTX+blue'"), identifier="UNOA")


@pytest.mark.parametrize(
    "envelope",
    [
        replace(OWN, message_id=""),
        replace(OWN, sent_at=None),
        replace(OWN, credentials=OWN.credentials[:1]),
        replace(OWN, credentials=OWN.credentials[1:]),
    ],
)
def test_nobody_can_be_left_out_of_an_envelope(envelope: Envelope) -> None:
    with pytest.raises(ValueError, match="an interchange needs"):
        written(BODY, envelope=envelope)


@pytest.mark.parametrize(
    "dialect",
    [{"identifier": "UNOZ"}, {"syntax": 5}, {"separators": "::.? '"}, {"separators": "+"}],
)
def test_a_dialect_that_nobody_can_write_is_our_mistake(dialect: dict) -> None:
    with pytest.raises(ValueError, match="expected"):
        written(BODY, **dialect)


def lines(count: int) -> Iterator[str]:
    for line in range(1, count + 1):
        yield f"LIN+{line}'QTY+12:1'"


def test_a_long_list_goes_on_in_another_message_and_is_never_held() -> None:
    body = Long("PRICAT", "BGM+9'", lines(500_100), lambda held: f"UNS+S'CNT+2:{held}'")
    sizes: list[int] = []

    def counted(chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            sizes.append(len(chunk))
            yield chunk

    writer = Writer(EdifactDialect())
    counts = []
    for unit in Reader(counted(writer.interchange([body], OWN)), part=1 << 18):
        if isinstance(unit, Arrived):
            assert unit.faults == ()
            if unit.piece.last:
                counts.append(unit.piece.segment + unit.piece.count - 1)
    assert counts == [999_999, 1_000_200 - 999_994 + 5]
    assert max(sizes) < 200_000


def test_text_released_as_the_standard_does_is_taken_too() -> None:
    assert "FTX+a?+b??'" in written(Markup("ORDERS", "FTX+a?+b??'"))
    assert "FTX;a+b!;'" not in written(Markup("ORDERS", "FTX+a?+b??'"), separators="|;,!*~")


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=4))
)
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    clean = [
        [
            value.translate(dict.fromkeys((*range(32), 127, *range(64976, 64986)), "x"))
            for value in row
        ]
        for row in rows
    ]
    body = Markup("ORDERS", "".join(segment("FTX", composite(*row)) for row in clean))
    for separators in ("", "|;,!*~", "+:.=*?"):
        dialect = EdifactDialect(separators=separators, identifier="UNOY", syntax=4)
        content = b"".join(Writer(dialect).interchange([body], OWN))
        (piece,) = (unit.piece for unit in Reader([content]) if isinstance(unit, Arrived))
        restored = piece.restored or {}
        back = [
            [part.translate(restored) for part in row[1].split(":")] for row in piece.rows()[1:-1]
        ]
        assert back == clean
