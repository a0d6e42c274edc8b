"""Read and write values as one file spells them: numbers, dates, codes and texts.

In rows every value is spelt in one way, whatever its file does: numbers with a point and without
zeros before them, days and times as ISO 8601. A value that cannot be read as its field says is no
value; what is wrong with it is told by `wrong`, from the same rules.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Final

from edi.explaining.hints import CALENDAR, MEANT, number_hint
from edi.explaining.values import Wrong, spelt, wrong_value
from edi.faults import Kind
from edi.flatfile.schema import Field, Schema

Read = Callable[[str], str | None]
"""Return a value in our spelling, empty where it means nothing, None where it is none."""

_KEPT: Final = 4_096
"""So many texts of each field are remembered: lines are much alike."""

_CENTURY: Final = 70
"""Years below are of this century, as POSIX has it."""

_PIECES: Final[Mapping[str, tuple[str, str]]] = {
    "YYYY": ("year", "%Y"), "YY": ("year", "%y"), "MM": ("month", "%m"), "DD": ("day", "%d"),
    "hh": ("hour", "%H"), "mm": ("minute", "%M"), "ss": ("second", "%S"),
}  # fmt: skip
"""The parts of a mask, with the number each holds and how Python writes it."""

PIECE: Final = re.compile("|".join(_PIECES))


@dataclass(frozen=True, slots=True)
class Unfit:
    """Say why a value cannot be written: it is too long, or it is none that the field can hold."""

    long: bool


@dataclass(frozen=True, slots=True)
class Signs:
    """Hold what stands in numbers: the decimal mark, and what separates thousands, if anything."""

    decimal: str
    thousands: str


def signs_of(schema: Schema) -> Signs:
    """Return the signs of a file's numbers."""
    return Signs(schema.decimal, schema.thousands)


def reading(field: Field, signs: Signs) -> Read | None:
    """Return what reads the values of a field; None: they are what they are."""
    read = _read(field, signs)
    if not field.void:
        return None if read is None else lru_cache(_KEPT)(read)
    void, inner = field.void, read or str
    return lru_cache(_KEPT)(lambda text: "" if text in void else inner(text))


def _read(field: Field, signs: Signs) -> Read | None:
    if field.mask:
        return _date_reader(field.mask)
    return _number_reader(field, signs) if field.number else None


def _number_reader(field: Field, signs: Signs) -> Read:
    pattern = _number_pattern(signs)
    least, most = field.element.shortest, field.element.longest

    def read(text: str) -> str | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        before, whole, part, behind = found.groups(default="")
        if signs.thousands:
            whole = whole.replace(signs.thousands, "")
        if not least <= len(whole) + len(part) <= most or (before and behind):
            return None
        if field.implied:
            if part:
                return None
            whole, part = _split(whole, field.decimals)
        elif len(part) > field.decimals:
            return None
        minus = "-" if "-" in before + behind else ""
        number = minus + (whole.lstrip("0") or "0")
        return f"{number}.{part}" if part else number

    return read


def _split(digits: str, decimals: int) -> tuple[str, str]:
    """Return the digits before and behind a mark that is only implied."""
    if not decimals:
        return digits, ""
    digits = digits.rjust(decimals + 1, "0")
    return digits[:-decimals], digits[-decimals:]


@cache
def _number_pattern(signs: Signs) -> re.Pattern[str]:
    """Return the pattern of any number; its lengths are looked at afterwards."""
    whole = "[0-9]++"
    if signs.thousands:
        mark = re.escape(signs.thousands)
        whole = f"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})++(?![0-9])|[0-9]++"
    return re.compile(f"([+-]?)({whole})(?:{re.escape(signs.decimal)}([0-9]++))?([+-]?)")


def _date_reader(mask: str) -> Read:
    pattern, timed = _mask_pattern(mask), "hh" in mask

    def read(text: str) -> str | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        parts = {name: int(digits) for name, digits in found.groupdict().items()}
        if "YYYY" not in mask:
            parts["year"] += 2000 if parts["year"] < _CENTURY else 1900
        try:
            moment = datetime(**{"day": 1, "month": 1, **parts}, tzinfo=UTC)
        except ValueError:
            return None
        return moment.isoformat() if timed else moment.date().isoformat()

    return read


