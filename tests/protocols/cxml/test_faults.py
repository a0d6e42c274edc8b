"""The codes of cXML are unique, and a fault carries what its table says."""

import pytest

from canonical.faults import Place, Severity
from protocols import xml
from protocols.cxml.faults import FAULTS, fault


def test_codes_are_unique_over_xml_and_cxml():
    codes = [kind.code for kind in (*xml.FAULTS, *FAULTS)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.code)
def test_a_fault_takes_severity_and_hint_from_its_table(kind):
    made = fault(kind.code, "what happened", place=Place(line=3), found="x" * 500)
    assert made.severity is kind.severity
    assert made.hint == (kind.hint or None)
    assert made.found == "x" * 200
    assert made.severity in {Severity.ERROR, Severity.WARNING}
