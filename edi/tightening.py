"""Make elements and their uses as a rule of a guide wants them, noting what an edition forbids."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from edi.guides import Guide, Rule, Wrong
from edi.places import Spot
from edi.ruling import Aspect
from edi.schema import Composite, Element, Format, Segment, Use

WAY_OUT: Final = "a guide tightens; for what they send anyway: severity"

_KINDS: Final = {Format.NUMERIC: {Format.NUMERIC}, Format.ALPHABETIC: {Format.ALPHABETIC}}
"""What a format may be tightened to; all others to anything."""


class Tightening:
    """Change one segment by one rule; `reasons` are the paths at which that is why a fault is."""

    def __init__(self, rule: Rule, edition: str, wrong: list[Wrong]) -> None:
        self.rule: Final = rule
        self.edition: Final = edition
        self.wrong: Final = wrong
        self.reasons: Final[list[tuple[str, Aspect]]] = []

    def segment(self, segment: Segment, at: Spot, path: str) -> Segment:
        """Return a segment with one element, which faults call `path`, as the rule says."""
        row, part = at
        use = segment.uses[row]
        if part is None or not isinstance(use.of, Composite):
            new = self.use(use, path)
        else:
            parts = list(use.of.parts)
            parts[part] = self.use(parts[part], path)
            of = replace(use.of, parts=tuple(parts))
            new = replace(use, of=of, mandatory=use.mandatory or self.rule.required)
            if self.rule.required:
                self.reasons.append((path.rpartition("/")[0], Aspect.PRESENCE))
        return replace(segment, uses=(*segment.uses[:row], new, *segment.uses[row + 1 :]))

    def use(self, use: Use, path: str) -> Use:
        """Return the use of an element as the rule says."""
        rule = self.rule
        use = self.standing(use, path)
        if not rule.of_element:
            return use
        if isinstance(use.of, Composite):
            self.say(f"{path} is a composite: say it of its components")
            return use
        if rule.add or rule.remove or rule.only:
            self.reasons.append((path, Aspect.CODES))
        if rule.shortest or rule.longest or rule.format:
            self.reasons.append((path, Aspect.VALUE))
        return replace(use, of=changed(use.of, rule, self.wrong))

    def standing(self, use: Use, path: str) -> Use:
        """Return the use of an element required, forbidden or repeated as the rule says."""
        rule = self.rule
        if rule.forbidden and use.mandatory:
            self.say(f"{path} is mandatory in {self.edition}")
        elif rule.forbidden:
            use = replace(use, forbidden=True)
            self.reasons.append((path, Aspect.ABSENCE))
        if rule.required:
            use = replace(use, mandatory=True)
            self.reasons.append((path, Aspect.PRESENCE))
        if rule.repeats is not None:
            if rule.repeats > use.repeats:
                self.say(f"{self.edition} allows {use.repeats} of {path} only")
            use = replace(use, repeats=min(rule.repeats, use.repeats))
            self.reasons.append((path, Aspect.REPEATS))
        return use

    def say(self, what: str) -> None:
        """Note what the edition does not let the rule do."""
        wrong = Wrong(self.rule.keys, what, WAY_OUT)
        if wrong not in self.wrong:
            self.wrong.append(wrong)


class Everywhere:
    """Change code lists wherever their element stands."""

    def __init__(self, guide: Guide, wrong: list[Wrong]) -> None:
        self.rules: Final = {rule.path: rule for rule in guide.codes}
        self.seen: Final[set[str]] = set()
        self.wrong: Final = wrong

    def segment(self, segment: Segment) -> Segment:
        """Return a segment with the code lists of the guide."""
        return replace(segment, uses=tuple(map(self.use, segment.uses)))

    def use(self, use: Use) -> Use:
        """Return the use of an element, or of a composite and its components, likewise."""
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
        """Give the lists of elements that stand nowhere."""
        for id_, rule in self.rules.items():
            if id_ not in self.seen:
                yield Wrong(rule.keys, f"no element {id_} stands in any segment")


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
