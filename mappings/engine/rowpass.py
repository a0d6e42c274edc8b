"""Generate one pass over the rows of a scope: what is looked at, split and taken, and how often.

The code is made to be fast, because it runs for each line of each message: a row is dispatched by
its tag once, a composite is split once and only where one of its parts is wanted, predicates on the
same element share it, and those on one of several composites share one loop over them.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from mappings.engine.expressions import Axis
from mappings.engine.layouts import Position
from mappings.engine.rowwalking import Predicate
from mappings.engine.slots import Block

if TYPE_CHECKING:
    from mappings.engine.rows import RowBranch

Wanted = tuple[str, Position]
"""A variable and the place of what it will hold."""
Cases = list[tuple[str, Callable[["Taken"], Block]]]
"""The texts that a predicate may name, and what is done for each."""


class Taken:
    """Say what of a row is in hand: composites split, and columns that stand for others.

    `moved` gives the Python of the column that stands for one, where a predicate means one of
    several composites.
    """

    def __init__(self, row: str) -> None:
        self.row = row
        self.split: dict[int, str] = {}
        self.moved: dict[int, str] = {}

    def copy(self) -> "Taken":
        """Return the same, to be added to."""
        made = Taken(self.row)
        made.split, made.moved = dict(self.split), dict(self.moved)
        return made

    def column(self, number: int) -> str:
        """Return the Python of a column's number."""
        return self.moved.get(number, str(number))


