"""Leave out of generated code what cannot happen, once some of its variables are known.

Code that reads a line asks of every segment that a mapping knows whether it is there. For lines
made of certain segments most answers are known beforehand: variables that nothing fills stay null.
So each is replaced by its value, and questions with one answer are answered here; what is left does
the same in every case that can occur.
"""

import ast
from collections.abc import Collection, Iterable
from typing import Final

from mappings.engine.generation import TABLE

Known = dict[str, ast.expr]
"""What variables are known to hold: null, or an empty tuple for lists that stay empty."""


def folded(body: list[ast.stmt], known: Known) -> list[ast.stmt]:
    """Return statements without what cannot happen, when variables are known to hold constants.

    `known` is brought up to what is known behind them.
    """
    kept: list[ast.stmt] = []
    for statement in body:
        kept += _statement(statement, known)
    return kept


def stored(nodes: Collection[ast.stmt]) -> set[str]:
    """Return the names that statements fill."""
    walked = (each for node in nodes for each in ast.walk(node))
    return {n.id for n in walked if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def added_to(nodes: Collection[ast.stmt]) -> set[str]:
    """Return the names of the lists that statements add to."""
    walked = (each for node in nodes for each in ast.walk(node))
    methods = [n.value for n in walked if isinstance(n, ast.Attribute) and n.attr in _ADDING]
    return {node.id for node in methods if isinstance(node, ast.Name)}


def loaded(nodes: Collection[ast.stmt]) -> set[str]:
    """Return the names that statements look at."""
    walked = (each for node in nodes for each in ast.walk(node))
    return {n.id for n in walked if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


_ADDING: Final = ("append", "extend")


def _statement(statement: ast.stmt, known: Known) -> list[ast.stmt]:
    if isinstance(statement, ast.If):
        return _choice(statement, known)
    if isinstance(statement, ast.Assign):
        return _assigned(statement, known)
    if isinstance(statement, ast.For):
        return _loop(statement, known)
    if isinstance(statement, ast.Expr):
        _forget(known, [statement])
        statement.value = _Folding(known).visit(statement.value)
        return [statement]
    _forget(known, [statement])
    return [statement]


def _assigned(statement: ast.Assign, known: Known) -> list[ast.stmt]:
    statement.value = _Folding(known).visit(statement.value)
    _forget(known, [statement])
    for target in statement.targets:
        if isinstance(target, ast.Name) and _is_known(statement.value):
            known[target.id] = statement.value
    return [statement]


def _choice(statement: ast.If, known: Known) -> list[ast.stmt]:
    statement.test = _condition(_Folding(known).visit(statement.test))
    answer = _answer(statement.test)
    if answer is not None:
        return folded(statement.body if answer else statement.orelse, known)
    changed = [*statement.body, *statement.orelse]
    statement.body = folded(statement.body, dict(known)) or [ast.Pass()]
    statement.orelse = folded(statement.orelse, dict(known))
    _forget(known, changed)
    return [statement]


def _condition(test: ast.expr) -> ast.expr:
    """Return a condition without what cannot decide it; only whether it holds is asked."""
    if not isinstance(test, ast.BoolOp):
        return test
    deciding = isinstance(test.op, ast.Or)
    open_ones = []
    for value in map(_condition, test.values):
        answer = _answer(value)
        if answer is deciding:
            return value
        if answer is None:
            open_ones.append(value)
    if len(open_ones) > 1:
        return ast.BoolOp(test.op, open_ones)
    return open_ones[0] if open_ones else ast.Constant(not deciding)


def _loop(statement: ast.For, known: Known) -> list[ast.stmt]:
    statement.iter = _Folding(known).visit(statement.iter)
    if _answer(statement.iter) is False:
        return []
    _forget(known, [statement])
    statement.body = folded(statement.body, dict(known)) or [ast.Pass()]
    return [statement]


def _forget(known: Known, changed: Collection[ast.stmt]) -> None:
    for name in stored(changed) | added_to(changed):
        known.pop(name, None)


def _is_known(value: ast.expr) -> bool:
    """Tell whether a value is one that is worth knowing."""
    empty = isinstance(value, ast.Tuple) and not value.elts
    return empty or (isinstance(value, ast.Constant) and value.value is None)


def _answer(test: ast.expr) -> bool | None:
    """Return whether a condition holds, None when that is open."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Tuple) and not test.elts:
        return False
    return None


class _Folding(ast.NodeTransformer):
    """Fold one expression."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Put in what a variable is known to hold."""
        return self._known.get(node.id, node) if isinstance(node.ctx, ast.Load) else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Answer whether something known is null."""
        self.generic_visit(node)
        left = node.left.value if isinstance(node.left, ast.NamedExpr) else node.left
        (operator, *more), right = node.ops, node.comparators[0]
        null = isinstance(right, ast.Constant) and right.value is None
        if more or not null or not _is_known(left):
            return node
        same = isinstance(left, ast.Constant)
        if isinstance(operator, (ast.Is, ast.IsNot)):
            return ast.Constant(same is isinstance(operator, ast.Is))
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Turn a known answer round."""
        self.generic_visit(node)
        answer = _answer(node.operand) if isinstance(node.op, ast.Not) else None
        return node if answer is None else ast.Constant(not answer)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """Leave out what decides nothing, and what comes behind that which decides."""
        self.generic_visit(node)
        deciding = isinstance(node.op, ast.Or)
        kept: list[ast.expr] = []
        for number, value in enumerate(node.values, start=1):
            answer = _answer(value)
            if answer is None or answer is deciding or number == len(node.values):
                kept.append(value)
            if answer is deciding:
                break
        node.values = kept
        return kept[0] if len(kept) == 1 else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Answer what a table has for null: nothing."""
        self.generic_visit(node)
        table = isinstance(node.func, ast.Name) and node.func.id.startswith(TABLE)
        null = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
        return node.args[0] if table and null and _is_known(node.args[0]) else node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Choose where the answer is known."""
        self.generic_visit(node)
        node.test = _condition(node.test)
        answer = _answer(node.test)
        if answer is None:
            return node
        return node.body if answer else node.orelse

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Leave out texts that are empty."""
        self.generic_visit(node)
        node.values = [one for one in node.values if not _empty(one)]
        return node


def _empty(value: ast.expr) -> bool:
    inner = value.value if isinstance(value, ast.FormattedValue) else None
    return isinstance(inner, ast.Constant) and inner.value == ""


def looked_into(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that are looked into, and not only asked whether they are null."""
    asked: set[int] = set()
    found: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
                asked.add(id(node.left))
        found |= {
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and id(node) not in asked
        }
    return found


def looked_at(statements: Iterable[ast.stmt], names: set[str]) -> bool:
    """Tell whether any of some nodes is looked into: not counted, and not named in a fault."""
    passed: set[int] = set()
    nodes = [node for statement in statements for node in ast.walk(statement)]
    for node in nodes:
        if isinstance(node, ast.Call) and _harmless(node):
            passed.update(map(id, node.args))
        elif isinstance(node, (ast.If, ast.IfExp)):
            passed.add(id(node.test))
        elif isinstance(node, ast.For):
            passed.add(id(node.iter))
        elif isinstance(node, ast.BoolOp):
            passed.update(map(id, node.values[:1]))
        elif isinstance(node, ast.Attribute) and node.attr == "append":
            passed.add(id(node.value))
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        and node.id in names and id(node) not in passed
        for node in nodes
    )  # fmt: skip


def _harmless(call: ast.Call) -> bool:
    """Tell whether a call only counts its arguments, or keeps them for a fault."""
    if isinstance(call.func, ast.Name):
        return call.func.id == "len"
    holder = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(holder, ast.Name) and holder.id == "run"
