"""Hold what a journey did: its steps with the ids of their messages, and every finding."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from gateway.buyer.differ import Difference
from gateway.buyer.findings import Finding, has_blocking


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step: what it did, the payloadIDs it used, facts worth showing, findings.

    `differences` is what became of every field of every line, where a step compares two documents.
    """

    name: str
    title: str
    message_ids: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    done: bool = True
    """False: the step could not be finished, and nothing after it makes sense."""
    differences: tuple[Difference, ...] = ()

    def fact(self, name: str) -> str | None:
        """Return a fact by its name."""
        return dict(self.facts).get(name)


OnStep = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Report:
    """Hold a whole journey; `unchecked` says what could not be done or judged, and why."""

    partner: str
    steps: tuple[Step, ...]
    unchecked: tuple[str, ...] = ()
    face: str = "cxml"
    """Syntax of the punchout."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings of all steps, in order."""
        return tuple(finding for step in self.steps for finding in step.findings)

    @property
    def passed(self) -> bool:
        """Tell whether every step was finished and nothing would lose a cart or an order."""
        return all(step.done for step in self.steps) and not has_blocking(self.findings)

    def plain(self) -> dict[str, object]:
        """Return the report as JSON takes it."""
        return {
            "partner": self.partner,
            "face": self.face,
            "passed": self.passed,
            "unchecked": list(self.unchecked),
            "steps": [
                {
                    "name": step.name,
                    "title": step.title,
                    "done": step.done,
                    "message_ids": list(step.message_ids),
                    "facts": dict(step.facts),
                    "findings": [_plain(finding) for finding in step.findings],
                    "differences": [{**asdict(one), "kind": one.kind} for one in step.differences],
                }
                for step in self.steps
            ],
        }


def _plain(finding: Finding) -> dict[str, object]:
    rule = finding.rule
    return {
        **asdict(finding),
        "weight": finding.weight.value,
        "rule": rule.title,
        "consequence": rule.consequence,
        "fix": rule.fix,
    }
