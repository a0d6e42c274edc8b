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
from mappings.engine.rowpass import RowPass, restored
from mappings.engine.rowwalking import Predicate, Way, resolved
from mappings.engine.slots import Block, Branch, SlotBinding
from mappings.engine.walking import Walk, walkable

_LIST = Kind("list", optional=False, item=TEXT.sure)


@dataclass(slots=True)
class RowBranch(Branch):
    """Hold what is wanted of one segment, and of the segments below it where it begins a group.

    `own` is the variable of a scope's own branch, `rises` says that what is above it is known.
    `repeating`: texts may hold repetitions. `beside` are the variables of elements beside one that
    a predicate names (`held` those that the pass takes itself), `views` lists made after it and
    `gathered` lists of texts, by their places.
    """

    names: Names = field(default_factory=lambda: Names(None, ()))
    repeating: bool = False
    own: str = ""
    axis: Axis = Axis.CHILD
    rises: bool = False
    positions: dict[str, Position | None] = field(default_factory=dict)
    beside: dict[str, tuple[Predicate, Position]] = field(default_factory=dict)
    held: dict[str, Position] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    gathered: dict[tuple[Position, ...], str] = field(default_factory=dict)

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

    def want_texts(self, places: tuple[Position, ...]) -> str:
        """Return the variable that will hold every text at some places of each such segment."""
        return self.gathered.setdefault(places, self.unit.name("l"))

    def composites(self) -> set[int]:
        """Return the columns of which a component is wanted."""
        places = [place for places in self.gathered for place in places]
        places += [place for place in self.positions.values() if place is not None]
        return {column for column, part in places if part is not None}

    def lists(self) -> Iterator[str]:
        """Walk the variables that must be empty lists before the pass."""
        yield from Branch.lists(self)
        yield from self.gatherings()

    def gatherings(self) -> Iterator[str]:
        """Walk the lists of texts of this pass, those of this branch first."""
        yield from self.gathered.values()
        for inner in self.below.values():
            yield from inner.gatherings()

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
        captured = RowPass(repeating=self.repeating).captured(self, variable, depth=0)
        views: Block = [f"{name} = {made}" for name, made in self.made_after()]
        put_back = restored(self.texts(), self.gatherings())
        return [*self.prepared(), *captured, *put_back, *views]

    def made_after(self) -> Iterator[tuple[str, str]]:
        """Walk the lists that are made when the pass is over, each with its Python."""
        yield from self.views.items()
        for inner in self.below.values():
            yield from inner.made_after()

    def gathers(self, test: Predicate | None) -> bool:
        """Tell whether the pass can gather texts itself: one of several composites it cannot."""
        plain = test is None or not test.groups
        return plain and not self.own and not self.repeating and self.axis is Axis.CHILD

    def listed(self) -> str:
        """Return the Python for every such segment: a scope's own is alone."""
        return f"({self.own},)" if self.own else self.want_elements()

    def texts(self) -> Iterator[str]:
        """Walk the variables of this pass that hold texts."""
        yield from (name for name, place in self.positions.items() if place is not None)
        yield from self.held
        for inner in self.below.values():
            yield from inner.texts()


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
        return _texts(translator, branch, path.steps[-1])

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
                tag, names = self.tag, self.names
                return Code(self.py, SEGMENT, lambda held: RowItem(held, tag, names))
            way = self._way(straight)
            whole, tag, names = translator.unit.constant(way), way[-1][0], self.names
            return Code(
                f"branch_at({self.py}, {whole}, tree)", SEGMENT,
                lambda held: RowItem(held, tag, names),
            )  # fmt: skip
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


def _texts(translator: Operators, branch: RowBranch, step: Step) -> Code:
    branch.names.position(branch.name, step)
    places = branch.names.places(branch.name, step.name, step.at)
    test = branch.test(step.at)
    chosen = _one(places, step)
    if step.predicate is not None:
        test = resolved(branch.names, branch.name, step.predicate, step.at, (step.name,))
    elif branch.gathers(test):
        held = branch.want_texts(chosen)
        return Code(held, _LIST, needs=held)
    return _row_texts(translator, branch.listed(), test, chosen)


def _row_texts(
    translator: Operators, listed: str, test: Predicate | None, places: tuple[Position, ...]
) -> Code:
    """Return the texts of a list; of a composite that a predicate means, only its own."""
    if test is not None and len(places) == len(test.groups):
        places = places[:1]
    constants = ", ".join(
        map(translator.unit.constant, (test if test is not None and test.groups else None, places))
    )
    needs = listed if listed.isidentifier() else ""
    return Code(f"row_texts({listed}, {constants}, tree)", _LIST, needs=needs)
