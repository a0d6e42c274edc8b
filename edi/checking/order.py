"""Write the pattern of a message's tags: their order, groups and repeats.

Every tag of a message is one character here, so that a segment costs the pattern one step. An
entry takes as many segments as it may and gives none back, as the walk of `edi.walking` does.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Final

from edi.schema import UNLIMITED, Entry, MessageTable

_FIRST: Final = 0x30
"""Digits and letters come first, for people who look at a string of tags; 7 bits hold them all."""


def alphabet(header: str, table: MessageTable, trailer: str) -> dict[str, str]:
    """Give every tag of a message a character of its own."""
    tags = dict.fromkeys([header, *(entry.tag for entry in table.walk()), trailer])
    return dict(zip(tags, map(chr, count(_FIRST)), strict=False))


def order_pattern(
    header: str, table: MessageTable, trailer: str, letters: Mapping[str, str]
) -> str:
    """Return the pattern of a whole message's tags, each by its letter."""
    first, last = re.escape(letters[header]), re.escape(letters[trailer])
    return first + _entries(table.body, letters) + last


def _entries(entries: Iterable[Entry], letters: Mapping[str, str]) -> str:
    return "".join(_entry(entry, letters) for entry in entries)


def _entry(entry: Entry, letters: Mapping[str, str]) -> str:
    once = re.escape(letters[entry.tag])
    if entry.body:
        once = f"(?:{once}{_entries(entry.body, letters)})"
    return once + _times(entry)


def _times(entry: Entry) -> str:
    least = 1 if entry.mandatory else 0
    if entry.repeats >= UNLIMITED:
        return "++" if least else "*+"
    if entry.repeats == 1:
        return "" if least else "?+"
    return f"{{{least},{entry.repeats}}}+"
