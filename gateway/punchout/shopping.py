"""Fill the cart of a session: add, change, take out; each line at the price the core gives for it.

The core is asked first and the cart written after, on the condition that nobody wrote in between;
if somebody did (two tabs, a double click) the change is worked out again on the newer cart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault
from canonical.product import Product
from canonical.punchout import CartLine, Operation, SessionState
from gateway.errors import CoreError
from gateway.punchout.baskets import (
    Remark,
    dump_remarks,
    in_place,
    line_of,
    load_remarks,
    quantity_of,
    reason_of,
    with_lines,
)
from gateway.punchout.faults import fault
from gateway.punchout.filling import Granted, Wish, filled
from gateway.punchout.means import Means
from gateway.punchout.offers import Wanted, offers_of, quantity_fault
from gateway.punchout.packaging import in_own_unit
from gateway.store.sessions import Change, Session, SessionEvent

ATTEMPTS: Final = 10
"""Times that a change is worked out again before the person is asked to look."""
NAMED: Final = 20
"""Products that the audit names of one change."""


@dataclass(frozen=True, slots=True)
class Basket:
    """Hold the next lines of a cart and the remarks beside them."""

    lines: tuple[CartLine, ...]
    remarks: Mapping[str, Remark]


Work = Callable[[Session], Basket | Fault]


class Shopping:
    """Change carts."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def add(self, session_id: str, sku: str, quantity: str, unit: str = "") -> Fault | None:
        """Put `quantity` (as typed) of a product into the cart, onto its line if there is one.

        `unit` is the product's own or one of its packages.
        """
        typed = quantity_of(quantity)
        if isinstance(typed, Fault):
            return typed
        product = self._means.products.product(sku)
        if product is None:
            return fault("PUNCHOUT-020", found=sku)
        more = in_own_unit(product, typed, unit)
        if isinstance(more, Fault):
            return more
        answers = self.put(session_id, [Wish(product, more)])
        return answers if isinstance(answers, Fault) else answers[0].fault

    def put(self, session_id: str, wishes: Sequence[Wish]) -> tuple[Granted, ...] | Fault:
        """Put what can be had of `wishes` into the cart and answer each; a fault: nothing is in."""
        answers: list[Granted] = []

        def work(session: Session) -> Basket | Fault:
            answers.clear()
            lines, granted = filled(self._means, session, wishes)
            answers.extend(granted)
            refused = [one.fault for one in granted if one.fault is not None]
            if refused and len(refused) == len(granted):
                return refused[0]  # nothing changes; the answers say why
            return replace_lines(session, lines)

        named = ", ".join(dict.fromkeys(wish.product.sku for wish in wishes[:NAMED]))
        refused = self._change(session_id, f"add {named}", work)
        taken = any(one.fault is None for one in answers)
        return refused if refused is not None and (taken or not answers) else tuple(answers)

    def update(self, session_id: str, quantities: Mapping[str, str]) -> Fault | None:
        """Set the quantities (as typed) of lines by their id; 0 takes a line out."""
        wanted: dict[str, Decimal] = {}
        for line_id, text in quantities.items():
            value = quantity_of(text)
            if isinstance(value, Fault):
                return replace(value, target=line_id)
            wanted[line_id] = value
        return self._change(session_id, "update", lambda one: self._updated(one, wanted))

    def remove(self, session_id: str, line_id: str) -> Fault | None:
        """Take a line out of the cart; a line that is not there is out already."""
        return self._change(session_id, "remove", lambda one: _without(one, {line_id}))

    def _change(self, session_id: str, detail: str, work: Work) -> Fault | None:
        for _ in range(ATTEMPTS):
            session = self._means.store.find(session_id)
            if session is None or not is_changeable(session, self._means):
                return fault("PUNCHOUT-028")
            try:
                basket = work(session)
            except CoreError:
                return fault("PUNCHOUT-007")
            if isinstance(basket, Fault):
                return basket
            cart = with_lines(session.cart, basket.lines, basket.remarks)
            now = self._means.ambient.now()
            change = Change(
                event=SessionEvent(happened_at=now, kind="cart", detail=detail),
                cart=cart,
                remarks=dump_remarks(basket.remarks),
            )
            if self._means.store.change(session, change):
                return None
        return fault("PUNCHOUT-031")

    def _updated(self, session: Session, wanted: Mapping[str, Decimal]) -> Basket | Fault:
        remarks = load_remarks(session.remarks)
        gone = {line_id for line_id, quantity in wanted.items() if quantity == 0}
        if not wanted.keys() - gone <= {_id(line) for line in session.cart.lines}:
            return fault("PUNCHOUT-031")
        changed = [
            line
            for line in session.cart.lines
            if not reason_of(line, remarks)
            and line.quantity.value != wanted.get(_id(line), line.quantity.value)
            and _id(line) not in gone
        ]
        products = self._means.products.products([line.item.sku or "" for line in changed])
        asked = []
        for line in changed:
            product = products.get(line.item.sku or "")
            if product is None:
                return fault("PUNCHOUT-020", found=line.item.sku, target=_id(line))
            unfit = quantity_fault(product, wanted[_id(line)])
            if unfit is not None:
                return replace(unfit, target=_id(line))
            asked.append((product, wanted[_id(line)], _id(line)))
        priced = self._priced(session, asked)
        if isinstance(priced, Fault):
            return priced
        new = {_id(line): line for line in priced}
        lines = tuple(in_place(new.get(_id(line), line), line) for line in session.cart.lines)
        return _without(replace_lines(session, lines), gone)

    def _priced(
        self, session: Session, asked: list[tuple[Product, Decimal, str]]
    ) -> tuple[CartLine, ...] | Fault:
        wanted = [Wanted(product, quantity) for product, quantity, _ in asked]
        on = self._means.ambient.now().date()
        offers = offers_of(self._means.core, session.customer, wanted, on)
        lines = []
        for offer, (product, quantity, line_id) in zip(offers, asked, strict=True):
            if offer.price is None:
                return offer.blocked or fault("PUNCHOUT-022", target=product.sku)
            lines.append(line_of(offer.product, quantity, offer.price, line_id))
        return tuple(lines)


def is_changeable(session: Session, means: Means) -> bool:
    """Tell whether the cart of a session may still be changed by its shopper."""
    return (
        session.state is SessionState.ACTIVE
        and session.expires_at > means.ambient.now()
        and session.setup.operation is not Operation.INSPECT
    )


def replace_lines(session: Session, lines: tuple[CartLine, ...]) -> Basket:
    """Return the basket of `session` with other lines and the same remarks."""
    return Basket(lines, load_remarks(session.remarks))


def _without(basket: Basket | Session, gone: set[str]) -> Basket:
    if isinstance(basket, Session):
        basket = replace_lines(basket, basket.cart.lines)
    lines = tuple(line for line in basket.lines if _id(line) not in gone)
    kept = {_id(line) for line in lines}
    return Basket(lines, {key: value for key, value in basket.remarks.items() if key in kept})


def _id(line: CartLine) -> str:
    return line.item.auxiliary_id or ""
