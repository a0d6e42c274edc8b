"""Know the paths of which the first that leads somewhere is taken: `a ?? b` of segments.

A company stands in a message under one of several roles; who reads it names them in the order in
which they count, in `with:` or under a name of `let:`.
"""

from itertools import pairwise

from mappings.engine.expressions import Expression, ExpressionError, Operation, Path, parse
from mappings.engine.provenance import Text
from mappings.engine.slots import Block  # noqa: TC001  # beside the other imports
from mappings.engine.values import Part


def alternatives(tree: Text) -> tuple[Text, ...]:
    """Return the paths to elements that `tree` chooses between, or nothing when it does not."""
    try:
        expression = parse(tree.value)
    except ExpressionError:
        return ()
    if not isinstance(expression, Operation) or not _chooses(expression):
        return ()
    pieces = tuple(Text(piece.strip(), tree.at) for piece in tree.value.split("??"))
    return pieces if all(map(_is_path, pieces)) else ()


def first_of(parts: list[Part]) -> Part:
    """Return the code of the first of `parts` that is there; the others are not looked at then.

    It counts also where `when:` leaves it out: there and unwanted is not the same as not there.
    """
    chosen = parts[-1].convert
    for part, other in reversed(list(pairwise(parts))):
        absent = " and ".join(f"{name} is None" for name in part.presence)
        otherwise: Block = [*chosen, f"{part.value} = {other.value}"]
        chosen = [*part.convert, f"if {absent}:", otherwise]
    raw = [line for part in parts for line in part.raw]
    presence = [name for part in parts for name in part.presence]
    return Part(parts[0].value, raw, chosen, presence)


def _chooses(expression: Expression) -> bool:
    """Tell whether an expression is only paths to elements with `??` between them."""
    if isinstance(expression, Operation):
        return expression.operator == "??" and all(map(_chooses, expression.operands))
    return isinstance(expression, Path) and not any(step.attribute for step in expression.steps)


def _is_path(text: Text) -> bool:
    """Tell whether a piece is a path: `??` may also stand in the text of a predicate."""
    try:
        return isinstance(parse(text.value), Path)
    except ExpressionError:
        return False
