"""Answer the pages of what a person buys again: favourites, carts that went home before, orders.

What is chosen there goes into the cart like a list of numbers; rows that cannot go in wait on the
page of quick orders, with the reason.
"""

from typing import Final

import flask

from canonical.faults import Fault
from gateway.punchout.drafts import add_to_draft, draft_of
from gateway.punchout.favourites import Before
from gateway.punchout.lists import Row
from gateway.punchout.quick_order import QuickOrder
from gateway.punchout.service import PunchoutService
from gateway.web.shop.languages import spoken
from gateway.web.shop.pages import Frame, Pages, back
from gateway.web.shop.present import typed_number
from gateway.web.shop.shelves import Shelves

MAX_PICKS: Final = 1000
MAX_TYPED: Final = 80
NAMED: Final = 3
"""Products that an earlier cart or order is told by."""


class PersonalPages(Pages):
    """Hold the pages of favourites, earlier carts and earlier orders."""

    def __init__(
        self, punchout: PunchoutService, shelves: Shelves, title: str, orders: QuickOrder
    ) -> None:
        super().__init__(punchout, shelves, title)
        self._orders = orders

    def lists(self, token: str) -> flask.Response:
        """Show favourites, earlier carts and earlier orders."""
        return self._within(token, self._lists)

    def earlier(self, token: str, session_id: str) -> flask.Response:
        """Show an earlier cart as it can be had today."""
        return self._within(
            token,
            lambda frame: self._before(
                frame, self._favourites.cart_before(frame.session, session_id), session_id
            ),
        )

    def ordered(self, token: str, message_id: str) -> flask.Response:
        """Show an earlier order as it can be had today."""
        return self._within(
            token,
            lambda frame: self._before(
                frame, self._favourites.order_before(frame.session, message_id), message_id
            ),
        )

    def mark(self, token: str) -> flask.Response:
        """Mark a product as a favourite, or take the mark away."""
        return self._within(token, self._mark, posted=True)

    def take(self, token: str) -> flask.Response:
        """Put what was chosen of a list into the cart."""
        return self._within(token, self._take, posted=True)

    def _lists(self, frame: Frame, problem: Fault | None = None) -> flask.Response:
        orders = self._favourites.ordered(frame.session)
        return self._page(
            frame,
            "lists",
            422 if problem else 200,
            picks=self._favourites.marked(frame.session),
            carts=self._favourites.earlier(frame.session),
            orders=orders,
            names=self._favourites.names(orders, NAMED),
            named=NAMED,
            problem=problem,
            here="lists",
        )

    def _before(self, frame: Frame, found: Before | None, wanted: str) -> flask.Response:
        if found is None:
            return self._page(frame, "nothing", 404, sku=wanted[:40])
        return self._page(frame, "earlier", before=found)

    def _mark(self, frame: Frame) -> flask.Response:
        form = flask.request.form
        if "unmark" in form:
            self._favourites.unmark(frame.session, form["unmark"])
        else:
            problem = self._favourites.mark(frame.session, form.get("mark", ""))
            if problem is not None:
                return self._lists(frame, problem)
        return self._redirect(frame.session, frame.token, back())

    def _take(self, frame: Frame) -> flask.Response:
        typed, tongue = _chosen(), spoken()
        rows = [
            Row(number=row.number, quantity=typed_number(tongue, row.quantity), sku=row.sku)
            for row in typed
        ]
        judged = self._orders.order(frame.session, rows) if rows else ()
        if isinstance(judged, Fault):
            return self._lists(frame, judged)
        draft = draft_of(typed, judged)
        add_to_draft(self._punchout.means.store.notes, frame.session.id, draft)
        where = f"quick?put={len(typed) - len(draft.rows)}" if draft.rows else "cart?changed=1"
        return self._redirect(frame.session, frame.token, where)


def _chosen() -> tuple[Row, ...]:
    """Return the products that were ticked, with the quantities beside them."""
    form = flask.request.form
    picked = [number for number in form.getlist("pick")[:MAX_PICKS] if f"sku-{number}" in form]
    return tuple(
        Row(
            number=form[f"sku-{number}"][:MAX_TYPED],
            quantity=form.get(f"quantity-{number}", "")[:MAX_TYPED],
            sku=form[f"sku-{number}"][:MAX_TYPED],
        )
        for number in picked
    )
