"""Translate expressions into Python source, null-propagating and typed.

The source is ours from end to end: names come from a counter, and every text that a mapping
holds becomes a constant of the generated module, never a part of its source.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Protocol

from canonical.identifiers import Attachment
from mappings.engine import markup, running, walking
from mappings.engine.expressions import (
    Call,
    Choice,
    Expression,
    ExpressionError,
    Literal,
    Operation,
    Path,
    Several,
    Step,
    Template,
    parse,
)
from mappings.engine.functions import AGGREGATES, FUNCTIONS, Function
from mappings.engine.kinds import (
    ANY,
    DAY,
    NODES,
    NULL,
    NUMBER,
    TEXT,
    TRUTH,
    Field,
    Kind,
    fields_of,
    members_of,
)
from mappings.engine.provenance import At, Finding, Text, finding

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Code:
    """Hold a piece of Python and the kind of what it gives."""

    py: str
    kind: Kind

    @property
    def simple(self) -> bool:
        """Tell whether writing it twice costs nothing."""
        return self.py.isidentifier()


class Binding(Protocol):
    """Be a name that paths start from."""

    def value(self, translator: "Translator", path: Path) -> Code:
        """Return the code for the first value at `path`."""

    def several(self, translator: "Translator", path: Path) -> Code:
        """Return the code for all that stands at `path`."""


@dataclass(slots=True)
class Unit:
    """Gather what one generated module needs: constants, findings, fresh names."""

    constants: dict[str, object] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    spots: list[running.Spot] = field(default_factory=list)
    counter: int = 0

    def name(self, prefix: str) -> str:
        """Return a name that was never given before."""
        self.counter += 1
        return f"{prefix}{self.counter}"

    def constant(self, value: object, prefix: str = "K") -> str:
        """Return the name under which generated code finds `value`."""
        name = self.name(prefix)
        self.constants[name] = value
        return name

    def note(self, at: At, message: str, *, offset: int = 0, severity: str = "error") -> None:
        """Record a finding."""
        self.findings.append(finding(at, message, offset=offset, severity=severity))

    def spot(self, spot: running.Spot) -> int:
        """Record where generated code comes from and return its number."""
        self.spots.append(spot)
        return len(self.spots) - 1


def nearest(name: str, known: "dict[str, object] | list[str]") -> str:
    """Return `; did you mean ...?` for a name, or nothing when none is near."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{found[0]}'?" if found else ""


@dataclass(frozen=True, slots=True)
class StructBinding:
    """Bind a name to a document or to a part of one."""

    code: Code

    def value(self, translator: "Translator", path: Path) -> Code:
        """Walk the fields, stopping at the first that is null."""
        code = self.code
        for step in path.steps:
            code = _field_step(translator, code, step)
        return code

    def several(self, translator: "Translator", path: Path) -> Code:
        """Return the list at `path`, empty when there is none."""
        code = self.value(translator, path)
        if code.kind.name == "list" and code.kind.optional:
            return Code(f"({code.py} or ())", code.kind.sure)
        return code


def _field_step(translator: "Translator", code: Code, step: Step) -> Code:
    if code.kind.name == "any":
        return code
    if code.kind.cls is None or code.kind.name != "struct":
        msg = f"{code.kind} has nothing below it"
        raise ExpressionError(msg, step.at)
    found: Field | None = fields_of(code.kind.cls).get(step.name)
    if found is None or step.attribute:
        hint = nearest(step.name, list(fields_of(code.kind.cls)))
        msg = f"{code.kind} has no field '{step.name}'{hint}"
        raise ExpressionError(msg, step.at)
    py = f"{code.py}.{step.name}"
    kind = found.kind
    if code.kind.optional:
        temp = translator.unit.name("w")
        py = f"({temp}.{step.name} if ({temp} := {code.py}) is not None else None)"
        kind = Kind(kind.name, optional=True, cls=kind.cls, item=kind.item)
    if step.index is not None and kind.item is not None:
        py = f"at({py}, {step.index})"
        kind = Kind(kind.item.name, optional=True, cls=kind.item.cls, item=kind.item.item)
    return Code(py, kind)


@dataclass(frozen=True, slots=True)
class ValueBinding:
    """Bind a name to a value that has nothing below it."""

    code: Code

    def value(self, _translator: "Translator", path: Path) -> Code:
        """Return the value itself."""
        if path.steps:
            msg = f"'{path.base}' has nothing below it"
            raise ExpressionError(msg, path.steps[0].at)
        return self.code

    def several(self, translator: "Translator", path: Path) -> Code:
        """Return the value itself."""
        return self.value(translator, path)


