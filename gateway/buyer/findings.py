"""Hold what the virtual buyer finds: which rule is broken, where, and what was found there.

A `canonical.faults.Fault` speaks to the sender of a document; a finding speaks to the supplier who
runs this gateway, so its rule (`gateway.buyer.rules`) also says what the buyer's system would do.
"""

from dataclasses import dataclass

from gateway.buyer.rules import RULES, Rule, Weight


@dataclass(frozen=True, slots=True)
class Finding:
    """Report one broken rule: in which document, where, what was found and what was expected.

    `document` is the name of the message (`PunchOutOrderMessage`), `line` counts its lines from 1
    and `path` leads to the element; `item` names the cart line when it is about one.
    """

    code: str
    message: str
    document: str
    line: int | None = None
    path: str | None = None
    item: str | None = None
    found: str | None = None
    expected: str | None = None

    @property
    def rule(self) -> Rule:
        """Return the rule that was broken."""
        return RULES[self.code]

    @property
    def weight(self) -> Weight:
        """Return what it costs."""
        return self.rule.weight


def has_blocking(findings: tuple[Finding, ...]) -> bool:
    """Tell whether any of `findings` loses a cart or an order in a real system."""
    return any(finding.weight is Weight.BLOCKING for finding in findings)


def finding_line(finding: Finding) -> str:
    """Return `finding` as one line: code, document, place, message, found, expected."""
    place = "".join(
        (
            f" line {finding.line}" if finding.line is not None else "",
            f" {finding.path}" if finding.path else "",
            f" [{finding.item}]" if finding.item else "",
        )
    )
    text = f"{finding.code} {finding.weight.value} {finding.document}{place}: {finding.message}"
    if finding.found is not None:
        text += f", found {finding.found!r}"
    return text + (f", expected {finding.expected}" if finding.expected is not None else "")


def findings_page() -> str:
    """Return the reference page of all rules, in Markdown."""
    lines = [
        "# What the virtual buyer finds",
        "",
        "A *blocking* finding would lose or spoil a cart or an order in a real system; with one,",
        "`gateway buyer` ends with code 1. A *warning* costs less. Codes are stable.",
        "",
        "| code | weight | rule | what the buyer's system does | fix |",
        "|---|---|---|---|---|",
    ]
    lines.extend(
        f"| {rule.code} | {rule.weight.value} | {_cell(rule.title)} | {_cell(rule.consequence)}"
        f" | {_cell(rule.fix)} |"
        for rule in RULES.values()
    )
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return text for a cell of a Markdown table, where markup would vanish."""
    return text.replace("|", "\\|").replace("<", "&lt;")
