"""Write the pattern of one value: its characters, its length, its code list, its calendar.

Lengths count characters, and those of numbers digits only: "the decimal mark and the minus sign
shall not be counted" (ISO 9735-1, 10). A released character is one character here already. A code
list decides alone: what it names is right, whatever the length says, and nothing else is.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from edi.schema import Element, Format

_DAY: Final = (
    r"(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    r"|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP: Final = r"(?:[02468][048]|[13579][26])"
DATE6: Final = rf"(?:[0-9]{{2}}{_DAY}|{_LEAP}0229)"
"""YYMMDD; every year that four divides may have a leap day, as 2000 had one."""
DATE8: Final = (
    rf"(?:[0-9]{{4}}{_DAY}|(?:{_LEAP}00|[0-9]{{2}}(?:0[48]|[2468][048]|[13579][26]))0229)"
)
MINUTE: Final = r"(?:[01][0-9]|2[0-3])[0-5][0-9]"
TIME: Final = rf"{MINUTE}(?:[0-5][0-9](?:[0-9]{{1,2}}+)?+)?+"
"""HHMM, HHMMSS, HHMMSSD and HHMMSSDD, as X12's TM."""
_SECOND: Final = "[0-5][0-9]"
_MONTH: Final = "(?:0[1-9]|1[0-2])"
QUALIFIED: Final[Mapping[str, str]] = {
    "102": DATE8,
    "203": DATE8 + MINUTE,
    "101": DATE6,
    "201": DATE6 + MINUTE,
    "204": DATE8 + MINUTE + _SECOND,
    "401": MINUTE,
    "602": "[0-9]{4}",
    "610": f"[0-9]{{4}}{_MONTH}",
}
"""What EDIFACT 2380 looks like by the code in 2379 behind it, where there is no doubt of it.

They are tried in this order: what is usual comes first."""
LETTER: Final = r"(?:[^\W\d_]|\ )"
"""A letter of any script; names in alphabetic elements have spaces."""


def value_pattern(element: Element, stops: str, *, listed: bool = True) -> str:
    """Return the pattern of one value that is there; `stops` is a class of what ends any value.

    Without `listed`, its code list is not looked at, only its characters and length.
    """
    if listed and element.codes is not None:
        return code_pattern(element.codes)
    return _PATTERNS[element.format](element, stops)


@lru_cache(maxsize=1024)
def code_pattern(codes: frozenset[str]) -> str:
    """Return a pattern of exactly these texts, in the shape of their common beginnings.

    It is kept: a directory has few lists that its messages use again and again.
    """
    trie = _Trie()
    for code in codes:
        node = trie
        for character in code:
            node = node.setdefault(character, _Trie())
        node[""] = _Trie()
    return _branches(trie)


class _Trie(dict[str, "_Trie"]):
    """Hold texts by their first characters; an empty one says that a text ends here."""


def _branches(trie: _Trie) -> str:
    """Return what may follow; characters after which the same may follow are one class."""
    alike: dict[str, list[str]] = {}
    for one, below in sorted(trie.items()):
        if one:
            alike.setdefault(_branches(below), []).append(one)
    branches = [_class(ones) + rest for rest, ones in alike.items()]
    if not branches:
        return "" if trie else _NOTHING
    if "" in trie:
        branches.append("")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _class(ones: list[str]) -> str:
    """Return the pattern of one of these characters, which are in order."""
    if len(ones) == 1:
        return re.escape(ones[0])
    runs: list[list[str]] = []
    for one in ones:
        if runs and ord(one) == ord(runs[-1][-1]) + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    spelt = [
        f"{re.escape(run[0])}-{re.escape(run[-1])}"
        if len(run) > _RUN
        else "".join(map(re.escape, run))
        for run in runs
    ]
    return f"[{''.join(spelt)}]"


_RUN: Final = 2
"""As many characters in a row are written out; more are a range."""


_FIGURES: Final = {
    "102": 8,
    "203": 12,
    "101": 6,
    "201": 10,
    "204": 14,
    "401": 4,
    "602": 4,
    "610": 6,
}
"""How many figures each of these forms has."""
_WRITTEN_IN: Final = {Format.ALPHANUMERIC, Format.NUMERIC}


def qualified_pattern(element: Element, other: str, component: str, stops: str) -> str:
    """Return the pattern of a date or time whose form the next component names, else `other`.

    A form that the element has no room for, because a guide made it shorter, is not right.
    """
    end = f"(?![^{stops}])"
    free = element.codes is None and element.format in _WRITTEN_IN
    forms = [
        f"{form}(?={component}{code}{end})"
        for code, form in QUALIFIED.items()
        if free and element.shortest <= _FIGURES[code] <= element.longest
    ]
    forms.append(f"{other}(?!{component}(?:{'|'.join(QUALIFIED)}){end})")
    return f"(?:{'|'.join(forms)})"


def _text(element: Element, stops: str) -> str:
    return f"[^{stops}]{_times(element)}"


def _letters(element: Element, _: str) -> str:
    return LETTER + _times(element)


def _number(element: Element, _: str) -> str:
    """Return the pattern of `n`: digits, perhaps a sign, perhaps a mark between two digits."""
    most = element.longest + 1
    decimals = f"(?=[0-9.,]{{{element.shortest + 1},{most}}}+(?![0-9.,]))[0-9]++[.,][0-9]++"
    return f"-?+(?:[0-9]{_times(element)}(?![0-9.,])|{decimals})"


def _decimal(element: Element, _: str) -> str:
    """Return the pattern of X12 R: as `n`, with a point that may stand first or last too."""
    lengths = f"(?=[0-9.]{{{element.shortest + 1},{element.longest + 1}}}+(?![0-9.]))"
    spelt = r"(?:[0-9]++\.[0-9]*+|\.[0-9]++)"
    return f"-?+(?:[0-9]{_times(element)}(?![0-9.])|{lengths}{spelt})"


def _whole(element: Element, _: str) -> str:
    return f"-?+[0-9]{_times(element)}"


def _date(element: Element, _: str) -> str:
    forms = [form for length, form in ((8, DATE8), (6, DATE6)) if _fits(element, length)]
    return f"(?:{'|'.join(forms)})(?![0-9])" if forms else _NOTHING


def _time(element: Element, stops: str) -> str:
    return f"(?=[^{stops}]{_times(element)}(?![^{stops}])){TIME}"


def _times(element: Element) -> str:
    """Return how often a character stands, giving none back."""
    if element.shortest == element.longest:
        return f"{{{element.longest}}}" if element.longest > 1 else ""
    return f"{{{element.shortest},{element.longest}}}+"


def _fits(element: Element, length: int) -> bool:
    return element.shortest <= length <= element.longest


_NOTHING: Final = r"(?!)"

_PATTERNS: Final[Mapping[Format, Callable[[Element, str], str]]] = {
    Format.ALPHABETIC: _letters,
    Format.NUMERIC: _number,
    Format.ALPHANUMERIC: _text,
    Format.IDENTIFIER: _text,
    Format.DATE: _date,
    Format.TIME: _time,
    Format.DECIMAL: _decimal,
    Format.IMPLIED: _whole,
    Format.BINARY: _text,
}
