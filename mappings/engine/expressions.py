"""Parse the expression grammar of mappings: paths, conditions, decimals, filters.

    choice   = filter [ "?" choice ":" choice ]
    filter   = or { "|" name [ "(" choices ")" ] }
    or       = and { "or" and }        and = not { "and" not }      not = ["not"] compare
    compare  = default [ ("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") default ]
    default  = sum { "??" sum }
    sum      = product { ("+" | "-") product }     product = unary { ("*" | "/") unary }
    unary    = ["-"] ( number | 'text' | "template {path}" | name "(" choices ")" | path
                     | "[" choices "]" | "(" choice ")" )
    path     = name { "." [ "." | "^" ] ( name | "@" name ) [ "[" ( number | name = 'text' ) "]" ] }

Names may hold a hyphen and one colon (`@xml:lang`), so a minus and the colon of a choice stand
between blanks. Elements of segments are named by numbers (`@1004`, `@01-2`); `..` goes down any
number of steps, `^` goes up. There are no loops, no definitions and no calls of anything but the
listed functions, so an expression ends, and its cost is bounded by its length.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 50
MAX_INDEX_DIGITS: Final = 4


class ExpressionError(ValueError):
    """Report what is wrong with an expression, `offset` characters from its start."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Literal:
    """Hold a constant: text, number, truth or null."""

    value: str | Decimal | bool | None
    at: int


class Axis(StrEnum):
    """Say where a step looks for its name."""

    CHILD = ""
    ANY_DEPTH = ".."
    ABOVE = "^"


@dataclass(frozen=True, slots=True)
class Step:
    """Go one step: to a child element, a field, or an attribute; `axis` says where else.

    `index` counts from 0, although the n-th element of one name in a segment is spelt from 1;
    `predicate` is an attribute and the text that it must have.
    """

    name: str
    at: int
    attribute: bool = False
    index: int | None = None
    predicate: tuple[str, str] | None = None
    axis: Axis = Axis.CHILD


@dataclass(frozen=True, slots=True)
class Path:
    """Start from a name in scope and go down."""

    base: str
    steps: tuple[Step, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function; a filter is a call with what stands before it as first argument."""

    name: str
    arguments: "tuple[Expression, ...]"
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """Apply an operator to one or two operands."""

    operator: str
    operands: "tuple[Expression, ...]"
    at: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Choose between two values."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"
    at: int


@dataclass(frozen=True, slots=True)
class Template:
    """Put values into a text."""

    parts: "tuple[str | Expression, ...]"
    at: int


@dataclass(frozen=True, slots=True)
class Several:
    """Hold a list of values, to the right of `in`."""

    items: "tuple[Expression, ...]"
    at: int


Expression = Literal | Path | Call | Operation | Choice | Template | Several

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<element>@\d+(?:-\d+)?)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<name>[^\W\d][\w-]*(?::[^\W\d][\w-]*)?)
    | (?P<text>'(?:[^']|'')*')
    | (?P<template>"(?:[^"])*")
    | (?P<sign>\?\?|==|!=|<=|>=|[-+*/<>?:|().,@=^]|\[|\])
    )""",
    re.VERBOSE,
)
_BINARY: Final[dict[str, int]] = {
    "or": 10, "and": 15, "==": 20, "!=": 20, "<": 20, "<=": 20, ">": 20, ">=": 20, "in": 20,
    "??": 25, "+": 30, "-": 30, "*": 40, "/": 40,
}  # fmt: skip
_AXES: Final = ((".", Axis.ANY_DEPTH), ("^", Axis.ABOVE))
_CHOICE, _FILTER, _NOT, _MINUS = 1, 5, 18, 50
_WORDS: Final[dict[str, str | bool | None]] = {"null": None, "true": True, "false": False}
_RESERVED: Final = frozenset({"or", "and", "not", "in"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Expression:
    """Return the expression that `text` spells; raises `ExpressionError` with the offset."""
    if len(text) > MAX_LENGTH:
        message = f"longer than {MAX_LENGTH} characters"
        raise ExpressionError(message, MAX_LENGTH)
    parser = _Parser(_tokens(text))
    result = parser.expression(0)
    parser.expect_end()
    return result


def _tokens(text: str, shift: int = 0) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            rest = text[position:].lstrip()
            at = end - len(rest.rstrip())
            what = "this text is not closed" if rest[0] in "'\"" else f"what is {rest[0]!r}"
            raise ExpressionError(what, at + shift)
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match.group(kind), match.start(kind) + shift))
        position = match.end()
    tokens.append(_Token("end", "", end + shift))
    return tokens


