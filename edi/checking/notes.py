"""Write what notes demand of several positions as assertions about what follows the first.

A note is a function of which of its positions are filled. Standing behind its first position, of
which one knows whether it is filled, a pattern looks ahead at the others one after the other, as
far as the answer is open: `(?=filled)...|(?!filled)...`. That says every kind of note, whatever
its first position is, and costs a look at the elements between.
"""

from collections.abc import Callable, Mapping
from typing import Final

from edi.schema import Dependency, Note

Filled = tuple[bool, ...]
"""Which positions of a note are filled, in the order in which the note names them."""


def holds(kind: Dependency, filled: Filled) -> bool:
    """Tell whether a note of this kind is content."""
    return _RULES[kind](filled)


_RULES: Final[Mapping[Dependency, Callable[[Filled], bool]]] = {
    Dependency.ALL_OR_NONE: lambda filled: all(filled) or not any(filled),
    Dependency.ONE_OR_MORE: any,
    Dependency.ONE_OR_NONE: lambda filled: sum(filled) <= 1,
    Dependency.ONLY_ONE: lambda filled: sum(filled) == 1,
    Dependency.IF_FIRST_THEN_ALL: lambda filled: not filled[0] or all(filled),
    Dependency.IF_FIRST_THEN_ANY: lambda filled: not filled[0] or any(filled[1:]),
    Dependency.IF_FIRST_THEN_NONE: lambda filled: not filled[0] or not any(filled[1:]),
}


def needs_one(note: Note) -> bool:
    """Tell whether a note cannot be content with all its positions empty."""
    return not holds(note.kind, (False,) * len(note.positions))


def assertion(note: Note, ahead: Callable[[int], str], *, filled: bool) -> str:
    """Return what must follow the lowest position of a note, which is filled or not.

    `ahead` gives the pattern of a position that is filled, by its distance from the lowest.
    """
    lowest = min(note.positions)
    return _ask(note, {lowest: filled}, lambda position: ahead(position - lowest))


def _ask(note: Note, known: dict[int, bool], ahead: Callable[[int], str]) -> str:
    open_positions = sorted(set(note.positions) - set(known))
    verdicts = _verdicts(note, known, open_positions)
    if len(verdicts) == 1:
        return "" if True in verdicts else "(?!)"
    position = open_positions[0]
    there = _ask(note, known | {position: True}, ahead)
    empty = _ask(note, known | {position: False}, ahead)
    filled = ahead(position)
    if there == empty:
        return there
    if empty == "(?!)":
        return f"(?={filled}){there}"
    if there == "(?!)":
        return f"(?!{filled}){empty}"
    return f"(?:(?={filled}){there}|(?!{filled}){empty})"


def _verdicts(note: Note, known: dict[int, bool], positions: list[int]) -> set[bool]:
    """Return the answers still possible; all rules are decided by none, one or all being filled."""
    several = [{one} for one in positions] + [set(positions), set()]
    return {
        holds(note.kind, tuple(known.get(one, one in filled) for one in note.positions))
        for filled in several
    }
