"""Answer the page where a shopper chooses where the goods go, and sees when they are there."""

import flask

from canonical.faults import Fault
from gateway.punchout.delivery import address_key
from gateway.web.shop.pages import Frame, Pages, back


class ArrivingPages(Pages):
    """Hold the page of delivery addresses."""

    def delivery(self, token: str) -> flask.Response:
        """Show the addresses of the customer, and when the cart arrives at the chosen one."""
        return self._within(token, self._delivery)

    def choose(self, token: str) -> flask.Response:
        """Send the goods of this session to another address."""
        return self._within(token, self._choose, posted=True)

    def _delivery(self, frame: Frame, problem: Fault | None = None) -> flask.Response:
        session = frame.session
        deliveries, customer = self._punchout.deliveries, session.customer
        current = deliveries.address(session)
        return self._page(
            frame,
            "delivery",
            422 if problem else 200,
            addresses=[(address_key(customer, one), one) for one in customer.addresses],
            current=current,
            arrivals=deliveries.of_lines(session, session.cart.lines),
            problem=problem,
            here="delivery",
        )

    def _choose(self, frame: Frame) -> flask.Response:
        key = flask.request.form.get("address", "")
        problem = self._punchout.deliveries.choose(frame.session, key)
        if problem is not None:
            return self._delivery(frame, problem)
        return self._redirect(frame.session, frame.token, back() or "delivery")
