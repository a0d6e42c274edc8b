"""Give an edition of the directory as one syntax version of ISO 9735 uses it.

Shipped are the messages that this product maps, in D.96A and D.01B; every other edition comes from
an archive of the UN that a user imports. The envelope and CONTRL belong to the syntax and not to
an edition, so they are put beside it here: an interchange of syntax 3 and one of syntax 4 may both
hold orders of D.01B.

Before syntax 4 there is no repetition separator: an element that may stand n times takes n
positions (ISO 9735:1988, 8.2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

from edi.facts import read_facts
from edi.layout import DirectoryLayout
from edi.schema import Directory, MessageTable, Segment, Use

BUILT_IN: Final = ("D.96A", "D.01B")
"""The editions that are shipped. PRODAT and RETANN are in D.01B only: D.96A has none."""

MESSAGES: Final = (
    "APERAK", "DESADV", "INVOIC", "INVRPT", "ORDCHG", "ORDERS", "ORDRSP", "PRICAT", "PRODAT",
    "RECADV", "RETANN", "SLSRPT",
)  # fmt: skip
"""The messages of the shipped editions, beside CONTRL, which comes with the syntax."""

REPETITION: Final = 4
"""The syntax version that brought the repetition separator."""

_SPREAD: Final = 99
"""More repeats than this were never meant as positions of their own (ARR has 9,999)."""


@cache
def edition(name: str, syntax: int = 3) -> Directory:
    """Return a shipped edition, `D.96A` or `D.01B`; raises KeyError for any other."""
    if name not in BUILT_IN:
        raise KeyError(name)
    return with_syntax(bare_edition(name), syntax)


@cache
def bare_edition(name: str) -> Directory:
    """Return a shipped edition as its facts say it: without envelope and CONTRL."""
    return read_facts(_shipped(name.replace(".", "").lower()), f"{name}.facts", known_service())


def with_syntax(directory: Directory, syntax: int = 3) -> Directory:
    """Return an edition as interchanges of this syntax hold it: with envelope and CONTRL.

    The name tells the syntax only where segments differ by it: `D.01B` before syntax 4 and
    `D.01B/4` from there on.
    """
    envelope = envelope_of(syntax)
    repeating = syntax >= REPETITION
    return replace(
        directory,
        name=f"{directory.name}/{REPETITION}" if repeating else directory.name,
        messages=_Either(envelope.messages, directory.messages),
        segments=directory.segments if repeating else _Spread(directory.segments),
        service=envelope.service,
    )


@cache
def envelope_of(syntax: int) -> Directory:
    """Return the service segments and CONTRL of a syntax version."""
    name = "syntax4" if syntax >= REPETITION else "syntax3"
    return read_facts(_shipped(name), f"{name}.facts")


@cache
def layout(name: str, syntax: int = 3) -> DirectoryLayout:
    """Return where the elements of a shipped edition stand."""
    return DirectoryLayout(edition(name, syntax))


def known_service() -> Mapping[str, Segment]:
    """Return every service segment, which a table of a message may hold of any syntax."""
    return {**envelope_of(3).service, **envelope_of(4).service}


def _shipped(name: str) -> str:
    return files(__package__).joinpath(f"{name}.facts").read_text("utf-8")


class _Either(Mapping[str, MessageTable]):
    """Look into one mapping, then into another, without making what is in them."""

    def __init__(self, *parts: Mapping[str, MessageTable]) -> None:
        self._parts = parts

    def __getitem__(self, name: str) -> MessageTable:
        for part in self._parts:
            if name in part:
                return part[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for part in self._parts for name in part))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Spread(Mapping[str, Segment]):
    """Give each repeat of an element a position of its own, in a segment that is asked for."""

    def __init__(self, segments: Mapping[str, Segment]) -> None:
        self._segments = segments
        self._made: dict[str, Segment] = {}

    def __getitem__(self, tag: str) -> Segment:
        made = self._made.get(tag)
        if made is None:
            made = self._made[tag] = spread(self._segments[tag])
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._segments)

    def __len__(self) -> int:
        return len(self._segments)


def spread(segment: Segment) -> Segment:
    """Return a segment whose elements repeat in positions; notes follow to the new positions."""
    if all(use.repeats == 1 for use in segment.uses):
        return segment
    uses: list[Use] = []
    moved = {}
    for position, use in enumerate(segment.uses, start=1):
        moved[position] = len(uses) + 1
        once = replace(use, repeats=1)
        uses.append(once)
        if use.repeats <= _SPREAD:
            uses += [replace(once, mandatory=False)] * (use.repeats - 1)
    notes = tuple(
        replace(note, positions=tuple(moved[position] for position in note.positions))
        for note in segment.notes
    )
    return Segment(segment.tag, tuple(uses), notes)
