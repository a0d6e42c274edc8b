"""Every segment of a group stands below the one that begins it, however the tree was made."""

import pytest

from canonical.rows import Lined
from canonical.rows import outline as known_outline
from edi import shaping
from edi.explaining.explainer import Explainer
from edi.locating import Locator
from edi.shaping import Growth, Shaper
from tests.edi.making import Maker
from tests.edi.tables import ORDER, piece, rows_of, rules, validation
from tests.edi.test_agreement import EDITIONS, of

TREE = [
    "UNH", ["BGM"], ["DTM"], ["NAD", ["LOC"], ["COM"]], ["NAD"],
    ["LIN", ["PIA"], ["QTY"]], ["LIN", ["QTY"], ["LOC", ["RFF"]]], ["UNS"],
]  # fmt: skip


def tags(branch):
    row, *below = branch
    return [row[0], *map(tags, below)]


def shaper() -> tuple[Shaper, dict[str, str]]:
    one = validation()
    return Shaper(one.plan, one.check.letter), one.check.letter


def shaped(one: Shaper, letter: dict[str, str], text: str):
    rows = rows_of(text, rules())
    return one.shape(rows, "".join(letter[row[0]] for row in rows))


def grown(text: str):
    one = piece(text, rules())
    rows = one.rows()
    nodes = Explainer(rules(), validation().plan).look(rows, Locator(one))
    growth = Growth(rows[0])
    growth.add(rows[1:-1], nodes[1:-1])
    return growth.root


def test_groups_stand_below_their_triggers():
    tree = shaped(*shaper(), ORDER)
    assert tags(tree) == TREE
    assert tree[5] == [
        ["LIN", "1", "", "7350000000014:EN"], [["PIA", "5", "ABC:SA"]], [["QTY", "21:12"]],
    ]  # fmt: skip


def test_a_shape_that_is_kept_gives_the_same_tree(monkeypatch):
    monkeypatch.setattr(shaping, "SHAPES", 2)
    one, letter = shaper()
    for text in (ORDER, ORDER.replace("PIA+5+ABC:SA'", ""), ORDER.replace("LOC+A'", ""), ORDER):
        assert shaped(one, letter, text) == shaped(*shaper(), text)
    assert len(one._shapes) <= 2


def test_shaping_and_growing_give_the_same_tree():
    assert grown(ORDER) == shaped(*shaper(), ORDER)


@pytest.mark.parametrize(
    ("old", "new", "at", "below"),
    [
        ("PIA+5", "XYZ+1'PIA+5", 5, ["LIN", ["XYZ"], ["PIA"], ["QTY"]]),
        ("LOC++B'", "LOC++B'XYZ+1'", 6, ["LIN", ["QTY"], ["LOC", ["XYZ"], ["RFF"]]]),
        ("DTM+137", "XYZ'DTM+137", 2, ["XYZ"]),
        ("LIN+2", "BGM'LIN+2", 5, ["LIN", ["PIA"], ["QTY"], ["BGM"]]),
    ],
)
def test_what_has_no_place_is_kept_where_it_stood(old, new, at, below):
    assert tags(grown(ORDER.replace(old, new, 1)))[at] == below


def test_lines_apart_are_the_same_tree():
    one, letter = shaper()
    for text in (
        ORDER,
        ORDER.replace("PIA+5+ABC:SA'", ""),
        ORDER.replace("UNS+S'", "UNS+S'QTY+12:1'"),
    ):
        for _ in range(2):
            rows = rows_of(text, rules())
            apart = one.lined(rows, "".join(letter[row[0]] for row in rows))
            assert isinstance(apart, Lined)
            assert [outline.tags[0] for outline, _ in apart.lines] == ["LIN", "LIN"]
            assert all(branch[0][0] != "LIN" for branch in apart.head[1:])
            assert apart.root == shaped(one, letter, text)
            assert apart.root is apart.root


def test_lines_made_alike_have_one_outline():
    one, letter = shaper()
    rows = rows_of(ORDER, rules())
    first, second = ("LIN", "PIA", "QTY"), ("LIN", "QTY", "LOC", "RFF")
    apart = one.lined(rows, "".join(letter[row[0]] for row in rows))
    assert isinstance(apart, Lined)
    assert [outline.tags for outline, _ in apart.lines] == [first, second]
    assert [outline.above for outline, _ in apart.lines] == [(0, 0), (0, 0, 2)]
    assert apart.lines[0][0] is known_outline(first, (0, 0))


@pytest.mark.parametrize(
    ("name", "message"), [(n, m) for n in EDITIONS for m in ("ORDERS", "INVOIC", "850", "810")]
)
def test_lines_apart_are_the_same_tree_in_whatever_a_table_allows(name, message):
    directory = EDITIONS[name]()
    if message not in directory.messages:
        return
    one = of(directory, message)
    for seed in range(20):
        rows = rows_of(Maker(one.rules, seed).message(), one.rules)
        letters = one.check.letters(rows)
        assert letters is not None
        for _ in range(2):
            apart = one._shaper.lined(rows, letters)
            whole = apart.root if isinstance(apart, Lined) else apart
            assert whole == one._shaper.shape(rows, letters)
