"""Read the lines of a message by code that is made for what they are made of.

A message may come with its lines by their outlines (`canonical.rows.Lined`): lines made of the same
segments have the same one. For an outline that comes again and again a function of its own is worth
making: it takes each segment from where it is, without a tree, a loop or a question which one it
is, and asks for nothing that such a line cannot have (`folding`). All other lines are made branches
and read by the code that reads any. Both come from the same pass and the same fields, so that what
they give is the same; a test holds them together.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from canonical.rows import Outline
from mappings.engine.expressions import Axis
from mappings.engine.folding import Known, added_to, folded, loaded, looked_at, looked_into, stored
from mappings.engine.generation import Unit
from mappings.engine.provenance import Keyed
from mappings.engine.reading import ReadingGenerator
from mappings.engine.rowpass import RowPass, Taken, restored
from mappings.engine.rows import RowBranch
from mappings.engine.slots import Block, render
from mappings.engine.values import Scope

WORTH: Final = 500
"""How often an outline must have come before it gets code of its own, which costs some 5 ms."""

KEPT: Final = 128
"""How many outlines may have code of their own; one more takes the place of the oldest."""

LONGEST: Final = 64
"""An outline of more segments than this never gets any."""

_FILE: Final = "<lines of a mapping>"
_OUTLINE: Final = "outline"
_HEAD: Final = "head"


class UnfitError(Exception):
    """Say that a mapping looks at lines otherwise than at one after the other."""


@dataclass(slots=True)
class LinedBranch(RowBranch):
    """Be the branch of a message that comes with its lines by their outlines.

    `lines` is their tag on the branch of the message itself, and empty on all others.
    """

    lines: str = ""

    def opening(self, variable: str) -> Block:
        """Return the code that takes a message apart: for the pass it has no lines."""
        _, *rest = RowBranch.opening(self, variable)
        return [
            f"tree, {_HEAD} = {variable}, {variable}.shape.head",
            f"{variable} = {_HEAD}",
            *rest,
        ]

    def single_pass(self, variable: str) -> Block:
        """Return the code that fills all variables, that of the lines with the lines."""
        if not self.lines:
            return RowBranch.single_pass(self, variable)
        if any(inner.axis is Axis.ANY_DEPTH for inner in self.below.values()):
            raise UnfitError
        listed = self.line().want_elements()
        return [*RowBranch.single_pass(self, _HEAD), f"{listed} = tree.shape.lines"]

    def line(self) -> RowBranch:
        """Return the branch of the lines; raises `UnfitError` unless they are simply listed."""
        found = [inner for inner in self.below.values() if inner.name == self.lines]
        if len(found) != 1 or found[0].predicate or found[0].inner or found[0].gathered:
            raise UnfitError
        return found[0]


class LinedGenerator(ReadingGenerator):
    """Generate the reading code of a mapping for messages that come with their lines apart."""

    def function(self, document: type, root: Keyed) -> str:
        """Return the source of `read`; raises `UnfitError` when such messages need their tree."""
        code = super().function(document, root)
        assert isinstance(self.root, LinedBranch)  # noqa: S101  # as `of` makes it
        listed = self.root.line().want_elements()
        (read,) = ast.parse(code).body
        assert isinstance(read, ast.FunctionDef)  # noqa: S101  # it begins by taking `src` apart
        if looked_at(read.body[1:], {"src", listed}):
            raise UnfitError
        return code

    def _walked(self, listed: str, scope: Scope, body: Block) -> Block:
        root = self.root
        assert isinstance(root, LinedBranch)  # noqa: S101  # as `of` makes it
        if scope.root.name != root.lines or root.line().want_elements() != listed:
            return super()._walked(listed, scope, body)
        assert isinstance(scope.root, RowBranch)  # noqa: S101  # all branches here are
        form = LineForm(self.unit, scope.root, scope.variable, body)
        table = self.unit.constant(form, "L")
        given = ", ".join((_OUTLINE, *form.given))
        return [
            f"for {_OUTLINE}, {scope.variable} in {listed}:",
            [f"{table}[{_OUTLINE}]({given})"],
        ]


class LineForm(dict[Outline, Callable[..., None]]):
    """Hold the functions that read lines, by their outlines.

    `given` are the names of what each takes beside the outline: the rows of a line, and whatever
    else of the message it needs. `seen` counts the lines of each that have none of their own.
    """

    def __init__(self, unit: Unit, branch: RowBranch, variable: str, body: Block) -> None:
        super().__init__()
        self._unit = unit
        self._branch = branch
        self._variable = variable
        self._body = body
        self.seen: Final[dict[Outline, Iterator[int]]] = {}
        any_line: Block = [
            f"{variable} = {_OUTLINE}.branch({variable})",
            *branch.single_pass(variable),
            *body,
        ]
        statements = _parsed(any_line)
        outer = loaded(statements) - stored(statements) - set(unit.constants) - {_OUTLINE}
        self.given: Final = (variable, *sorted(outer - {variable} - set(_BUILTINS)))
        self._any_line = statements
        self._any: Callable[..., None] | None = None
        self._solid = looked_into(_parsed(body))
        self._plain = all(map(_plain, _below(branch)))

    def __missing__(self, outline: Outline) -> Callable[..., None]:
        """Return what reads any line, and from some time on what reads only such lines."""
        times = next(self.seen.setdefault(outline, count(1)))
        fits = self._plain and len(outline.tags) <= LONGEST
        if fits and times > WORTH:
            self._make_room()
            return self.setdefault(outline, self._made(self._own(outline)))
        if len(self.seen) > KEPT * KEPT:
            self.seen.clear()
        if self._any is None:
            self._any = self._made(self._any_line)
        return self._any

    def _make_room(self) -> None:
        """Let the oldest go when there are too many: lines still made so earn it again."""
        if len(self) >= KEPT:
            oldest, *_ = self
            self.pop(oldest, None)
            self.seen.pop(oldest, None)

    def own(self, outline: Outline) -> str:
        """Return the source of what reads only lines of an outline."""
        return ast.unparse(ast.Module(self._own(outline), []))

    def _own(self, outline: Outline) -> list[ast.stmt]:
        branch, variable = self._branch, self._variable
        names = [f"s{number}" for number in range(len(outline.tags))]
        passed = OutlinePass(outline, names, self._solid, repeating=branch.repeating)
        taking = passed.captured(branch, variable, depth=0)
        taken = _parsed(taking)
        filled = stored(taken) | added_to(taken)
        variables = [name for name in branch.variables() if name in filled]
        lists = [name for name in dict.fromkeys(branch.lists()) if name in filled]
        known: Known = {
            **{name: ast.Constant(None) for name in branch.variables() if name not in filled},
            **{name: ast.Tuple([], ast.Load()) for name in branch.lists() if name not in filled},
        }
        rest: Block = [
            *taking,
            *_put_back(
                names,
                [name for name in branch.texts() if name in filled],
                [name for name in branch.gatherings() if name in filled],
            ),
            *(f"{name} = {made}" for name, made in branch.made_after()),
            *self._body,
        ]
        statements = folded(_parsed(rest), known)
        first: Block = [f"[{', '.join(names)}] = {variable}"]
        first += [f"{' = '.join(variables)} = None"] if variables else []
        first += [f"{name} = []" for name in lists]
        if looked_at(statements, {variable}):
            first.append(f"{variable} = {_OUTLINE}.branch({variable})")
        return [*_parsed(first), *statements]

    def _made(self, statements: list[ast.stmt]) -> Callable[..., None]:
        """Return a function of the statements, among the constants of its mapping."""
        arguments = [ast.arg(name) for name in (_OUTLINE, *self.given)]
        takes = ast.arguments([], arguments, None, [], [], None, [])
        function = ast.FunctionDef("line", takes, statements or [ast.Pass()], [])
        module = ast.fix_missing_locations(ast.Module([function], []))
        names: dict[str, Any] = dict(self._unit.constants)
        exec(compile(module, _FILE, "exec"), names)  # noqa: S102  # our own code: texts are constants
        made: Callable[..., None] = names["line"]
        return made


class OutlinePass(RowPass):
    """Generate the pass over a line whose outline is known.

    `rows` are the names of its rows; `solid` those of branches that are looked into, where of all
    others one only asks whether they were met.
    """

    def __init__(
        self, outline: Outline, rows: list[str], solid: set[str], *, repeating: bool
    ) -> None:
        super().__init__(repeating=repeating)
        self._tags = outline.tags
        self._rows = rows
        self._solid = solid
        self._met: set[str] = set()
        self._below: dict[int, list[int]] = {}
        for child, parent in enumerate(outline.above, start=1):
            self._below.setdefault(parent, []).append(child)

    def captured(self, branch: RowBranch, variable: str, depth: int) -> Block:
        """Return the code for all that is wanted of a line."""
        block: Block = []
        if branch.attributes:
            block = [f"r{depth} = {self._rows[0]}", *self._elements(branch, Taken(f"r{depth}"))]
        del variable
        return block + self._loop(branch, "0", depth)

    def _loop(self, branch: RowBranch, variable: str, depth: int) -> Block:
        """Return the code for each branch below one, which `variable` is the number of."""
        by_tag: dict[str, list[RowBranch]] = {}
        for inner in branch.below.values():
            assert isinstance(inner, RowBranch)  # noqa: S101  # all branches here are
            by_tag.setdefault(inner.name, []).append(inner)
        block: Block = []
        for number in self._below.get(int(variable), ()):
            wanted = by_tag.get(self._tags[number])
            if wanted:
                block.append(f"r{depth + 1} = {self._rows[number]}")
                block += self._matched(wanted, str(number), depth, [])
        return block

    def _whole(self, child: str) -> str:
        below = [self._whole(str(number)) for number in self._below.get(int(child), ())]
        return f"[{', '.join([self._rows[int(child)], *below])}]"

    def _held(self, branch: RowBranch, child: str) -> str:
        return self._whole(child) if branch.element in self._solid else "True"

    def _first(self, branch: RowBranch, inside: Block) -> Block:
        assert branch.element is not None  # noqa: S101  # the guard of a pass
        if branch.element in self._met:
            return super()._first(branch, inside)
        self._met.add(branch.element)
        return inside


_BUILTINS: Final = frozenset({"len", "tuple", "str", "int", "ValueError", "True", "False", "None"})


def _put_back(rows: Iterable[str], texts: list[str], lists: list[str]) -> Block:
    """Return the code that puts released characters back, after one question about all rows."""
    odd = "".join(f"*{name}, " for name in rows)
    block = restored(texts, lists)
    question = f"if restored is not None and not ''.join(({odd})).isprintable():"
    return [question, block] if block else []


def _parsed(block: Block) -> list[ast.stmt]:
    return ast.parse("\n".join(render(block))).body


def _below(branch: RowBranch) -> Iterator[RowBranch]:
    for inner in branch.below.values():
        yield inner
        yield from _below(inner)


def _plain(branch: RowBranch) -> bool:
    """Tell whether a branch is found without counting and without going down."""
    return not branch.index and branch.axis is Axis.CHILD
