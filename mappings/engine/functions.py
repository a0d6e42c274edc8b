"""List the functions that expressions may call: pure, typed, bounded.

A function never sees null: when an argument is null, so is the result, and an empty text counts as
null. Texts that could grow without bound are cut at `MAX_TEXT` characters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from canonical.amounts import plain, rounded
from mappings.engine.moments import dated, dated_until, stamp, stamp_code, timed

MAX_TEXT: Final = 100_000

Value = object
TEXT, NUMBER, DATE, INSTANT, TRUTH, ANY, TEXTS = (
    "text", "number", "date", "instant", "truth", "any", "texts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Function:
    """Describe one function: what it takes, gives and does.

    `takes` are kinds; those after `least` are optional. `expects` says in words what was expected
    where nothing comes of arguments that are there, which is then a fault; the optional arguments
    of such a function may be null. `inline` spells the call where all arguments are given.
    """

    call: Callable[..., object]
    takes: tuple[str, ...]
    gives: str
    says: str
    least: int = 1
    expects: str = ""
    inline: str = ""


def _pad(text: str, width: Decimal, fill: str = "0") -> str:
    return text.rjust(max(0, min(int(width), 1000)), (fill or " ")[0])


def _cut(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    first = max(0, int(start))
    return text[first:] if length is None else text[first : first + max(0, int(length))]


def _replace(text: str, old: str, new: str) -> str:
    return text.replace(old, new)[:MAX_TEXT] if old else text


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _format(value: date, form: str) -> str:
    return value.strftime(form)[:200]


def _part(text: str, separator: str, index: Decimal) -> str | None:
    parts = text.split(separator) if separator else [text]
    position = int(index)
    return parts[position].strip() or None if 0 <= position < len(parts) else None


def _rest(text: str, separator: str, index: Decimal) -> str | None:
    parts = text.split(separator, max(0, int(index))) if separator else [text]
    return parts[-1].strip() or None if len(parts) > int(index) else None


def _line(text: str, width: Decimal, index: Decimal) -> str | None:
    lines, at = _lines(text[:MAX_TEXT], max(1, int(width))), int(index)
    return lines[at] if 0 <= at < len(lines) else None


def _onward(text: str, width: Decimal, index: Decimal) -> str | None:
    lines = _lines(text[:MAX_TEXT], max(1, int(width)))
    return " ".join(lines[max(0, int(index)) :]) or None


@lru_cache(maxsize=256)
def _lines(text: str, width: int) -> tuple[str, ...]:
    """Break a text between words; a word that is longer than a line is cut."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while len(rest) > width:
        end = rest.rfind(" ", 0, width + 1)
        lines.append(rest[:end] if end > 0 else rest[:width])
        rest = rest[end + 1 :] if end > 0 else rest[width:]
    return (*lines, rest) if rest else tuple(lines)


def _join(values: Iterable[str], separator: str = " ") -> str | None:
    return separator.join(values)[:MAX_TEXT] or None


def _digits(text: str) -> str | None:
    return text if text.isdecimal() else "".join(filter(str.isdecimal, text)) or None


_LENGTHS: Final = tuple(map(Decimal, range(128)))
"""Those of most texts: a decimal costs more to make than to find."""


def _length(text: str) -> Decimal:
    length = len(text)
    return _LENGTHS[length] if length < len(_LENGTHS) else Decimal(length)


