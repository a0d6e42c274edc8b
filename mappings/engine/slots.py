"""Know what the fields of a scope want of a tree, whatever the tree is made of.

Every path of a scope becomes a branch of one tree of names; values land in local variables. From it
comes one pass that looks at each child once and only enters what is used: over elements
(`elements`) or over rows (`rows`), which are the two things that a branch knows better than this
module. A step takes the first child of its name, so a branch that has matched is not entered again.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self, Union

from mappings.engine.expressions import ExpressionError, Path, Step
from mappings.engine.generation import Code, Operators, Unit
from mappings.engine.kinds import TEXT
from mappings.engine.walking import Walk

Block = list[Union[str, "Block"]]
"""Lines of Python; an inner block is indented."""

Key = tuple[str, int, tuple[str, str] | None, str]


def render(block: Block, depth: int = 0) -> Iterator[str]:
    """Return the lines of a block with their indentation."""
    for entry in block or ["pass"]:
        if isinstance(entry, str):
            yield "    " * depth + entry
        else:
            yield from render(entry, depth + 1)


@dataclass(slots=True)
class Branch(ABC):
    """Hold what is wanted of one node; a variable is None while nobody asked for it."""

    unit: Unit
    name: str = ""
    index: int = 0
    predicate: tuple[str, str] | None = None
    below: dict[Key, Self] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    clean: set[str] = field(default_factory=set)
    text: str | None = None
    element: str | None = None
    elements: str | None = None

    @abstractmethod
    def child(self, step: Step) -> Self:
        """Return the branch one step down, growing it when it is new.

        Raises `ExpressionError` for a step that cannot be.
        """

    @abstractmethod
    def fresh(self, variable: str) -> Self:
        """Return a branch for the scope of one such node, which is in `variable`."""

    @abstractmethod
    def binding(self) -> "SlotBinding":
        """Return what a name for this branch's node binds."""

    @abstractmethod
    def opening(self, variable: str) -> Block:
        """Return the code that begins a function which was given a whole tree in `variable`."""

    @abstractmethod
    def single_pass(self, variable: str) -> Block:
        """Return the code that fills all variables from the node in `variable`."""

    @abstractmethod
    def want_attribute(self, step: Step, *, clean: bool) -> str:
        """Return the variable that will hold an attribute; blanks stay around it unless `clean`.

        Raises `ExpressionError` for an attribute that cannot be.
        """

    def want_text(self, *, clean: bool) -> str:
        """Return the variable that will hold the text before the first child."""
        self.text = self.text or self.unit.name("v")
        if clean:
            self.clean.add(self.text)
        return self.text

    def want_element(self) -> str:
        """Return the variable that will hold the node itself."""
        self.element = self.element or self.unit.name("n")
        return self.element

    def want_elements(self) -> str:
        """Return the variable that will hold every such node."""
        self.elements = self.elements or self.unit.name("l")
        return self.elements

    @property
    def inner(self) -> bool:
        """Tell whether anything is wanted of the first such node."""
        return bool(self.below or self.attributes or self.text or self.element)

    def variables(self) -> Iterator[str]:
        """Walk the variables that must be null before the pass."""
        yield from self.attributes.values()
        yield from (name for name in (self.text, self.element) if name)
        for branch in self.below.values():
            yield from branch.variables()

    def lists(self) -> Iterator[str]:
        """Walk the variables that must be empty lists before the pass."""
        for branch in self.below.values():
            if branch.elements:
                yield branch.elements
            yield from branch.lists()

    def prepared(self) -> Block:
        """Return the code that comes before the pass: nothing found yet."""
        self.guard()
        names = list(self.variables())
        block: Block = [f"{' = '.join(names)} = None"] if names else []
        return block + [f"{name} = []" for name in self.lists()]

    def guard(self) -> None:
        """Give every branch that must match only once a variable that says it has."""
        for inner in self.below.values():
            if inner.inner:
                inner.want_element()
            inner.guard()


@dataclass(frozen=True, slots=True)
class SlotBinding(ABC):
    """Bind a name to a node that the pass over a scope reaches.

    `prefix` leads from the scope's own node to it.
    """

    branch: Branch
    prefix: tuple[Step, ...] = ()

    @abstractmethod
    def reach(self, path: Path) -> "SlotBinding":
        """Return the binding of the node at `path`; raises `ExpressionError` as `child` does."""

    @abstractmethod
    def several(self, translator: Operators, path: Path) -> Code:
        """Return the variable that holds every node at `path`, or one attribute of each."""

    @abstractmethod
    def variable(self, path: Path, *, clean: bool) -> str:
        """Return the variable of a text or attribute; blanks stay around it unless `clean`."""

    @abstractmethod
    def steps(self, path: Path) -> Walk:
        """Return the walk from the scope's node to `path`."""

    def value(self, _translator: Operators, path: Path) -> Code:
        """Return the variable that holds the trimmed text or attribute."""
        return Code(self.variable(path, clean=True), TEXT)

    def plain(self, _path: Path) -> bool:
        """Tell whether what stands at `path` is simply the variable of a text or attribute."""
        return True

    def rows(self, path: Path, variable: str) -> "tuple[str, SlotBinding]":
        """Return the variable of every node at `path`, and the binding of one in `variable`.

        Raises `ExpressionError` for a path that leads to none.
        """
        if path.steps and path.steps[-1].attribute:
            message = "an attribute is no list"
            raise ExpressionError(message, path.steps[-1].at)
        bound = self.reach(path)
        return bound.branch.want_elements(), bound.branch.fresh(variable).binding()
