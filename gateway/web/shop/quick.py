"""Answer the page where buyers order by number: rows, a pasted list, or a file.

What could go in is in the cart when the page comes back, and what could not stands there to be put
right. The rows that are left are kept with the session, so the answer is a redirect like any other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import flask
from werkzeug.datastructures import MultiDict

from canonical.amounts import decimal_of
from canonical.faults import Fault
from gateway.punchout.drafts import DraftRow, draft_of, keep_draft, load_draft
from gateway.punchout.lists import Row, rows_of_csv, rows_of_text
from gateway.punchout.quick_order import QuickOrder
from gateway.punchout.service import PunchoutService
from gateway.punchout.workbooks import is_workbook, rows_of_workbook
from gateway.web.shop.languages import language, spoken
from gateway.web.shop.pages import Frame, Pages
from gateway.web.shop.present import UNITS, plain_number, typed_number
from gateway.web.shop.sending import Sent, sent_form
from gateway.web.shop.shelves import Shelves

BLANK: Final = 6
"""Empty rows that a page offers."""
MORE: Final = 12
MAX_ROWS: Final = 1100
"""Rows of fields that a page may send back: a whole list of bad ones and some new."""
MAX_TYPED: Final = 80


class QuickPages(Pages):
    """Hold the page of quick orders."""

    def __init__(
        self, punchout: PunchoutService, shelves: Shelves, title: str, orders: QuickOrder
    ) -> None:
        super().__init__(punchout, shelves, title)
        self._orders = orders
        self._notes = punchout.means.store.notes

    def quick(self, token: str) -> flask.Response:
        """Show rows to fill in, and those of an earlier list that are to be put right."""
        return self._within(token, self._quick)

    def put(self, token: str) -> flask.Response:
        """Put what can be had of a list into the cart."""
        return self._within(token, self._put, posted=True)

    def _quick(self, frame: Frame) -> flask.Response:
        left = load_draft(self._notes, frame.session.id).rows
        taken = min(max(flask.request.args.get("put", 0, type=int), 0), MAX_ROWS)
        return self._listed(frame, left, taken=taken)

    def _put(self, frame: Frame) -> flask.Response:
        sent = sent_form()
        if isinstance(sent, Fault):
            return self._listed(frame, load_draft(self._notes, frame.session.id).rows, sent)
        typed = _rows_of_fields(sent.fields)
        if "more" in sent.fields:
            return self._listed(frame, _unjudged(typed), blank=MORE)
        listed = _rows_of_lists(sent)
        if isinstance(listed, Fault):
            pasted = sent.fields.get("list", "")
            return self._listed(frame, _unjudged(typed), listed, pasted=pasted)
        return self._judged(frame, (*typed, *listed))

    def _judged(self, frame: Frame, typed: Sequence[Row]) -> flask.Response:
        tongue = spoken()
        rows = [replace(row, quantity=typed_number(tongue, row.quantity)) for row in typed]
        judged = self._orders.order(frame.session, rows, _unit_names())
        if isinstance(judged, Fault):
            return self._listed(frame, _unjudged(typed), judged)
        draft = draft_of(typed, judged)
        keep_draft(self._notes, frame.session.id, draft)
        taken = len(typed) - len(draft.rows)
        return self._redirect(frame.session, frame.token, f"quick?put={taken}")

    def _listed(
        self,
        frame: Frame,
        rows: Sequence[DraftRow],
        problem: Fault | None = None,
        *,
        taken: int = 0,
        blank: int = BLANK,
        pasted: str = "",
    ) -> flask.Response:
        choices = [sku for row in rows for sku in row.choices]
        return self._page(
            frame,
            "quick",
            422 if problem else 200,
            rows=(*rows, *(DraftRow(number="", quantity="") for _ in range(blank))),
            bad=sum(1 for row in rows if row.fault is not None),
            products=self._shelves.products(choices),
            problem=problem,
            pasted=pasted,
            taken=taken,
        )


def _rows_of_fields(form: MultiDict[str, str]) -> tuple[Row, ...]:
    """Return the rows that were filled in, with the correction that was pressed, if one was."""
    at, _, quantity = form.get("take", "").partition(":")
    rows = []
    for number in range(1, MAX_ROWS + 1):
        fields = {
            name: form.get(f"{name}-{number}", "").strip()[:MAX_TYPED]
            for name in ("number", "quantity", "unit", "sku")
        }
        row = Row(
            number=fields["sku"] or fields["number"],
            quantity=quantity[:MAX_TYPED] if at == str(number) else fields["quantity"],
            unit=fields["unit"],
            sku=fields["sku"],
        )
        if not row.empty:
            rows.append(row)
    return tuple(rows)


def _rows_of_lists(sent: Sent) -> tuple[Row, ...] | Fault:
    """Return the rows of what was pasted and of the file, together."""
    pasted = rows_of_text(sent.fields.get("list", ""))
    if isinstance(pasted, Fault):
        return pasted
    read = _rows_of_workbook(sent.file) if is_workbook(sent.file) else rows_of_csv(sent.file)
    return read if isinstance(read, Fault) else (*pasted, *read)


def _rows_of_workbook(content: bytes) -> tuple[Row, ...] | Fault:
    """Return the rows of a workbook, its numbers written as the shopper would."""
    rows = rows_of_workbook(content)
    if isinstance(rows, Fault):
        return rows
    return tuple(replace(row, quantity=_written(row.quantity)) for row in rows)


def _written(quantity: str) -> str:
    value = decimal_of(quantity)
    return quantity if value is None else plain_number(spoken(), value)


def _unjudged(rows: Iterable[Row]) -> tuple[DraftRow, ...]:
    return tuple(
        DraftRow(number=row.number, quantity=row.quantity, unit=row.unit, sku=row.sku)
        for row in rows
    )


def _unit_names() -> list[tuple[str, str]]:
    """Return what units are called, in the shopper's language and in English."""
    tongues = (spoken(), language("en"))
    return [
        (tongue.npgettext("unit", *names, count), code)
        for code, names in UNITS.items()
        for tongue in tongues
        for count in (1, 2)
    ]
