"""Read and spell dates, times and periods in the forms of EDI.

EDIFACT names the form of each date by a code of list 2379; X12 has one form of dates and one of
times. None of them names a zone, except a few forms of 2379 that hardly anybody uses: what has none
is taken as UTC.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache, lru_cache
from typing import Final

_KEPT: Final = 4_096
"""So many different texts are remembered: the lines of a message mostly name the same days."""

PICTURES: Final[Mapping[str, str]] = {
    "2": "ddmmyy", "3": "mmddyy", "4": "ddmmYYYY", "5": "ddmmYYYYHHMM",
    "101": "yymmdd", "102": "YYYYmmdd", "103": "yyWWw", "105": "yyjjj",
    "201": "yymmddHHMM", "202": "yymmddHHMMSS", "203": "YYYYmmddHHMM", "204": "YYYYmmddHHMMSS",
    "205": "YYYYmmddHHMMzzzzz", "301": "yymmddHHMMZZZ", "302": "yymmddHHMMSSZZZ",
    "303": "YYYYmmddHHMMZZZ", "304": "YYYYmmddHHMMSSZZZ",
    "601": "yy", "602": "YYYY", "603": "yyh", "604": "YYYYh", "608": "YYYYq",
    "609": "yymm", "610": "YYYYmm", "613": "yymmt", "614": "YYYYmmt",
    "615": "yyWW", "616": "YYYYWW",
    "701": "yy-yy", "702": "YYYY-YYYY", "703": "yyh-yyh", "704": "YYYYh-YYYYh",
    "707": "yyq-yyq", "708": "YYYYq-YYYYq", "709": "yymm-yymm", "710": "YYYYmm-YYYYmm",
    "711": "YYYYmmdd-YYYYmmdd", "713": "yymmddHHMM-yymmddHHMM",
    "715": "yyWW-yyWW", "716": "YYYYWW-YYYYWW", "717": "yymmdd-yymmdd",
    "718": "YYYYmmdd-YYYYmmdd", "719": "YYYYmmddHHMM-YYYYmmddHHMM",
}  # fmt: skip
"""The forms of list 2379 that name a day or a period of days.

