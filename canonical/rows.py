"""Define the tree of a message made of segments: what codecs of `edi` give and mappings read.

A *row* is a segment as a list of texts: its tag, then its elements as they were received,
composites unsplit. A *branch* is a list too: first a row, then the branches below it in the order
received: the segments of the group that the row begins. A segment alone is a branch of one row. So

    [["UNH", "1", "ORDERS:D:96A:UN"],
        [["BGM", "220", "4711", "9"]],
        [["NAD", "BY", "7300010000001::9"], [["CTA", "OC", ":ANN"]]],
        [["LIN", "1", "", "7350000000014:SRV"], [["QTY", "21:12"]]]]

is an order. Lists and not objects, because a message has hundreds of segments and most of them are
looked at once: composites are split by who wants one of their components.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Protocol

from canonical.faults import Place

PROTECTED: Final = "\x0e\x0f\x10\x18\x19"
"""What stands for a data character that looks like a separator: terminator, element, component,
repetition, release. Each is one character of the element that holds it. Readers and writers of rows
share it: a text with protected characters means the same whatever it is later separated with."""

SEPARATORS: Final[Mapping[str, str]] = {
    "edifact": "'+:*?",
    "x12": "~*:^",
    "flat": "\x1e\x1f\x1d",
}
"""The separators that the text of a message has between codec and mapping, by syntax, in the order
of `PROTECTED`. A body that a mapping wrote (`canonical.wire.Markup`) is segments in this spelling,
each with its terminator, without header and trailer; the codec puts in the partner's own."""

WIDE: Final = 64
"""How many branches below one are looked through; more of them are sorted by their tags."""

Row = list[str]
Branch = list[Any]
"""A row, then branches; the type cannot be spelt any closer."""


class Layout(Protocol):
    """Say where in a segment an element stands: one edition of a directory."""

    @property
    def name(self) -> str:
        """Return the edition, e.g. `D.96A`: what readers are compiled and kept by."""

    def position(self, tag: str, name: str, occurrence: int = 1) -> tuple[int, int | None] | None:
        """Return the place in the row and in its composite of the n-th element called `name`.

        The place in the row counts from 1 (0 is the tag), the one in the composite from 0 and is
        None for an element that stands alone. None: this segment has no such element.
        """

    def elements(self, tag: str) -> tuple[str, ...]:
        """Return the names of all elements of a segment in order, none for an unknown segment."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Say what a line is made of: the tags of its segments, and which stands below which.

    `above` holds for each segment but the first the number of the one that it stands below. Lines
    that are made alike have the same outline, which is what readers keep their code by: `outline`.
    """

    tags: tuple[str, ...]
    above: tuple[int, ...]

    def branch(self, rows: Sequence[Row]) -> Branch:
        """Return the branch of a line that has this outline."""
        made: list[Branch] = [[row] for row in rows]
        for child, parent in enumerate(self.above, start=1):
            made[parent].append(made[child])
        return made[0]


@lru_cache(maxsize=4096)
def outline(tags: tuple[str, ...], above: tuple[int, ...]) -> Outline:
    """Return the outline of lines that are made like this, the same one every time."""
    return Outline(tags, above)


Line = tuple[Outline, list[Row]]
"""The rows of one line, not yet made a branch."""


@dataclass(slots=True, eq=False)
class Lined:
    """Hold a message whose lines, all branches of one tag below its root, are not yet branches.

    `head` is the root with everything else, of which the first `before` branches stand before the
    lines. Who knows what to do with lines that are made alike needs no tree of them; for everybody
    else there is `root`.
    """

    tag: str
    head: Branch = field(repr=False)
    before: int
    lines: list[Line] = field(repr=False)
    _root: Branch | None = field(default=None, repr=False)

    @property
    def root(self) -> Branch:
        """Return the whole tree, made when it is first asked for."""
        if self._root is None:
            upto = self.before + 1
            lines = [made.branch(rows) for made, rows in self.lines]
            self._root = [*self.head[:upto], *lines, *self.head[upto:]]
        return self._root


def root_of(shape: Branch | Lined) -> Branch:
    """Return the whole tree of a message."""
    return shape.root if isinstance(shape, Lined) else shape


@dataclass(slots=True, eq=False)  # never changed; frozen ones cost more to make
class SegmentTree:
    """Hold a message as a tree of rows with what is needed to read its texts.

    It is given as its root or, where its lines are known by their outlines, without them.
    `restored` puts back the characters that the sender released (a table of `str.translate`); None
    when nothing in this message was released, which is nearly always.
    """

    shape: Branch | Lined = field(repr=False)
    layout: Layout = field(repr=False)
    component: str = ":"
    repetition: str | None = None
    restored: Mapping[int, str] | None = field(default=None, repr=False)
    place: Callable[[Row, int, int | None], Place] | None = field(default=None, repr=False)
    """Find a row (by identity), an element and component of it in the bytes; slow, for faults."""
    _wide: dict[int, tuple[Branch, dict[str, list[Branch]]]] = field(
        default_factory=dict, repr=False
    )

    def children(self, branch: Branch, tag: str) -> Sequence[Branch]:
        """Return the branches right below one among which those of a tag are, in their order.

        Where there are many they are sorted by their tags once: what thousands of lines ask of the
        one that they all stand below must not cost all of them each time.
        """
        if len(branch) <= WIDE:
            return branch[1:]
        known = self._wide.get(id(branch))
        if known is None or known[0] is not branch:
            by_tag: dict[str, list[Branch]] = {}
            for child in branch[1:]:
                by_tag.setdefault(child[0][0], []).append(child)
            known = self._wide[id(branch)] = branch, by_tag
        return known[1].get(tag, ())

    @property
    def root(self) -> Branch:
        """Return the branch of the message's header, which all others stand below."""
        return root_of(self.shape)

    @property
    def lined(self) -> Lined | None:
        """Return the message with its lines by their outlines, where they are known."""
        shape = self.shape
        return shape if isinstance(shape, Lined) else None
