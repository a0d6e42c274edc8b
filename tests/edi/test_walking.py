"""Every segment has one place in its table, the nearest that can take it."""

import pytest

from edi.facts import read_facts
from edi.walking import Plan, Walk
from tests.edi.tables import FACTS, ORDER, rows_of, rules


def walked(table: str, tags: str) -> list[str]:
    """Return the path of the place of each segment, `-` for one that has none."""
    facts = FACTS[: FACTS.index("message ")] + f"message M {table}\n"
    walk = Walk(Plan(read_facts(facts).messages["M"]))
    found = []
    for tag in tags.split():
        move = walk.regular(tag)
        if move is None:
            found.append("-")
            continue
        walk.go(move)
        found.append("/".join(f"{node.number}.{count}" for node, count in walk.path()))
    return found


@pytest.mark.parametrize(
    ("table", "tags", "places"),
    [
        ("BGM! DTM*2 QTY", "BGM DTM DTM QTY", ["1.1", "2.1", "2.2", "3.1"]),
        ("BGM! DTM*2 QTY", "BGM DTM DTM DTM QTY", ["1.1", "2.1", "2.2", "-", "3.1"]),
        ("BGM! DTM", "DTM BGM", ["-", "1.1"]),
        ("BGM DTM*2 QTY DTM", "DTM DTM DTM", ["2.1", "2.2", "4.1"]),
        ("1(LIN! QTY!)*2 LIN", "LIN QTY LIN QTY LIN", ["1.1", "1.1/2.1", "1.2", "1.2/2.1", "3.1"]),
        ("1(LIN! QTY!) DTM", "LIN DTM", ["1.1", "-"]),
        (
            "1(LIN! 2(LOC! QTY)*9)*9 QTY",
            "LIN LOC QTY QTY",
            ["1.1", "1.1/2.1", "1.1/2.1/3.1", "4.1"],
        ),
    ],
)
def test_a_segment_goes_to_the_nearest_place_that_may_take_it(table, tags, places):
    assert walked(table, tags) == places


def test_what_may_follow_ends_with_the_first_that_must():
    plan = Plan(rules().table)
    assert plan.allowed(plan.root) == ("BGM",)
    walk = Walk(plan)
    for row in rows_of(ORDER, rules())[1:5]:
        walk.go(walk.regular(row[0]))
    assert plan.allowed(walk.node) == ("COM", "NAD", "LIN")


def test_what_is_missing_at_the_end_is_known():
    plan = Plan(rules().table)
    assert [node.entry.tag for node in plan.rest(plan.root)] == ["BGM", "DTM", "LIN", "UNS"]
    assert plan.rest(plan.nodes[-1]) == ()


def test_a_copy_of_a_walk_goes_its_own_way():
    walk = Walk(Plan(rules().table))
    walk.go(walk.regular("BGM"))
    other = walk.copy()
    other.go(other.regular("DTM"))
    assert walk.node.entry.tag == "BGM"
    assert walk.path() != other.path()
