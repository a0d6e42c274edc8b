"""A gigabyte in one segment, without an end or of released signs is refused, and never held."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.edi.endless import CASES, GIGABYTE

ROOT = Path(__file__).parents[2]
PATIENCE = 800
"""Seconds after which reading hangs: it takes a few, and the machine may be busy."""
GROWTH = 150 << 20
"""Bytes that a process may grow by while it reads."""
LINE = ["FLAT-004", "FLAT-121", "FLAT-110"]

TOLD = {
    "EDIFACT": {
        "one segment": ["EDIFACT-026"],
        "no terminator": ["EDIFACT-026", "EDIFACT-008", "EDIFACT-006"],
        "released terminators": ["EDIFACT-026"],
        "released releases": ["EDIFACT-026"],
    },
    "X12": {
        "one segment": ["X12-026"],
        "no terminator": ["X12-026", "X12-008", "X12-007", "X12-006"],
        "released terminators": ["X12-026"],
    },
    "FLAT": {
        "one segment": LINE,
        "no terminator": [*LINE, "FLAT-105"],
        "quotes in quotes": LINE,
    },
}


@pytest.mark.parametrize("syntax", CASES)
def test_a_gigabyte_without_end_is_refused_in_bounded_memory(syntax: str) -> None:
    assert GIGABYTE == 1 << 30
    ran = subprocess.run(
        [sys.executable, "-m", "tests.edi.endless", syntax],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=PATIENCE,
    )
    report = json.loads(ran.stdout)
    assert report["codes"] == TOLD[syntax]
    assert report["grown"] < GROWTH
