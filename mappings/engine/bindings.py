"""Know what names of expressions stand for that are no place in a message."""

from dataclasses import dataclass

from mappings.engine.expressions import ExpressionError, Path, Step
from mappings.engine.generation import Code, Operators, nearest
from mappings.engine.kinds import TEXT, Field, Kind, fields_of


@dataclass(frozen=True, slots=True)
class StructBinding:
    """Bind a name to a document or to a part of one."""

    code: Code

    def value(self, translator: Operators, path: Path) -> Code:
        """Walk the fields, stopping at the first that is null."""
        code = self.code
        for step in path.steps:
            code = _field_step(translator, code, step)
        return code

    def several(self, translator: Operators, path: Path) -> Code:
        """Return the list at `path`, empty when there is none."""
        code = self.value(translator, path)
        if code.kind.name == "list" and code.kind.optional:
            return Code(f"({code.py} or ())", code.kind.sure)
        return code


def _field_step(translator: Operators, code: Code, step: Step) -> Code:
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

    def value(self, _translator: Operators, path: Path) -> Code:
        """Return the value itself."""
        if path.steps:
            msg = f"'{path.base}' has nothing below it"
            raise ExpressionError(msg, path.steps[0].at)
        return self.code

    def several(self, translator: Operators, path: Path) -> Code:
        """Return the value itself."""
        return self.value(translator, path)


@dataclass(frozen=True, slots=True)
class ContextBinding:
    """Bind `context`: whatever the caller gave beside the document, as text."""

    def value(self, translator: Operators, path: Path) -> Code:
        """Look one name up."""
        if len(path.steps) != 1 or path.steps[0].attribute:
            msg = "expected context.<name>"
            raise ExpressionError(msg, path.at)
        return Code(f"context.get({translator.unit.constant(path.steps[0].name)})", TEXT)

    def several(self, translator: Operators, path: Path) -> Code:
        """Look one name up."""
        return self.value(translator, path)