@dataclass(frozen=True, slots=True)
class ContextBinding:
    """Bind `context`: whatever the caller gave beside the document, as text."""

    def value(self, translator: "Translator", path: Path) -> Code:
        """Look one name up."""
        if len(path.steps) != 1 or path.steps[0].attribute:
            msg = "expected context.<name>"
            raise ExpressionError(msg, path.at)
        return Code(f"context.get({translator.unit.constant(path.steps[0].name)})", TEXT)

    def several(self, translator: "Translator", path: Path) -> Code:
        """Look one name up."""
        return self.value(translator, path)


@dataclass(frozen=True, slots=True)
class LooseBinding:
    """Bind `it` to an element inside an aggregate: paths are walked when they are needed."""

    py: str

    def value(self, translator: "Translator", path: Path) -> Code:
        """Walk to the first value."""
        steps = translator.unit.constant(walking.walkable(path.steps))
        return Code(f"walk({self.py}, {steps})", TEXT)

    def several(self, translator: "Translator", path: Path) -> Code:
        """Walk to every element."""
        steps = translator.unit.constant(walking.walkable(path.steps))
        return Code(f"walk_all({self.py}, {steps})", NODES)


_COMPARE: Final = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
_ARITHMETIC: Final = {"+": "plus", "-": "minus", "*": "times"}


