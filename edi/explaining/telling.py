"""Tell what was found as faults: with place, path, name, the standard's code and who ruled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from msgspec.structs import replace

from canonical.faults import Fault, FaultKind, Place, Severity
from canonical.rows import Row
from edi.explaining.elements import Found
from edi.faults import Kind, standard_code
from edi.rules import Rules
from edi.schema import Composite, Demand, Segment, Use
from edi.walking import Node, Walk
from edi.weighing import IGNORED

LIMIT: Final = 1000
"""How many errors of one message are told, and how many notes: nobody reads on, and each costs."""

OFTEN: Final = 1000
"""A record that may be repeated as often as this is a line of its file."""


class Places(Protocol):
    """Find in the bytes what stands in a message."""

    def place(
        self,
        segment: int,
        element: int | None = None,
        component: int | None = None,
        repetition: int = 1,
        path: str | None = None,
    ) -> Place:
        """Return the place of a segment (the header is 1) or of something in it.

        `element` counts from 1, `component` from 0, `repetition` from 1.
        """


class Subjects(Protocol):
    """Name things as people in business call them."""

    def subject(self, row: Row, element: str, line: int | None) -> str | None:
        """Return what an element of this segment is called (`ordered quantity of line 3`).

        `element` is its id, empty for the segment as a whole; `line` is the number of the line of
        the message that it stands in. None: there is no name for it.
        """


@dataclass(frozen=True, slots=True)
class Here:
    """Say which segment is looked at: its number in the message, its row, who finds it."""

    number: int
    row: Row
    places: Places = field(repr=False)
    restored: Mapping[int, str] | None = field(default=None, repr=False)

    def shown(self, text: str) -> str:
        """Return text as its sender wrote it, with the characters he released."""
        return text.translate(self.restored) if self.restored is not None else text


@dataclass(frozen=True, slots=True)
class Spot:
    """Say where a fault is: its path, and where in the segment."""

    path: str
    element: int | None = None
    component: int | None = None
    repetition: int = 1
    name: str = ""
    """The id of the element, for its name in business."""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what is said of one fault beside its kind and place."""

    found: str | None = None
    expected: str | None = None
    hint: str | None = None
    source: str = ""
    """What ruled, where that is neither the directory nor told by the path."""
    weight: str = ""
    """What it leads to, likewise."""


