"""What is compiled when it is met judges segments as what is compiled at once."""

import re

import pytest

from edi.checking import segments
from edi.checking.check import strictness_of
from edi.checking.segments import Segments
from edi.rules import Rules
from tests.edi.making import Breaker, Maker
from tests.edi.tables import ORDER, rules
from tests.edi.test_agreement import EDITIONS, of


def made(of_rules: Rules) -> Segments:
    return Segments(of_rules, strictness_of(of_rules))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of patterns that will have been compiled."""
    compiled: list[str] = []

    class Counting:
        escape = staticmethod(re.escape)

        @staticmethod
        def compile(pattern: str) -> re.Pattern[str]:
            compiled.append(pattern)
            return re.compile(pattern)

    monkeypatch.setattr(segments, "re", Counting)
    return compiled


@pytest.mark.parametrize(
    ("name", "message"), [("D.96A", "ORDERS"), ("D.01B", "INVOIC"), ("004010", "850")]
)
def test_both_say_the_same_of_every_segment(name, message):
    validation = of(EDITIONS[name](), message)
    grown = made(validation.rules)
    whole = re.compile(grown.pattern(validation.rules.segments()))
    maker, breaker = Maker(validation.rules, seed=4, filling=0.1), Breaker(validation.rules, seed=2)
    end = validation.rules.syntax.separators.terminator
    for _ in range(15):
        text = maker.message()
        assert grown.match(text)
        for _ in range(4):
            mutant = breaker.mutant(text)
            assert grown.match(mutant) is (whole.fullmatch(mutant) is not None)
            wrong = {n for n, one in enumerate(mutant.split(end)) if not whole.fullmatch(one + end)}
            assert grown.wrong(mutant) == wrong


def test_only_what_was_met_is_compiled(monkeypatch):
    compiled = counted(monkeypatch)
    one = made(rules())
    assert one.match("QTY+21:12'")
    assert one.match("QTY+12:1'QTY+21:1'")
    assert not one.match("QTY'")
    assert not one.match("XYZ+1'")
    assert len(compiled) == 2, "nothing, then one tag"
    assert len(compiled[1]) < len(one.pattern(rules().segments())) / 4


def test_a_table_is_not_compiled_more_often_than_thrice(monkeypatch):
    compiled = counted(monkeypatch)
    one = made(rules())
    for segment in [*ORDER.replace("'", "'\n").split(), ORDER]:
        assert one.match(segment)
    assert len(compiled) == 1 + segments.COMPILED + 1


def test_which_segments_are_wrong_is_told_before_any_was_met():
    text = ORDER.replace("QTY+21:12'", "QTY+21:1O'")
    assert made(rules()).wrong(text) == {ORDER.split("'").index("QTY+21:12"), ORDER.count("'")}
