"""Plan one pass over an element: which children, attributes and texts the fields of a scope need.

Every path of a scope becomes a branch of one tree of names. From it comes a nest of loops that
looks at each child once and only enters what is used; values land in local variables. A step takes
the first element of its name, so a branch that has matched is not entered again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union

from mappings.engine.expressions import Path, Step
from mappings.engine.generation import Code, Translator, Unit
from mappings.engine.kinds import NODES, TEXT, Kind
from mappings.engine.walking import Walk, clark, walkable

Block = list[Union[str, "Block"]]
"""Lines of Python; an inner block is indented."""

_Key = tuple[str, int, tuple[str, str] | None]


def render(block: Block, depth: int = 0) -> Iterator[str]:
    """Return the lines of a block with their indentation."""
    for entry in block or ["pass"]:
        if isinstance(entry, str):
            yield "    " * depth + entry
        else:
            yield from render(entry, depth + 1)


@dataclass(slots=True)
class Branch:
    """Hold what is wanted of one element; a variable is None while nobody asked for it."""

    unit: Unit
    name: str = ""
    index: int = 0
    predicate: tuple[str, str] | None = None
    below: "dict[_Key, Branch]" = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    clean: set[str] = field(default_factory=set)
    text: str | None = None
    whole: str | None = None
    element: str | None = None
    elements: str | None = None

    def child(self, step: Step) -> "Branch":
        """Return the branch one step down, growing it when it is new."""
        predicate = (clark(step.predicate[0]), step.predicate[1]) if step.predicate else None
        key = (clark(step.name), step.index or 0, predicate)
        if key not in self.below:
            self.below[key] = Branch(self.unit, *key)
        return self.below[key]

    def want_text(self, *, clean: bool) -> str:
        """Return the variable that will hold the text before the first child."""
        self.text = self.text or self.unit.name("v")
        if clean:
            self.clean.add(self.text)
        return self.text

    def want_whole(self) -> str:
        """Return the variable that will hold the text around all children."""
        self.whole = self.whole or self.unit.name("v")
        return self.whole

    def want_attribute(self, name: str, *, clean: bool) -> str:
        """Return the variable that will hold an attribute."""
        variable = self.attributes.setdefault(clark(name), self.unit.name("v"))
        if clean:
            self.clean.add(variable)
        return variable

    def want_element(self) -> str:
        """Return the variable that will hold the element itself."""
        self.element = self.element or self.unit.name("n")
        return self.element

    def want_elements(self) -> str:
        """Return the variable that will hold every such element."""
        self.elements = self.elements or self.unit.name("l")
        return self.elements

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

    def lists(self) -> Iterator[str]:
        """Walk the variables that must be empty lists before the pass."""
        for branch in self.below.values():
            if branch.elements:
                yield branch.elements
            yield from branch.lists()


def single_pass(root: Branch, variable: str) -> Block:
    """Return the code that fills all variables of `root` from the element in `variable`."""
    _guard(root)
    names = list(root.variables())
    block: Block = [f"{' = '.join(names)} = None"] if names else []
    block += [f"{name} = []" for name in root.lists()]
    return block + _captured(root, variable, depth=0)


def _guard(branch: Branch) -> None:
    """Give every branch that must match only once a variable that says it has."""
    for inner in branch.below.values():
        if inner.inner:
            inner.want_element()
        _guard(inner)


def _captured(branch: Branch, variable: str, depth: int) -> Block:
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


def _loop(branch: Branch, variable: str, depth: int) -> Block:
    if not branch.below:
        return []
    child, tag = f"c{depth}", f"t{depth}"
    by_name: dict[str, list[Branch]] = {}
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


def _matched(branches: list[Branch], child: str, depth: int, counters: Block) -> Block:
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


def _entered(branch: Branch, child: str, depth: int, counters: Block) -> Block:
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
class SlotBinding:
    """Bind a name to an element that the pass over a scope reaches.

    `prefix` leads from the scope's own element to it.
    """

    branch: Branch
    prefix: tuple[Step, ...] = ()

    def reach(self, path: Path) -> "SlotBinding":
        """Return the binding of the element at `path`."""
        branch = self.branch
        for step in path.steps:
            branch = branch.child(step)
        return SlotBinding(branch, (*self.prefix, *path.steps))

    def value(self, _translator: Translator, path: Path) -> Code:
        """Return the variable that holds the trimmed text or attribute."""
        return Code(self.variable(path, clean=True), TEXT)

    def variable(self, path: Path, *, clean: bool) -> str:
        """Return the variable of a text or attribute; blanks stay around it unless `clean`."""
        if path.steps and path.steps[-1].attribute:
            holder = self.reach(Path(path.base, path.steps[:-1], path.at))
            return holder.branch.want_attribute(path.steps[-1].name, clean=clean)
        return self.reach(path).branch.want_text(clean=clean)

    def several(self, _translator: Translator, path: Path) -> Code:
        """Return the variable that holds every element at `path`, or one attribute of each."""
        if path.steps and path.steps[-1].attribute:
            elements = self.reach(Path(path.base, path.steps[:-1], path.at)).branch.want_elements()
            py = f"attributes_of({elements}, {clark(path.steps[-1].name)!r})"
            return Code(py, Kind("list", optional=False, item=TEXT.sure))
        return Code(self.reach(path).branch.want_elements(), NODES)

    def text(self, _translator: Translator, path: Path) -> Code:
        """Return the variable that holds the text around the element's children."""
        return Code(self.reach(path).branch.want_whole(), TEXT)

    def markup(self, _translator: Translator, path: Path) -> Code:
        """Return the inside of the element, with its markup."""
        return Code(f"inner_markup({self.reach(path).branch.want_element()})", TEXT)

    def steps(self, path: Path) -> Walk:
        """Return the walk from the scope's element to `path`."""
        return walkable((*self.prefix, *path.steps))
