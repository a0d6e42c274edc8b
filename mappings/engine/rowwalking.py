"""Walk trees of rows on the slow path, and say where a value stands in one.

What generated code does not do in line is here: values of aggregates, lists of any depth, what is
above, and which of several composites a predicate means. A branch is a row and then the branches
below it (`canonical.rows`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, cast

from msgspec.structs import replace

from canonical.amounts import decimal_of
from canonical.faults import Place
from canonical.rows import Branch, Row, SegmentTree
from mappings.engine.layouts import Names, Position
from mappings.engine.walking import Walk, spelt


class Predicate(NamedTuple):
    """Hold a predicate: the text wanted at one of some places.

    `groups` are the columns that belong to each of the places, where it is one of several
    composites or pairs of elements; nothing otherwise.
    """

    wanted: str
    places: tuple[Position, ...]
    groups: tuple[tuple[int, ...], ...] = ()


def resolved(
    names: Names, tag: str, predicate: tuple[str, str], at: int, beside: Iterable[str] = ()
) -> Predicate:
    """Return a predicate with the places where its text may stand."""
    name, wanted = predicate
    places = names.places(tag, name, at)
    return Predicate(wanted, places, names.groups(tag, name, beside))


Way = tuple[tuple[str, int, Predicate | None], ...]
"""Steps to take: tag, index, predicate."""


class Occurrence(list[object]):
    """Be a branch that holds one of several composites in the place of the first.

    `moved` says from which column each changed one came, `origin` is the branch it was made from.
    """

    __slots__ = ("moved", "origin")

    def __init__(self, row: Row, origin: Branch, moved: dict[int, int]) -> None:
        super().__init__((row, *origin[1:]))
        self.origin = origin
        self.moved = moved


def raw(row: Row, place: Position, tree: SegmentTree) -> str:
    """Return what stands at one place of a row, its first repetition, still protected."""
    column, part = place
    if column >= len(row):
        return ""
    text = row[column]
    if tree.repetition is not None:
        text = text.partition(tree.repetition)[0]
    if part is None:
        return text
    parts = text.split(tree.component, part + 1)
    return parts[part] if part < len(parts) else ""


def clean(text: str, tree: SegmentTree) -> str | None:
    """Return a text as its sender meant it, trimmed, or None when it is blank."""
    if tree.restored is not None:
        text = text.translate(tree.restored)
    return text.strip() or None


def cleaned(texts: list[str], tree: SegmentTree) -> list[str]:
    """Return texts as their sender meant them, without the blank ones."""
    return [text for each in texts if (text := clean(each, tree)) is not None]


def meant(row: Row, test: Predicate, tree: SegmentTree) -> int | None:
    """Return which of its places a predicate means in a row, None where none fits."""
    for number, place in enumerate(test.places):
        if raw(row, place, tree) == test.wanted:
            return number
    return None


def turned(row: Row, test: Predicate, tree: SegmentTree) -> Row | None:
    """Return a row that fits a predicate, the composite that it means in the place of the first."""
    number = meant(row, test, tree)
    if not number or not test.groups:
        return row if number is not None else None
    return _moved(row, test.groups[0], test.groups[number])


def _moved(row: Row, targets: Sequence[int], sources: Sequence[int]) -> Row:
    made = row.copy()
    for target, source in zip(targets, sources, strict=True):
        made[target] = row[source] if source < len(row) else ""
    return made


def fitting(branch: Branch, tag: str, test: Predicate | None, tree: SegmentTree) -> Row | None:
    """Return the row of a branch that has a tag and fits a predicate."""
    row: Row = branch[0]
    if row[0] != tag:
        return None
    return row if test is None else turned(row, test, tree)


def _step(
    branch: Branch, step: tuple[str, int, Predicate | None], tree: SegmentTree
) -> tuple[Branch, Row] | None:
    tag, index, test = step
    for child in tree.children(branch, tag):
        row = fitting(child, tag, test, tree)
        if row is not None:
            if not index:
                return child, row
            index -= 1
    return None


def row_at(branch: Branch | None, way: Way, tree: SegmentTree) -> tuple[Branch, Row] | None:
    """Return the branch that a way leads to, and its row as the last predicate turns it."""
    found = (branch, branch[0]) if branch is not None else None
    for step in way:
        if found is None:
            return None
        found = _step(found[0], step, tree)
    return found


def branch_at(branch: Branch | None, way: Way, tree: SegmentTree) -> Branch | None:
    """Return the branch that a way leads to, or None."""
    found = row_at(branch, way, tree)
    return found[0] if found is not None else None


def row_text(
    branch: Branch | None, way: Way, test: Predicate | None, place: Position, tree: SegmentTree
) -> str | None:
    """Return the text at the end of a way, trimmed, or None; of the element that `test` means."""
    found = row_at(branch, way, tree)
    if found is None:
        return None
    if test is not None:
        return beside(found[1], test, place, tree)
    return clean(raw(found[1], place, tree), tree)


def beside(row: Row, test: Predicate, place: Position, tree: SegmentTree) -> str | None:
    """Return the text that stands beside one that a predicate names, trimmed, or None."""
    meaning = turned(row, test, tree)
    return clean(raw(meaning, place, tree), tree) if meaning is not None else None


def branches_at(branch: Branch | None, way: Way, tree: SegmentTree) -> list[Branch]:
    """Return every branch at the end of a way; all steps but the last take the first."""
    found = row_at(branch, way[:-1], tree)
    if found is None:
        return []
    tag, _, test = way[-1]
    below = tree.children(found[0], tag)
    return [child for child in below if fitting(child, tag, test, tree) is not None]


def row_texts(
    branches: Iterable[Branch],
    test: Predicate | None,
    places: Sequence[Position],
    tree: SegmentTree,
) -> list[str]:
    """Return every text at some places of each branch, without the blank ones.

    A predicate on one of several composites means the texts of that one.
    """
    found: list[str] = []
    for branch in branches:
        row: Row | None = branch[0]
        if test is not None:
            row = turned(branch[0], test, tree)
        if row is not None:
            found += _texts(row, places, tree)
    return found


def _texts(row: Row, places: Sequence[Position], tree: SegmentTree) -> list[str]:
    """Return the texts at some places of a row; a composite is split once."""
    if tree.repetition is not None:
        return [text for place in places for text in _repeated(row, place, tree)]
    found: list[str] = []
    last, parts, width = -1, [""], len(row)
    for column, part in places:
        if column >= width:
            break
        if part is None:
            found.append(row[column])
            continue
        if column != last:
            last, parts = column, row[column].split(tree.component)
        if part < len(parts):
            found.append(parts[part])
    if tree.restored is not None and not "".join(found).isprintable():
        found = [text.translate(tree.restored) for text in found]
    return [text for each in found if (text := each.strip())]


def _repeated(row: Row, place: Position, tree: SegmentTree) -> Iterator[str]:
    column, part = place
    if column >= len(row):
        return
    whole = row[column]
    for piece in whole.split(tree.repetition) if tree.repetition is not None else (whole,):
        parts = piece.split(tree.component) if part is not None else (piece,)
        if (part or 0) < len(parts) and (text := clean(parts[part or 0], tree)) is not None:
            yield text


def occurrences(
    branches: Iterable[Branch], test: Predicate | None, table: Predicate, tree: SegmentTree
) -> list[Occurrence]:
    """Return a branch for each composite that has an element, with that one as the first.

    `table` holds the places of the element and the columns that belong to each.
    """
    found: list[Occurrence] = []
    for branch in branches:
        if test is not None and turned(branch[0], test, tree) is None:
            continue
        row: Row = branch[0]
        for place, group in zip(table.places, table.groups, strict=True):
            moved = dict(zip(table.groups[0], group, strict=True))
            for made in _pieces(row, place, moved, tree):
                text = raw(made, table.places[0], tree)
                if text.strip():
                    found.append(Occurrence(made, branch, moved))
    return found


def _pieces(row: Row, place: Position, moved: dict[int, int], tree: SegmentTree) -> Iterator[Row]:
    column = place[0]
    if column >= len(row):
        return
    made = _moved(row, tuple(moved), tuple(moved.values()))
    target = next((target for target, source in moved.items() if source == column), column)
    whole = row[column]
    for piece in whole.split(tree.repetition) if tree.repetition is not None else (whole,):
        made[target] = piece
        yield made.copy()


def below(  # the way down is two of them
    branch: Branch, tag: str, test: Predicate | None, tree: SegmentTree, up: dict[int, Branch]
) -> list[Branch]:
    """Return every branch of a tag at any depth, in the order received; note what is above each."""
    found: list[Branch] = []
    waiting: list[Branch] = [branch]
    while waiting:
        node = waiting.pop()
        if node is not branch and fitting(node, tag, test, tree) is not None:
            found.append(node)
        for child in node[1:]:
            up[id(child)] = node
        waiting.extend(reversed(node[1:]))
    return found


def above(
    branch: Branch, tag: str, test: Predicate | None, tree: SegmentTree, up: dict[int, Branch]
) -> Branch | None:
    """Return the nearest branch of a tag that another stands in."""
    node = up.get(id(branch))
    while node is not None and fitting(node, tag, test, tree) is None:
        node = up.get(id(node))
    return node


class RowGround:
    """Know trees of rows; see `running.Ground`."""

    def number(self, text: str) -> Decimal | None:
        """Return the decimal that a text spells with a dot or a comma, its sign at either end.

        ISO 9735 allows both marks, whatever the service string says, and no digit grouping.
        """
        stripped = text.strip()
        if stripped[-1:] in _SIGNS and stripped[:1] not in _SIGNS:
            stripped = stripped[-1] + stripped[:-1]
        if "." not in stripped:
            stripped = stripped.replace(",", ".", 1)
        return decimal_of(stripped)

    def line(self, tree: object, node: object, steps: Walk) -> int | None:
        """Return the line of the segment that `steps` lead to."""
        place = self.places(tree, [(node, steps)])[0]
        return place.line if place is not None else None

    def places(
        self, tree: object, wanted: Sequence[tuple[object | None, Walk]]
    ) -> list[Place | None]:
        """Return the place of each, walking the tree once."""
        whole = cast("SegmentTree", tree)
        known = _branches(whole.root) if whole.lined is not None else {}
        ends = [
            _End(_known(cast("Branch", node), known), steps, whole) if node is not None else None
            for node, steps in wanted
        ]
        paths = dict(_paths(whole.root, {id(end.branch) for end in ends if end is not None}))
        return [
            end.place(paths.get(id(end.branch), "")) if end is not None else None for end in ends
        ]


_SIGNS: Final = ("+", "-")


def _branches(root: Branch) -> dict[int, Branch]:
    """Return every branch of a tree by the identity of its row."""
    found: dict[int, Branch] = {}
    waiting: list[Branch] = [root]
    while waiting:
        branch = waiting.pop()
        found[id(branch[0])] = branch
        waiting += branch[1:]
    return found


def _known(node: Branch, known: Mapping[int, Branch]) -> Branch:
    """Return the branch of the tree that has the row of another, or of the rows of a line."""
    if isinstance(node, Occurrence):
        node.origin = known.get(id(node.origin[0]), node.origin)
        return node
    return known.get(id(node[0]), node)


class _End:
    """Hold how far steps lead from a branch, and what of them is left."""

    def __init__(self, node: Branch, steps: Walk, tree: SegmentTree) -> None:
        self.tree = tree
        self.moved = node.moved if isinstance(node, Occurrence) else {}
        self.branch: Branch = node.origin if isinstance(node, Occurrence) else node
        taken = 0
        for step in steps:
            below = None if step[1] else self._next(step)
            if below is None:
                break
            self.branch, self.moved = below
            taken += 1
        self.rest = steps[taken:]

    def _next(
        self, step: tuple[str, bool, int, tuple[str, str] | None]
    ) -> tuple[Branch, dict[int, int]] | None:
        """Return the branch one step on, and the columns that its predicate means."""
        tag, _, index, predicate = step
        names = Names(self.tree.layout, ())
        test = resolved(names, tag, predicate, 0) if predicate is not None else None
        found = _step(self.branch, (tag, index, test), self.tree)
        if found is None or predicate is None:
            return (found[0], {}) if found is not None else None
        return found[0], self._moved(found[0][0], predicate)

    def place(self, path: str) -> Place:
        """Return the place, as the codec knows it and otherwise by its path alone."""
        rest = spelt(self.rest)
        full = "/".join(filter(None, (path, rest)))
        found = self._received()
        if found is None:
            return Place(path=full or None)
        return found if found.path is not None else replace(found, path=full or None)

    def _received(self) -> Place | None:
        if self.tree.place is None:
            return None
        row: Row = self.branch[0]
        column, part = 0, None
        moved = self.moved
        if len(self.rest) == 1 and self.rest[0][1]:
            name, _, index, predicate = self.rest[0]
            column, part = self.tree.layout.position(row[0], name, index + 1) or (0, None)
            if predicate is not None:
                moved = self._moved(row, predicate, name)
        return self.tree.place(row, moved.get(column, column), part)

    def _moved(self, row: Row, predicate: tuple[str, str], *names: str) -> dict[int, int]:
        """Return from which columns what a predicate means comes."""
        test = resolved(Names(self.tree.layout, ()), row[0], predicate, 0, names)
        number = meant(row, test, self.tree) if test.groups else None
        if number is None:
            return {}
        return dict(zip(test.groups[0], test.groups[number], strict=True))


def _paths(root: Branch, wanted: set[int]) -> Iterator[tuple[int, str]]:
    """Walk the paths of some branches: `LIN[3]/QTY[2]`."""
    waiting: list[tuple[Branch, str]] = [(root, "")]
    while waiting:
        node, path = waiting.pop()
        if id(node) in wanted:
            yield id(node), path
        counts = Counter(child[0][0] for child in node[1:])
        seen: Counter[str] = Counter()
        for child in node[1:]:
            tag = child[0][0]
            seen[tag] += 1
            if len(child) > 1 or id(child) in wanted:
                name = f"{tag}[{seen[tag]}]" if counts[tag] > 1 else tag
                waiting.append((child, f"{path}/{name}" if path else name))
