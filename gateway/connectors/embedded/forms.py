"""Store what only the embedded core keeps as JSON, each form with its version.

They are columns of its tables that hold a list or a document: the way up is a converter in
`KINDS`, as in `canonical.stored`.
"""

from collections.abc import Mapping
from typing import Final

from canonical.document import Document
from canonical.order import OrderResponseLine
from canonical.party import Contact
from canonical.price import PriceBreak
from canonical.stock import IncomingStock
from canonical.stored import Forms, Kind
from gateway.connectors.contract import Report


class Incoming(Document):
    """Hold what is on its way to a shelf."""

    items: tuple[IncomingStock, ...] = ()


class Breaks(Document):
    """Hold from which quantities a price falls."""

    items: tuple[PriceBreak, ...] = ()


KINDS: Final[Mapping[str, Kind]] = {
    "core-answer": Kind(OrderResponseLine),
    "core-breaks": Kind(Breaks),
    "core-incoming": Kind(Incoming),
    "core-report": Kind(Report),
    "core-salesperson": Kind(Contact),
}
FORMS: Final = Forms(KINDS)


def dump_answer(answer: OrderResponseLine) -> bytes:
    """Return the stored form of the answer to an order line."""
    return FORMS.dump(answer)


def load_answer(stored: bytes) -> OrderResponseLine:
    """Return the answer to an order line."""
    return FORMS.load_as(OrderResponseLine, stored)


def dump_breaks(items: tuple[PriceBreak, ...]) -> bytes:
    """Return the stored form of a price's breaks."""
    return FORMS.dump(Breaks(items=items))


def load_breaks(stored: bytes) -> tuple[PriceBreak, ...]:
    """Return a price's breaks."""
    return FORMS.load_as(Breaks, stored).items


def dump_salesperson(person: Contact | None) -> bytes | None:
    """Return the stored form of who has an order's credit."""
    return None if person is None else FORMS.dump(person)


def load_salesperson(stored: bytes | None) -> Contact | None:
    """Return who has an order's credit."""
    return None if stored is None else FORMS.load_as(Contact, stored)


def dump_incoming(items: tuple[IncomingStock, ...]) -> bytes:
    """Return the stored form of what is on its way."""
    return FORMS.dump(Incoming(items=items))


def load_incoming(stored: bytes) -> tuple[IncomingStock, ...]:
    """Return what is on its way."""
    return FORMS.load_as(Incoming, stored).items


def dump_report(report: Report) -> bytes:
    """Return the stored form of a report."""
    return FORMS.dump(report)


def load_report(stored: bytes) -> Report:
    """Return a report."""
    return FORMS.load_as(Report, stored)
