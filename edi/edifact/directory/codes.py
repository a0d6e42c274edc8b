"""Read the code lists of a UN directory.

After an element's description its codes follow, each with a name beside it and a description
below. What is a code is told by columns alone, of which there are two ways:

    +      11 Federal label approval          up to D.99A: code to column 9, name at 10
    +    905   Air Consignment Declaration    later: code at column 5, name at 11

A letter in the margin marks additions (`+`), changes (`*`, `#`, `|`) and what is to be deleted
later (`X`), all of which are valid; what was deleted (`-`) is not.
"""

import re
from collections.abc import Iterable
from typing import Final

from edi.edifact.directory.parts import blocks

_DESCRIBED: Final = re.compile(r"\bRepr:[^\n]*\n")
_WAYS: Final = (
    re.compile(r"^([*+X#| -]{3})(.{6}) (?=\S)", re.MULTILINE),
    re.compile(r"^([*+X#| -]{5})(\S.{5}) *(?=\S)", re.MULTILINE),
)
"""How a line with a code begins, in each of the two ways: margin, then the code with blanks."""


def read_codes(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the codes of each data element that has a list; lists may be spread over texts."""
    found: dict[str, set[str]] = {}
    for text in texts:
        lists = [(id_, _after_description(block)) for id_, block in blocks(text)]
        ways = [[(id_, _codes(way, block)) for id_, block in lists] for way in _WAYS]
        for id_, codes in max(ways, key=lambda each: sum(len(codes) for _, codes in each)):
            found.setdefault(id_, set()).update(codes)
    return {id_: frozenset(codes) for id_, codes in found.items() if codes}


def _after_description(block: str) -> str:
    described = _DESCRIBED.search(block)
    return "" if described is None else block[described.end() :]


def _codes(way: re.Pattern[str], block: str) -> list[str]:
    """Return the codes of one list; a field is blank where a name or description goes on."""
    fields = ((margin, field.split()) for margin, field in way.findall(block))
    return [words[0] for margin, words in fields if len(words) == 1 and "-" not in margin]
