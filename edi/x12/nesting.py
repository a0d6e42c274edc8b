"""Nest loops that say themselves below which one they belong: HL of 856 and others.

The table of such a message has its HL loops in a row; HL01 numbers each and HL02 names the one
above (shipment, order, package, item). Here each becomes a branch of the loop that it names; and
what a mapping writes under names of its own, in any order, is put into that order and numbered.
"""

from collections.abc import Callable, Iterator
from typing import Final

from canonical.rows import Branch, Row
from edi.trees import rows_of

TAG: Final = "HL"
_TAIL: Final = "CTT"
DEEPEST: Final = 100
"""How deep loops are nested: a shipment with all its packages needs ten levels at most."""
_NUMBER: Final = 1
_PARENT: Final = 2


def nested(root: Branch) -> tuple[Callable[[], Iterator[Row]], list[Row]]:
    """Put every HL loop of `root` below its parent; return how to walk the rows, and the lost.

    Rows are walked in the order received, which the tree may no longer have. Lost are the HL that
    name no loop before them, or one that is too deep: they stay where they are.
    """
    if all(branch[0][0] != TAG for branch in root[1:]):
        return lambda: rows_of(root), []
    original = [tuple(branch) for branch in root[1:]]
    lost = _nest(root)

    def rows() -> Iterator[Row]:
        yield root[0]
        for row, *below in original:
            yield row
            for one in below:
                yield from rows_of(one)

    return rows, lost


def _nest(root: Branch) -> list[Row]:
    """Move each loop below the one it names; return the HL that name none they can belong to."""
    known: dict[str, tuple[Branch, int]] = {}
    kept, lost = [], []
    for branch in root[1:]:
        row = branch[0]
        if row[0] != TAG:
            kept.append(branch)
            continue
        number, parent = (*row[_NUMBER : _PARENT + 1], "", "")[:2]
        above, depth = known.get(parent, (kept, 0))
        if depth == DEEPEST:
            above, depth = kept, 0
        above.append(branch)
        if parent and not depth:
            lost.append(row)
        if number:
            known.setdefault(number, (branch, depth + 1))
    root[1:] = kept
    return lost


def arranged(text: str) -> str:
    """Return a body whose HL loops each follow the one above them, numbered from 1.

    Mappings name a loop in HL01 as they like and the one above it in HL02, before or behind it. One
    that names none of the others stands at the top.
    """
    if f"~{TAG}*" not in text:
        return text
    head, loops, tail = _parted(text.split("~")[:-1])
    above = {loop[0].split("*")[1]: number for number, loop in reversed(list(enumerate(loops)))}
    below: dict[int | None, list[int]] = {}
    for number, loop in enumerate(loops):
        named = above.get("".join(loop[0].split("*")[2:3]))
        below.setdefault(named if named != number else None, []).append(number)
    written: list[str] = []
    left = dict.fromkeys(range(len(loops)))
    for top in (*below.get(None, ()), *range(len(loops))):  # the rest stand in a circle
        waiting = [(top, "")]
        while waiting:
            number, parent = waiting.pop()
            if number not in left:
                continue
            del left[number]
            count = str(len(loops) - len(left))
            row = loops[number][0].split("*")
            row[1:3] = [count, parent]
            written += ["*".join(row), *loops[number][1:]]
            waiting += [(one, count) for one in reversed(below.get(number, ()))]
    return "".join(f"{segment}~" for segment in (*head, *written, *tail))


def _parted(segments: list[str]) -> tuple[list[str], list[list[str]], list[str]]:
    """Part segments into those before the first loop, the loops, and those behind the last."""
    starts = [place for place, one in enumerate(segments) if one.startswith(f"{TAG}*")]
    last = len(segments)
    while last > starts[-1] + 1 and segments[last - 1].partition("*")[0] == _TAIL:
        last -= 1
    ends = [*starts[1:], last]
    loops = [segments[start:end] for start, end in zip(starts, ends, strict=True)]
    return segments[: starts[0]], loops, segments[last:]
