"""A partner's word on a fault counts before the standard's."""

import pytest

from canonical.faults import Fault, Severity
from edi.weighing import hardened, severities_of, weighed

FAULTS = [
    Fault(code="X-1", message="one"),
    Fault(code="X-2", message="two"),
    Fault(code="X-3", message="three", severity=Severity.NOTE),
]


def test_faults_are_lowered_raised_and_ignored() -> None:
    words = {"X-1": "ignore", "X-2": "note", "X-3": "error"}
    assert [(one.code, one.severity) for one in weighed(FAULTS, severities_of(words))] == [
        ("X-2", Severity.NOTE),
        ("X-3", Severity.ERROR),
    ]


def test_what_nobody_spoke_of_stays() -> None:
    assert list(weighed(FAULTS, severities_of({}))) == FAULTS


def test_another_word_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="fatal"):
        severities_of({"X-1": "fatal"})


def test_anything_can_be_made_an_error() -> None:
    assert [hardened(one).severity for one in FAULTS] == [Severity.ERROR] * 3
