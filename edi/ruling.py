"""Know where in a message a guide ruled, by the paths that faults have: `SG25/QTY/C186/6060`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from canonical.faults import Severity
from edi.faults import Kind
from edi.guides import Guide, Rule
from edi.places import is_element
from edi.weighing import IGNORED


class Aspect(Enum):
    """Name what of a place a rule changes, and so which faults there it is the reason of."""

    PRESENCE = frozenset({Kind.MISSING_SEGMENT, Kind.MISSING_GROUP, Kind.MISSING_ELEMENT,
                          Kind.MISSING_COMPONENT})  # fmt: skip
    ABSENCE = frozenset({Kind.FORBIDDEN, Kind.FOREIGN_SEGMENT, Kind.UNEXPECTED_SEGMENT})
    REPEATS = frozenset({Kind.SEGMENT_REPEATS, Kind.GROUP_REPEATS, Kind.REPETITIONS})
    VALUE = frozenset({Kind.SHORT, Kind.LONG, Kind.NUMBER, Kind.LETTERS})
    CODES = frozenset({Kind.CODE})


_ASPECTS: Final[Mapping[Kind, Aspect]] = {kind: each for each in Aspect for kind in each.value}
_COUNT: Final = re.compile(r"(?<=\w)\[\d+\]")


@dataclass(frozen=True)
class Layers:
    """Hold the reasons and weights of one message under a guide."""

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


def bare(path: str) -> str:
    """Return the path of a fault without the message and the counts of groups and segments."""
    parts = path.split("/")[1:]
    return "/".join(part if is_element(part) else _COUNT.sub("", part) for part in parts)


def label(guide: Guide, rule: Rule) -> str:
    """Return how a fault names the rule that it is by."""
    return f"{guide.name} ({rule.at})" if rule.at else guide.name
