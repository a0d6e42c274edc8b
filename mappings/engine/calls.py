"""Translate calls: functions, and the forms that take a list or an element."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from canonical.identifiers import Attachment
from mappings.engine import conversions, markup, protecting, rowwalking, running, walking
from mappings.engine.bindings import StructBinding
from mappings.engine.expressions import Call, Expression, ExpressionError, Literal, Path, Step
from mappings.engine.functions import AGGREGATES, FUNCTIONS, SEGMENT_FORMS, Function
from mappings.engine.generation import Binding, Code, Operators, Unit, nearest
from mappings.engine.kinds import ANY, DAY, INSTANT, NUMBER, TEXT, TRUTH, Kind, fields_of

_GIVES: Final = {
    "number": NUMBER, "truth": TRUTH, "date": DAY, "instant": INSTANT,
}  # fmt: skip


class Translator(Operators):
    """Translate expressions in one scope: operators, and calls on top of them."""

    def __init__(self, unit: Unit, names: dict[str, Binding], spot: int, where: str) -> None:
        super().__init__(unit, names, spot, where)
        self._forms[Call] = self._call

    def inside(self, name: str, binding: Binding) -> "Translator":
        """Return a translator with one more name."""
        return Translator(self.unit, {**self.names, name: binding}, self.spot, self.where)

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
            for argument, wanted in zip(self._spread(call), function.takes, strict=False)
        ]
        return self._applied(call.name, function, arguments)

    def _spread(self, call: Call) -> tuple[Expression, ...]:
        """Return the arguments of a call; a segment of a date stands for its two elements."""
        names = SEGMENT_FORMS.get(call.name)
        path = call.arguments[0]
        if names is None or len(call.arguments) > 1 or not isinstance(path, Path):
            return call.arguments
        leads = getattr(self.binding(path), "plain", None)
        if leads is None or leads(path):
            return call.arguments
        return tuple(
            Path(path.base, (*path.steps, Step(name, path.at, attribute=True)), path.at)
            for name in names
        )

    def _applied(self, name: str, function: Function, arguments: list[Code]) -> Code:
        conditions: list[str] = []
        values: list[str] = []
        for number, argument in enumerate(arguments):
            if argument.needs:
                conditions.append(argument.needs)
            if not argument.kind.optional or (function.expects and number >= function.least):
                values.append(argument.py)
                continue
            held = argument.py if argument.simple else self.unit.name("w")
            test = held if argument.simple else f"({held} := {argument.py})"
            conditions.append(f"{test} is not None")
            values.append(held)
        called = f"F_{name}({', '.join(values)})"
        if function.inline and len(values) == len(function.takes):
            called = function.inline.format(*values)
        if function.gives == "text":
            called = f"({called} or None)"
        if function.expects:
            expected = self.unit.constant(function.expects)
            failed = f"run.undated({self.spot}, {values[0]}, {expected}, {self.where})"
            called = f"({called} or {failed})"
        self.unit.constants[f"F_{name}"] = function.call
        gives = _GIVES.get(function.gives, TEXT)
        if not conditions:
            return Code(called, gives)
        otherwise = "False" if function.gives == "truth" else "None"
        return Code(f"({called} if {' and '.join(conditions)} else {otherwise})", gives)

    def _argument(self, argument: Expression, wanted: str) -> Code:
        if wanted == "texts":
            return self.texts(argument)
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

    def texts(self, argument: Expression) -> Code:
        """Return the code of a list of texts: of each element at a path, or of each value."""
        code = self.list_of(argument)
        if code.kind.name == "segments":
            msg = "expected texts: name one of the elements of the segments"
            raise ExpressionError(msg, argument.at)
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
            count = self.unit.counted.get(items.py, f"len({items.py})")
            return Code(f"decimal({count})", NUMBER.sure)
        held, listed = self.unit.name("i"), self.unit.name("w")
        if call.name in ("pick", "index"):
            return self._first(call, items, held, listed)
        inner = self.inside("it", self._item(items, held)).code(call.arguments[1])
        number = self.number(inner, call.arguments[1].at).py if call.name == "sum" else ""
        name, each = ("total", number) if number else (call.name, self.truth(inner))
        py = f"({listed} := {items.py}, {name}({each} for {held} in {listed}))[1]"
        return Code(py, NUMBER.sure if number else TRUTH)

    def _first(self, call: Call, items: Code, held: str, listed: str) -> Code:
        """Return a value of the first item that fits, or which one it is."""
        inside = self.inside("it", self._item(items, held))
        condition = self.truth(inside.code(call.arguments[1]))
        if call.name == "index":
            number = self.unit.name("n")
            each = f"decimal({number}) for {number}, {held} in enumerate({listed}, 1)"
            return Code(f"({listed} := {items.py}, next(({each} if {condition}), None))[1]", NUMBER)
        value = inside.code(call.arguments[2])
        found = f"next(({value.py} for {held} in {listed} if {condition}), None)"
        py = f"({listed} := {items.py}, {found})[1]"
        kind = value.kind
        return Code(py, Kind(kind.name, optional=True, cls=kind.cls, item=kind.item))

    def _item(self, items: Code, held: str) -> Binding:
        if items.item is not None:
            return items.item(held)
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
    **conversions.NUMBERS, "ZERO": Decimal(0),
    "less": running.less, "less_equal": running.less_equal,
    "greater": running.greater, "greater_equal": running.greater_equal, "plus": running.plus,
    "minus": running.minus, "times": running.times, "total": running.total,
    "template": running.template, "as_text": running.as_text, "walk": walking.walk,
    "walk_all": walking.walk_all, "texts_of": walking.texts_of,
    "attributes_of": walking.attributes_of, "at": running.at, "own_text": walking.own_text,
    "inner_markup": markup.inner_markup, "part_of": running.part_of, "escape": running.escape,
    "verbatim": running.verbatim,
    "version_of": running.version_of, "protect": protecting.protect,
    "fromisoformat": datetime.fromisoformat,
    "clean": rowwalking.clean, "cleaned": rowwalking.cleaned,
    "turned": rowwalking.turned, "branch_at": rowwalking.branch_at,
    "row_text": rowwalking.row_text, "row_texts": rowwalking.row_texts,
    "branches_at": rowwalking.branches_at, "occurrences": rowwalking.occurrences,
    "beside": rowwalking.beside, "below": rowwalking.below, "above": rowwalking.above,
}  # fmt: skip
"""What every generated module can see."""