class _Parser:
    """Read tokens by binding power (Pratt)."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0
        self.starts: dict[str, Callable[[_Token], Expression]] = {
            "number": self._number,
            "text": self._text,
            "template": self._template,
            "name": self._name,
            "sign": self._sign,
        }

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def accept(self, text: str) -> bool:
        if self.next.text == text and self.next.kind in ("sign", "name"):
            self.position += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            found = self.next.text or "the end"
            message = (
                f"expected '{text}', found {found!r}"
                if self.next.text
                else (f"expected '{text}' before the end")
            )
            raise ExpressionError(message, self.next.at)

    def expect_end(self) -> None:
        if self.next.kind != "end":
            message = f"expected an operator or the end, found '{self.next.text}'"
            raise ExpressionError(message, self.next.at)

    def expression(self, floor: int) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = "too deeply nested"
            raise ExpressionError(message, self.next.at)
        token = self.take()
        start = self.starts.get(token.kind)
        if start is None:
            message = "expected a value"
            raise ExpressionError(message, token.at)
        left = start(token)
        while (longer := self._longer(left, floor)) is not None:
            left = longer
        self.depth -= 1
        return left

    def _longer(self, left: Expression, floor: int) -> Expression | None:
        token = self.next
        if token.kind not in ("sign", "name"):
            return None
        power = _BINARY.get(token.text)
        if power is not None and power > floor:
            self.take()
            return Operation(token.text, (left, self.expression(power)), token.at)
        if token.text == "|" and floor < _FILTER:
            self.take()
            return self._filter(left)
        if token.text == "?" and floor < _CHOICE:
            self.take()
            then = self.expression(0)
            self.expect(":")
            return Choice(left, then, self.expression(0), token.at)
        return None

    def _filter(self, left: Expression) -> Expression:
        name = self.take()
        if name.kind != "name":
            message = "expected the name of a function"
            raise ExpressionError(message, name.at)
        arguments = self._items(")") if self.accept("(") else ()
        return Call(name.text, (left, *arguments), name.at)

    def _items(self, close: str) -> tuple[Expression, ...]:
        items: list[Expression] = []
        while not self.accept(close):
            if items:
                self.expect(",")
            items.append(self.expression(0))
        return tuple(items)

    def _number(self, token: _Token) -> Expression:
        return Literal(Decimal(token.text), token.at)

    def _text(self, token: _Token) -> Expression:
        return Literal(token.text[1:-1].replace("''", "'"), token.at)

    def _template(self, token: _Token) -> Expression:
        parts: list[str | Expression] = []
        position = 1
        body = token.text[:-1]
        while (opening := body.find("{", position)) >= 0:
            closing = body.find("}", opening)
            if closing < 0:
                message = "this { is not closed"
                raise ExpressionError(message, token.at + opening)
            if opening > position:
                parts.append(body[position:opening])
            inner = _Parser(_tokens(body[opening + 1 : closing], token.at + opening + 1))
            parts.append(inner.expression(0))
            inner.expect_end()
            position = closing + 1
        if position < len(body):
            parts.append(body[position:])
        return Template(tuple(parts), token.at)

    def _name(self, token: _Token) -> Expression:
        if token.text == "not":
            return Operation("not", (self.expression(_NOT),), token.at)
        if token.text in _WORDS:
            return Literal(_WORDS[token.text], token.at)
        if token.text in _RESERVED:
            message = f"expected a value, found '{token.text}'"
            raise ExpressionError(message, token.at)
        if self.accept("("):
            return Call(token.text, self._items(")"), token.at)
        return self._path(token)

    def _path(self, token: _Token) -> Expression:
        steps: list[Step] = []
        while self.accept("."):
            axis = next((axis for sign, axis in _AXES if self.accept(sign)), Axis.CHILD)
            attribute = self.next.kind == "element" or self.accept("@")
            name = self.take()
            if name.kind not in ("name", "element"):
                message = "expected a name after '.'"
                raise ExpressionError(message, name.at)
            if steps and steps[-1].attribute:
                message = "an attribute has nothing below it"
                raise ExpressionError(message, name.at)
            steps.append(self._step(name, axis, attribute=attribute))
        return Path(token.text, tuple(steps), token.at)

    def _step(self, name: _Token, axis: Axis, *, attribute: bool) -> Step:
        called = name.text.removeprefix("@")
        if not self.accept("["):
            return Step(called, name.at, attribute=attribute, axis=axis)
        found = self._bracket()
        self.expect("]")
        if isinstance(found, tuple):
            return Step(called, name.at, attribute=attribute, predicate=found, axis=axis)
        if found < attribute:
            message = "expected [number], the first being 1"
            raise ExpressionError(message, name.at)
        return Step(called, name.at, attribute=attribute, index=found - attribute, axis=axis)

    def _bracket(self) -> int | tuple[str, str]:
        """Return the index between brackets, or the name and text of a predicate."""
        key = self._key()
        if key.kind == "number" and self.next.text == "]":
            if not key.text.isdecimal() or len(key.text) > MAX_INDEX_DIGITS:
                message = "an index is a whole number from 0"
                raise ExpressionError(message, key.at)
            return int(key.text)
        if not (self.accept("=") or self.accept("==")) or self.next.kind != "text":
            message = "expected [number] or [attribute='text']"
            raise ExpressionError(message, key.at)
        return key.text.removeprefix("@"), self.take().text[1:-1].replace("''", "'")

    def _key(self) -> _Token:
        """Return what stands first between brackets; `01-2` names a component."""
        self.accept("@")
        key = self.take()
        if key.kind == "number" and self.accept("-"):
            return _Token("element", f"{key.text}-{self.take().text}", key.at)
        return key

    def _sign(self, token: _Token) -> Expression:
        if token.text == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        if token.text == "-":
            return Operation("minus", (self.expression(_MINUS),), token.at)
        if token.text == "[":
            return Several(self._items("]"), token.at)
        message = f"expected a value, found '{token.text}'"
        raise ExpressionError(message, token.at)
