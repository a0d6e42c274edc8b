"""A partner's guide may want a segment otherwise in one place than in another."""

from dataclasses import replace

import pytest

from edi.rules import Rules
from edi.schema import MessageTable
from edi.validation import Validation
from tests.edi.making import Breaker, Maker
from tests.edi.tables import ORDER, piece, rules
from tests.edi.test_agreement import agree, mutants


def guided() -> Rules:
    """Return rules where the lines want their DTM with a format, and the head does not."""
    plain = rules()
    segment = plain.directory.segments["DTM"]
    composite = segment.uses[0].of
    parts = (*composite.parts[:2], replace(composite.parts[2], mandatory=True))
    use = replace(segment.uses[0], of=replace(composite, parts=parts))
    tight = replace(segment, uses=(use,))

    def placed(entry):
        body = tuple(replace(one, segment=tight) if one.tag == "DTM" else one for one in entry.body)
        return replace(entry, body=body) if entry.tag == "LIN" else entry

    table = MessageTable("ORDERS", tuple(map(placed, plain.table.body)))
    return Rules(table, plain.directory, plain.syntax)


@pytest.mark.parametrize(
    ("head", "line", "right"),
    [
        ("DTM+137:20260105:102", "DTM+2:20260105:102", True),
        ("DTM+137:1", "DTM+2:20260105:102", True),
        ("DTM+137:1", "DTM+2:1", False),
        ("DTM+137:20260105:102", "DTM+2:1", False),
    ],
)
def test_a_segment_is_judged_by_the_rule_of_its_place(head, line, right):
    by = guided()
    text = ORDER.replace("DTM+137:20260105:102", head).replace("LIN+2", f"{line}'LIN+2")
    assert agree(Validation(by), text) is right
    long = Validation(by).long()
    long.look(piece(text, by), piece(text, by).rows())
    assert (long.faults == ()) is right


def test_fast_and_slow_agree_on_mutants_of_placed_rules():
    by = Validation(guided())
    assert mutants(by, 300) < 270


def test_what_is_made_by_placed_rules_is_right_by_them():
    by = guided()
    texts = [Maker(by, seed).message() for seed in range(20)]
    assert all(agree(Validation(by), text) for text in texts)
    assert any(not agree(Validation(by), Breaker(by, 3).mutant(text)) for text in texts)
