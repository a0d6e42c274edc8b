"""Nest loops that say themselves below which one they belong: HL of 856 and others.

The table of such a message has its HL loops in a row; HL01 numbers each and HL02 names the one
above (shipment, order, package, item). Here each becomes a branch of the loop that it names.
"""

from collections.abc import Callable, Iterator
from typing import Final

from canonical.rows import Branch, Row
from edi.trees import rows_of

TAG: Final = "HL"
_NUMBER: Final = 1
_PARENT: Final = 2


def nested(root: Branch) -> tuple[Callable[[], Iterator[Row]], list[Row]]:
    """Put every HL loop of `root` below its parent; return how to walk the rows, and the lost.

    Rows are walked in the order received, which the tree may no longer have. Lost are the HL that
    name no loop before them: they stay where they are.
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
    """Move each loop below the one it names; return the HL that name none before them."""
    known: dict[str, Branch] = {}
    kept, lost = [], []
    for branch in root[1:]:
        row = branch[0]
        if row[0] != TAG:
            kept.append(branch)
            continue
        number, parent = (*row[_NUMBER : _PARENT + 1], "", "")[:2]
        known.get(parent, kept).append(branch)
        if parent and parent not in known:
            lost.append(row)
        if number:
            known.setdefault(number, branch)
    root[1:] = kept
    return lost
