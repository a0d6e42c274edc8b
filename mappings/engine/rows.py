"""Pass over rows: the segments, elements and components that the fields of a scope need.

Names are resolved when the code is made, for one edition. The code looks at each row once, splits a
composite once and only where one of its components is wanted, and makes no object of its own. What
was released by the sender is put back in one go: the texts of a scope are asked together whether
any of them holds a character that stands for another (`canonical.rows`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from mappings.engine.expressions import Axis, ExpressionError, Path, Step
from mappings.engine.generation import Code, Operators
from mappings.engine.kinds import SEGMENT, SEGMENTS, TEXT, Kind
from mappings.engine.layouts import Names, Position
from mappings.engine.rowwalking import Predicate, Way, resolved
from mappings.engine.slots import Block, Branch, SlotBinding
from mappings.engine.walking import Walk, walkable

_LIST = Kind("list", optional=False, item=TEXT.sure)


@dataclass(slots=True)
class RowBranch(Branch):
    """Hold what is wanted of one segment, and of the segments below it where it begins a group.

    `own` is the variable of a scope's own branch, `rises` says that what is above it is known.
    `repeating`: texts may hold repetitions. `beside` are the variables of elements beside one that
    a predicate names, `views` lists made after the pass.
    """

    names: Names = field(default_factory=lambda: Names(None, ()))
    repeating: bool = False
    own: str = ""
    axis: Axis = Axis.CHILD
    rises: bool = False
    positions: dict[str, Position | None] = field(default_factory=dict)
    beside: dict[str, tuple[Predicate, Position]] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)

    def _grown(self, name: str, own: str = "") -> Self:
        return type(self)(self.unit, name, names=self.names, repeating=self.repeating, own=own)

    def child(self, step: Step) -> Self:
        """Return the branch of a segment below this one; raises `ExpressionError` for no tag."""
        if step.axis is Axis.ABOVE:
            message = "'^' stands in values only"
            raise ExpressionError(message, step.at)
        key = (step.name, step.index or 0, step.predicate, step.axis.value)
        if key not in self.below:
            self.names.segment(step.name, step.at)
            made = self._grown(step.name)
            made.index, made.predicate, made.axis = step.index or 0, step.predicate, step.axis
            made.test(step.at)
            self.below[key] = made
        return self.below[key]

    def test(self, at: int) -> Predicate | None:
        """Return the predicate with its places; raises `ExpressionError` for an unknown name."""
        if self.predicate is None:
            return None
        beside = [key.partition("[")[0] for key in self.attributes]
        return resolved(self.names, self.name, self.predicate, at, beside)

    def fresh(self, variable: str) -> Self:
        """Return a branch for the scope of one such segment."""
        made = self._grown(self.name, variable)
        made.rises = self.rises or self.axis is Axis.ANY_DEPTH
        return made

    def binding(self) -> "RowBinding":
        """Return what a name for this segment binds."""
        return RowBinding(self)

    def want_attribute(self, step: Step, *, clean: bool) -> str:
        """Return the variable that will hold an element or component."""
        key = f"{step.name}[{step.index or 0}]{step.predicate or ''}"
        if key not in self.attributes:
            position = self.names.position(self.name, step)
            variable = self.attributes[key] = self.unit.name("v")
            if step.predicate is None or position is None:
                self.positions[variable] = position
            else:
                test = resolved(self.names, self.name, step.predicate, step.at, (step.name,))
                self.beside[variable] = (test, position)
        if clean:
            self.clean.add(self.attributes[key])
        return self.attributes[key]

    def want_element(self) -> str:
        """Return the variable that will hold the branch itself."""
        return self.own or Branch.want_element(self)

    def opening(self, variable: str) -> Block:
        """Return the code that takes a whole tree apart."""
        return [
            f"tree, {variable} = {variable}, {variable}.root",
            "mark, rep, restored, up = tree.component, tree.repetition, tree.restored, {}",
        ]

    def single_pass(self, variable: str) -> Block:
        """Return the code that fills all variables from the branch in `variable`."""
        self.guard()
        captured = _Pass(self.repeating).captured(self, variable, None, depth=0)
        views: Block = [f"{name} = {made}" for name, made in self._views()]
        return [*self.prepared(), *captured, *self._restored(), *views]

    def _views(self) -> Iterator[tuple[str, str]]:
        yield from self.views.items()
        for inner in self.below.values():
            yield from inner._views()  # noqa: SLF001  # a branch of the same kind

    def listed(self) -> str:
        """Return the Python for every such segment: a scope's own is alone."""
        return f"({self.own},)" if self.own else self.want_elements()

    def texts(self) -> Iterator[str]:
        """Walk the variables of this pass that hold texts."""
        yield from (name for name, place in self.positions.items() if place is not None)
        for inner in self.below.values():
            yield from inner.texts()

    def _restored(self) -> Block:
        texts = list(self.texts())
        if not texts:
            return []
        joined = "".join(f"{{{name}}}" for name in texts)
        put_back: Block = []
        for name in texts:
            put_back += [f"if {name} is not None:", [f"{name} = clean({name}, tree)"]]
        asked = f"if restored is not None and not f'{joined}'.isprintable():"
        return [asked, put_back]


