"""Know the keys that a mapping may hold, and the short forms of its entries."""

from typing import Final

from canonical.faults import Severity
from mappings.engine.expressions import Call, Choice, Expression, Operation, Path, Template
from mappings.engine.provenance import Keyed, Text, Tree

FIELD_KEYS: Final = (
    "from", "as", "table", "map", "default", "required", "when", "max", "truncate", "check",
    "severity", "unmapped", "note", "each", "where", "with", "fields", "use", "const",
    "collect", "after",
)  # fmt: skip
CHECK_KEYS: Final = ("that", "severity", "code", "note", "after")
SEVERITIES: Final = {"error": Severity.ERROR, "warn": Severity.WARNING, "note": Severity.NOTE}
TRUTHS: Final = {"yes": True, "no": False, "true": True, "false": False}
AS: Final = {
    "text": "text", "decimal": "number", "number": "number", "int": "whole", "datetime": "instant",
    "date": "date", "bool": "truth",
}  # fmt: skip


def shorthand(tree: Tree) -> Keyed | None:
    """Return a field's entry in its long form: a bare text is its `from`."""
    if isinstance(tree, Text):
        return Keyed({"from": tree}, tree.at, {"from": tree.at})
    return tree if isinstance(tree, Keyed) else None


def first_path(expression: Expression) -> Path | None:
    """Return the first path in an expression: the place that its faults are about."""
    waiting: list[Expression] = [expression]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, Path):
            return found
        if isinstance(found, Call):
            waiting.extend(found.arguments)
        elif isinstance(found, Operation):
            waiting.extend(found.operands)
        elif isinstance(found, Choice):
            waiting.extend((found.then, found.condition, found.otherwise))
        elif isinstance(found, Template):
            waiting.extend(part for part in found.parts if not isinstance(part, str))
    return None
