"""Make messages from nothing but their tables: right ones, and ones with something broken in them.

Everything comes from a seed. A message is text in the spelling of the standard, header to trailer.
"""

from collections.abc import Callable
from random import Random
from typing import Final

from edi.checking.elements import dated
from edi.checking.notes import holds
from edi.explaining.values import MOMENTS
from edi.rules import Rules
from edi.schema import Element, Format, Note, Segment, Use
from edi.walking import Node, Plan, Walk

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzåäöÅÄÖé"
TEXT: Final = LETTERS + '0123456789 .,-/()=!"%&;<>' + "\x0e\x0f\x10\x18\x19"
"""The last five stand for separators that their sender released."""


class Maker:
    """Make right messages by one set of rules.

    `filling` is how often an element or segment that may be left out is there.
    """

    def __init__(self, rules: Rules, seed: int, filling: float = 0.3) -> None:
        self.rules: Final = rules
        self.plan: Final = Plan(rules.table)
        self.random: Final = Random(seed)
        self.filling: Final = filling
        marks = rules.syntax.separators
        self._element, self._component = marks.element, marks.component
        self._repetition, self._terminator = marks.repetition or "", marks.terminator

    def message(self) -> str:
        """Return a right message."""
        walk = Walk(self.plan)
        body = self._entries(self.plan.root, walk)
        return self.framed(body)

    def framed(self, body: list[str]) -> str:
        """Return segments as a message, between a header and a trailer."""
        syntax, directory = self.rules.syntax, self.rules.directory
        framed = [self._of(directory.segment(syntax.header), syntax.header), *body,
                  self._of(directory.segment(syntax.trailer), syntax.trailer)]  # fmt: skip
        return "".join(segment + self._terminator for segment in framed)

    def _entries(self, parent: Node, walk: Walk) -> list[str]:
        made: list[str] = []
        for node in parent.below:
            for number in range(self._times(node)):
                move = walk.regular(node.entry.tag)
                if move is None or move.node is not node or (number == 0 and move.again):
                    break
                walk.go(move)
                made.append(self._of(self.rules.segment(node.entry), node.entry.tag))
                made += self._entries(node, walk)
        return made

    def _times(self, node: Node) -> int:
        entry = node.entry
        if not entry.mandatory and self.random.random() > self.filling:
            return 0
        return self.random.choice([1, 1, 2, 3]) if entry.repeats > 2 else 1

    def _of(self, segment: Segment | None, tag: str) -> str:
        if segment is None:
            return tag + self._element + "1"
        values = self._row(segment.uses, segment.notes, self._use)
        return self._element.join([tag, *values])

    def _row(
        self, uses: tuple[Use, ...], notes: tuple[Note, ...], value: Callable[[Use], str]
    ) -> list[str]:
        """Return values for positions, such that all notes hold, without empty ones at the end."""
        there = [not use.forbidden and (use.mandatory or self.random.random() < self.filling)
                 for use in uses]  # fmt: skip
        free = [not use.forbidden and not use.mandatory for use in uses]
        for _ in range(10):
            for note in notes:
                self._settle(note, there, free)
            if all(_content(note, there) for note in notes):
                break
        else:
            message = "no way to fill these positions was found"
            raise AssertionError(message)
        last = max((number for number, full in enumerate(there, start=1) if full), default=0)
        return [value(use) if full else "" for use, full in zip(uses[:last], there, strict=False)]

    def _settle(self, note: Note, there: list[bool], free: list[bool]) -> None:
        """Fill or empty positions that are free until a note is content, by chance."""
        places = [position - 1 for position in note.positions if free[position - 1]]
        for _ in range(100):
            if not places or _content(note, there):
                break
            one = self.random.choice(places)
            there[one] = not there[one]

    def _use(self, use: Use) -> str:
        several = use.repeats > 1 and self._repetition and self.random.random() < 0.3
        times = min(use.repeats, 3) if several else 1
        return self._repetition.join(self._once(use) for _ in range(times))

    def _once(self, use: Use) -> str:
        if isinstance(use.of, Element):
            return self.value(use.of)
        parts: list[str] = []
        while not any(parts):
            parts = self._row(use.of.parts, use.of.notes, self._part)
        for at in dated(use.of):
            if parts[at : at + 1] != [""] and "".join(parts[at + 1 : at + 2]) in MOMENTS:
                parts[at] = self._moment(MOMENTS[parts[at + 1]])
        return self._component.join(parts)

    def _moment(self, layout: str) -> str:
        return "".join(f"{self.random.randint(1, 12):02}" for _ in range(0, len(layout), 2))

    def _part(self, use: Use) -> str:
        assert isinstance(use.of, Element), "composites hold no composites"
        return self.value(use.of)

    def value(self, element: Element) -> str:
        """Return a right value of an element."""
        if element.codes is not None:
            return self.random.choice(sorted(element.codes))
        most = min(element.longest, max(element.shortest, 40))
        length = self.random.randint(element.shortest, most)
        return _VALUES.get(element.format, _text)(self.random, element, length)


def _content(note: Note, there: list[bool]) -> bool:
    return holds(note.kind, tuple(there[position - 1] for position in note.positions))


def _digits(random: Random, length: int) -> str:
    return "".join(random.choices("0123456789", k=length))


