"""One list of kinds serves every syntax, with the codes that the standards have for them."""

import pytest

from edi.faults import Kind, kinds, standard_code


@pytest.mark.parametrize("prefix", ["EDIFACT", "X12", "FLAT"])
def test_every_kind_has_its_number_in_every_syntax(prefix):
    table = kinds(prefix)
    assert [kind.code for kind in table] == [f"{prefix}-{kind}" for kind in Kind]
    assert len({kind.title for kind in table}) == len(table)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_code_in_the_acknowledgements(kind):
    assert standard_code("EDIFACT", kind).startswith("0085:")
    assert standard_code("X12", kind).startswith(("AK304:", "AK403:"))
    assert standard_code("FLAT", kind) is None
