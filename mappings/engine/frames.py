"""Hold the stretches of output whose values are checked for escaping together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from mappings.engine.generation import Binding
from mappings.engine.markup import needs_care
from mappings.engine.slots import Block, render


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a part of the output: fixed text, or the variable of a text."""

    text: str
    fixed: bool


Pieces = list[Piece]


@dataclass(frozen=True, slots=True)
class Care:
    """Say which texts of a syntax cannot stand in it as they are.

    `question` asks it in Python of the text `s`, `answer` is the function of generated code that
    makes such a text fit to stand there.
    """

    needs: Callable[[str], bool]
    question: str
    answer: str


MARKUP: Final = Care(
    needs_care,
    "not s.isprintable() or '&' in s or '<' in s or '>' in s or '\"' in s",
    "escape",
)


@dataclass(slots=True)
class Frame:
    """Hold the code of one stretch of output whose values are checked together.

    `rows` count the rows so far, the outermost first, each in Python; `texts` are variables, each
    with its spot and with what `care` must know of its place.
    """

    names: dict[str, Binding]
    care: Care = MARKUP
    rows: tuple[str, ...] = ()
    values: Block = field(default_factory=list)
    texts: list[tuple[str, int, str]] = field(default_factory=list)
    build: Block = field(default_factory=list)

    @property
    def where(self) -> str:
        """Return the Python that says which row is written."""
        return f"None, ({''.join(f'{count}, ' for count in self.rows)})"

    def inner(self, names: dict[str, Binding], rows: tuple[str, ...] = ()) -> "Frame":
        """Return a frame inside this one."""
        return Frame({**self.names, **names}, self.care, (*self.rows, *rows))

    def beside(self, names: dict[str, Binding]) -> "Frame":
        """Return this frame with more names in scope: what is added to it is added here."""
        return replace(self, names={**self.names, **names})

    def block(self) -> Block:
        """Return the whole code: values, the one question, building."""
        block = list(self.values)
        if self.texts:
            joined = "".join(f"{{{name}}}" for name, _, _ in self.texts)
            care: Block = []
            for name, spot, kind in self.texts:
                call = f"{self.care.answer}(run, {spot}, {name}, {kind}, {self.where})"
                care += [f"if {name} is not None:", [f"{name} = {call}"]]
            block += [f"s = f'{joined}'", f"if {self.care.question}:", care]
        return [*block, *self.build]


@dataclass(slots=True)
class Content:
    """Hold what stands inside an element while it is generated."""

    attributes: Pieces = field(default_factory=list)
    inner: Pieces = field(default_factory=list)
    checks: Block = field(default_factory=list)
    sure: bool = False
    """Whether it always has something to say."""
    presence: str | None = None
    """The variable of its text, null when the element is to be left out."""


def literal(pieces: Iterable[Piece]) -> str:
    """Return the Python f-string of pieces."""
    spelt = "".join(
        repr(piece.text + '"')[1:-2].replace("{", "{{").replace("}", "}}")
        if piece.fixed
        else f"{{{piece.text}}}"
        for piece in pieces
    )
    return f"f'{spelt}'"


def harmless(block: Block) -> bool:
    """Tell whether code may run although its element is not written: it reports nothing."""
    return not any("run" in line for line in render(block))
