"""Do what generated code cannot do in line: odd values, faults, and finding where they stand.

Generated code handles a clean value itself and comes here for everything else, so this is the slow
path of a reader. Places are looked up once, at the end, in a single walk over the tree.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, DecimalException
from typing import Final, Protocol

from canonical.amounts import decimal_of, plain
from canonical.faults import Fault, Place, Severity
from canonical.identifiers import Attachment
from canonical.wire import Envelope
from mappings.engine import faults
from mappings.engine.codelists import CodeTable
from mappings.engine.markup import allowed, escaped, escaped_attribute, is_markup
from mappings.engine.walking import Walk

MAX_FAULTS: Final = 500
Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Say where a piece of generated code comes from.

    `target` has `{}` for each row number, `steps` leads from the element in hand to the value.
    """

    target: str
    source: str
    expression: str
    steps: Walk = ()
    severity: Severity | None = None
    limit: int = 0


def at(items: Sequence[object] | None, index: int) -> object:
    """Return one item, or None when there are fewer."""
    return items[index] if items is not None and index < len(items) else None


def part_of(parts: Mapping[str, Attachment], content_id: str | None, name: str) -> str | None:
    """Return one field of the part that `content_id` names, as text."""
    part = parts.get(content_id) if content_id is not None else None
    value = getattr(part, name) if part is not None else None
    return str(value) if value is not None else None


def less(left: Decimal | None, right: Decimal | None) -> bool:
    """Compare; null is neither less nor greater than anything."""
    return left is not None and right is not None and left < right


def less_equal(left: Decimal | None, right: Decimal | None) -> bool:
    """Compare; see `less`."""
    return left is not None and right is not None and left <= right


def greater(left: Decimal | None, right: Decimal | None) -> bool:
    """Compare; see `less`."""
    return left is not None and right is not None and left > right


def greater_equal(left: Decimal | None, right: Decimal | None) -> bool:
    """Compare; see `less`."""
    return left is not None and right is not None and left >= right


def _calculated(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal | None, right: Decimal | None
) -> Decimal | None:
    if left is None or right is None:
        return None
    try:
        return operation(left, right)
    except DecimalException:
        return None


def plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """Add; null when one is null."""
    return _calculated(Decimal.__add__, left, right)


def minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """Subtract; null when one is null."""
    return _calculated(Decimal.__sub__, left, right)