@cache
def _mask_pattern(mask: str) -> re.Pattern[str]:
    pieces, at = [], 0
    for piece in PIECE.finditer(mask):
        name, _ = _PIECES[piece[0]]
        pieces.append(re.escape(mask[at : piece.start()]))
        pieces.append(f"(?P<{name}>[0-9]{{{len(piece[0])}}})")
        at = piece.end()
    return re.compile("".join(pieces) + re.escape(mask[at:]))


def wrong(field: Field, text: str, signs: Signs) -> list[Wrong]:
    """Return what is wrong with a value that is there; nothing for a right one."""
    if text in field.void:
        return []
    if field.mask:
        if _date_reader(field.mask)(text) is not None:
            return []
        shaped = _mask_pattern(field.mask).fullmatch(text) is not None
        digits = re.sub(r"\W", "", text)
        return [Wrong(Kind.DATE, field.mask, CALENDAR if shaped else number_hint(digits))]
    if field.number:
        return _wrong_number(field, text, signs)
    return wrong_value(field.element, text)


def _wrong_number(field: Field, text: str, signs: Signs) -> list[Wrong]:
    if _number_reader(field, signs)(text) is not None:
        return []
    expected, element = number_form(field, signs), field.element
    digits = sum(one in "0123456789" for one in text)
    if _number_pattern(signs).fullmatch(text) is not None:
        if digits > element.longest:
            return [Wrong(Kind.LONG, expected)]
        if digits < element.shortest:
            return [Wrong(Kind.SHORT, expected)]
    return [Wrong(Kind.NUMBER, expected, _meant(field, text, signs) or number_hint(text))]


def _meant(field: Field, text: str, signs: Signs) -> str | None:
    """Return the question whether another mark was meant, where the number is one with it."""
    other = text.replace("," if signs.decimal == "." else ".", signs.decimal)
    known = other != text and _number_reader(field, signs)(other) is not None
    return MEANT.format(other) if known else None


def number_form(field: Field, signs: Signs) -> str:
    """Return the form of a number: `n..9`, `n..9 with at most 2 decimals behind ','`."""
    form = spelt(field.element)
    if field.implied:
        return f"{form} without a mark, the last {field.decimals} are decimals"
    if not field.decimals:
        return form
    return f"{form} with at most {field.decimals} decimals behind {signs.decimal!r}"


def written(field: Field, text: str, signs: Signs) -> str | Unfit:
    """Return a value of ours as a field has it, or why the field cannot hold it.

    Numbers are not rounded and texts not cut: what does not fit is a fault.
    """
    if field.mask:
        made = _written_date(field.mask, text)
    elif field.number:
        made = _written_number(field, text, signs)
    else:
        made = text
    if isinstance(made, Unfit):
        return made
    return made if _fits(field, made) else Unfit(long=not _listed(field))


def _listed(field: Field) -> bool:
    return field.element.codes is not None


def _fits(field: Field, text: str) -> bool:
    element = field.element
    if field.width and len(text) > field.width:
        return False
    if element.codes is not None:
        return text in element.codes
    length = sum(one.isdecimal() for one in text) if field.number else len(text)
    return length <= element.longest


def _written_date(mask: str, text: str) -> str | Unfit:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Unfit(long=False)
    if moment.tzinfo is not None and "hh" in mask:
        moment = moment.astimezone(UTC)
    return PIECE.sub(lambda piece: _stamp(moment, _PIECES[piece[0]][1]), mask)


def _stamp(moment: date, form: str) -> str:
    return f"{moment.year:04}" if form == "%Y" else moment.strftime(form)


def _written_number(field: Field, text: str, signs: Signs) -> str | Unfit:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Unfit(long=False)
    if not number.is_finite() or abs(number.adjusted()) > field.element.longest + field.decimals:
        return Unfit(long=number.is_finite() and bool(number))
    digits = f"{abs(number):f}"
    whole, _, part = digits.partition(".")
    part = part.rstrip("0")
    if len(part) > field.decimals:
        return Unfit(long=True)
    if field.implied or field.exact:
        part = part.ljust(field.decimals, "0")
    minus = "-" if number < 0 else ""
    if field.implied:
        whole = (whole + part).lstrip("0") or "0"
        part = ""
    room = field.width - len(minus) - (len(part) + 1 if part else 0)
    if field.fill == "0" and field.right:
        whole = whole.rjust(room, "0")
    whole = whole.rjust(field.element.shortest - len(part), "0")
    return minus + (f"{whole}{signs.decimal}{part}" if part else whole)
