"""Keep the rows of a list that could not go in, until their shopper has put them right.

They are kept with the session and not in the page, so that a reload repeats nothing and a look at
the catalogue loses nothing.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from canonical.document import Document
from canonical.faults import Fault
from canonical.stored import Forms, Kind
from gateway.punchout.lists import Row
from gateway.punchout.quick_order import JudgedRow
from gateway.store.notes import SessionNotes

QUICK_ORDER: Final = "quick-order"
MOST_WAITING: Final = 1000
"""Rows that wait at most: as many as a list may have."""


class DraftRow(Document):
    """Hold one row as typed, and why it could not go in; `choices` are our numbers."""

    number: str
    quantity: str
    unit: str = ""
    sku: str = ""
    name: str = ""
    fault: Fault | None = None
    suggestion: Decimal | None = None
    choices: tuple[str, ...] = ()

    @property
    def row(self) -> Row:
        """Return the row as it was typed."""
        return Row(number=self.number, quantity=self.quantity, unit=self.unit, sku=self.sku)


class Draft(Document):
    """Hold what is left of one list, as stored."""

    rows: tuple[DraftRow, ...] = ()


FORMS: Final = Forms({"quick-order": Kind(Draft)})


def draft_of(typed: Iterable[Row], judged: Iterable[JudgedRow]) -> Draft:
    """Return what is left of a list; `typed` are its rows in the shopper's own writing."""
    pairs = zip(typed, judged, strict=True)
    return Draft(rows=tuple(_row(row, one) for row, one in pairs if one.fault is not None))


def load_draft(notes: SessionNotes, session_id: str) -> Draft:
    """Return the draft of a session; an empty one when there is none."""
    stored = notes.get(session_id, QUICK_ORDER)
    return Draft() if stored is None else FORMS.load_as(Draft, stored)


def keep_draft(notes: SessionNotes, session_id: str, draft: Draft) -> None:
    """Keep a draft with its session, or none if nothing is left."""
    notes.put(session_id, QUICK_ORDER, FORMS.dump(draft) if draft.rows else None)


def add_to_draft(notes: SessionNotes, session_id: str, draft: Draft) -> None:
    """Keep rows of another list after those that are waiting already."""
    waiting = load_draft(notes, session_id)
    keep_draft(notes, session_id, Draft(rows=(*waiting.rows, *draft.rows)[:MOST_WAITING]))


def _row(row: Row, judged: JudgedRow) -> DraftRow:
    return DraftRow(
        number=row.number,
        quantity=row.quantity,
        unit=row.unit,
        sku=row.sku,
        name=judged.product.name if judged.product is not None else "",
        fault=judged.fault,
        suggestion=judged.suggestion,
        choices=tuple(product.sku for product in judged.choices),
    )
