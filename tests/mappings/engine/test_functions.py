"""Promise: each function of the language does what its line in the reference says."""

import pytest

from mappings.engine.functions import FUNCTIONS
from tests.mappings.workbench import value

CASES = [
    ("trim", "'  a ' | trim", "a"),
    ("upper", "'å' | upper", "Å"),
    ("lower", "'Å' | lower", "å"),
    ("squeeze", "'a   b' | squeeze", "a b"),
    ("replace", "'a-b-c' | replace('-', '')", "abc"),
    ("replace", "'abc' | replace('', 'x')", "abc"),
    ("cut", "'abcdef' | cut(2, 3)", "cde"),
    ("cut", "'abcdef' | cut(4)", "ef"),
    ("left", "'abc' | left(2)", "ab"),
    ("right", "'abc' | right(2)", "bc"),
    ("right", "'abc' | right(0)", None),
    ("pad", "'7' | pad(3)", "007"),
    ("pad", "'7' | pad(3, '*')", "**7"),
    ("part", "'a/b/c' | part('/', 1)", "b"),
    ("part", "'a/b/c' | part('/', 9)", None),
    ("rest", "'a b c d' | rest(' ', 2)", "c d"),
    ("rest", "'a b' | rest(' ', 2)", None),
    ("digits", "'+46 (0)90-12' | digits", "4609012"),
    ("digits", "'none' | digits", None),
    ("length", "'åäö' | length | string", "3"),
    ("starts", "'cid:x' | starts('cid:') ? 'y' : 'n'", "y"),
    ("ends", "'x.pdf' | ends('.pdf') ? 'y' : 'n'", "y"),
    ("contains", "'abc' | contains('d') ? 'y' : 'n'", "n"),
    ("like", "'SKU-12-A' | like('SKU-*-A') ? 'y' : 'n'", "y"),
    ("like", "'SKU-A' | like('SKU-*-A') ? 'y' : 'n'", "n"),
    ("like", "'abc' | like('abc') ? 'y' : 'n'", "y"),
    ("like", "'axxbyyc' | like('a*b*c') ? 'y' : 'n'", "y"),
    ("without", "'cid:x' | without('cid:')", "x"),
    ("string", "1.50 | string", "1.50"),
    ("number", "'1.50' | number | string", "1.50"),
    ("num", "'1234.5' | num(2, ',')", "1234,50"),
    ("num", "2.345 | num(2)", "2.35"),
    ("round", "2.5 | round(0) | string", "3"),
    ("plain", "'1.500' | plain", "1.5"),
    ("plain", "'100' | plain", "100"),
    ("whole", "'2.9' | whole | string", "2"),
    ("abs", "-2 | abs | string", "2"),
    ("least", "least(2, 1) | string", "1"),
    ("most", "most(2, 1) | string", "2"),
    ("day", "'2026-11-22T10:15:00+01:00' | day", "2026-11-22"),
    ("instant", "'2026-11-22' | instant", "2026-11-22T00:00:00+00:00"),
    ("format", "'2026-11-22' | format('%Y%m%d')", "20261122"),
    ("plus_days", "'2026-12-31' | plus_days(1) | day", "2027-01-01"),
    ("dated", "'20261122' | dated('102') | instant", "2026-11-22T00:00:00+00:00"),
    ("dated", "'202611221015' | dated | instant", "2026-11-22T10:15:00+00:00"),
    ("dated_until", "'202648' | dated_until('616') | day", "2026-11-29"),
    ("timed", "timed('20261122', '1015') | instant", "2026-11-22T10:15:00+00:00"),
    ("timed", "timed('261122', src.gone) | day", "2026-11-22"),
    ("stamp", "'2026-11-22T10:15:00+01:00' | stamp('203')", "202611221015"),
    ("stamp", "'2026-11-22' | stamp('718')", None),
    ("stamp", "'2026-11-22' | stamp", "20261122"),
    ("stamp_code", "'2026-11-22' | stamp_code", "102"),
    ("stamp_code", "'2026-11-22T10:15:00+01:00' | stamp_code", "203"),
    ("line", "'one two three' | line(7, 0)", "one two"),
    ("line", "'one two three' | line(7, 1)", "three"),
    ("line", "'one two three' | line(7, 2)", None),
    ("line", "'extraordinary' | line(5, 1)", "ordin"),
    ("onward", "'one two three four' | onward(7, 1)", "three four"),
    ("onward", "'one two' | onward(7, 1)", None),
    ("implied", "'12345' | implied(2) | string", "123.45"),
    ("gtin", "'7350053850019' | gtin", "7350053850019"),
    ("gtin", "'7350053850018' | gtin", None),
    ("gln", "'7350053850019' | gln", "7350053850019"),
    ("gln", "'12345670' | gln", None),
    ("join", "src.a | join('/')", "1/2"),
    ("first", "src.a | first", "1"),
    ("last", "src.a | last", "2"),
]


@pytest.mark.parametrize(("name", "expression", "expected"), CASES)
def test_function_gives(name: str, expression: str, expected: str | None) -> None:
    assert name in FUNCTIONS
    assert value(expression, "<r><a>1</a><a>2</a></r>") == expected


def test_every_function_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == set(FUNCTIONS)


def test_no_function_makes_a_huge_text() -> None:
    grown = value(
        "src.a | pad(999999999) | replace('0', '0123456789') | length | string", "<r><a>1</a></r>"
    )
    assert grown is not None
    assert int(grown) <= 100_000