class _Pass:
    """Generate one pass over a branch and what is below it."""

    def __init__(self, repeating: bool) -> None:  # noqa: FBT001  # the only thing it is told
        self.first = ".partition(rep)[0]" if repeating else ""

    def captured(self, branch: RowBranch, variable: str, row: str | None, depth: int) -> Block:
        """Return the code for all that is wanted of the branch in `variable`."""
        block: Block = []
        if branch.attributes:
            row = row or f"r{depth}"
            if row == f"r{depth}":
                block.append(f"{row} = {variable}[0]")
            block += self._elements(branch, row, {})
        return block + self._loop(branch, variable, depth)

    def _elements(self, branch: RowBranch, row: str, split: dict[int, str]) -> Block:
        """Return the code that takes elements out of a row; `split` holds composites in hand."""
        columns: dict[int, list[tuple[int | None, str]]] = {}
        for variable, position in branch.positions.items():
            if position is not None:
                columns.setdefault(position[0], []).append((position[1], variable))
        block: Block = []
        for column, wanted in sorted(columns.items()):
            inside: Block = []
            source = f"{row}[{column}]{self.first}"
            alone = [variable for part, variable in wanted if part is None]
            parts = [(part, variable) for part, variable in wanted if part is not None]
            for variable in alone:
                inside.append(f"{variable} = {_text(source, branch, variable)}")
            inside += self._components(branch, source, parts, split.get(column))
            block += [f"if len({row}) > {column}:", inside]
        for variable, given in branch.beside.items():
            constants = ", ".join(map(branch.unit.constant, given))
            block.append(f"{variable} = beside({row}, {constants}, tree)")
        return block

    def _components(
        self,
        branch: RowBranch,
        source: str,
        parts: list[tuple[int, str]],
        split: str | None,
    ) -> Block:
        if not parts:
            return []
        block: Block = []
        furthest = max(part for part, _ in parts)
        held = split or branch.unit.name("p")
        if split is None and not furthest:
            first = f"{source}.partition(mark)[0]"
            return [f"{name} = {_text(first, branch, name)}" for _, name in parts]
        if split is None:
            block.append(f"{held} = {source}.split(mark)")
        for part, name in sorted(parts):
            text = f"{name} = {_text(f'{held}[{part}]', branch, name)}"
            block += [text] if not part else [f"if len({held}) > {part}:", [text]]
        return block

    def _loop(self, branch: RowBranch, variable: str, depth: int) -> Block:
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

    def _matched(self, branches: list[RowBranch], child: str, depth: int, counters: Block) -> Block:
        """Return the code for the branches of one tag: those with the same predicate share it."""
        row = f"r{depth + 1}"
        block: Block = []
        split: dict[int, str] = {}
        held: dict[Position, str] = {}
        for branch in branches:
            test = branch.test(0)
            if test is None:
                block += self._entered(branch, child, row, split, depth, counters)
            elif len(test.places) == 1 or not test.groups:
                place = test.places[0] if test.places else None
                subject = self._subject(branch, row, place, held, split, block)
                wanted = branch.unit.constant(test.wanted)
                inside = self._entered(branch, child, row, dict(split), depth, counters)
                block += [f"if {subject} == {wanted}:", inside]
            else:
                made, constant = branch.unit.name("r"), branch.unit.constant(test)
                inside = self._entered(branch, child, made, {}, depth, counters)
                block += [
                    f"{made} = turned({row}, {constant}, tree)", f"if {made} is not None:", inside,
                ]  # fmt: skip
        return block

    def _subject(
        self,
        branch: RowBranch,
        row: str,
        place: Position | None,
        held: dict[Position, str],
        split: dict[int, str],
        block: Block,
    ) -> str:
        """Return the variable of the text that a predicate looks at."""
        if place is None:
            return "None"
        if place in held:
            return held[place]
        column, part = place
        variable = held[place] = branch.unit.name("q")
        source = f"{row}[{column}]{self.first}"
        if part is None:
            block.append(f"{variable} = {source} if len({row}) > {column} else None")
            return variable
        if column not in split:
            split[column] = branch.unit.name("p")
            block.append(
                f"{split[column]} = {source}.split(mark) if len({row}) > {column} else ('',)"
            )
        parts = split[column]
        if not part:
            block.append(f"{variable} = {parts}[0]")
        else:
            block.append(f"{variable} = {parts}[{part}] if len({parts}) > {part} else None")
        return variable

    def _entered(  # the row, what of it is split and where it stands belong together
        self, branch: RowBranch, child: str, row: str, split: dict[int, str], depth: int,
        counters: Block,
    ) -> Block:  # fmt: skip
        block: Block = [f"{branch.elements}.append({child})"] if branch.elements else []
        if not branch.inner:
            return block
        guard = f"{branch.element} is None"
        if branch.index:
            counter = branch.unit.name("x")
            counters.append(f"{counter} = -1")
            block.append(f"{counter} += 1")
            guard = f"{counter} == {branch.index}"
        inside: Block = [f"{branch.element} = {child}"]
        inside += self._elements(branch, row, split)
        inside += self._loop(branch, child, depth + 1)
        return [*block, f"if {guard}:", inside]


