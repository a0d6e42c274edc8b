"""Make trees of messages, and find their rows again in the bytes."""

from collections.abc import Callable, Iterator

from canonical.faults import Place
from canonical.rows import Branch, Row
from edi.locating import Locator
from edi.text import Slice


def flat(piece: Slice, trailer: str) -> Branch:
    """Return the segments of a message that has no table: all stand below its header."""
    rows = piece.rows()
    closed = piece.last and len(rows) > 1 and rows[-1][0] == trailer
    return [rows[0], *([row] for row in (rows[1:-1] if closed else rows[1:]))]


def header_of(piece: Slice) -> Row:
    """Return the first segment of a message, without splitting the others."""
    return piece.text.partition(piece.standard.terminator)[0].split(piece.standard.element)


def rows_of(branch: Branch) -> Iterator[Row]:
    """Walk the rows of a tree from the top down, which is the order received."""
    yield branch[0]
    for below in branch[1:]:
        yield from rows_of(below)


def placing(
    piece: Slice, rows: Callable[[], Iterator[Row]]
) -> Callable[[Row, int, int | None], Place]:
    """Return what finds a row in the bytes of its message.

    `rows` walks all of them in the order received; it is asked for only when a place is, and once:
    a message may have as many faults as lines.
    """
    known: list[tuple[Locator, dict[int, int]]] = []

    def place(row: Row, element: int, component: int | None) -> Place:
        if not known:
            numbered = {id(one): number for number, one in enumerate(rows(), start=1)}
            known.append((Locator(piece), numbered))
        locator, numbers = known[0]
        return locator.place(numbers.get(id(row), 1), element or None, component)

    return place
