"""Say what is wrong with the elements of one segment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from canonical.rows import Row
from edi.checking.elements import dated
from edi.checking.notes import holds
from edi.explaining.values import Wrong, spelt, wrong_moment, wrong_value
from edi.faults import Kind
from edi.rules import Rules
from edi.schema import Composite, Dependency, Element, Note, Segment, Use


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one thing that is wrong in a segment, and where: `element` from 1, `component` from 0.

    `element` None means the segment as a whole.
    """

    kind: Kind
    element: int | None = None
    component: int | None = None
    repetition: int = 1
    value: str | None = None
    expected: str | None = None
    hint: str | None = None


class Looking(Protocol):
    """Look into the segments of one syntax."""

    def look(self, row: Row, segment: Segment) -> Iterator[Found]:
        """Walk what is wrong with a segment, from its first element to its last."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Say where in a segment something stands."""

    element: int
    component: int | None = None
    repetition: int = 1

    def found(self, wrong: Wrong, value: str | None = None) -> Found:
        return Found(
            wrong.kind,
            self.element,
            self.component,
            self.repetition,
            value,
            wrong.expected,
            wrong.hint,
        )


_NEEDING: Final = {
    Dependency.ALL_OR_NONE,
    Dependency.ONE_OR_MORE,
    Dependency.IF_FIRST_THEN_ALL,
    Dependency.IF_FIRST_THEN_ANY,
}
"""The notes that are broken by something missing; the others by something too much."""


class Elements:
    """Look at the elements of segments in one syntax."""

    def __init__(self, rules: Rules, ignored: frozenset[Kind] = frozenset()) -> None:
        separators = rules.syntax.separators
        self._component: Final = separators.component
        self._repetition: Final = separators.repetition
        self._hollow: Final = separators.component + (separators.repetition or "")
        self._listed: Final = Kind.CODE not in ignored

    def look(self, row: Row, segment: Segment) -> Iterator[Found]:
        """Walk what is wrong with a segment, from its first element to its last."""
        elements = row[1:]
        uses = segment.uses
        for position, use in enumerate(uses, start=1):
            text = elements[position - 1] if position <= len(elements) else ""
            yield from self._element(text, use, position)
        yield from self._beyond(elements, len(uses))
        filled = [self._filled(text) for text in elements]
        for note in segment.notes:
            yield from self._note(note, filled, segment.uses, None)

    def _filled(self, text: str) -> bool:
        return bool(text.strip(self._hollow))

    def _beyond(self, elements: Sequence[str], known: int) -> Iterator[Found]:
        for position in range(known + 1, len(elements) + 1):
            if self._filled(elements[position - 1]):
                yield Found(Kind.ELEMENTS, position, value=elements[position - 1],
                            expected=f"≤ {known}")  # fmt: skip
                break
        if elements and not elements[-1]:
            yield Found(Kind.HOLLOW, len(elements), value="")

    def _element(self, text: str, use: Use, position: int) -> Iterator[Found]:
        if not self._filled(text):
            if use.mandatory:
                yield Found(Kind.MISSING_ELEMENT, position, expected=_format(use.of))
            if text:
                yield Found(Kind.HOLLOW, position, value=text)
            return
        if use.forbidden:
            yield Found(Kind.FORBIDDEN, position, value=text)
            return
        parts = text.split(self._repetition) if self._repetition else [text]
        for number, part in enumerate(parts, start=1):
            yield from self._once(part, use.of, _Spot(position, None, number))
        if len(parts) > use.repeats:
            yield Found(Kind.REPETITIONS, position, None, use.repeats + 1, value=text,
                        expected=f"≤ {use.repeats}")  # fmt: skip

    def _once(self, text: str, of: Element | Composite, spot: _Spot) -> Iterator[Found]:
        if not text:
            yield spot.found(Wrong(Kind.HOLLOW), text)
        elif isinstance(of, Composite):
            yield from self._composite(text.split(self._component), of, spot)
        else:
            yield from self._simple(text.split(self._component), of, spot)

    def _simple(self, parts: list[str], element: Element, spot: _Spot) -> Iterator[Found]:
        if parts[0]:
            yield from self._value(parts[0], element, spot)
        if len(parts) > 1:
            yield from self._excess(parts, 1, spot)

    def _composite(self, parts: list[str], of: Composite, spot: _Spot) -> Iterator[Found]:
        places = dated(of)
        for index, use in enumerate(of.parts):
            text = parts[index] if index < len(parts) else ""
            here = _Spot(spot.element, index, spot.repetition)
            if text and use.forbidden:
                yield here.found(Wrong(Kind.FORBIDDEN), text)
            elif text and isinstance(use.of, Element):
                yield from self._value(text, use.of, here)
                if index in places and parts[index + 1 : index + 2]:
                    yield from map(here.found, wrong_moment(text, parts[index + 1]), [text])
            elif use.mandatory:
                yield here.found(Wrong(Kind.MISSING_COMPONENT, _format(use.of)))
        yield from self._excess(parts, len(of.parts), spot)
        filled = [bool(part) for part in parts]
        for note in of.notes:
            yield from self._note(note, filled, of.parts, spot)

    def _value(self, text: str, element: Element, spot: _Spot) -> Iterator[Found]:
        for wrong in wrong_value(element, text, listed_only=self._listed):
            yield spot.found(wrong, text)

    @staticmethod
    def _excess(parts: list[str], known: int, spot: _Spot) -> Iterator[Found]:
        """Walk what stands behind the last component that there is, or the last that is filled."""
        for index in range(known, len(parts)):
            if parts[index]:
                here = _Spot(spot.element, index, spot.repetition)
                yield here.found(Wrong(Kind.COMPONENTS, f"≤ {known}"), parts[index])
                break
        if not parts[-1]:
            here = _Spot(spot.element, len(parts) - 1, spot.repetition)
            yield here.found(Wrong(Kind.HOLLOW), "")

    @staticmethod
    def _note(
        note: Note, filled: Sequence[bool], uses: Sequence[Use], spot: _Spot | None
    ) -> Iterator[Found]:
        """Walk what a note has against a row; it points at the first position that is at fault."""
        there = tuple(
            position <= len(filled) and filled[position - 1] for position in note.positions
        )
        if holds(note.kind, there):
            return
        needing = note.kind in _NEEDING or not any(there)
        at_fault = [
            position
            for position, full in zip(note.positions, there, strict=True)
            if full is not needing
        ]
        position = at_fault[0] if needing else at_fault[-1]
        kind = Kind.DEPENDENT if needing else Kind.EXCLUDED
        names = ", ".join(uses[one - 1].of.id for one in note.positions)
        said = f"{note.kind} {names}"
        if spot is None:
            yield Found(kind, position, expected=said)
        else:
            yield Found(kind, spot.element, position - 1, spot.repetition, expected=said)


def _format(of: Element | Composite) -> str:
    if isinstance(of, Composite):
        return of.id
    return spelt(of)