def check_digit(body: str) -> str:
    """Return the GS1 check digit of `body` (GTIN, GLN, SSCC: weights 3 and 1 from the right)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1)
                for place, digit in enumerate(reversed(body)))  # fmt: skip
    return str(-total % 10)


def _gs1(text: str, lengths: tuple[int, ...]) -> str | None:
    if not (text.isascii() and text.isdecimal() and len(text) in lengths):
        return None
    return text if check_digit(text[:-1]) == text[-1] else None


def _gtin(text: str) -> str | None:
    return _gs1(text, (8, 12, 13, 14))


def _gln(text: str) -> str | None:
    return _gs1(text, (13,))


def _first(values: Iterable[str]) -> str | None:
    return next(iter(values), None)


def _last(values: Iterable[str]) -> str | None:
    found = tuple(values)
    return found[-1] if found else None


def _day(value: date) -> str:
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _instant(value: date) -> str:
    return value.isoformat()


def _plus_days(value: date, days: Decimal) -> date | None:
    try:
        return value + timedelta(days=int(days))
    except OverflowError:
        return None


def _written(value: Decimal, decimals: Decimal, sign: str = ".") -> str:
    return plain(rounded(value, _places(decimals))).replace(".", sign)


def _round(value: Decimal, decimals: Decimal) -> Decimal:
    return rounded(value, _places(decimals))


def _places(decimals: Decimal) -> int:
    return max(0, min(int(decimals), 9))


def _trimmed(value: Decimal) -> str:
    text = plain(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _whole(value: Decimal) -> Decimal:
    return Decimal(int(value))


def _like(text: str, pattern: str) -> bool:
    """Match `*` for any run of characters, without backtracking over more than one star."""
    pieces = pattern.split("*")
    if len(pieces) == 1:
        return text == pattern
    if len(text) < len(pieces[0]) + len(pieces[-1]) or not text.startswith(pieces[0]):
        return False
    if not text.endswith(pieces[-1]):
        return False
    position, end = len(pieces[0]), len(text) - len(pieces[-1])
    for piece in pieces[1:-1]:
        found = text.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def _implied(value: Decimal, decimals: Decimal) -> Decimal:
    return value.scaleb(-_places(decimals))


def _number(value: Decimal) -> Decimal:
    return value


def _text(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


FUNCTIONS: Final[dict[str, Function]] = {
    "trim": Function(str.strip, (TEXT,), TEXT, "text without blanks around it"),
    "upper": Function(str.upper, (TEXT,), TEXT, "text in capitals"),
    "lower": Function(str.lower, (TEXT,), TEXT, "text in small letters"),
    "squeeze": Function(_squeeze, (TEXT,), TEXT,
                        "text with every run of white space as one blank"),
    "replace": Function(_replace, (TEXT, TEXT, TEXT), TEXT, "text with one thing for another", 3),
    "cut": Function(_cut, (TEXT, NUMBER, NUMBER), TEXT, "part of a text: from, and how many", 2),
    "left": Function(lambda text, length: _cut(text, Decimal(0), length), (TEXT, NUMBER), TEXT,
                     "the first characters of a text", 2),
    "right": Function(lambda text, length: text[-int(length):] if int(length) > 0 else "",
                      (TEXT, NUMBER), TEXT, "the last characters of a text", 2),
    "pad": Function(_pad, (TEXT, NUMBER, TEXT), TEXT, "text filled up on the left", 2),
    "part": Function(_part, (TEXT, TEXT, NUMBER), TEXT, "one piece of a text that is split", 3),
    "rest": Function(_rest, (TEXT, TEXT, NUMBER), TEXT, "a split text from one piece on", 3),
    "line": Function(_line, (TEXT, NUMBER, NUMBER), TEXT,
                     "one line, from 0, of a text that is broken between words", 3),
    "onward": Function(_onward, (TEXT, NUMBER, NUMBER), TEXT,
                       "what is left of a text so broken from one line on", 3),
    "digits": Function(_digits, (TEXT,), TEXT, "the digits of a text"),
    "length": Function(_length, (TEXT,), NUMBER, "number of characters"),
    "starts": Function(str.startswith, (TEXT, TEXT), TRUTH, "whether a text begins so", 2),
    "ends": Function(str.endswith, (TEXT, TEXT), TRUTH, "whether a text ends so", 2),
    "contains": Function(lambda text, inner: inner in text, (TEXT, TEXT), TRUTH,
                         "whether a text holds another", 2),
    "like": Function(_like, (TEXT, TEXT), TRUTH, "whether a text fits a pattern with `*`", 2),
    "without": Function(str.removeprefix, (TEXT, TEXT), TEXT, "text without a prefix", 2),
    "string": Function(_text, (ANY,), TEXT, "any value as text"),
    "number": Function(_number, (NUMBER,), NUMBER, "text as a decimal number"),
    "num": Function(_written, (NUMBER, NUMBER, TEXT), TEXT,
                    "number as text with that many decimals, and a decimal sign", 2),
    "round": Function(_round, (NUMBER, NUMBER), NUMBER, "number rounded, halves away from zero", 2),
    "plain": Function(_trimmed, (NUMBER,), TEXT, "number as text without trailing zeros"),
    "whole": Function(_whole, (NUMBER,), NUMBER, "number without its fraction"),
    "abs": Function(abs, (NUMBER,), NUMBER, "number without its sign"),
    "least": Function(min, (NUMBER, NUMBER), NUMBER, "the smaller of two numbers", 2),
    "most": Function(max, (NUMBER, NUMBER), NUMBER, "the larger of two numbers", 2),
    "day": Function(_day, (DATE,), TEXT, "the date as 2026-11-22"),
    "instant": Function(_instant, (DATE,), TEXT, "the time as 2026-11-22T10:15:00+01:00"),
    "format": Function(_format, (DATE, TEXT), TEXT,
                       "the date in a form of its own: %Y%m%d", 2),
    "dated": Function(dated, (TEXT, TEXT), INSTANT,
                      "the date or time that a text says in the form of an EDIFACT code 2379",
                      expects="a date in the form that its code names"),
    "dated_until": Function(dated_until, (TEXT, TEXT), INSTANT,
                            "the end of the period that such a text says",
                            expects="a period in the form that its code names"),
    "timed": Function(timed, (TEXT, TEXT), INSTANT,
                      "the time of an X12 date (CCYYMMDD, YYMMDD) and time (HHMM, HHMMSS)",
                      expects="a date as CCYYMMDD or YYMMDD and a time as HHMM"),
    "stamp": Function(stamp, (DATE, TEXT), TEXT,
                      "the date or time in the form of an EDIFACT code 2379, or its usual one"),
    "stamp_code": Function(stamp_code, (DATE,), TEXT,
                           "the code of its usual form: 102 for a day, 203 for a time"),
    "implied": Function(_implied, (NUMBER, NUMBER), NUMBER,
                        "number whose last digits are decimals, so many", 2),
    "plus_days": Function(_plus_days, (DATE, NUMBER), DATE, "the date so many days later", 2),
    "gtin": Function(_gtin, (TEXT,), TEXT, "a GTIN if its check digit is right, otherwise null"),
    "gln": Function(_gln, (TEXT,), TEXT, "a GLN if its check digit is right, otherwise null"),
    "join": Function(_join, (TEXTS, TEXT), TEXT, "the texts of a list, with a separator between",
                     inline=f"{{1}}.join({{0}})[:{MAX_TEXT}]"),
    "first": Function(_first, (TEXTS,), TEXT, "the first text of a list"),
    "last": Function(_last, (TEXTS,), TEXT, "the last text of a list"),
}  # fmt: skip

SEGMENT_FORMS: Final[dict[str, tuple[str, str]]] = {
    "dated": ("2380", "2379"), "dated_until": ("2380", "2379"), "timed": ("02", "03"),
}  # fmt: skip
"""Functions that take a whole segment DTM for two of its elements."""

AGGREGATES: Final[dict[str, str]] = {
    "sum": "sum(list, expression): the total of a number over a list; `it` is the item",
    "count": "count(list): how many there are",
    "any": "any(list, condition): whether one fits",
    "all": "all(list, condition): whether all fit",
    "pick": "pick(list, condition, expression): the value of the first item that fits",
    "index": "index(list, condition): which one is the first that fits, from 1",
    "attached": "attached(content id, name): what a file of the same interchange says about itself",
    "text": "element | text: an element's own text around its children",
    "markup": "element | markup: the inside of an element with all its markup, verbatim",
}
"""Forms that the generator writes out itself because they take a list or an element."""