Year, month, day, hour, minute and second as usual; `W` week and `w` its day, `j` day of the year,
`h` half-year, `q` quarter, `t` ten days of a month, `z` offset, `Z` name of a zone. Periods come
without the hyphen; that senders write it nevertheless is forgiven. Forms that name no day (times
alone, numbers of days) are texts for the mapping to use as they are.
"""

_BY_LENGTH: Final = {6: "101", 8: "102", 10: "201", 12: "203", 14: "204", 16: "718", 24: "719"}
"""What a date without code is taken for."""

_ZONES: Final = {"UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "EET": 2}
_CENTURY: Final = 70
"""Years below are of this century, as POSIX has it."""


@lru_cache(maxsize=_KEPT)
def dated(text: str, code: str | None = None) -> datetime | None:
    """Return the beginning of what a text in the form of a code of 2379 names."""
    found = _parts(text, code)
    return _moment(found[0], last=False) if found else None


@lru_cache(maxsize=_KEPT)
def dated_until(text: str, code: str | None = None) -> datetime | None:
    """Return the last day, or the end, of the period that a text names."""
    found = _parts(text, code)
    return _moment(found[-1], last=True) if found else None


@lru_cache(maxsize=_KEPT)
def timed(day: str, clock: str | None = None) -> datetime | None:
    """Return the time that X12 spells as CCYYMMDD or YYMMDD, and HHMM[SS[d[d]]]."""
    form = {6: "101", 8: "102"}.get(len(day))
    found = dated(day, form) if form is not None else None
    if found is None or clock is None or not clock.strip():
        return found
    spelt = re.fullmatch(r"(\d\d)(\d\d)(\d\d)?\d{0,2}", clock.strip(), re.ASCII)
    if spelt is None:
        return None
    hour, minute, second = (int(part or 0) for part in spelt.groups())
    try:
        return found.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None


@lru_cache(maxsize=_KEPT)
def stamp(value: date, code: str | None = None) -> str | None:
    """Return a date or time in the form of a code of 2379 that says nothing but when it is.

    401 and 402 are its time of day. Without a code it is that of `stamp_code`.
    """
    form = _STAMPS.get(code or stamp_code(value))
    return value.strftime(form) if form is not None else None


def stamp_code(value: date) -> str:
    """Return the code of the form that is usual for a day, or for a time of day if it has one."""
    day = not isinstance(value, datetime) or value.time() == time.min
    return "102" if day else "203"


_STAMPS: Final = {
    "2": "%d%m%y", "3": "%m%d%y", "4": "%d%m%Y", "5": "%d%m%Y%H%M", "101": "%y%m%d",
    "102": "%Y%m%d", "201": "%y%m%d%H%M", "202": "%y%m%d%H%M%S", "203": "%Y%m%d%H%M",
    "204": "%Y%m%d%H%M%S", "401": "%H%M", "402": "%H%M%S", "602": "%Y", "609": "%y%m",
    "610": "%Y%m", "616": "%G%V",
}  # fmt: skip

_CHARACTERS: Final = {"Z": "[A-Z]", "z": "[+\\d-]"}


@cache
def _pattern(picture: str) -> re.Pattern[str]:
    """Return the pattern of one half of a picture, each letter of it a group."""
    groups = [
        f"(?P<{letter}>{_CHARACTERS.get(letter, chr(92) + 'd')}{{{picture.count(letter)}}})"
        for letter in dict.fromkeys(picture)
    ]
    return re.compile("".join(groups), re.ASCII)


def _parts(text: str, code: str | None) -> list[dict[str, str]] | None:
    """Return the pieces of a text by letter, of one moment or of two."""
    stripped = text.strip()
    picture = PICTURES.get(code or _BY_LENGTH.get(len(stripped), ""))
    if picture is None:
        return None
    halves = picture.split("-")
    width = len(halves[0])
    texts = [stripped]
    if len(halves) > 1:
        joined = stripped if len(stripped) != 2 * width + 1 else stripped.replace("-", "", 1)
        texts = [joined[:width], joined[width:]]
    found = [_pattern(halves[0]).fullmatch(each) for each in texts]
    pieces = [each.groupdict() for each in found if each is not None]
    return pieces if len(pieces) == len(texts) else None


def _moment(parts: Mapping[str, str], *, last: bool) -> datetime | None:
    numbers = {letter: int(text) for letter, text in parts.items() if text.isdecimal()}
    try:
        day = _day(numbers, last=last)
        hour, minute, second = (numbers.get(letter, 0) for letter in "HMS")
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(parts))
    except (ValueError, OverflowError):
        return None


def _day(numbers: Mapping[str, int], *, last: bool) -> date:
    short = numbers.get("y", 0)
    year = numbers.get("Y", short + (2000 if short < _CENTURY else 1900))
    if "j" in numbers:
        return _day_of_year(year, numbers["j"])
    if "W" in numbers:
        return date.fromisocalendar(year, numbers["W"], numbers.get("w", 7 if last else 1))
    first, months = _months(numbers)
    if "d" in numbers:
        return date(year, first, numbers["d"])
    if "t" in numbers:
        return _ten_days(year, first, numbers["t"], last=last)
    if not last:
        return date(year, first, 1)
    month = first + months - 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(numbers: Mapping[str, int]) -> tuple[int, int]:
    """Return the first month of a period, and how many it has."""
    for letter, months in (("h", 6), ("q", 3)):
        if letter in numbers:
            return (numbers[letter] - 1) * months + 1, months
    return (numbers["m"], 1) if "m" in numbers else (1, 12)


def _ten_days(year: int, month: int, third: int, *, last: bool) -> date:
    first = date(year, month, third * 10 - 9)
    if not last:
        return first
    end = calendar.monthrange(year, month)[1] if third == 3 else third * 10  # noqa: PLR2004  # the last third
    return date(year, month, end)


def _day_of_year(year: int, number: int) -> date:
    found = date(year, 1, 1) + timedelta(days=number - 1)
    if found.year != year:
        message = f"year {year} has no day {number}"
        raise ValueError(message)
    return found


def _zone(parts: Mapping[str, str]) -> timezone:
    """Return the zone that a form names; raises ValueError for one that nobody knows."""
    if "Z" in parts:
        hours = _ZONES.get(parts["Z"])
        if hours is None:
            message = f"unknown zone {parts['Z']}"
            raise ValueError(message)
        return timezone(timedelta(hours=hours))
    offset = parts.get("z")
    if offset is None:
        return UTC
    sign = {"+": 1, "-": -1}[offset[0]] if offset[0] in "+-" else 0
    if not sign:
        message = f"no offset: {offset}"
        raise ValueError(message)
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5])))
