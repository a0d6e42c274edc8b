"""Translate expressions into Python source, null-propagating and typed: all but calls (`calls`).

The source is ours from end to end: names come from a counter, and every text that a mapping
holds becomes a constant of the generated module, never a part of its source.
"""

from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import count
from typing import TYPE_CHECKING, Final, Protocol

from mappings.engine import running
from mappings.engine.expressions import (
    Choice,
    Expression,
    ExpressionError,
    Literal,
    Operation,
    Path,
    Several,
    Template,
    parse,
)
from mappings.engine.kinds import ANY, NULL, NUMBER, TEXT, TRUTH, Kind, members_of
from mappings.engine.provenance import At, Finding, Text, finding

if TYPE_CHECKING:
    from collections.abc import Callable


TABLE: Final = "M"
"""What the names of lookups begin with, which find nothing for null."""


@dataclass(frozen=True, slots=True)
class Code:
    """Hold a piece of Python and the kind of what it gives.

    `item` binds one of a list of nodes, given its name in the generated code; `needs` is a list
    without which a list of texts is empty.
    """

    py: str
    kind: Kind
    item: "Callable[[str], Binding] | None" = None
    needs: str = ""

    @property
    def simple(self) -> bool:
        """Tell whether writing it twice costs nothing."""
        return self.py.isidentifier()


class Binding(Protocol):
    """Be a name that paths start from."""

    def value(self, translator: "Operators", path: Path) -> Code:
        """Return the code for the first value at `path`."""

    def several(self, translator: "Operators", path: Path) -> Code:
        """Return the code for all that stands at `path`."""


@dataclass(slots=True)
class Unit:
    """Gather what one generated module needs: constants, findings, fresh names.

    `counted` holds, for lists that may be walked only once, who counts them.
    """

    constants: dict[str, object] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    spots: list[running.Spot] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1), repr=False)
    counted: dict[str, str] = field(default_factory=dict)

    def name(self, prefix: str) -> str:
        """Return a name that was never given before, not even to another thread."""
        return f"{prefix}{next(self.numbers)}"

    def constant(self, value: object, prefix: str = "K") -> str:
        """Return the name under which generated code finds `value`."""
        name = self.name(prefix)
        self.constants[name] = value
        return name

    def note(self, at: At, message: str, *, offset: int = 0, severity: str = "error") -> None:
        """Record a finding."""
        self.findings.append(finding(at, message, offset=offset, severity=severity))

    def mistake(self, text: Text, error: ExpressionError) -> None:
        """Record a mistake in an expression, with a caret under it."""
        caret = f"\n    {text.value}\n    {' ' * error.offset}^"
        self.note(text.at, error.message + caret, offset=error.offset)

    def spot(self, spot: running.Spot) -> int:
        """Record where generated code comes from and return its number."""
        self.spots.append(spot)
        return len(self.spots) - 1


