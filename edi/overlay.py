"""Put a partner's guide over a directory, and know afterwards which of the two ruled.

What a guide changes is a directory like any other: checks and explanations know nothing of guides.
Only where it changed something is kept, by the path that a fault has there. A guide tightens: it
allows no length and no kind of characters that the edition does not, for what a partner sends in
spite of the edition there are severities.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import Enum
from typing import Final, TypeVar

from canonical.faults import Severity
from edi.explaining.telling import element_names
from edi.faults import Kind
from edi.guides import Guide, Rule, Wrong
from edi.rules import Syntax
from edi.schema import Composite, Directory, Element, Entry, Format, MessageTable, Segment, Use
from edi.weighing import IGNORED, Severities, severities_of

Place = TypeVar("Place")


class Aspect(Enum):
    """Name what of a place a rule changes, and so which faults there it is the reason of."""

    PRESENCE = frozenset({Kind.MISSING_SEGMENT, Kind.MISSING_GROUP, Kind.MISSING_ELEMENT,
                          Kind.MISSING_COMPONENT})  # fmt: skip
    ABSENCE = frozenset({Kind.FORBIDDEN, Kind.FOREIGN_SEGMENT, Kind.UNEXPECTED_SEGMENT})
    REPEATS = frozenset({Kind.SEGMENT_REPEATS, Kind.GROUP_REPEATS, Kind.REPETITIONS})
    VALUE = frozenset({Kind.SHORT, Kind.LONG, Kind.NUMBER, Kind.LETTERS})
    CODES = frozenset({Kind.CODE})


_ASPECTS: Final[Mapping[Kind, Aspect]] = {kind: each for each in Aspect for kind in each.value}
_COUNT: Final = re.compile(r"(?<=[A-Z0-9])\[\d+\]")
_ELEMENT: Final = re.compile(r"(?:\d{4}|[CSE]\d{3})(?:\[\d+\])?|\d\d(?:-\d+)?")
_NUMBERED: Final = re.compile(r"(.+?)(?:\[(\d+)\])?")
_KINDS: Final = {Format.NUMERIC: {Format.NUMERIC}, Format.ALPHABETIC: {Format.ALPHABETIC}}
"""What a format may be tightened to; all others to anything."""


@dataclass(frozen=True)
class Layers:
    """Know where a guide ruled, by the paths that faults have: `SG25/QTY/C186/6060`."""

    guide: Guide
    reasons: Mapping[tuple[str, Aspect], str] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)

    def source(self, path: str, kind: Kind) -> str | None:
        """Return the line of the guide that a fault at a path is by; None: the edition ruled."""
        aspect, path = _ASPECTS.get(kind), bare(path)
        if aspect is None:
            return None
        found = self.reasons.get((path, aspect))
        if found is None and aspect is Aspect.CODES:
            id_ = _COUNT.sub("", path.rpartition("/")[2])
            rules = (rule for rule in self.guide.codes if rule.path == id_)
            found = next((label(self.guide, rule) for rule in rules), None)
        return found

    def severity(self, path: str, usual: Severity | None) -> Severity | None:
        """Return how much a fault at a path weighs, None for nothing; the longest path counts."""
        parts = bare(path).split("/")
        for end in range(len(parts), 0, -1):
            weight = self.weights.get("/".join(parts[:end]))
            if weight is not None:
                return None if weight == IGNORED else Severity(weight)
        return usual


@dataclass(frozen=True)
class Overlaid:
    """Hold a directory under a guide; `wrong` is what the guide says that the directory cannot."""

    directory: Directory
    guide: Guide
    layers: Mapping[str, Layers]
    """Where the guide ruled, by message."""
    wrong: tuple[Wrong, ...] = ()

    def layer(self, message: str) -> Layers:
        """Return where the guide ruled in a message."""
        return self.layers.get(message) or Layers(self.guide)

    def severities(self, message: str) -> Severities:
        """Return what faults weigh in a message by their codes."""
        own = self.guide.messages.get(message)
        return severities_of({**self.guide.severities, **(own.severities if own else {})})


def overlaid(directory: Directory, guide: Guide, syntax: Syntax) -> Overlaid:
    """Return a directory as a guide wants it, with everything in the guide that has no place."""
    wrong: list[Wrong] = []
    if guide.edition != directory.name.partition("/")[0]:
        what = f"the guide is made for {guide.edition}, this is {directory.name}"
        wrong.append(Wrong(("edition",), what))
    everywhere = _Everywhere(guide, wrong)
    segments = directory.segments
    if guide.codes:
        segments = {tag: everywhere.segment(one) for tag, one in segments.items()}
    wrong += everywhere.unused()
    recoded = replace(directory, segments=segments)
    changed_messages: dict[str, MessageTable] = {}
    layers = {}
    for name, told in guide.messages.items():
        if name not in directory.messages:
            near = get_close_matches(name, directory.messages, n=1)
            hint = f"did you mean {near[0]}?" if near else ""
            wrong.append(Wrong(("messages", name), f"{directory.name} has no {name}", hint))
            continue
        change = _Change(recoded, guide, syntax, told.rules)
        table = directory.messages[name]
        changed_messages[name] = MessageTable(name, change.entries(table.body, ""))
        wrong += [*change.wrong, *change.unused()]
        layers[name] = change.layers()
    messages = _Over(changed_messages, directory.messages)
    return Overlaid(replace(recoded, messages=messages), guide, layers, tuple(wrong))


def bare(path: str) -> str:
    """Return the path of a fault without the message and the counts of groups and segments."""
    parts = path.split("/")[1:]
    return "/".join(part if _ELEMENT.fullmatch(part) else _COUNT.sub("", part) for part in parts)


class _Over(Mapping[str, MessageTable]):
    """Hold some messages over those of a directory, which are made only when they are asked for."""

    def __init__(self, own: Mapping[str, MessageTable], below: Mapping[str, MessageTable]) -> None:
        self._own = own
        self._below = below

    def __getitem__(self, name: str) -> MessageTable:
        return self._own[name] if name in self._own else self._below[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._below)

    def __len__(self) -> int:
        return len(self._below)


class _Everywhere:
    """Change code lists wherever their element stands."""

    def __init__(self, guide: Guide, wrong: list[Wrong]) -> None:
        self.rules: Final = {rule.path: rule for rule in guide.codes}
        self.seen: Final[set[str]] = set()
        self.wrong: Final = wrong

    def segment(self, segment: Segment) -> Segment:
        return replace(segment, uses=tuple(map(self.use, segment.uses)))

    def use(self, use: Use) -> Use:
        if isinstance(use.of, Composite):
            parts = tuple(map(self.use, use.of.parts))
            return use if parts == use.of.parts else replace(use, of=replace(use.of, parts=parts))
        rule = self.rules.get(use.of.id)
        if rule is None:
            return use
        first = use.of.id not in self.seen
        self.seen.add(use.of.id)
        return replace(use, of=changed(use.of, rule, self.wrong if first else []))

    def unused(self) -> Iterator[Wrong]:
        for id_, rule in self.rules.items():
            if id_ not in self.seen:
                yield Wrong(rule.keys, f"no element {id_} stands in any segment")


class _Change:
    """Change the table of one message by the rules of a guide."""

    def __init__(
        self, directory: Directory, guide: Guide, syntax: Syntax, rules: tuple[Rule, ...]
    ) -> None:
        self.directory: Final = directory
        self.guide: Final = guide
        self.syntax: Final = syntax
        self.rules: Final = [(rule, *_target(rule.path)) for rule in rules]
        self.used: Final[set[str]] = set()
        self.wrong: Final[list[Wrong]] = []
        self.paths: Final[list[str]] = []
        self.reasons: Final[dict[tuple[str, Aspect], str]] = {}
        self.weights: Final[dict[str, str]] = {}

    def layers(self) -> Layers:
        """Return where the guide ruled in this message."""
        return Layers(self.guide, self.reasons, self.weights)

    def entries(self, entries: Iterable[Entry], above: str) -> tuple[Entry, ...]:
        """Return the entries of one level as the guide wants them."""
        return tuple(new for entry in entries for new in self.entry(entry, above))

    def entry(self, entry: Entry, above: str) -> Iterator[Entry]:
        """Give an entry as the guide wants it, or nothing when it is forbidden."""
        alone = entry.group is None
        name = entry.tag if entry.group is None else self.syntax.group.format(entry.group)
        path = f"{above}/{name}" if above else name
        trigger = path if alone else f"{path}/{entry.tag}"
        self.paths.append(path)
        for rule in self.of(path):
            if rule.forbidden and not entry.mandatory:
                self.note(rule, Aspect.ABSENCE, path)
                return
            entry = self.occurring(entry, rule, (path, trigger))
        if not alone:
            self.paths.append(trigger)
            entry = replace(entry, body=self.entries(entry.body, path))
        segment = entry.segment or self.directory.segment(entry.tag)
        if segment is not None:
            new = self.segment(segment, trigger)
            entry = entry if new is segment else replace(entry, segment=new)
        yield entry

    def occurring(self, entry: Entry, rule: Rule, paths: tuple[str, str]) -> Entry:
        """Return an entry required or repeated as a rule says."""
        if rule.forbidden:
            self.say(rule, f"{paths[0]} is mandatory in {self.guide.edition}")
        if rule.of_element:
            self.say(rule, f"{paths[0]} is no element: lengths, formats and codes are of elements")
        if rule.repeats is not None and rule.repeats > entry.repeats:
            self.say(rule, f"{self.guide.edition} allows {entry.repeats} of {paths[0]} only")
        if rule.required:
            entry = replace(entry, mandatory=True)
            self.note(rule, Aspect.PRESENCE, *paths)
        if rule.repeats is not None:
            entry = replace(entry, repeats=min(rule.repeats, entry.repeats))
            self.note(rule, Aspect.REPEATS, *paths)
        return entry

    def of(self, path: str) -> Iterator[Rule]:
        """Give the rules of a place in the table."""
        for rule, place, names in self.rules:
            if not names and _at(place, path):
                self.used.add(rule.path)
                if rule.severity is not None:
                    self.weights[path] = rule.severity
                yield rule

    def segment(self, segment: Segment, path: str) -> Segment:
        """Return what a segment may be at a place."""
        for rule, place, names in self.rules:
            if names and _at(place, path):
                for row, part in _found(segment, names):
                    self.used.add(rule.path)
                    segment = self.element(segment, rule, (row, part), path)
        return segment

    def element(
        self, segment: Segment, rule: Rule, at: tuple[int, int | None], path: str
    ) -> Segment:
        """Return a segment with one element of it as a rule says."""
        row, part = at
        use = segment.uses[row]
        path = f"{path}/{self.named(segment, row, part)}"
        if rule.severity is not None:
            self.weights[path] = rule.severity
        if part is None or not isinstance(use.of, Composite):
            new = self.use(use, rule, path)
        else:
            parts = list(use.of.parts)
            parts[part] = self.use(parts[part], rule, path)
            of = replace(use.of, parts=tuple(parts))
            new = replace(use, of=of, mandatory=use.mandatory or rule.required)
            if rule.required:
                self.note(rule, Aspect.PRESENCE, path.rpartition("/")[0])
        return replace(segment, uses=(*segment.uses[:row], new, *segment.uses[row + 1 :]))

    def use(self, use: Use, rule: Rule, path: str) -> Use:
        """Return the use of an element as a rule says."""
        use = self.standing(use, rule, path)
        if not rule.of_element:
            return use
        if isinstance(use.of, Composite):
            self.say(rule, f"{path} is a composite: say it of its components")
            return use
        if rule.add or rule.remove or rule.only:
            self.note(rule, Aspect.CODES, path)
        if rule.shortest or rule.longest or rule.format:
            self.note(rule, Aspect.VALUE, path)
        return replace(use, of=changed(use.of, rule, self.wrong))

    def standing(self, use: Use, rule: Rule, path: str) -> Use:
        """Return the use of an element required, forbidden or repeated as a rule says."""
        if rule.forbidden and use.mandatory:
            self.say(rule, f"{path} is mandatory in {self.guide.edition}")
        elif rule.forbidden:
            use = replace(use, forbidden=True)
            self.note(rule, Aspect.ABSENCE, path)
        if rule.required:
            use = replace(use, mandatory=True)
            self.note(rule, Aspect.PRESENCE, path)
        if rule.repeats is not None:
            if rule.repeats > use.repeats:
                self.say(rule, f"{self.guide.edition} allows {use.repeats} of {path} only")
            use = replace(use, repeats=min(rule.repeats, use.repeats))
            self.note(rule, Aspect.REPEATS, path)
        return use

    def named(self, segment: Segment, row: int, part: int | None) -> str:
        """Return how the path of a fault names an element."""
        if self.syntax.by_position:
            return f"{row + 1:02}" + ("" if part is None else f"-{part + 1}")
        return "/".join(element_names(segment, row + 1, part))

    def note(self, rule: Rule, aspect: Aspect, *paths: str) -> None:
        """Keep that a rule is the reason of faults at these paths."""
        for path in paths:
            self.reasons[path, aspect] = label(self.guide, rule)

    def say(self, rule: Rule, what: str) -> None:
        wrong = Wrong(rule.keys, what, "a guide tightens; for what they send anyway: severity")
        if wrong not in self.wrong:
            self.wrong.append(wrong)

    def unused(self) -> Iterator[Wrong]:
        """Give the rules that no place is found for."""
        for rule, place, names in self.rules:
            if rule.path in self.used:
                continue
            if names and any(_at(place, path) for path in self.paths):
                yield Wrong(rule.keys, f"{place} has no element {'/'.join(names)}")
                continue
            near = get_close_matches(place, self.paths, n=1)
            hint = f"did you mean {near[0]}?" if near else ""
            yield Wrong(rule.keys, f"there is no place {place}", hint)


def label(guide: Guide, rule: Rule) -> str:
    """Return how a fault names the rule that it is by."""
    return f"{guide.name} ({rule.at})" if rule.at else guide.name


def changed(element: Element, rule: Rule, wrong: list[Wrong]) -> Element:
    """Return an element with the lengths, format and codes of a rule, noting what cannot be."""
    longest = element.longest if rule.longest is None else rule.longest
    shortest = element.shortest if rule.shortest is None else rule.shortest
    if longest > element.longest or shortest < element.shortest or shortest > longest:
        allowed = f"{element.shortest} to {element.longest}"
        wrong.append(Wrong(rule.keys, f"{element.id} is {allowed} long, which cannot be widened"))
        longest, shortest = element.longest, element.shortest
    format_ = element.format if rule.format is None else rule.format
    if format_ not in _KINDS.get(element.format, {format_}):
        wrong.append(Wrong(rule.keys, f"{element.id} is {element.format}, not {format_}"))
        format_ = element.format
    codes = element.codes
    if rule.only:
        codes = frozenset(rule.only)
    elif codes is None and (rule.add or rule.remove):
        what = f"{element.id} has no list of codes to add to or take from"
        wrong.append(Wrong(rule.keys, what, "make one with only: [...]"))
    elif codes is not None:
        if missing := sorted(set(rule.remove) - codes):
            wrong.append(Wrong(rule.keys, f"{element.id} has no code {missing[0]} to remove"))
        codes = codes - set(rule.remove) | set(rule.add)
    return replace(element, shortest=shortest, longest=longest, format=format_, codes=codes)


def _target(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the place in the table that the path of a rule names, and the element there."""
    parts = path.split("/")
    first = next((at for at, part in enumerate(parts) if _ELEMENT.fullmatch(part)), len(parts))
    return "/".join(parts[:first]), tuple(parts[first:])