class Translator:
    """Translate expressions in one scope: `names` are its bindings.

    `spot` is the number of the field that the code belongs to, `where` the Python that says
    which element and row it is about, for the slow path.
    """

    def __init__(self, unit: Unit, names: dict[str, Binding], spot: int, where: str) -> None:
        self.unit = unit
        self.names = names
        self.spot = spot
        self.where = where
        self._forms: dict[type, Callable[..., Code]] = {
            Literal: self._literal, Path: self._path, Call: self._call, Operation: self._operation,
            Choice: self._choice, Template: self._template, Several: self._several,
        }  # fmt: skip

    def translate(self, text: Text) -> Code:
        """Return the code of an expression; a mistake in it becomes a finding."""
        try:
            return self.code(parse(text.value))
        except ExpressionError as error:
            caret = f"\n    {text.value}\n    {' ' * error.offset}^"
            self.unit.note(text.at, error.message + caret, offset=error.offset)
            return Code("None", ANY)

    def code(self, expression: Expression) -> Code:
        """Return the code of a parsed expression."""
        return self._forms[type(expression)](expression)

    def inside(self, name: str, binding: Binding) -> "Translator":
        """Return a translator with one more name."""
        return Translator(self.unit, {**self.names, name: binding}, self.spot, self.where)

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
        if code.kind.name not in ("list", "nodes", "any"):
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
        if code.kind.name in ("truth", "list", "nodes"):
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

    def _call(self, call: Call) -> Code:
        if call.name in AGGREGATES:
            return self._aggregate(call)
        function = FUNCTIONS.get(call.name)
        if function is None:
            hint = nearest(call.name, [*FUNCTIONS, *AGGREGATES])
            msg = f"unknown function '{call.name}'{hint}"
            raise ExpressionError(msg, call.at)
        if not function.least <= len(call.arguments) <= len(function.takes):
            msg = f"{call.name} takes {_arity(function)}"
            raise ExpressionError(msg, call.at)
        arguments = [
            self._argument(argument, wanted)
            for argument, wanted in zip(call.arguments, function.takes, strict=False)
        ]
        return self._applied(call.name, function, arguments)

    def _applied(self, name: str, function: Function, arguments: list[Code]) -> Code:
        conditions: list[str] = []
        values: list[str] = []
        for argument in arguments:
            if not argument.kind.optional:
                values.append(argument.py)
                continue
            held = argument.py if argument.simple else self.unit.name("w")
            test = held if argument.simple else f"({held} := {argument.py})"
            conditions.append(f"{test} is not None")
            values.append(held)
        called = f"F_{name}({', '.join(values)})"
        if function.gives == "text":
            called = f"({called} or None)"
        self.unit.constants[f"F_{name}"] = function.call
        gives = {"number": NUMBER, "truth": TRUTH, "date": DAY}.get(function.gives, TEXT)
        if not conditions:
            return Code(called, gives)
        otherwise = "False" if function.gives == "truth" else "None"
        return Code(f"({called} if {' and '.join(conditions)} else {otherwise})", gives)

    def _argument(self, argument: Expression, wanted: str) -> Code:
        if wanted == "texts":
            return self._texts(argument)
        code = self.code(argument)
        if wanted == "number":
            return self.number(code, argument.at)
        if wanted == "any" or code.kind.name in ("any", "null"):
            return code
        if wanted == "text" and code.kind.name in ("text", "enum"):
            return code
        if wanted == "date" and code.kind.name in ("date", "instant"):
            return code
        if wanted == "date" and code.kind.name == "text":
            return Code(f"run.instant({self.spot}, {code.py}, {self.where})", DAY)
        msg = f"expected a {wanted}, found {code.kind}"
        raise ExpressionError(msg, argument.at)

    def _texts(self, argument: Expression) -> Code:
        code = self.list_of(argument)
        if code.kind.name == "nodes":
            return Code(f"texts_of({code.py})", Kind("list", optional=False, item=TEXT))
        return code

    def _aggregate(self, call: Call) -> Code:
        if call.name in ("text", "markup"):
            return self._element(call)
        if call.name == "attached":
            return self._part(call)
        wanted = {"count": 1, "pick": 3}.get(call.name, 2)
        if len(call.arguments) != wanted:
            raise ExpressionError(AGGREGATES[call.name], call.at)
        items = self.list_of(call.arguments[0])
        if call.name == "count":
            return Code(f"decimal(len({items.py}))", NUMBER.sure)
        held, listed = self.unit.name("i"), self.unit.name("w")
        if call.name == "pick":
            return self._pick(call, items, held, listed)
        inner = self.inside("it", self._item(items, held)).code(call.arguments[1])
        number = self.number(inner, call.arguments[1].at).py if call.name == "sum" else ""
        name, each = ("total", number) if number else (call.name, self.truth(inner))
        py = f"({listed} := {items.py}, {name}({each} for {held} in {listed}))[1]"
        return Code(py, NUMBER.sure if number else TRUTH)

    def _pick(self, call: Call, items: Code, held: str, listed: str) -> Code:
        inside = self.inside("it", self._item(items, held))
        condition = self.truth(inside.code(call.arguments[1]))
        value = inside.code(call.arguments[2])
        found = f"next(({value.py} for {held} in {listed} if {condition}), None)"
        py = f"({listed} := {items.py}, {found})[1]"
        kind = value.kind
        return Code(py, Kind(kind.name, optional=True, cls=kind.cls, item=kind.item))

    def _item(self, items: Code, held: str) -> Binding:
        if items.kind.name == "nodes":
            return LooseBinding(held)
        return StructBinding(Code(held, items.kind.item or ANY))

    def _element(self, call: Call) -> Code:
        argument = call.arguments[0] if len(call.arguments) == 1 else None
        if not isinstance(argument, Path):
            raise ExpressionError(AGGREGATES[call.name], call.at)
        binding = self.binding(argument)
        reader = getattr(binding, call.name, None)
        if reader is None:
            msg = f"'{argument.base}' is not an element"
            raise ExpressionError(msg, argument.at)
        code: Code = reader(self, argument)
        return code

    def _part(self, call: Call) -> Code:
        name = call.arguments[1] if len(call.arguments) == len(("id", "name")) else None
        known = list(fields_of(Attachment))
        if not isinstance(name, Literal) or name.value not in known:
            message = f"{AGGREGATES[call.name]}; names: {', '.join(known)}"
            raise ExpressionError(message, call.at)
        wanted = self.code(call.arguments[0])
        field_name = self.unit.constant(name.value)
        return Code(f"part_of(parts, {wanted.py}, {field_name})", TEXT)


def _arity(function: Function) -> str:
    most = len(function.takes)
    span = str(most) if most == function.least else f"{function.least} to {most}"
    names = ", ".join(function.takes)
    return f"{span} argument{'s' if most > 1 else ''} ({names})"


HELPERS: Final[dict[str, object]] = {
    "decimal": Decimal, "ZERO": Decimal(0), "less": running.less, "less_equal": running.less_equal,
    "greater": running.greater, "greater_equal": running.greater_equal, "plus": running.plus,
    "minus": running.minus, "times": running.times, "total": running.total,
    "template": running.template, "as_text": running.as_text, "walk": walking.walk,
    "walk_all": walking.walk_all, "texts_of": walking.texts_of,
    "attributes_of": walking.attributes_of, "at": running.at, "own_text": walking.own_text,
    "inner_markup": markup.inner_markup, "part_of": running.part_of, "escape": running.escape,
    "verbatim": running.verbatim,
    "version_of": running.version_of,
}  # fmt: skip
"""What every generated module can see."""
