"""A line whose like was seen goes where its segments would have gone one by one."""

from edi import striding
from edi.striding import Strides
from edi.walking import Walk
from tests.edi.tables import validation

ONE = validation()
LETTER = ONE.check.letter


def letters(tags: str) -> str:
    return "".join(LETTER[tag] for tag in tags.split())


def test_a_stride_ends_where_single_steps_end():
    stride = Strides(ONE.plan, LETTER).get(letters("LIN PIA PIA QTY LOC RFF"))
    walk = Walk(ONE.plan)
    for tag in ["BGM", "DTM", "LIN", "QTY", "LIN", "PIA", "PIA", "QTY", "LOC", "RFF"]:
        walk.go(walk.regular(tag))
    assert stride.nodes[-1] is walk.node
    jumped = Walk(ONE.plan)
    for tag in ["BGM", "DTM", "LIN", "QTY", "LIN"]:
        jumped.go(jumped.regular(tag))
    jumped.jump(stride.nodes[-1], stride.counts, stride.lines)
    assert (jumped.path(), jumped.lines) == (walk.path(), walk.lines)


def test_what_is_no_line_has_no_stride():
    strides = Strides(ONE.plan, LETTER)
    assert strides.get(letters("QTY PIA")) is None
    assert strides.get(letters("LIN QTY UNS")) is None, "it leaves the line"
    assert strides.get(letters("LIN PIA QTY PIA")) is None, "it is not regular"
    assert strides.get(letters("LIN QTY" + " DTM" * 300)) is None, "it is too long to come again"


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(striding, "STRIDES", 3)
    strides = Strides(ONE.plan, LETTER)
    for count in range(1, 10):
        assert strides.get(letters("LIN" + " PIA" * count + " QTY")) is not None
    assert len(strides._made) <= 3
