"""Put a partner's guide over a directory, and know afterwards which of the two ruled.

What a guide changes is a directory like any other: checks and explanations know nothing of guides.
Only where it changed something is kept, by the path that a fault has there. A guide tightens: it
allows no length and no kind of characters that the edition does not, for what a partner sends in
spite of the edition there are severities. What it says of some segments of a place only, told by a
qualifier, goes with the table as `edi.schema.Demand`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from edi.demanding import Demanding, element_path, known_elements
from edi.guides import Guide, Rule, Wrong
from edi.places import Path, is_element, named, read_path, spots, targets
from edi.rules import Syntax
from edi.ruling import Aspect, Layers, label
from edi.schema import Demand, Directory, Entry, MessageTable, Segment
from edi.tightening import WAY_OUT, Everywhere, Tightening
from edi.weighing import Severities, severities_of

Way = tuple[int, ...]
"""The way to an entry of a table: its index on each level."""


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


def edition_in(directory: Directory) -> str:
    """Return the edition of a directory, in whichever syntax: `D.01B` of `D.01B/4`."""
    return directory.name.partition("/")[0]


def overlaid(
    directory: Directory,
    guide: Guide,
    syntax: Syntax,
    element: Callable[[str], bool] = is_element,
) -> Overlaid:
    """Return a directory as a guide wants it, with everything in the guide that has no place.

    `element` tells whether a part of a path is the name of an element.
    """
    wrong: list[Wrong] = []
    if guide.edition != edition_in(directory):
        what = f"the guide is made for {guide.edition}, this is {directory.name}"
        wrong.append(Wrong(("edition",), what))
    everywhere = Everywhere(guide, wrong)
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
        rules = tuple(_readable(told.rules, element, wrong))
        change = _Change(recoded, guide, syntax, rules)
        changed_messages[name] = change.table(directory.messages[name])
        wrong += change.wrong
        layers[name] = change.layers()
    messages = _Over(changed_messages, directory.messages)
    mistakes = tuple(dict.fromkeys(wrong))
    return Overlaid(replace(recoded, messages=messages), guide, layers, mistakes)


def _readable(
    rules: Iterable[Rule], element: Callable[[str], bool], wrong: list[Wrong]
) -> Iterator[tuple[Rule, Path]]:
    """Give rules with what their paths say, telling of those that are none."""
    for rule in rules:
        path = read_path(rule.path, element)
        if path is not None and path.parts:
            yield rule, path
        else:
            what = f"{rule.path} is no path of a place"
            hint = "write one such as SG2/NAD/3039, or NAD[3035='BY']/3039"
            wrong.append(Wrong(rule.keys, what, hint))


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


class _Change:
    """Change the table of one message by the rules of a guide."""

    def __init__(
        self,
        directory: Directory,
        guide: Guide,
        syntax: Syntax,
        rules: tuple[tuple[Rule, Path], ...],
    ) -> None:
        self.directory: Final = directory
        self.guide: Final = guide
        self.syntax: Final = syntax
        self.plain: Final = [(rule, path) for rule, path in rules if not path.qualified]
        self.qualified: Final = [(rule, path) for rule, path in rules if path.qualified]
        self.ways: Final[dict[Way, list[tuple[Rule, Path]]]] = {}
        self.wrong: Final[list[Wrong]] = []
        self.paths: Final[list[str]] = []
        self.reasons: Final[dict[tuple[str, Aspect], str]] = {}
        self.weights: Final[dict[str, str]] = {}

    def layers(self) -> Layers:
        """Return where the guide ruled in this message."""
        return Layers(self.guide, self.reasons, self.weights)

    def table(self, table: MessageTable) -> MessageTable:
        """Return the table as the guide wants it."""
        lost = [one for one in self.plain if not self.find(one, table)]
        body = self.entries(table.body, "", ())
        for rule, path in lost:
            self.nowhere(rule, path.place)
        demanding = Demanding(self.guide, self.syntax, self.directory, self.wrong)
        demands: list[Demand] = []
        for rule, path in self.qualified:
            found = targets(path, body, self.syntax)
            if not found:
                self.nowhere(rule, path.place)
            demands += demanding.demands(rule, path, body, found)
        return MessageTable(table.name, body, tuple(demands))

    def find(self, one: tuple[Rule, Path], table: MessageTable) -> bool:
        """Note every entry that a rule is of; tell whether there is any."""
        found = targets(one[1], table.body, self.syntax)
        for target in found:
            self.ways.setdefault(target.indices, []).append(one)
        return bool(found)

    def nowhere(self, rule: Rule, place: str) -> None:
        """Tell that there is no such place, and which one may be meant."""
        near = get_close_matches(place, self.paths, n=1)
        hint = f"did you mean {near[0]}?" if near else ""
        self.wrong.append(Wrong(rule.keys, f"there is no place {place}", hint))

    def entries(self, entries: Iterable[Entry], above: str, way: Way) -> tuple[Entry, ...]:
        """Return the entries of one level as the guide wants them."""
        return tuple(
            new for at, entry in enumerate(entries) for new in self.entry(entry, above, (*way, at))
        )

    def entry(self, entry: Entry, above: str, way: Way) -> Iterator[Entry]:
        """Give an entry as the guide wants it, or nothing when it is forbidden."""
        alone, name = entry.group is None, named(entry, self.syntax)
        path = f"{above}/{name}" if above else name
        trigger = path if alone or self.syntax.folded else f"{path}/{entry.tag}"
        self.paths.extend(dict.fromkeys((path, trigger)))
        rules = self.ways.get(way, ())
        for rule, told in rules:
            if told.names:
                continue
            self.weigh(rule, path)
            if rule.forbidden and not entry.mandatory:
                self.note(rule, (path, Aspect.ABSENCE))
                return
            entry = self.occurring(entry, rule, (path, trigger))
        if entry.body:
            entry = replace(entry, body=self.entries(entry.body, path, way))
        segment = entry.segment or self.directory.segment(entry.tag)
        if segment is not None:
            new = self.segment(segment, trigger, rules)
            entry = entry if new is segment else replace(entry, segment=new)
        yield entry

    def occurring(self, entry: Entry, rule: Rule, paths: tuple[str, str]) -> Entry:
        """Return an entry required or repeated as a rule says."""
        edition = self.guide.edition
        if rule.forbidden:
            self.say(rule, f"{paths[0]} is mandatory in {edition}")
        if rule.of_element:
            self.say(rule, f"{paths[0]} is no element: lengths, formats and codes are of elements")
        if rule.repeats is not None and rule.repeats > entry.repeats:
            self.say(rule, f"{edition} allows {entry.repeats} of {paths[0]} only")
        if rule.required:
            entry = replace(entry, mandatory=True)
            self.note(rule, *((path, Aspect.PRESENCE) for path in paths))
        if rule.repeats is not None:
            entry = replace(entry, repeats=min(rule.repeats, entry.repeats))
            self.note(rule, *((path, Aspect.REPEATS) for path in paths))
        return entry

    def segment(self, segment: Segment, path: str, rules: Iterable[tuple[Rule, Path]]) -> Segment:
        """Return what a segment may be at a place."""
        for rule, told in rules:
            if not told.names:
                continue
            found = spots(segment, told.names)
            if not found:
                what = f"{segment.tag} has no element {'/'.join(told.names)}"
                self.wrong.append(
                    Wrong(rule.keys, what, known_elements(segment, self.syntax, told.names[-1]))
                )
            for spot in found:
                below = f"{path}/{element_path(segment, spot, self.syntax)}"
                self.weigh(rule, below)
                tightening = Tightening(rule, self.guide.edition, self.wrong)
                segment = tightening.segment(segment, spot, below)
                self.note(rule, *tightening.reasons)
        return segment

    def weigh(self, rule: Rule, path: str) -> None:
        """Keep how heavy a rule makes the faults at a path."""
        if rule.severity is not None:
            self.weights[path] = rule.severity

    def note(self, rule: Rule, *reasons: tuple[str, Aspect]) -> None:
        """Keep that a rule is the reason of faults at these paths."""
        self.reasons.update(dict.fromkeys(reasons, label(self.guide, rule)))

    def say(self, rule: Rule, what: str) -> None:
        """Note what the edition does not let a rule do."""
        self.wrong.append(Wrong(rule.keys, what, WAY_OUT))
