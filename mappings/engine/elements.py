"""Pass over elements: the children, attributes and texts of XML that the fields of a scope need."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from mappings.engine import walking
from mappings.engine.expressions import Axis, ExpressionError, Path, Step
from mappings.engine.generation import Code, Operators
from mappings.engine.kinds import NODES, TEXT, Kind
from mappings.engine.slots import Block, Branch, SlotBinding
from mappings.engine.walking import Walk, clark, walkable


@dataclass(slots=True)
class ElementBranch(Branch):
    """Hold what is wanted of one element."""

    whole: str | None = None

    def child(self, step: Step) -> Self:
        """Return the branch of a child element."""
        if step.axis is not Axis.CHILD:
            msg = f"'{step.axis.value}' is for segments: elements are named one by one"
            raise ExpressionError(msg, step.at)
        predicate = (clark(step.predicate[0]), step.predicate[1]) if step.predicate else None
        key = (clark(step.name), step.index or 0, predicate, "")
        if key not in self.below:
            self.below[key] = type(self)(self.unit, *key[:3])
        return self.below[key]

    def fresh(self, _variable: str) -> Self:
        """Return a branch for the scope of one such element."""
        return type(self)(self.unit)

    def binding(self) -> "ElementBinding":
        """Return what a name for this element binds."""
        return ElementBinding(self)

    def want_whole(self) -> str:
        """Return the variable that will hold the text around all children."""
        self.whole = self.whole or self.unit.name("v")
        return self.whole

    def want_attribute(self, step: Step, *, clean: bool) -> str:
        """Return the variable that will hold an attribute."""
        if step.index is not None or step.predicate is not None:
            msg = "an attribute of an element has no number and no predicate"
            raise ExpressionError(msg, step.at)
        variable = self.attributes.setdefault(clark(step.name), self.unit.name("v"))
        if clean:
            self.clean.add(variable)
        return variable

    @property
    def inner(self) -> bool:
        """Tell whether anything is wanted of the first such element."""
        return bool(self.below or self.attributes or self.text or self.whole or self.element)

    def variables(self) -> Iterator[str]:
        """Walk the variables that must be null before the pass."""
        yield from self.attributes.values()
        yield from (name for name in (self.text, self.whole, self.element) if name)
        for branch in self.below.values():
            yield from branch.variables()

    def opening(self, _variable: str) -> Block:
        """Return nothing: the tree is its root."""
        return []

    def single_pass(self, variable: str) -> Block:
        """Return the code that fills all variables from the element in `variable`."""
        return self.prepared() + _captured(self, variable, depth=0)


def _captured(branch: ElementBranch, variable: str, depth: int) -> Block:
    block: Block = []
    for name, target in branch.attributes.items():
        block += _assigned(target, f"{variable}.get({name!r})", clean=target in branch.clean)
    if branch.text:
        block += _assigned(branch.text, f"{variable}.text", clean=branch.text in branch.clean)
    if not branch.whole:
        return block + _loop(branch, variable, depth)
    block += _assigned(branch.whole, f"{variable}.text", clean=True)
    child = f"c{depth}"
    looked = _loop(branch, variable, depth) or [f"for {child} in {variable}:", ["break"]]
    seen: Block = [f"{branch.whole} = own_text({variable})"]
    return [*block, f"{child} = None", *looked, f"if {child} is not None:", seen]


def _assigned(target: str, source: str, *, clean: bool) -> Block:
    if not clean:
        return [f"{target} = {source}"]
    return [f"if {target} := {source}:", [f"{target} = {target}.strip() or None"],
            f"elif {target} is not None:", [f"{target} = None"]]  # fmt: skip


def _loop(branch: ElementBranch, variable: str, depth: int) -> Block:
    if not branch.below:
        return []
    child, tag = f"c{depth}", f"t{depth}"
    by_name: dict[str, list[ElementBranch]] = {}
    for inner in branch.below.values():
        by_name.setdefault(inner.name, []).append(inner)
    only = len(by_name) == 1
    body: Block = [] if only else [f"{tag} = {child}.tag"]
    subject = f"{child}.tag" if only else tag
    counters: Block = []
    for number, (name, branches) in enumerate(by_name.items()):
        word = "if" if number == 0 else "elif"
        last = only and len(branches) == 1 and branches[0].elements is None
        body += [f"{word} {subject} == {name!r}:", _matched(branches, child, depth, counters)]
        if last and not branches[0].index and branches[0].predicate is None:
            inside = body[-1]
            assert isinstance(inside, list)  # noqa: S101  # the block appended just above
            inside.append("break")
    return [*counters, f"for {child} in {variable}:", body]


def _matched(branches: list[ElementBranch], child: str, depth: int, counters: Block) -> Block:
    block: Block = []
    for branch in branches:
        if branch.predicate is not None:
            name, wanted = branch.predicate
            constant = branch.unit.constant(wanted)
            block += [f"if {child}.get({name!r}) == {constant}:",
                      _entered(branch, child, depth, counters)]  # fmt: skip
        else:
            block += _entered(branch, child, depth, counters)
    return block


def _entered(branch: ElementBranch, child: str, depth: int, counters: Block) -> Block:
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
    return [*block, f"if {guard}:", inside + _captured(branch, child, depth + 1)]


@dataclass(frozen=True, slots=True)
class ElementBinding(SlotBinding):
    """Bind a name to an element that the pass over a scope reaches."""

    branch: ElementBranch

    def reach(self, path: Path) -> "ElementBinding":
        """Return the binding of the element at `path`."""
        branch = self.branch
        for step in path.steps:
            branch = branch.child(step)
        return ElementBinding(branch, (*self.prefix, *path.steps))

    def variable(self, path: Path, *, clean: bool) -> str:
        """Return the variable of a text or attribute."""
        if path.steps and path.steps[-1].attribute:
            holder = self.reach(Path(path.base, path.steps[:-1], path.at))
            return holder.branch.want_attribute(path.steps[-1], clean=clean)
        return self.reach(path).branch.want_text(clean=clean)

    def several(self, _translator: Operators, path: Path) -> Code:
        """Return the variable that holds every element at `path`, or one attribute of each."""
        if path.steps and path.steps[-1].attribute:
            elements = self.reach(Path(path.base, path.steps[:-1], path.at)).branch.want_elements()
            py = f"attributes_of({elements}, {clark(path.steps[-1].name)!r})"
            return Code(py, Kind("list", optional=False, item=TEXT.sure))
        return Code(self.reach(path).branch.want_elements(), NODES, ElementItem)

    def text(self, _translator: Operators, path: Path) -> Code:
        """Return the variable that holds the text around the element's children."""
        return Code(self.reach(path).branch.want_whole(), TEXT)

    def markup(self, _translator: Operators, path: Path) -> Code:
        """Return the inside of the element, with its markup."""
        return Code(f"inner_markup({self.reach(path).branch.want_element()})", TEXT)

    def steps(self, path: Path) -> Walk:
        """Return the walk from the scope's element to `path`."""
        return walkable((*self.prefix, *path.steps))


@dataclass(frozen=True, slots=True)
class ElementItem:
    """Bind `it` to an element inside an aggregate: paths are walked when they are needed."""

    py: str

    def value(self, translator: Operators, path: Path) -> Code:
        """Walk to the first value."""
        steps = translator.unit.constant(walking.walkable(path.steps))
        return Code(f"walk({self.py}, {steps})", TEXT)

    def several(self, translator: Operators, path: Path) -> Code:
        """Walk to every element."""
        steps = translator.unit.constant(walking.walkable(path.steps))
        return Code(f"walk_all({self.py}, {steps})", NODES, ElementItem)