class RowPass:
    """Generate the pass; `repeating`: texts may hold repetitions, of which the first is meant."""

    def __init__(self, *, repeating: bool) -> None:
        self.first = ".partition(rep)[0]" if repeating else ""

    def captured(self, branch: "RowBranch", variable: str, depth: int) -> Block:
        """Return the code for all that is wanted of the branch in `variable`."""
        row = f"r{depth}"
        block: Block = []
        if branch.attributes:
            block = [f"{row} = {variable}[0]", *self._elements(branch, Taken(row))]
        return block + self._loop(branch, variable, depth)

    def _elements(self, branch: "RowBranch", taken: Taken) -> Block:
        """Return the code that takes elements out of a row."""
        columns: dict[int, list[tuple[int | None, str]]] = {}
        for variable, position in branch.positions.items():
            if position is not None:
                columns.setdefault(position[0], []).append((position[1], variable))
        block: Block = []
        for column, wanted in sorted(columns.items()):
            block += self._column(branch, taken, column, wanted)
        return block + self._beside(branch, taken)

    def _column(
        self, branch: "RowBranch", taken: Taken, column: int, wanted: list[tuple[int | None, str]]
    ) -> Block:
        number = taken.column(column)
        source = f"{taken.row}[{number}]{self.first}"
        inside: Block = [
            f"{name} = {_text(source, branch, name)}" for part, name in wanted if part is None
        ]
        parts = [(part, name) for part, name in wanted if part is not None]
        held = taken.split.get(column)
        if held is not None and not inside:
            return _parts(branch, held, parts)
        if held is None and parts and all(not part for part, _ in parts):
            first = f"{source}.partition(mark)[0]"
            inside += [f"{name} = {_text(first, branch, name)}" for _, name in parts]
        elif parts:
            if held is None:
                held = branch.unit.name("p")
                inside.append(f"{held} = {source}.split(mark)")
            inside += _parts(branch, held, parts)
        return [f"if len({taken.row}) > {number}:", inside]

    def _beside(self, branch: "RowBranch", taken: Taken) -> Block:
        """Return the code for elements beside one that a predicate names."""
        block: Block = []
        shared: dict[tuple[Position, ...], tuple[Predicate, Cases]] = {}
        for variable, (test, place) in branch.beside.items():
            if not regular(test):
                constants = ", ".join(map(branch.unit.constant, (test, place)))
                block.append(f"{variable} = beside({taken.row}, {constants}, tree)")
                continue
            cases = shared.setdefault(test.places, (test, []))[1]
            cases.append((test.wanted, self._taking(branch, variable, place)))
            branch.held[variable] = place
        for test, cases in shared.values():
            block += self._turning(branch, taken, test, cases)
        return block

    def _taking(
        self, branch: "RowBranch", variable: str, place: Position
    ) -> Callable[[Taken], Block]:
        def take(taken: Taken) -> Block:
            inside = self._column(branch, taken, place[0], [(place[1], variable)])
            return [f"if {variable} is None:", inside]

        return take

    def _turning(self, branch: "RowBranch", taken: Taken, test: Predicate, cases: Cases) -> Block:
        """Return the loop over several composites, or pairs of elements, that may be meant."""
        base, unit = test.groups[0][0], branch.unit
        bases = unit.constant(tuple(group[0] for group in test.groups))
        at, subject = unit.name("i"), unit.name("q")
        inner = taken.copy()
        for column in test.groups[0]:
            inner.moved[column] = f"{at} + {column - base}" if column != base else at
            inner.split.pop(column, None)
        column, part = test.places[0]
        source = f"{taken.row}[{inner.column(column)}]{self.first}"
        body: Block = [f"if len({taken.row}) <= {inner.column(column)}:", ["break"]]
        if part is None:
            body.append(f"{subject} = {source}")
        else:
            held = inner.split[column] = unit.name("p")
            body.append(f"{held} = {source}.split(mark)")
            body.append(f"{subject} = {held}[{part}] if len({held}) > {part} else None")
        word = "if"
        for wanted, case in cases:
            body += [f"{word} {subject} == {unit.constant(wanted)}:", case(inner)]
            word = "elif"
        return [f"for {at} in {bases}:", body]

    def _loop(self, branch: "RowBranch", variable: str, depth: int) -> Block:
        block: Block = []
        by_tag: dict[str, list[RowBranch]] = {}
        for inner in branch.below.values():
            if inner.axis is Axis.ANY_DEPTH:
                test = branch.unit.constant(inner.test(0))
                wanted = f"{variable}, {inner.name!r}, {test}, tree, up"
                block.append(f"{inner.want_elements()} = below({wanted})")
            else:
                by_tag.setdefault(inner.name, []).append(inner)
        if not by_tag:
            return block
        child, row, tag = f"c{depth}", f"r{depth + 1}", f"t{depth}"
        only = len(by_tag) == 1
        body: Block = [f"{row} = {child}[0]"]
        if not only:
            body.append(f"{tag} = {row}[0]")
        subject = f"{row}[0]" if only else tag
        counters: Block = []
        for number, (name, branches) in enumerate(by_tag.items()):
            word = "if" if number == 0 else "elif"
            inside = self._matched(branches, child, depth, counters)
            if only and len(branches) == 1 and _once(branches[0]):
                inside.append("break")
            body += [f"{word} {subject} == {name!r}:", inside]
        return [*block, *counters, f"for {child} in {variable}[1:]:", body]

    def _matched(
        self, branches: "list[RowBranch]", child: str, depth: int, counters: Block
    ) -> Block:
        """Return the code for the branches of one tag: those with the same predicate share it."""
        taken = Taken(f"r{depth + 1}")
        block = self._split(branches, taken)
        shared: dict[Position, list[tuple[str, RowBranch]]] = {}
        turning: dict[tuple[Position, ...], tuple[Predicate, Cases]] = {}
        for branch in branches:
            test = branch.test(0)
            if test is None:
                block += self._entered(branch, child, taken, depth, counters)
            elif not test.places:
                continue
            elif len(test.places) == 1 or not test.groups:
                shared.setdefault(test.places[0], []).append((test.wanted, branch))
            elif regular(test) and not branch.elements and not branch.index:
                cases = turning.setdefault(test.places, (test, []))[1]
                cases.append((test.wanted, self._entering(branch, child, depth, counters)))
            else:
                block += self._turned(branch, test, child, depth, counters)
        for place, pairs in shared.items():
            subject = self._subject(branches[0], taken, place, block)
            block += self._cases(pairs, subject, child, taken, depth, counters)
        for test, cases in turning.values():
            block += self._turning(branches[0], taken, test, cases)
        return block

    def _split(self, branches: "list[RowBranch]", taken: Taken) -> Block:
        """Split the composites that more than one branch of a tag looks into."""
        wanted: Counter[int] = Counter()
        for branch in branches:
            test = branch.test(0)
            if test is None or not test.groups:
                wanted.update(branch.composites())
        block: Block = []
        for column in sorted(column for column, number in wanted.items() if number > 1):
            held = taken.split[column] = branches[0].unit.name("p")
            source = f"{taken.row}[{column}]{self.first}"
            block.append(f"{held} = {source}.split(mark) if len({taken.row}) > {column} else ('',)")
        return block

    def _cases(  # the row and where it stands belong together
        self, pairs: "list[tuple[str, RowBranch]]", subject: str, child: str, taken: Taken,
        depth: int, counters: Block,
    ) -> Block:  # fmt: skip
        """Return a choice between the texts of one element."""
        by_text: dict[str, list[RowBranch]] = {}
        for wanted, branch in pairs:
            by_text.setdefault(wanted, []).append(branch)
        block: Block = []
        word = "if"
        for wanted, branches in by_text.items():
            inside: Block = []
            for branch in branches:
                inside += self._entered(branch, child, taken.copy(), depth, counters)
            constant = branches[0].unit.constant(wanted)
            block += [f"{word} {subject} == {constant}:", inside]
            word = "elif"
        return block

    def _turned(
        self, branch: "RowBranch", test: Predicate, child: str, depth: int, counters: Block
    ) -> Block:
        """Return the code for a predicate that no loop can share."""
        made, constant = branch.unit.name("r"), branch.unit.constant(test)
        inside = self._entered(branch, child, Taken(made), depth, counters)
        row = f"r{depth + 1}"
        return [f"{made} = turned({row}, {constant}, tree)", f"if {made} is not None:", inside]

    def _subject(self, branch: "RowBranch", taken: Taken, place: Position, block: Block) -> str:
        """Return the variable of the text that a predicate looks at."""
        column, part = place
        variable = branch.unit.name("q")
        source = f"{taken.row}[{column}]{self.first}"
        there = f"len({taken.row}) > {column}"
        if part is None:
            block.append(f"{variable} = {source} if {there} else None")
            return variable
        held = taken.split.get(column)
        if held is None:
            held = taken.split[column] = branch.unit.name("p")
            block.append(f"{held} = {source}.split(mark) if {there} else ('',)")
        if not part:
            block.append(f"{variable} = {held}[0]")
        else:
            block.append(f"{variable} = {held}[{part}] if len({held}) > {part} else None")
        return variable

    def _entering(
        self, branch: "RowBranch", child: str, depth: int, counters: Block
    ) -> Callable[[Taken], Block]:
        return lambda taken: self._entered(branch, child, taken, depth, counters)

    def _entered(
        self, branch: "RowBranch", child: str, taken: Taken, depth: int, counters: Block
    ) -> Block:
        block: Block = []
        if branch.elements:
            block.append(f"{branch.elements}.append({self._whole(child)})")
        for places, gathered in branch.gathered.items():
            block += self._gathered(branch, taken, places, gathered)
        if not branch.inner:
            return block
        inside: Block = [f"{branch.element} = {self._held(branch, child)}"]
        inside += self._elements(branch, taken)
        inside += self._loop(branch, child, depth + 1)
        if not branch.index:
            return [*block, *self._first(branch, inside)]
        counter = branch.unit.name("x")
        counters.append(f"{counter} = -1")
        return [*block, f"{counter} += 1", f"if {counter} == {branch.index}:", inside]

    def _whole(self, child: str) -> str:
        """Return the Python of the branch in hand."""
        return child

    def _held(self, branch: "RowBranch", child: str) -> str:  # noqa: ARG002  # for those who ask it
        """Return the Python of what says that a branch was met."""
        return self._whole(child)

    def _first(self, branch: "RowBranch", inside: Block) -> Block:
        """Return the code that is run for the first branch that fits."""
        return [f"if {branch.element} is None:", inside]

    def _gathered(
        self, branch: "RowBranch", taken: Taken, places: tuple[Position, ...], gathered: str
    ) -> Block:
        """Return the code that adds every text at some places of a row to a list."""
        text = branch.unit.name("w")
        add: Block = [f"{gathered}.append({text})"]
        block: Block = []
        for column in sorted({column for column, _ in places}):
            inside: Block = []
            source, held = f"{taken.row}[{column}]", taken.split.get(column)
            parts = sorted(part for number, part in places if number == column and part is not None)
            if (column, None) in places:
                inside += [f"if {text} := {source}.strip():", add]
            if parts and held is None:
                held = branch.unit.name("p")
                inside.append(f"{held} = {source}.split(mark)")
            for part in parts:
                there = f"len({held}) > {part} and " if part else ""
                inside += [f"if {there}({text} := {held}[{part}].strip()):", add]
            ready = column in taken.split and (column, None) not in places
            block += inside if ready else [f"if len({taken.row}) > {column}:", inside]
        return block


