"""Say faults of segments to people: in their language, with the segment and what is wrong in it.

Faults are stored in English. Their titles and hints are fixed by code, so another language is a
table beside (`swedish.tsv`: the code, or its number where all syntaxes share it, title, hint); what
was found and expected are the sender's and the standard's own words and stay as they are.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, Place, Severity
from edi.explaining import hints

_HINTS_SV: Final[Mapping[str, str]] = {
    hints.LETTER: "bokstaven {} i stället för {}?",
    hints.MEANT: "menades {}?",
    hints.BLANKS: "utelämna blanktecknen",
    hints.THOUSANDS: "utelämna det som skiljer tusental",
    hints.DIGITS: "skriv en siffra både före och efter decimaltecknet",
    hints.PLUS: "utelämna plustecknet",
    hints.CALENDAR: "den dagen finns inte; skriv år, månad, dag",
    hints.CLOCK: "den tiden finns inte; skriv timmar, minuter, sekunder",
    hints.LEAVE_OUT: "utelämna det",
}

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "line": "line {}", "column": "column {}", "offset": "byte {}",
        "interchange": "interchange {}", "group": "group {}", "message": "message {}",
        "segment": "segment {}", "found": "found “{}”", "expected": "expected {}",
        "source": "by {}", "standard": "code {}", "hint": "→ {}",
        "error": "error", "warning": "warning", "note": "note",
    },
    "sv": {
        "line": "rad {}", "column": "kolumn {}", "offset": "byte {}",
        "interchange": "överföring {}", "group": "grupp {}", "message": "meddelande {}",
        "segment": "segment {}", "found": "fann ”{}”", "expected": "väntade {}",
        "source": "enligt {}", "standard": "kod {}", "hint": "→ {}",
        "error": "fel", "warning": "varning", "note": "anmärkning",
    },
}  # fmt: skip
LANGUAGES: Final = tuple(_WORDS)


@cache
def _swedish() -> Mapping[str, tuple[str, str]]:
    text = files("edi").joinpath("swedish.tsv").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines())
    return {code: (title, hint) for code, title, hint in lines}


def translated(fault: Fault, language: str) -> Fault:
    """Return a fault with title and hint in a language, as far as it is known there."""
    if language != "sv":
        return fault
    known = _swedish()
    said = known.get(fault.code) or known.get(fault.code.rpartition("-")[2])
    if said is None:
        return fault
    title, hint = said
    return replace(fault, message=title, hint=_hint(fault.hint) or hint or None)


def _hint(english: str | None) -> str | None:
    """Return a guess in Swedish; the values in it stay."""
    for template, swedish in _HINTS_SV.items():
        match = re.fullmatch(re.escape(template).replace(r"\{\}", "(.*)"), english or "")
        if match is not None:
            return swedish.format(*match.groups())
    return None


def word(key: str, language: str) -> str:
    """Return one of the few words around a fault (`error`, `line {}`) in a language."""
    return _WORDS.get(language, _WORDS["en"])[key]


def where(place: Place, language: str = "en") -> str:
    """Return a place in words: `line 3, column 9, byte 512; message 2, segment 10`."""
    near = _named(place, ("line", "column", "offset"), language)
    far = _named(place, ("interchange", "group", "message", "segment"), language)
    return "; ".join(", ".join(part) for part in (near, far) if part)


def _named(place: Place, keys: tuple[str, ...], language: str) -> list[str]:
    told = [(key, getattr(place, key)) for key in keys]
    return [word(key, language).format(number) for key, number in told if number is not None]


def printable(text: str) -> str:
    """Return text a terminal cannot be commanded by: a dot for each character that is not seen."""
    return "".join(one if one.isprintable() else "·" for one in text)


def pictured(place: Place, room: int | None = None) -> tuple[str, str] | None:
    """Return the segment as it was sent and, to be put below it, carets under what is wrong.

    In a narrow place, of `room` characters, it is that part of the segment.
    """
    if not place.excerpt or place.mark is None:
        return None
    text, (start, end) = printable(place.excerpt), place.mark
    room = len(text) if room is None else max(room, _LEAST)
    first = max(0, min(start - room // 4, len(text) - room))
    carets = min(max(end - start, 1), max(first + room - start, 1))
    return text[first : first + room], " " * (start - first) + "^" * carets


_LEAST: Final = 20
"""How narrow a picture may become."""


def rendered(fault: Fault, language: str = "en", room: int | None = None) -> str:
    """Return a fault on several lines: what, where, the segment with carets, the way out.

    With `room`, the picture of the segment is no wider than so many characters.
    """
    one, place = translated(fault, language), fault.place
    severity = "" if one.severity is Severity.ERROR else f" ({word(one.severity, language)})"
    lines = [f"{one.code}{severity}: {one.message}"]
    if place is not None:
        lines += [line for line in (where(place, language), _thing(one, place)) if line]
        inner = None if room is None else room - _INDENT
        lines += [f"  {line}" for line in pictured(place, inner) or ()]
    lines += [line for line in (_ruling(one, language),) if line]
    if one.hint:
        lines.append(word("hint", language).format(one.hint))
    return "\n  ".join(map(printable, lines))


_INDENT: Final = 4
"""How far a picture stands to the right of what is said above it."""


def _thing(fault: Fault, place: Place) -> str:
    return " · ".join(one for one in (place.path, fault.subject) if one)


def _ruling(fault: Fault, language: str) -> str:
    told = {
        "found": None if fault.found is None else printable(fault.found),
        "expected": fault.expected,
        "source": fault.source,
        "standard": fault.standard,
    }
    return ", ".join(
        word(key, language).format(value) for key, value in told.items() if value is not None
    )
