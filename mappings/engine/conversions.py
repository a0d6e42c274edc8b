"""Generate the conversions of reading code: from what an expression gives to what a field takes.

A clean value is converted in line; everything else goes to `running.Run`, which knows odd spellings
and reports what is none.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from mappings.engine.generation import TABLE, Code
from mappings.engine.slots import Block

Converter = Callable[[Code, str, str, int], Block]
"""Take the value, the variable to fill, where it is about and the spot; give the code."""


def _decimal(code: Code, value: str, where: str, spot: int) -> Block:
    """Take plain digits with at most one dot in line; signs and blanks are rarer."""
    text = code.py
    plain = f"{text}.replace('.', '', 1).isdecimal() and len({text}) < 29 and {text}.isascii()"
    number = f"kept_number({text}) if {plain} else run.number({spot}, {text}, {where})"
    return [
        f"{value} = {TABLE}_numbers({text})",
        f"if {value} is None and {text} is not None:",
        [f"{value} = {number}"],
    ]


_SHORT: Final = 4
"""Numbers of at most so many characters come again; keeping longer ones costs more than it saves,
for what is kept lies between what is let go."""
_KEPT: Final = 4096
_NUMBERS: Final[dict[str, Decimal]] = {}


def kept_number(text: str) -> Decimal:
    """Return the number that plain digits spell, and keep it if it is short."""
    if len(text) > _SHORT:
        return Decimal(text)
    if len(_NUMBERS) >= _KEPT:
        _NUMBERS.clear()
    found = _NUMBERS[text] = Decimal(text)
    return found


NUMBERS: Final[dict[str, object]] = {
    f"{TABLE}_numbers": _NUMBERS.get,
    "kept_number": kept_number,
    "decimal": Decimal,
}
"""What generated code sees of numbers."""


def _instant(code: Code, value: str, where: str, spot: int) -> Block:
    """Take ISO times with a zone in line."""
    text = code.py
    slow = f"{value} = run.instant({spot}, {text}, {where})"
    attempt: Block = [
        "try:",
        [f"{value} = fromisoformat({text})", f"if {value}.tzinfo is None:", [slow]],
        "except ValueError:",
        [slow],
    ]
    return [f"if {text} is None:", [f"{value} = None"], "else:", attempt]


def _slow(name: str) -> Converter:
    """Leave a conversion to the slow path as a whole."""

    def convert(code: Code, value: str, where: str, spot: int) -> Block:
        return [f"{value} = None if {code.py} is None else run.{name}({spot}, {code.py}, {where})"]

    return convert


def _plain(form: str) -> Converter:
    """Convert by one Python expression."""

    def convert(code: Code, value: str, _where: str, _spot: int) -> Block:
        made = form.format(code.py)
        return [
            f"{value} = {made}"
            + (f" if {code.py} is not None else None" if code.kind.optional else "")
        ]

    return convert


CONVERTERS: Final[dict[tuple[str, str], Converter]] = {
    ("text", "number"): _decimal,
    ("text", "whole"): _slow("whole"),
    ("text", "instant"): _instant,
    ("text", "date"): _slow("day"),
    ("text", "truth"): _slow("truth"),
    ("number", "text"): _plain("as_text({})"),
    ("whole", "text"): _plain("str({})"),
    ("date", "text"): _plain("{}.isoformat()"),
    ("instant", "text"): _plain("{}.isoformat()"),
    ("number", "whole"): _plain("int({})"),
    ("whole", "number"): _plain("decimal({})"),
    ("instant", "date"): _plain("{}.date()"),
    ("enum", "text"): _plain("str({})"),
}
"""How to come from the kind of an expression to the kind of a field."""