def _text(source: str, branch: RowBranch, variable: str) -> str:
    return f"{source}.strip() or None" if variable in branch.clean else f"{source} or None"


def _once(branch: RowBranch) -> bool:
    return branch.elements is None and not branch.index and branch.predicate is None


@dataclass(frozen=True, slots=True)
class RowBinding(SlotBinding):
    """Bind a name to a segment that the pass over a scope reaches."""

    branch: RowBranch

    def reach(self, path: Path) -> "RowBinding":
        """Return the binding of the segment at `path`."""
        branch = self.branch
        for step in path.steps:
            if branch.axis is Axis.ANY_DEPTH:
                message = "nothing goes on after '..': it finds a list"
                raise ExpressionError(message, step.at)
            branch = branch.child(step)
        return RowBinding(branch, (*self.prefix, *path.steps))

    def plain(self, path: Path) -> bool:
        """Tell whether `path` leads to an element, straight down."""
        down = all(step.axis is Axis.CHILD for step in path.steps)
        return down and bool(path.steps) and path.steps[-1].attribute

    def variable(self, path: Path, *, clean: bool) -> str:
        """Return the variable of an element."""
        holder = self.reach(Path(path.base, path.steps[:-1], path.at))
        return holder.branch.want_attribute(path.steps[-1], clean=clean)

    def value(self, translator: Operators, path: Path) -> Code:
        """Return the variable of an element, or of a segment as such."""
        if path.steps and path.steps[0].axis is Axis.ABOVE:
            return self._risen(translator, path).value(translator, _rest(path))
        if self.plain(path):
            return Code(self.variable(path, clean=True), TEXT)
        return Code(self.reach(path).branch.want_element(), SEGMENT)

    def several(self, translator: Operators, path: Path) -> Code:
        """Return every segment at `path`, or every text of one element of each."""
        if path.steps and path.steps[0].axis is Axis.ABOVE:
            return self._risen(translator, path).several(translator, _rest(path))
        if not path.steps or not path.steps[-1].attribute:
            branch = self.reach(path).branch
            names, tag = branch.names, branch.name
            return Code(branch.listed(), SEGMENTS, lambda held: RowItem(held, tag, names))
        branch = self.reach(Path(path.base, path.steps[:-1], path.at)).branch
        return _texts(translator, branch.listed(), branch, path.steps[-1])

    def rows(self, path: Path, variable: str) -> tuple[str, SlotBinding]:
        """Return the variable of every segment at `path`, and the binding of one.

        A path to an element that stands in several composites gives them one by one.
        """
        if not path.steps or not path.steps[-1].attribute:
            branch = self.reach(path).branch
            return branch.listed(), branch.fresh(variable).binding()
        step = path.steps[-1]
        branch = self.reach(Path(path.base, path.steps[:-1], path.at)).branch
        places = branch.names.places(branch.name, step.name, step.at)
        groups = branch.names.groups(branch.name, step.name)
        if len(places) == 1:
            groups = ((places[0][0],),)
        if step.index is not None or (places and not groups):
            message = "`each` of an element needs one that a segment has in several composites"
            raise ExpressionError(message, step.at)
        table = branch.unit.constant(Predicate("", places, groups))
        test = branch.unit.constant(branch.test(step.at))
        held = branch.unit.name("l")
        branch.views[held] = f"occurrences({branch.listed()}, {test}, {table}, tree)"
        return held, branch.fresh(variable).binding()

    def _risen(self, translator: Operators, path: Path) -> "RowItem":
        """Return the binding of what stands above the scope's own segment."""
        if not self.branch.own or not self.branch.rises or self.prefix:
            message = "'^' starts from a row of an `each` that went down by '..'"
            raise ExpressionError(message, path.steps[0].at)
        return _above(translator, self.branch.own, self.branch.names, path.steps[0])

    def steps(self, path: Path) -> Walk:
        """Return the walk from the scope's segment to `path`, as far as it goes straight down."""
        taken = (*self.prefix, *path.steps)
        bend = next((n for n, step in enumerate(taken) if step.axis is not Axis.CHILD), len(taken))
        return walkable(taken[:bend])