def _text(random: Random, _: Element, length: int) -> str:
    return "".join(random.choices(TEXT, k=length))


def _number(random: Random, element: Element, length: int) -> str:
    digits = _digits(random, length)
    if length > 1 and random.random() < 0.4:
        mark = "." if element.format is Format.DECIMAL else random.choice(".,")
        at = random.randint(1, length - 1)
        digits = digits[:at] + mark + digits[at:]
    return random.choice(["", "", "-"]) + digits


def _date(random: Random, element: Element, _: int) -> str:
    day = f"{random.randint(1, 12):02}{random.randint(1, 28):02}"
    return (
        f"{random.randint(0, 99):02}{day}"
        if element.longest < 8
        else f"20{random.randint(0, 99):02}{day}"
    )


def _time(random: Random, element: Element, _: int) -> str:
    length = random.choice(
        [one for one in (4, 6, 7, 8) if element.shortest <= one <= element.longest]
    )
    spelt = f"{random.randint(0, 23):02}{random.randint(0, 59):02}{random.randint(0, 59):02}"
    return (spelt + _digits(random, 2))[:length]


_VALUES: Final[dict[Format, Callable[[Random, Element, int], str]]] = {
    Format.ALPHABETIC: lambda random, _, length: "".join(random.choices(LETTERS, k=length)),
    Format.NUMERIC: _number,
    Format.DECIMAL: _number,
    Format.IMPLIED: lambda random, _, length: random.choice(["", "-"]) + _digits(random, length),
    Format.DATE: _date,
    Format.TIME: _time,
}


class Breaker:
    """Break messages: each way is one thing that goes wrong in real files."""

    def __init__(self, rules: Rules, seed: int) -> None:
        self.random: Final = Random(seed)
        marks = rules.syntax.separators
        self._element, self._component = marks.element, marks.component
        self._terminator = marks.terminator
        self._strange: Final = f"{marks.element}{marks.component}{marks.repetition or ''}"
        self._tags: Final = sorted({*rules.directory.segments, "XYZ", "LINE", "", "åäö"})

    def mutant(self, text: str) -> str:
        """Return `text` with one to three things changed; now and then that is right as well."""
        segments = text.split(self._terminator)[:-1]
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            way = self.random.choice(_WAYS)
            if len(segments) > 2:
                way(self, segments)
        return "".join(segment + self._terminator for segment in segments)

    def at(self, segments: list[str]) -> int:
        """Choose a segment between header and trailer."""
        return self.random.randrange(1, len(segments) - 1)

    def drop(self, segments: list[str]) -> None:
        del segments[self.at(segments)]

    def double(self, segments: list[str]) -> None:
        at = self.at(segments)
        segments[at:at] = [segments[at]] * self.random.choice([1, 1, 2, 40])

    def swap(self, segments: list[str]) -> None:
        at = self.at(segments)
        segments[at - 1 : at + 1] = [segments[at], segments[at - 1]] if at > 1 else segments[0:2]

    def move(self, segments: list[str]) -> None:
        one = segments.pop(self.at(segments))
        segments.insert(self.random.randint(1, len(segments) - 1), one)

    def strange(self, segments: list[str]) -> None:
        segments.insert(self.at(segments), f"{self.random.choice(self._tags)}{self._element}1")

    def within(self, segments: list[str]) -> None:
        """Change one element, or one component of it."""
        at = self.random.randrange(len(segments))
        elements = segments[at].split(self._element)
        if len(elements) > 1:
            one = self.random.randrange(1, len(elements))
            parts = elements[one].split(self._component)
            which = self.random.randrange(len(parts))
            parts[which] = self._changed(parts[which])
            elements[one] = self._component.join(parts)
            segments[at] = self._element.join(elements)

    def _changed(self, value: str) -> str:
        random = self.random
        return random.choice([
            "", value + value, value * 30, value[:-1], value + random.choice(TEXT), "X" + value,
            value.replace("0", "O"), value + random.choice(self._strange), value.lower(),
            random.choice(self._strange) + value, "-" + value, value + ".5", "1.", "20250230",
            value[::-1], "Z9Z", " " + value, "²", value + "\x19", value + "\x0e",
        ])  # fmt: skip

    def exchange(self, segments: list[str]) -> None:
        """Exchange two elements of a segment."""
        at = self.at(segments)
        elements = segments[at].split(self._element)
        if len(elements) > 2:
            one, other = self.random.sample(range(1, len(elements)), 2)
            elements[one], elements[other] = elements[other], elements[one]
            segments[at] = self._element.join(elements)

    def shift(self, segments: list[str]) -> None:
        """Put an element in, take one away, or add separators at the end."""
        at = self.at(segments)
        elements = segments[at].split(self._element)
        way = self.random.randrange(3)
        if way == 0:
            elements.insert(self.random.randint(1, len(elements)), "")
        elif way == 1 and len(elements) > 1:
            del elements[self.random.randrange(1, len(elements))]
        else:
            elements += [""] * self.random.choice([1, 3, 20])
        segments[at] = self._element.join(elements)


_WAYS: Final = (
    Breaker.drop, Breaker.double, Breaker.swap, Breaker.move, Breaker.strange, Breaker.within,
    Breaker.within, Breaker.within, Breaker.within, Breaker.exchange, Breaker.shift,
)  # fmt: skip
