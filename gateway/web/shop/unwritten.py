"""Tell a shopper that a cart could not be written for their system, apart from why.

Mappings, official schemas and rules name paths, files and codes, in English: what they find is for
whoever can mend it. The shopper hears one sentence in their own language, and has the reasons at
hand to show them.
"""

from collections.abc import Iterable
from typing import Final

from canonical.faults import Fault, Severity, sentence
from gateway.punchout.faults import fault

SHOWN: Final = 20
"""Reasons at most; the timeline of the message holds all."""


def told_apart(problems: Iterable[Fault]) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Return what a shopper is told of `problems`, and the reasons that are not theirs to mend."""
    ours: list[Fault] = []
    reasons: list[str] = []
    for one in problems:
        if one.code in fault.kinds:
            ours.append(one)
        elif one.severity is Severity.ERROR:
            reasons.append(sentence(one))
    if reasons:
        ours.insert(0, fault("PUNCHOUT-032"))
    return tuple(ours), tuple(reasons[:SHOWN])
