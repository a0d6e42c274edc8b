"""Put the values of a segment together, without empty elements and components at the end.

What is known when the code is made needs no question when it runs: most segments become one format
string, with one choice where their last element may be empty.
"""

from dataclasses import dataclass

from mappings.engine.frames import Frame, Piece, Pieces, literal
from mappings.engine.generation import Unit


@dataclass(frozen=True, slots=True)
class Held:
    """Hold one value of a segment: a fixed text, or the variable of one.

    `speaks`: it is no constant, so that the segment may be written because of it; `sure`: it is
    never null, so that the segment always is. `full`: its text is never empty.
    """

    text: str
    fixed: bool = False
    speaks: bool = True
    sure: bool = False
    full: bool = False

    @property
    def piece(self) -> Piece:
        """Return the part of a format string."""
        return Piece(self.text, self.fixed)


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one element of a segment while it is put together.

    `asked` are the variables of which one must have a text for it to be written, none where that
    needs no question; `ragged`: empty components may stand at its end even so.
    """

    pieces: Pieces
    sure: bool = False
    full: bool = False
    asked: tuple[str, ...] = ()
    ragged: bool = False

    @property
    def condition(self) -> str:
        """Return the Python that tells whether there is anything."""
        return " or ".join(self.asked)


class Composer:
    """Generate the text of segments between the separators of a syntax."""

    def __init__(self, unit: Unit, signs: str) -> None:
        """Take the separators in the order of `canonical.rows.PROTECTED`."""
        self.unit = unit
        self.end, self.element, self.component = tuple(signs)[:3]
        self.closing = repr(self.element + self.component)

    def column(self, parts: dict[int | None, Held]) -> Column:
        """Return one element: its components put together."""
        alone = parts.get(None)
        if alone is not None:
            own = (alone.text,) if alone.speaks and not alone.full else ()
            return Column([alone.piece], alone.speaks and alone.sure, alone.full, own)
        inside = {part: held for part, held in parts.items() if part is not None}
        pieces: Pieces = []
        for part in range(max(inside) + 1):
            if part:
                pieces.append(Piece(self.component, fixed=True))
            if part in inside:
                pieces.append(inside[part].piece)
        speaking = [held for held in inside.values() if held.speaks]
        last = inside[max(inside)]
        full = any(held.full for held in speaking or inside.values())
        asked = () if full else tuple(held.text for held in speaking)
        ragged = not last.full and asked != (last.text,)
        return Column(pieces, any(held.sure for held in speaking), full, asked, ragged)

    def always(self, tag: str, columns: dict[int, Column], frame: Frame) -> Pieces:
        """Return a segment that is written in any case, without empty elements at its end."""
        wobbly = [number for number, column in columns.items() if not column.full]
        last = max(columns, default=0)
        if wobbly != [last] or not columns[last].asked:
            return self.put(tag, columns, frame, asked=False)
        result, condition = self.unit.name("o"), columns[last].condition
        shorter = {number: column for number, column in columns.items() if number != last}
        whole = literal(self.put(tag, columns, frame, asked=True))
        rest = literal(self.put(tag, shorter, frame, asked=False))
        frame.build.append(f"{result} = {whole} if {condition} else {rest}")
        return [Piece(result, fixed=False)]

    def put(self, tag: str, columns: dict[int, Column], frame: Frame, *, asked: bool) -> Pieces:
        """Return a segment with its terminator, without empty elements at its end.

        With `asked` the question of its only element that may be empty has been answered.
        """
        pieces: Pieces = [Piece(tag, fixed=True)]
        wobbly = [number for number, column in columns.items() if not column.full]
        for number in range(1, max(columns, default=0) + 1):
            pieces.append(Piece(self.element, fixed=True))
            if number in columns:
                answered = asked and wobbly == [number]
                pieces += self._text(columns[number], frame, answered=answered)
        end = Piece(self.end, fixed=True)
        last = max(columns, default=0)
        if not wobbly or last not in wobbly or (asked and wobbly == [last]):
            return [*pieces, end]
        result = self.unit.name("o")
        frame.build.append(f"{result} = {literal(pieces)}.rstrip({self.closing})")
        return [Piece(result, fixed=False), end]

    def _text(self, column: Column, frame: Frame, *, answered: bool) -> Pieces:
        """Return the text of one element, without empty components at its end."""
        plain = len(column.pieces) == 1 or answered or not column.asked
        if plain and not column.ragged:
            return column.pieces
        result = self.unit.name("c")
        text = literal(column.pieces)
        if column.ragged:
            text += f".rstrip({self.component!r})"
        if not answered and column.asked:
            text += f" if {column.condition} else ''"
        frame.build.append(f"{result} = {text}")
        return [Piece(result, fixed=False)]
