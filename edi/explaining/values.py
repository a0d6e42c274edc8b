"""Say what is wrong with one value.

The rules are those of `edi.checking.values`, told in another way on purpose: a test holds the two
together, which it could not if they were one.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from edi.explaining.hints import CALENDAR, CLOCK, listed, meant, nearest, number_hint
from edi.faults import Kind
from edi.schema import Element, Format

_NUMBER: Final = re.compile(r"-?([0-9]+)(?:[.,]([0-9]+))?")
_DECIMAL: Final = re.compile(r"-?(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))")
_WHOLE: Final = re.compile(r"-?([0-9]+)")
_SHORT_YEAR: Final = 6
_LONG_YEAR: Final = 8
_SHORTEST_TIME: Final = 4
_LONGEST_TIME: Final = 8


@dataclass(frozen=True, slots=True)
class Wrong:
    """Hold what is wrong with a value, what would be right, and a guess at what was meant."""

    kind: Kind
    expected: str | None = None
    hint: str | None = None


def wrong_value(element: Element, value: str, *, listed_only: bool = True) -> list[Wrong]:
    """Return what is wrong with a value that is there; nothing for a right one.

    Without `listed_only` a code list does not rule, only the characters and the length.
    """
    if listed_only and element.codes is not None:
        if value in element.codes:
            return []
        return [_wrong_code(element.codes, value)]
    return _CHECKS[element.format](element, value)


@lru_cache(maxsize=512)
def _wrong_code(codes: frozenset[str], value: str) -> Wrong:
    """Return what to say of a code that is not in a list; the same wrong one comes many times."""
    ordered = sorted(codes)
    return Wrong(Kind.CODE, listed(ordered, nearest(value, ordered)), meant(value, ordered))


def spelt(element: Element) -> str:
    """Return the format of an element as the standards write it: `an..35`, `n3`, `an2..3`."""
    shortest, longest = element.shortest, element.longest
    if shortest == longest:
        return f"{element.format}{longest}"
    return f"{element.format}{shortest if shortest > 1 else ''}..{longest}"


def wrong_moment(value: str, form: str) -> list[Wrong]:
    """Return what is wrong with a date or time in the form that a code of EDIFACT 2379 names."""
    layout = MOMENTS.get(form)
    if layout is None:
        return []
    shown = layout.replace("NN", "MM")
    if len(value) != len(layout) or not (value.isascii() and value.isdecimal()):
        return [Wrong(Kind.DATE, shown, number_hint(value))]
    pairs = {layout[at : at + 2]: value[at : at + 2] for at in range(0, len(layout), 2)}
    day = (
        pairs.get("CC", "20")
        + pairs.get("YY", "00")
        + pairs.get("MM", "01")
        + pairs.get("DD", "01")
    )
    if not _is_day(day):
        return [Wrong(Kind.DATE, shown, CALENDAR)]
    clock = [int(pairs.get(one, 0)) for one in ("HH", "NN", "SS")]
    right = all(number < limit for number, limit in zip(clock, (24, 60, 60), strict=True))
    return [] if right else [Wrong(Kind.DATE, shown, CLOCK)]


MOMENTS: Final[Mapping[str, str]] = {
    "101": "YYMMDD",
    "102": "CCYYMMDD",
    "201": "YYMMDDHHNN",
    "203": "CCYYMMDDHHNN",
    "204": "CCYYMMDDHHNNSS",
    "401": "HHNN",
    "602": "CCYY",
    "610": "CCYYMM",
}
"""Dates and times by the code that names their form; NN are minutes, to tell them from months."""


def _length(element: Element, length: int) -> list[Wrong]:
    if length > element.longest:
        return [Wrong(Kind.LONG, spelt(element))]
    return [Wrong(Kind.SHORT, spelt(element))] if length < element.shortest else []


def _text(element: Element, value: str) -> list[Wrong]:
    return _length(element, len(value))


def _letters(element: Element, value: str) -> list[Wrong]:
    wrong = _length(element, len(value))
    if not all(one == " " or (one.isalnum() and not one.isdecimal()) for one in value):
        wrong.insert(0, Wrong(Kind.LETTERS, spelt(element)))
    return wrong


def _numeric(pattern: re.Pattern[str]) -> Callable[[Element, str], list[Wrong]]:
    def check(element: Element, value: str) -> list[Wrong]:
        match = pattern.fullmatch(value)
        if match is None:
            return [Wrong(Kind.NUMBER, spelt(element), number_hint(value))]
        return _length(element, sum(len(digits or "") for digits in match.groups()))

    return check


def _date(element: Element, value: str) -> list[Wrong]:
    length = len(value)
    fits = element.shortest <= length <= element.longest
    if not fits and value.isdecimal():
        return _length(element, length)
    right = value.isascii() and value.isdecimal() and length in {_SHORT_YEAR, _LONG_YEAR}
    if right and _is_day(value):
        return []
    return [Wrong(Kind.DATE, _date_form(element), CALENDAR if right else number_hint(value))]


def _date_form(element: Element) -> str:
    forms = {"CCYYMMDD": _LONG_YEAR, "YYMMDD": _SHORT_YEAR}
    return ", ".join(
        form for form, size in forms.items() if element.shortest <= size <= element.longest
    )


def _is_day(digits: str) -> bool:
    """Tell whether digits are a day of the calendar; two digits of a year may be of any century."""
    century = "20" if len(digits) == _SHORT_YEAR else ""
    full = century + digits
    year, month, day = int(full[:4]), int(full[4:6]), int(full[6:])
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or _LEAP_YEAR, month)[1]  # noqa: PLR2004


_LEAP_YEAR: Final = 2000
"""The year 0000, which `calendar` does not know, has a leap day as this one has."""


def _time(element: Element, value: str) -> list[Wrong]:
    wrong = _length(element, len(value))
    digits = value.isascii() and value.isdecimal()
    whole = digits and len(value) in {4, 6, 7, 8}
    if not whole and (not digits or not wrong):
        wrong.insert(0, Wrong(Kind.TIME, "HHMM, HHMMSS", number_hint(value)))
    if whole and not (int(value[:2]) < 24 and int(value[2:4]) < 60 and int(value[4:6] or 0) < 60):  # noqa: PLR2004
        wrong.insert(0, Wrong(Kind.TIME, "HHMM, HHMMSS", CLOCK))
    return wrong


_CHECKS: Final[Mapping[Format, Callable[[Element, str], list[Wrong]]]] = {
    Format.ALPHABETIC: _letters,
    Format.NUMERIC: _numeric(_NUMBER),
    Format.ALPHANUMERIC: _text,
    Format.IDENTIFIER: _text,
    Format.DATE: _date,
    Format.TIME: _time,
    Format.DECIMAL: _numeric(_DECIMAL),
    Format.IMPLIED: _numeric(_WHOLE),
    Format.BINARY: _text,
}