def times(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """Multiply; null when one is null."""
    return _calculated(Decimal.__mul__, left, right)


def total(values: Iterable[Decimal | None]) -> Decimal:
    """Add up what is there."""
    return sum((value for value in values if value is not None), Decimal(0))


def as_text(value: object) -> str | None:
    """Return a value as a template shows it."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def template(fixed: tuple[bool, ...], *parts: str | None) -> str | None:
    """Join the parts of a template; null when it has values and all of them are null."""
    values = [part for part, is_fixed in zip(parts, fixed, strict=True) if not is_fixed]
    if values and all(value is None for value in values):
        return None
    return "".join(part or "" for part in parts)


_FORMS: Final = ("%a %b %d %H:%M:%S %z %Y", "%Y%m%d", "%d.%m.%Y", "%Y/%m/%d")


def instant_of(text: str) -> datetime | None:
    """Return the time that `text` spells, without zone when it names none.

    Reads ISO 8601 and, because real documents have them, blanks inside it and the form of
    `date(1)` (`Mon May 19 18:29:48 +0000 2008`).
    """
    stripped = text.strip()[:64]
    for candidate in (stripped, stripped.replace(" ", "")):
        try:
            return datetime.fromisoformat(candidate)
        except ValueError:
            continue
    for form in _FORMS:
        try:
            return datetime.strptime(stripped, form)  # noqa: DTZ007  # the caller looks at the zone
        except ValueError:
            continue
    return None


class Ground(Protocol):
    """Know the trees of one kind: where a value stands in one, and how it spells numbers."""

    def number(self, text: str) -> Decimal | None:
        """Return the decimal that a text spells, or None when it spells none."""

    def line(self, tree: object, node: object, steps: Walk) -> int | None:
        """Return the line where what `steps` lead to from `node` stands."""

    def places(
        self, tree: object, wanted: Sequence[tuple[object | None, Walk]]
    ) -> list[Place | None]:
        """Return where `steps` lead from each node; a fault without node has no place."""


_TRUTHS: Final = {
    **dict.fromkeys(("yes", "true", "1", "y"), True),
    **dict.fromkeys(("no", "false", "0", "n"), False),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a fault before its place is looked up."""

    spot: int
    code: str
    value: object
    node: object | None
    rows: Rows
    expected: str | None = None
    hint: str | None = None
    severity: Severity | None = None


class Run:
    """Gather the faults of one document while generated code runs."""

    __slots__ = ("envelope", "found", "ground", "spots", "stopped")

    def __init__(
        self, spots: Sequence[Spot], ground: Ground, envelope: Envelope | None = None
    ) -> None:
        self.spots = spots
        self.ground = ground
        self.envelope = envelope
        self.found: list[Found] = []
        self.stopped = False

    def fail(self, found: Found) -> None:
        """Record a fault; an error stops the document."""
        if self._severity(found) is Severity.ERROR:
            self.stopped = True
        if len(self.found) <= MAX_FAULTS:
            self.found.append(found)

    def _severity(self, found: Found) -> Severity:
        severity = found.severity or self.spots[found.spot].severity
        return severity or faults.kind_of(found.code).severity

    def missing(self, spot: int, value: object, node: object | None, rows: Rows) -> None:
        """Record that a required value is not there, unless what was there is reported already."""
        last = self.found[-1] if self.found else None
        if last is not None and (last.spot, last.rows) == (spot, rows):
            return
        if value is None or (isinstance(value, str) and not value.strip()):
            self.fail(Found(spot, faults.MISSING, None, node, rows))

    def number(
        self, spot: int, value: str | None, node: object | None, rows: Rows
    ) -> Decimal | None:
        """Return the decimal that a text spells, or record that it spells none."""
        if value is None or not value.strip():
            return None
        number = self.ground.number(value)
        if number is None:
            hint = _digit_hint(value)
            self.fail(Found(spot, faults.NOT_A_NUMBER, value, node, rows, "a number", hint))
        return number

    def whole(self, spot: int, value: str | None, node: object | None, rows: Rows) -> int | None:
        """Return the whole number that a text spells, or record that it spells none."""
        number = self.number(spot, value, node, rows)
        if number is None:
            return None
        if number != number.to_integral_value():
            self.fail(Found(spot, faults.NOT_A_NUMBER, value, node, rows, "a whole number"))
            return None
        return int(number)

    def instant(
        self, spot: int, value: str | None, node: object | None, rows: Rows
    ) -> datetime | None:
        """Return the time that a text spells; one without zone is UTC, and noted."""
        if value is None or not value.strip():
            return None
        found = instant_of(value)
        if found is None:
            self.fail(Found(spot, faults.NOT_AN_INSTANT, value, node, rows, "a date or time"))
            return None
        if found.tzinfo is not None:
            return found
        if len(value.strip()) > len("2026-11-22"):
            self.fail(Found(spot, faults.NO_ZONE, value, node, rows, severity=Severity.NOTE))
        return found.replace(tzinfo=UTC)

    def day(self, spot: int, value: str | None, node: object | None, rows: Rows) -> date | None:
        """Return the date that a text spells, or that of its time."""
        if value is None or not value.strip():
            return None
        found = instant_of(value)
        if found is None:
            self.fail(Found(spot, faults.NOT_AN_INSTANT, value, node, rows, "a date"))
        return found.date() if found is not None else None

    def undated(self, spot: int, text: str, expected: str, node: object | None, rows: Rows) -> None:
        """Record that a text is no date of its form."""
        self.fail(Found(spot, faults.NOT_AN_INSTANT, text, node, rows, expected))

    def truth(self, spot: int, value: str | None, node: object | None, rows: Rows) -> bool | None:
        """Return whether a text says yes, or record that it says neither."""
        if value is None or not value.strip():
            return None
        found = _TRUTHS.get(value.strip().lower())
        if found is None:
            self.fail(Found(spot, faults.NOT_A_TRUTH, value, node, rows, "yes or no"))
        return found

    def member(
        self,
        spot: int,
        value: str | None,
        node: object | None,
        rows: Rows,
        known: dict[str, object],
    ) -> object:
        """Return what a `map` or enumeration makes of a text, without regard to case."""
        if value is None or not value.strip():
            return None
        wanted = value.strip()
        for candidate in (wanted, wanted.lower()):
            if candidate in known:
                return known[candidate]
        for key, member in known.items():
            if key.lower() == wanted.lower():
                return member
        self.fail(
            Found(spot, faults.UNKNOWN_VALUE, value, node, rows, f"one of {', '.join(known)}")
        )
        return None

    def looked_up(  # noqa: PLR0913  # the place of a fault is three of them
        self, spot: int, value: str | None, node: object | None, rows: Rows, table: CodeTable,
        policy: tuple[str, str | None], *, outward: bool = False,
    ) -> str | None:  # fmt: skip
        """Return what a table makes of a code, as its policy for unlisted codes says."""
        if value is None or not value.strip():
            return None
        found = table.find(value, outward=outward)
        if found is not None:
            step = None if outward else table.step(value)
            if step is not None:
                self.fail(Found(spot, faults.FOUND_BY, value, node, rows, f"{found} by the {step}"))
            return found
        unmapped, default = policy
        if unmapped == "pass":
            return default or value.strip()
        severity = Severity.WARNING if unmapped == "warn" or default is not None else None
        self.fail(
            Found(spot, faults.NOT_IN_TABLE, value, node, rows, f"a code of {table.name}",
                  table.nearest(value), severity)
        )  # fmt: skip
        return default if default is not None else (value.strip() if severity else None)

    def shortened(
        self, spot: int, value: str, node: object | None, rows: Rows, *, truncate: bool
    ) -> str:
        """Report a text that is too long, and cut it where the mapping says so."""
        limit = self.spots[spot].limit
        code = faults.TRUNCATED if truncate else faults.TOO_LONG
        expected = f"at most {limit} characters"
        self.fail(Found(spot, code, value, node, rows, expected))
        return value[:limit].rstrip()

    def divide(  # the place of a fault is three of them
        self,
        spot: int,
        left: Decimal | None,
        right: Decimal | None,
        node: object | None,
        rows: Rows,
    ) -> Decimal | None:
        """Divide, or record why not."""
        if left is None or right is None:
            return None
        if not right:
            self.fail(Found(spot, faults.DIVISION, plain(left), node, rows, "a divisor"))
            return None
        return _calculated(Decimal.__truediv__, left, right)

    def failed_check(  # the place of a fault is three of them
        self, spot: int, code: str, message: str, severity: Severity, node: object | None,
        rows: Rows = (),
    ) -> None:  # fmt: skip
        """Record that a check of the mapping does not hold."""
        self.fail(Found(spot, code, None, node, rows, message, None, severity))

    def faults(self, tree: object | None) -> tuple[Fault, ...]:
        """Return the faults in the order found, with their places in `tree`."""
        if not self.found:
            return ()
        shown = self.found[:MAX_FAULTS]
        wanted = [(found.node, self.spots[found.spot].steps) for found in shown]
        places = self.ground.places(tree, wanted) if tree is not None else [None] * len(shown)
        result = [self._fault(found, place) for found, place in zip(shown, places, strict=True)]
        if len(self.found) > MAX_FAULTS:
            result.append(faults.fault(faults.TOO_MANY, f"more than {MAX_FAULTS} faults"))
        return tuple(result)

    def _fault(self, found: Found, place: Place | None) -> Fault:
        spot = self.spots[found.spot]
        kind = faults.kind_of(found.code)
        message, expected = kind.title[:1].lower() + kind.title[1:], found.expected
        if expected is not None and faults.is_check(found.code):
            message, expected = expected, None
        return kind.fault(
            message,
            severity=self._severity(found),
            place=place,
            found=as_text(found.value),
            expected=expected,
            hint=found.hint,
            target=target_of(spot, found.rows),
            source=spot.source,
        )


def target_of(spot: Spot, rows: Rows) -> str:
    """Return the path in the document, with its row numbers put in."""
    pieces = spot.target.split("[]")
    numbers = [f"[{row}]" for row in rows[: len(pieces) - 1]]
    numbers += ["[]"] * (len(pieces) - 1 - len(numbers))
    return "".join(piece + number for piece, number in zip(pieces, [*numbers, ""], strict=True))


_ALIKE: Final = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "S": "5", "B": "8"})