def nearest(name: str, known: "dict[str, object] | list[str]") -> str:
    """Return `; did you mean ...?` for a name, or nothing when none is near."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{found[0]}'?" if found else ""


_COMPARE: Final = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
_ARITHMETIC: Final = {"+": "plus", "-": "minus", "*": "times"}


class Operators:
    """Translate all but calls in one scope: `names` are its bindings.

    `spot` is the number of the field that the code belongs to, `where` the Python that says
    which element and row it is about, for the slow path.
    """

    def __init__(self, unit: Unit, names: dict[str, Binding], spot: int, where: str) -> None:
        self.unit = unit
        self.names = names
        self.spot = spot
        self.where = where
        self._forms: dict[type, Callable[..., Code]] = {
            Literal: self._literal, Path: self._path, Operation: self._operation,
            Choice: self._choice, Template: self._template, Several: self._several,
        }  # fmt: skip

    def translate(self, text: Text) -> Code:
        """Return the code of an expression; a mistake in it becomes a finding."""
        try:
            return self.code(parse(text.value))
        except ExpressionError as error:
            self.unit.mistake(text, error)
            return Code("None", ANY)

    def code(self, expression: Expression) -> Code:
        """Return the code of a parsed expression."""
        return self._forms[type(expression)](expression)

    def binding(self, path: Path) -> Binding:
        """Return what the first name of a path stands for."""
        binding = self.names.get(path.base)
        if binding is None:
            hint = nearest(path.base, list(self.names))
            known = ", ".join(self.names)
            msg = f"unknown name '{path.base}'{hint or f' (known: {known})'}"
            raise ExpressionError(msg, path.at)
        return binding

    def list_of(self, expression: Expression) -> Code:
        """Return the code of a list to walk."""
        if not isinstance(expression, Path):
            msg = "expected a path to a list"
            raise ExpressionError(msg, expression.at)
        code = self.binding(expression).several(self, expression)
        if code.kind.name not in ("list", "nodes", "segments", "any"):
            msg = f"expected a list, found {code.kind}"
            raise ExpressionError(msg, expression.at)
        return code

    def number(self, code: Code, at: int) -> Code:
        """Return `code` as a decimal, reporting a text that is none."""
        if code.kind.name in ("number", "any"):
            return code
        if code.kind.name == "whole":
            return Code(f"decimal({code.py})", Kind("number", optional=code.kind.optional))
        if code.kind.name != "text":
            msg = f"expected a number, found {code.kind}"
            raise ExpressionError(msg, at)
        return Code(f"run.number({self.spot}, {code.py}, {self.where})", NUMBER)

    def truth(self, code: Code) -> str:
        """Return a Python condition: a value counts as true when it is there."""
        if code.kind.name in ("truth", "list", "nodes", "segments"):
            return code.py
        return f"({code.py} is not None)" if code.kind.optional else "True"

    def _literal(self, literal: Literal) -> Code:
        value = literal.value
        if value is None:
            return Code("None", NULL)
        if isinstance(value, bool):
            return Code(str(value), TRUTH)
        kind = TEXT if isinstance(value, str) else NUMBER
        return Code(self.unit.constant(value), kind.sure)

    def _path(self, path: Path) -> Code:
        return self.binding(path).value(self, path)

    def _several(self, several: Several) -> Code:
        if several.items and all(isinstance(item, Literal) for item in several.items):
            fixed = tuple(item.value for item in several.items if isinstance(item, Literal))
            kind = self.code(several.items[0]).kind
            return Code(self.unit.constant(fixed), Kind("list", optional=False, item=kind))
        items = [self.code(item) for item in several.items]
        py = "".join(f"{item.py}, " for item in items)
        return Code(f"({py})", Kind("list", optional=False, item=items[0].kind if items else TEXT))

    def _template(self, template: Template) -> Code:
        parts: list[str] = []
        sure = False
        for part in template.parts:
            if isinstance(part, str):
                parts.append(self.unit.constant(part))
                continue
            code = self._as_text(self.code(part))
            sure = sure or not code.kind.optional
            parts.append(code.py)
        fixed = self.unit.constant(tuple(isinstance(part, str) for part in template.parts))
        return Code(f"template({fixed}, {', '.join(parts)})", Kind("text", optional=not sure))

    def _as_text(self, code: Code) -> Code:
        if code.kind.name in ("text", "enum", "null"):
            return code
        return Code(f"as_text({code.py})", Kind("text", optional=code.kind.optional))

    def _choice(self, choice: Choice) -> Code:
        condition = self.truth(self.code(choice.condition))
        then, other = self.code(choice.then), self.code(choice.otherwise)
        kind = self._common(then, other, choice.at)
        return Code(f"({then.py} if {condition} else {other.py})", kind)

    def _common(self, left: Code, right: Code, at: int) -> Kind:
        """Return the kind that two alternatives share."""
        optional = left.kind.optional or right.kind.optional
        if left.kind.name == "null":
            left, right = right, left
        if right.kind.name in ("null", left.kind.name):
            return Kind(left.kind.name, optional=optional, cls=left.kind.cls, item=left.kind.item)
        if {left.kind.name, right.kind.name} <= {"text", "enum"}:
            return Kind("text", optional=optional)
        if "any" in (left.kind.name, right.kind.name):
            return ANY
        msg = f"one side is {left.kind}, the other {right.kind}"
        raise ExpressionError(msg, at)

    def _operation(self, operation: Operation) -> Code:
        operator = operation.operator
        operands = [self.code(operand) for operand in operation.operands]
        if operator == "not":
            return Code(f"(not {self.truth(operands[0])})", TRUTH)
        if operator in ("and", "or"):
            left, right = map(self.truth, operands)
            return Code(f"({left} {operator} {right})", TRUTH)
        if operator == "??":
            return self._default(operands[0], operands[1], operation.at)
        if operator in ("==", "!=", "in") or operator in _COMPARE:
            return self._comparison(operator, operands[0], operands[1], operation.at)
        return self._arithmetic(operator, operands, operation.at)

    def _default(self, left: Code, right: Code, at: int) -> Code:
        kind = self._common(left, right, at)
        if not left.kind.optional:
            return left
        optional = right.kind.optional
        result = Kind(kind.name, optional=optional, cls=kind.cls, item=kind.item)
        if left.simple:
            return Code(f"({left.py} if {left.py} is not None else {right.py})", result)
        temp = self.unit.name("w")
        return Code(f"({temp} if ({temp} := {left.py}) is not None else {right.py})", result)

    def _comparison(self, operator: str, left: Code, right: Code, at: int) -> Code:
        if operator == "in":
            if right.kind.name != "list":
                msg = "expected a list in [ ] after 'in'"
                raise ExpressionError(msg, at)
            held = self.unit.constants.get(right.py)
            if isinstance(held, tuple):
                right = Code(self.unit.constant(frozenset(held)), right.kind)
            return Code(f"({left.py} in {right.py})", TRUTH)
        names = {left.kind.name, right.kind.name}
        if names & {"number", "whole"} and "null" not in names:
            left, right = self.number(left, at), self.number(right, at)
        elif (
            not names & {"null", "any"} and len(names - {"enum"} | {"text"}) > 1 and len(names) > 1
        ):
            msg = f"cannot compare {left.kind} with {right.kind}"
            raise ExpressionError(msg, at)
        self._check_member(left, right, at)
        if "null" in names:
            sign = "is" if operator == "==" else "is not"
            return Code(f"({left.py} {sign} {right.py})", TRUTH)
        if operator in _COMPARE:
            return Code(f"{_COMPARE[operator]}({left.py}, {right.py})", TRUTH)
        return Code(f"({left.py} {operator} {right.py})", TRUTH)

    def _check_member(self, left: Code, right: Code, at: int) -> None:
        """Refuse a comparison of an enumeration with a text that it never has."""
        literal = self.unit.constants.get(right.py)
        if left.kind.name != "enum" or left.kind.cls is None or not isinstance(literal, str):
            return
        members = members_of(left.kind.cls)
        if literal not in members:
            known = ", ".join(members)
            msg = f"{left.kind} is never '{literal}' (it is one of {known})"
            raise ExpressionError(msg, at)

    def _arithmetic(self, operator: str, operands: list[Code], at: int) -> Code:
        numbers = [self.number(operand, at) for operand in operands]
        optional = any(number.kind.optional for number in numbers)
        if operator == "minus":
            return Code(f"minus(ZERO, {numbers[0].py})", Kind("number", optional=optional))
        left, right = numbers[0].py, numbers[1].py
        if operator == "/":
            py = f"run.divide({self.spot}, {left}, {right}, {self.where})"
            return Code(py, Kind("number", optional=True))
        return Code(f"{_ARITHMETIC[operator]}({left}, {right})", Kind("number", optional=optional))
