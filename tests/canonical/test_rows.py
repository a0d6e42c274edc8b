"""What stands below one branch is found by its tag, in its order, however much there is."""

from collections.abc import Iterator
from typing import Any

import pytest

from canonical.rows import WIDE, Branch, SegmentTree
from edi.edifact.directory.editions import layout


class Walked(list[Any]):
    """Be a branch that counts how often its children are looked at."""

    walks = 0

    def __getitem__(self, key: Any) -> Any:
        self.walks += isinstance(key, slice)
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[Any]:
        self.walks += 1
        return super().__iter__()


def tree(root: Branch) -> SegmentTree:
    return SegmentTree(root, layout("D.96A"))


@pytest.mark.parametrize("lines", [2, WIDE, 500])
def test_children_of_a_tag_are_found_in_their_order(lines: int) -> None:
    below = [[["LIN", str(number)]] for number in range(lines)]
    root: Branch = [["UNH", "1"], [["BGM", "220"]], *below, [["UNS", "S"]]]
    whole = tree(root)
    found = [child for child in whole.children(root, "LIN") if child[0][0] == "LIN"]
    assert all(one is other for one, other in zip(found, below, strict=True))
    assert [one for one in whole.children(root, "PAI") if one[0][0] == "PAI"] == []


def test_many_children_are_walked_once_however_often_they_are_asked_for() -> None:
    root = Walked([["UNH", "1"], *([["LIN", str(number)]] for number in range(WIDE + 1))])
    whole = tree(root)
    for _ in range(50):
        assert len(whole.children(root, "LIN")) == WIDE + 1
        assert list(whole.children(root, "PAI")) == []
    assert root.walks <= 2


def test_children_of_one_branch_are_not_taken_for_those_of_another() -> None:
    first: Branch = [["A"], *([["LIN", "1"]] for _ in range(WIDE + 1))]
    second: Branch = [["B"], *([["LIN", "2"]] for _ in range(WIDE + 2))]
    whole = tree([["UNH"], first, second])
    assert {child[0][1] for child in whole.children(first, "LIN")} == {"1"}
    assert {child[0][1] for child in whole.children(second, "LIN")} == {"2"}
