"""A fault can be read by people in English and Swedish, with a caret under what is wrong."""

import pytest

from canonical.faults import Fault, Place, Severity
from docs.generate import fault_tables
from edi.explaining.hints import HINTS, LETTER, MEANT
from edi.faults import kinds
from edi.speaking import pictured, rendered, translated, where, word
from tests.edi.tables import ORDER, piece, validation


def fault_of(old: str, new: str) -> Fault:
    one = validation()
    (fault,) = one.read(piece(ORDER.replace(old, new, 1), one.rules)).faults
    return fault


@pytest.mark.parametrize(
    ("mark", "room", "text", "carets"),
    [
        ((0, 3), None, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "^^^"),
        ((0, 3), 20, "ABCDEFGHIJKLMNOPQRST", "^^^"),
        ((15, 18), 20, "KLMNOPQRSTUVWXYZ0123", "     ^^^"),
        ((30, 36), 20, "QRSTUVWXYZ0123456789", " " * 14 + "^^^^^^"),
        ((10, 36), 20, "FGHIJKLMNOPQRSTUVWXY", "     " + "^" * 15),
        ((36, 36), 3, "QRSTUVWXYZ0123456789", " " * 20 + "^"),
    ],
)
def test_a_picture_fits_where_it_has_to(mark, room, text, carets):
    place = Place(excerpt="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", mark=mark)
    assert pictured(place, room) == (text, carets)


def test_a_fault_is_rendered_with_all_it_knows():
    assert rendered(fault_of("QTY+21:12'", "QTY+21:1OO'")).splitlines() == [
        "EDIFACT-122: a value is not a number",
        "  line 1, column 161, byte 160; interchange 1, message 1, segment 10",
        "  ORDERS/SG25[1]/QTY/C186/6060",
        "    QTY+21:1OO",
        "           ^^^",
        "  found “1OO”, expected n..15, by our own directory T.1, code 0085:37",
        "  → letter O instead of 0?",
    ]


def test_a_fault_is_rendered_in_swedish():
    assert rendered(fault_of("BGM+220+4711+9", "BGM+220+4711+"), "sv").splitlines() == [
        "EDIFACT-116 (anmärkning): avgränsare utan något efter",
        "  rad 1, kolumn 31, byte 30; överföring 1, meddelande 1, segment 2",
        "  ORDERS/BGM/1225",
        "    BGM+220+4711+",
        "                 ^",
        "  fann ””, enligt our own directory T.1, kod 0085:16",
        "  → utelämna dem",
    ]


KINDS = {
    kind.code: kind
    for module, table in fault_tables().items()
    for kind in (*table, *kinds("FLAT"))
    if module.startswith("edi.")
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_fault_is_known_in_swedish(kind):
    swedish = translated(kind.fault(), "sv")
    assert swedish.message != kind.title
    assert bool(swedish.hint) is bool(kind.hint)
    assert swedish.hint is None or swedish.hint != kind.hint
    assert translated(kind.fault(), "en") == kind.fault()


@pytest.mark.parametrize("hint", HINTS)
def test_every_guess_is_known_in_swedish_with_its_values(hint):
    values = ("O", "0")[: hint.count("{}")]
    fault = translated(kinds("EDIFACT")[0].fault(hint=hint.format(*values)), "sv")
    assert fault.hint not in {
        None,
        hint.format(*values),
        translated(kinds("EDIFACT")[0].fault(), "sv").hint,
    }
    assert all(value in fault.hint for value in values)


def test_values_in_a_guess_stay():
    fault = kinds("EDIFACT")[0].fault(hint=MEANT.format("PIA"))
    assert translated(fault, "sv").hint == "menades PIA?"
    fault = kinds("EDIFACT")[0].fault(hint=LETTER.format("l", "1"))
    assert translated(fault, "sv").hint == "bokstaven l i stället för 1?"


def test_a_fault_of_another_area_stays_as_it_is():
    fault = Fault("OCI-001", "the call names no user", hint="send USERNAME")
    assert translated(fault, "sv") == fault
    assert rendered(fault) == "OCI-001: the call names no user\n  → send USERNAME"


def test_only_what_is_known_of_a_place_is_told():
    assert where(Place(line=3, message=2)) == "line 3; message 2"
    assert where(Place(), "sv") == ""
    assert pictured(Place(excerpt="BGM")) is None


def test_a_caret_stands_below_the_character_also_behind_control_characters():
    place = Place(excerpt="FTX+\x01\n?'x", mark=(8, 8))
    assert pictured(place) == ("FTX+··?'x", "        ^")


def test_an_unknown_language_is_english():
    assert word("error", "fi") == "error"
    assert word(Severity.NOTE, "sv") == "anmärkning"


def test_what_was_found_cannot_command_a_terminal():
    told = rendered(Fault("EDIFACT-003", "junk", found="a\x1b[2J\nb", place=Place(line=1)))
    assert told.splitlines()[-1] == "  found “a·[2J·b”"