def _at(place: str, path: str) -> bool:
    """Tell whether a rule's place is a place of the table; `*/NAD` is wherever NAD stands."""
    start, _, last = place.rpartition("/")
    return path == place or (start == "*" and path.rpartition("/")[2] == last)


def _found(segment: Segment, names: tuple[str, ...]) -> list[tuple[int, int | None]]:
    """Return the row and part of every element of a segment that names name.

    Without a number all of one id are meant: `4440` is each of the five texts of FTX.
    """
    if re.fullmatch(r"\d\d(?:-\d+)?", names[0]):
        return _by_position(segment, names[0])
    composite = names[0] if len(names) > 1 or not names[0][0].isdigit() else None
    inside = _nth([(row, use.of.id) for row, use in enumerate(segment.uses)], composite)
    if composite is not None and len(names) == 1:
        return [(row, None) for row in inside]
    rows = range(len(segment.uses)) if composite is None else inside
    places: list[tuple[tuple[int, int | None], str]] = []
    for row in rows:
        of = segment.uses[row].of
        parts = enumerate(of.parts) if isinstance(of, Composite) else [(None, segment.uses[row])]
        places += [((row, part), use.of.id) for part, use in parts]
    return _nth(places, names[-1])


def _by_position(segment: Segment, name: str) -> list[tuple[int, int | None]]:
    """Return the place that X12 names by position: `02`, `05-1`."""
    row, _, part = name.partition("-")
    if not 1 <= int(row) <= len(segment.uses):
        return []
    of = segment.uses[int(row) - 1].of
    if not part:
        return [(int(row) - 1, None)]
    inside = isinstance(of, Composite) and 1 <= int(part) <= len(of.parts)
    return [(int(row) - 1, int(part) - 1)] if inside else []


def _nth(places: Iterable[tuple[Place, str]], name: str | None) -> list[Place]:
    """Return the places of what is called `name`; `7140[2]` is the second of them only."""
    match = _NUMBERED.fullmatch(name or "")
    if match is None:
        return []
    alike = [place for place, id_ in places if id_ == match[1]]
    return alike if match[2] is None else alike[int(match[2]) - 1 : int(match[2])]