@dataclass(frozen=True, slots=True)
class RowItem:
    """Bind a name to a segment that is walked when a value of it is needed."""

    py: str
    tag: str
    names: Names

    def plain(self, path: Path) -> bool:
        """Tell whether `path` leads to an element."""
        return bool(path.steps) and path.steps[-1].attribute

    def value(self, translator: Operators, path: Path) -> Code:
        """Walk to an element, or to a segment as such."""
        if path.steps and path.steps[0].axis is Axis.ABOVE:
            return _above(translator, self.py, self.names, path.steps[0]).value(
                translator, _rest(path)
            )
        straight = path.steps
        if not straight or not straight[-1].attribute:
            if not straight:
                return Code(self.py, SEGMENT)
            whole = translator.unit.constant(self._way(straight))
            return Code(f"row_at({self.py}, {whole}, tree)", SEGMENT)
        way = self._way(straight[:-1])
        tag = way[-1][0] if way else self.tag
        last = straight[-1]
        place = self.names.position(tag, last)
        if place is None:
            return Code("None", TEXT)
        test = last.predicate and resolved(self.names, tag, last.predicate, last.at, (last.name,))
        constants = ", ".join(map(translator.unit.constant, (way, test or None, place)))
        return Code(f"row_text({self.py}, {constants}, tree)", TEXT)

    def several(self, translator: Operators, path: Path) -> Code:
        """Walk to every segment, or to every text of one element of each."""
        last = path.steps[-1] if path.steps else None
        steps = path.steps[:-1] if last is not None and last.attribute else path.steps
        way = self._way(steps)
        tag, test = (way[-1][0], way[-1][2]) if way else (self.tag, None)
        listed = f"({self.py},)"
        if way:
            listed = f"branches_at({self.py}, {translator.unit.constant(way)}, tree)"
        if last is None or not last.attribute:
            return Code(listed, SEGMENTS, lambda held: RowItem(held, tag, self.names))
        places = self.names.places(tag, last.name, last.at)
        if last.predicate is not None:
            test = resolved(self.names, tag, last.predicate, last.at, (last.name,))
        return _row_texts(translator, listed, test, _one(places, last))

    def _way(self, steps: tuple[Step, ...]) -> Way:
        way: list[tuple[str, int, Predicate | None]] = []
        for step in steps:
            if step.axis is not Axis.CHILD:
                message = f"'{step.axis.value}' has no place here"
                raise ExpressionError(message, step.at)
            self.names.segment(step.name, step.at)
            test = step.predicate and resolved(self.names, step.name, step.predicate, step.at)
            way.append((step.name, step.index or 0, test or None))
        return tuple(way)


def _above(translator: Operators, py: str, names: Names, step: Step) -> RowItem:
    names.segment(step.name, step.at)
    test = step.predicate and resolved(names, step.name, step.predicate, step.at)
    constant = translator.unit.constant(test or None)
    return RowItem(f"above({py}, {step.name!r}, {constant}, tree, up)", step.name, names)


def _rest(path: Path) -> Path:
    return Path(path.base, path.steps[1:], path.at)


def _one(places: tuple[Position, ...], step: Step) -> tuple[Position, ...]:
    """Return the places that a step means: all, or the one that its number names."""
    return places if step.index is None else places[step.index : step.index + 1]


def _texts(translator: Operators, listed: str, branch: RowBranch, step: Step) -> Code:
    branch.names.position(branch.name, step)
    places = branch.names.places(branch.name, step.name, step.at)
    test = branch.test(step.at)
    if step.predicate is not None:
        test = resolved(branch.names, branch.name, step.predicate, step.at, (step.name,))
    return _row_texts(translator, listed, test, _one(places, step))


def _row_texts(
    translator: Operators, listed: str, test: Predicate | None, places: tuple[Position, ...]
) -> Code:
    """Return the texts of a list; of a composite that a predicate means, only its own."""
    if test is not None and len(places) == len(test.groups):
        places = places[:1]
    constants = ", ".join(
        map(translator.unit.constant, (test if test is not None and test.groups else None, places))
    )
    return Code(f"row_texts({listed}, {constants}, tree)", _LIST)
