"""Put data between separators so that it reads back as the same data.

Bodies of segments leave in the spelling that codecs and mappings share (`canonical.rows`): a
separator that is data becomes the character that stands for it. Control characters are no data of
any of these syntaxes: white space becomes a blank, the others are left out and reported.
"""

from collections.abc import Mapping
from typing import Final

from canonical.rows import PROTECTED, SEPARATORS
from mappings.engine import faults
from mappings.engine.frames import Care
from mappings.engine.running import Found, Rows, Run

_CONTROLS: Final = (*range(0x20), *range(0x7F, 0xA0))
_BLANKS: Final = "\t\n\v\f\r\x85"
_USUAL: Final = "edifact"
"""What a syntax of segments without separators of its own is spelt as between codec and mapping."""


def separators(syntax: str) -> str:
    """Return the separators of the shared spelling, in the order of `canonical.rows.PROTECTED`."""
    return SEPARATORS.get(syntax, SEPARATORS[_USUAL])


def protecting(syntax: str) -> Mapping[int, str | None]:
    """Return the table of `str.translate` that makes any text data of a syntax."""
    table: dict[int, str | None] = dict.fromkeys(_CONTROLS)
    table |= dict.fromkeys(map(ord, _BLANKS), " ")
    pairs = zip(PROTECTED, separators(syntax), strict=False)
    return table | {ord(char): control for control, char in pairs}


def care(syntax: str) -> Care:
    """Return which texts cannot stand between the separators of a syntax as they are."""
    signs = separators(syntax)
    tests = " or ".join(f"{sign!r} in s" for sign in signs)

    def needs(text: str) -> bool:
        return not text.isprintable() or any(sign in text for sign in signs)

    return Care(needs, f"not s.isprintable() or {tests}", "protect")


def protect(  # as every function that answers a question of care
    run: Run,
    spot: int,
    text: str,
    table: Mapping[int, str | None],
    node: object | None,
    rows: Rows,
) -> str:
    """Return a text as data; what no segment can hold is left out and reported."""
    if not text.isprintable() and any(table.get(ord(char), "") is None for char in text):
        run.fail(Found(spot, faults.STRIPPED, text, node, rows))
    return text.translate(table)