def _digit_hint(value: str) -> str | None:
    if "," in value and decimal_of(value.replace(".", "").replace(",", ".")) is not None:
        return "a comma instead of a dot?"
    if decimal_of(value.translate(_ALIKE)) is not None:
        letter = next(char for char in value if char in "OolISB")
        return f"letter {letter} instead of a digit?"
    return None


def escape(run: Run, spot: int, text: str, kind: str, node: object | None, rows: Rows) -> str:
    """Return a text fit for markup; what XML cannot hold is left out and reported."""
    if not allowed(text):
        run.fail(Found(spot, faults.STRIPPED, text, node, rows))
    return escaped_attribute(text) if kind == "attribute" else escaped(text)


def verbatim(run: Run, spot: int, text: str | None, node: object | None, rows: Rows) -> str | None:
    """Return markup that was taken from a parsed document, if markup it is, or the text escaped."""
    if text is None:
        return None
    if "<" not in text and "&" not in text and allowed(text):
        return escaped(text)
    if is_markup(text):
        return text
    run.fail(Found(spot, faults.MARKUP, text, node, rows))
    return escaped(text)


_EDITION: Final = re.compile(r"[A-Z]\.(\d\d)([A-Z])(/.*)?")
_CENTURY: Final = 90
"""The first directory of the UN is that of 1990."""


def version_of(text: str | None) -> tuple[int, ...]:
    """Return a version to compare by: `1.2.050`, `004010`, `D.96A`; none means the newest."""
    edition = _EDITION.fullmatch(text or "")
    if edition is not None:
        year = int(edition.group(1))
        return (year + (1900 if year >= _CENTURY else 2000), ord(edition.group(2)))
    numbers = [part for part in (text or "").split(".") if part.isdecimal()]
    return tuple(int(part[:9]) for part in numbers) or (sys.maxsize,)
