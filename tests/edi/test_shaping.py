"""Every segment of a group stands below the one that begins it, however the tree was made."""

import pytest

from edi import shaping
from edi.explaining.explainer import Explainer
from edi.locating import Locator
from edi.shaping import Growth, Shaper
from tests.edi.tables import ORDER, piece, rows_of, rules, validation

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