def regular(test: Predicate) -> bool:
    """Tell whether all groups of a predicate are alike, only further right."""
    shapes = {tuple(column - group[0] for column in group) for group in test.groups}
    places = {
        (place[0] - group[0], place[1])
        for place, group in zip(test.places, test.groups, strict=False)
    }
    return len(shapes) == len(places) == 1


def restored(variables: Iterable[str], lists: Iterable[str]) -> Block:
    """Return the code that puts released characters back, after one question about all texts."""
    names, gathered = list(variables), list(lists)
    lists_back: Block = []
    for name in gathered:
        odd = f"if {name} and not ''.join({name}).isprintable():"
        lists_back += [odd, [f"{name} = cleaned({name}, tree)"]]
    whole: Block = ["if restored is not None:", lists_back] if gathered else []
    if not names:
        return whole
    joined = "".join(f"{{{name} or ''}}" for name in names)
    put_back: Block = []
    for name in names:
        put_back += [f"if {name} is not None:", [f"{name} = clean({name}, tree)"]]
    question = f'if restored is not None and not f"{joined}".isprintable():'
    return [question, put_back, *whole]


def _parts(branch: "RowBranch", held: str, parts: list[tuple[int, str]]) -> Block:
    block: Block = []
    for part, name in sorted(parts):
        text = f"{name} = {_text(f'{held}[{part}]', branch, name)}"
        block += [text] if not part else [f"if len({held}) > {part}:", [text]]
    return block


def _text(source: str, branch: "RowBranch", variable: str) -> str:
    return f"{source}.strip() or None" if variable in branch.clean else f"{source} or None"


def _once(branch: "RowBranch") -> bool:
    several = branch.elements is not None or branch.gathered
    return not several and not branch.index and branch.predicate is None