class Teller:
    """Make the faults of one message, as heavy as its rules say."""

    def __init__(self, rules: Rules, subjects: Subjects | None) -> None:
        self._rules = rules
        self._subjects = subjects
        self._kinds: Final[Mapping[str, FaultKind]] = rules.kinds()
        self.faults: Final[list[Fault]] = []
        self._told = {True: 0, False: 0}
        self.ignored: Final = frozenset(
            Kind(number) for number, kind in self._kinds.items() if rules.severity(kind) is None
        )

    @property
    def full(self) -> bool:
        """Tell whether so much was told that nothing is added any more."""
        return self._told[True] > LIMIT

    def tell(self, kind: Kind, here: Here, spot: Spot, said: Said) -> None:
        """Take down one fault, unless it weighs nothing or there are too many.

        Errors are counted apart from what weighs less: an error after a thousand notes is told.
        """
        severity = self._severity(kind, spot, said)
        error = severity is Severity.ERROR
        if severity is None or self._told[error] > LIMIT:
            return
        self._told[error] += 1
        if self._told[error] > LIMIT:
            kind, said, severity = Kind.MORE, Said(), Severity.WARNING
        self.faults.append(self._fault(kind, here, spot, said, severity))

    def _severity(self, kind: Kind, spot: Spot, said: Said) -> Severity | None:
        if said.weight:
            return None if said.weight == IGNORED else Severity(said.weight)
        return self._rules.severity(self._kinds[kind], spot.path)

    def tell_found(
        self,
        found: Found,
        here: Here,
        segment: Segment,
        walk: Walk | None,
        demand: Demand | None = None,
    ) -> None:
        """Take down what is wrong within a segment; `demand` weighs it, and rules if it says so."""
        path, line = self.path(walk, segment.tag), self.line(walk)
        names = self._names(segment, found)
        spot = Spot(
            "/".join([path, *names]),
            found.element,
            found.component,
            found.repetition,
            _business(segment, found),
            line,
        )
        value = None if found.value is None else here.shown(found.value)
        ruled = demand.source if demand is not None and demand.segment is segment else ""
        weight = "" if demand is None else demand.weight
        said = Said(value, found.expected, found.hint, ruled, weight)
        self.tell(found.kind, here, spot, said)

    def path(self, walk: Walk | None, tag: str) -> str:
        """Return the path of the segment that a walk has come to: `ORDERS/SG25[3]/QTY`."""
        names = [self._rules.table.name]
        steps = walk.path() if walk is not None else []
        for node, count in steps:
            if node.entry.group is not None:
                names.append(self._group(node, count))
        last = steps[-1] if steps else None
        if self._rules.syntax.folded and last and last[0].entry.group == tag:
            return "/".join(names)
        again = last[1] if last and last[0].entry.group is None and last[0].entry.tag == tag else 1
        return "/".join([*names, f"{tag}[{again}]" if again > 1 else tag])

    def line(self, walk: Walk | None, node: Node | None = None) -> int | None:
        """Return the number of the line that a walk is in, counted through the whole message.

        With `node`, of the line that this place of the table is in. Packages and other groups that
        repeat are none; of records it is the one repeated most.
        """
        steps = walk.path() if walk is not None else []
        if node is not None:
            steps = [(one, count) for one, count in steps if one in _above(node)]
        if walk is None or not self._rules.syntax.folded:
            return walk.lines if walk is not None and any(one.line for one, _ in steps) else None
        often = [(node.entry.repeats, count) for node, count in steps
                 if node.entry.group is not None and node.entry.repeats >= OFTEN]  # fmt: skip
        return max(often)[1] if often else None

    def path_to(self, walk: Walk, node: Node) -> str:
        """Return the path of an entry that is missing."""
        counts = {one.number: count for one, count in walk.path()}
        folded = self._rules.syntax.folded and node.entry.group == node.entry.tag
        names = [] if folded else [node.entry.tag]
        above: Node | None = node
        while above is not None and above.parent is not None:
            if above.entry.group is not None:
                names.append(self._group(above, counts.get(above.number, 1)))
            above = above.parent
        return "/".join([self._rules.table.name, *reversed(names)])

    def _group(self, node: Node, count: int) -> str:
        name = self._rules.syntax.group.format(node.entry.group)
        return f"{name}[{count}]" if node.entry.repeats > 1 else name

    def _names(self, segment: Segment, found: Found) -> list[str]:
        if found.element is None:
            return []
        if self._rules.syntax.by_position:
            part = "" if found.component is None else f"-{found.component + 1}"
            return [f"{found.element:02}{part}"]
        return element_names(segment, found.element, found.component)

    def _fault(self, kind: Kind, here: Here, spot: Spot, said: Said, severity: Severity) -> Fault:
        place = here.places.place(
            here.number, spot.element, spot.component, spot.repetition, spot.path
        )
        subject = None
        if self._subjects is not None and here.row:
            subject = self._subjects.subject(here.row, spot.name, spot.line)
        component = None if spot.component is None else spot.component + 1
        return self._kinds[kind].fault(
            severity=severity,
            place=replace(place, element=spot.element, component=component),
            found=said.found,
            expected=said.expected,
            hint=said.hint,
            source=said.source or self._rules.ruled(spot.path, kind),
            standard=standard_code(self._rules.syntax.prefix, kind),
            subject=subject,
        )


def _above(node: Node) -> Iterator[Node]:
    """Walk the groups that a place of the table is in."""
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def element_names(segment: Segment, element: int, component: int | None) -> list[str]:
    """Return how an element is named by ids: `C186`, `6060`; of several alike with a number."""
    if element > len(segment.uses):
        return [f"({element})"]
    of = segment.uses[element - 1].of
    names = [_numbered(segment.uses, element)]
    if component is None or not isinstance(of, Composite):
        return names if component is None else [*names, f"({component + 1})"]
    within = component < len(of.parts)
    return [*names, _numbered(of.parts, component + 1) if within else f"({component + 1})"]


def _numbered(uses: Sequence[Use], position: int) -> str:
    name = uses[position - 1].of.id
    alike = [at for at, use in enumerate(uses, start=1) if use.of.id == name]
    return f"{name}[{alike.index(position) + 1}]" if len(alike) > 1 else name


def _business(segment: Segment, found: Found) -> str:
    """Return the id of the element that a fault is about."""
    if found.element is None or found.element > len(segment.uses):
        return ""
    of = segment.uses[found.element - 1].of
    if found.component is None or not isinstance(of, Composite):
        return of.id
    return of.parts[found.component].of.id if found.component < len(of.parts) else of.id
