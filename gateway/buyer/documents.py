"""Compose what a procurement system says: the setup, and the order made from a cart.

Documents only; how they are spelt on the wire is the business of the mappings and the codec.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from canonical.amounts import Money, rounded
from canonical.identifiers import Property, Reference
from canonical.order import Order, OrderCancellation, OrderChange, OrderLine
from canonical.party import Address, Contact
from canonical.price import total_of
from canonical.punchout import Cart, CartLine, Operation, PunchoutSetup, Shopper
from gateway.partners.profile import Buyer

NAMES: Final = {
    PunchoutSetup: "PunchOutSetupRequest",
    Order: "OrderRequest.new",
    OrderChange: "OrderRequest.update",
    OrderCancellation: "OrderRequest.delete",
}
"""Message name of each document that a buyer sends."""


GOODS_RECEPTION: Final = Address(
    address_id="1",
    name="Goods reception",
    street=("Test Street 1",),
    postal_code="123 45",
    city="Test Town",
    country="SE",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Hold who shops and where the goods go: what a procurement system knows of its user."""

    email: str = "buyer@example.com"
    name: str = "Virtual Buyer"
    address: Address = GOODS_RECEPTION

    @property
    def contact(self) -> Contact:
        """Return the person as a document says it."""
        return Contact(name=self.name, email=self.email, role="endUser")

    def living_at(self, address: Address) -> "Person":
        """Return the same person with another address for the goods."""
        return replace(self, address=address)


def extrinsics(system: Buyer, person: Person) -> tuple[Property, ...]:
    """Return what the system adds to every setup, with the person's data filled in."""
    first, _, last = person.name.partition(" ")
    known = {
        "user": person.email.partition("@")[0],
        "email": person.email,
        "first_name": first,
        "last_name": last,
    }
    return tuple(
        Property(name=entry.name, value=_filled(entry.value, known)) for entry in system.extrinsics
    )


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def make_setup(
    system: Buyer,
    person: Person,
    buyer_cookie: str,
    return_url: str,
    operation: Operation = Operation.CREATE,
    cart: Cart | None = None,
) -> PunchoutSetup:
    """Return a setup for `operation`; with a cart its lines go along, as edit and inspect need."""
    return PunchoutSetup(
        operation=operation,
        buyer_cookie=buyer_cookie,
        return_url=return_url,
        language="en",
        contacts=(person.contact,),
        shopper=Shopper(email=person.email, name=person.name),
        ship_to=person.address if system.ship_to else None,
        lines=() if cart is None else cart.lines,
        properties=extrinsics(system, person),
    )


def total_in(cart: Cart) -> Money:
    """Return what a cart costs: the sum of its lines where its protocol has no total."""
    return cart.total or Money(amount=rounded(total_of(cart.lines), 2), currency=cart.currency)


def split_cart(cart: Cart, count: int) -> tuple[Cart, ...]:
    """Return `cart` in at most `count` parts, as systems split it by address, approver or budget.

    Lines go to the parts in turn; the first that can be shared in whole units goes to all of them.
    A part without lines is left out.
    """
    shared = next((line for line in cart.lines if _is_shareable(line, count)), None)
    parts: list[list[CartLine]] = [[] for _ in range(count)]
    if shared is not None:
        for part, share in zip(parts, _shares(int(shared.quantity.value), count), strict=True):
            quantity = msgspec.structs.replace(shared.quantity, value=Decimal(share))
            part.append(msgspec.structs.replace(shared, quantity=quantity))
    others = (line for line in cart.lines if line is not shared)
    for at, line in enumerate(others):
        parts[at % count].append(line)
    return tuple(
        msgspec.structs.replace(cart, lines=tuple(part), total=None) for part in parts if part
    )


def _is_shareable(line: CartLine, count: int) -> bool:
    value = line.quantity.value
    return value >= count and value == value.to_integral_value()


def _shares(whole: int, count: int) -> tuple[int, ...]:
    """Return `count` shares of a whole number, the first larger where it does not come out even."""
    share, rest = divmod(whole, count)
    return (share + rest, *[share] * (count - 1))


def make_order(
    cart: Cart, person: Person, order_id: str, issued_at: datetime, *, test: bool = False
) -> Order:
    """Return the order of everything in `cart`, at the cart's prices."""
    return Order(
        order_id=order_id,
        issued_at=issued_at,
        currency=cart.currency,
        lines=_order_lines(cart),
        total=total_in(cart),
        originator=person.contact,
        ship_to=person.address,
        bill_to=msgspec.structs.replace(person.address, deliver_to=()),
        references=(Reference(kind="cart", value=cart.cart_id),) if cart.cart_id else (),
        test=test,
    )


def _order_lines(cart: Cart) -> tuple[OrderLine, ...]:
    """Return the lines of the order, numbered from 1; a part follows what it is a part of."""
    numbers = {line.line_id: str(at) for at, line in enumerate(cart.lines, start=1)}
    return tuple(
        _order_line(line, str(at), numbers.get(line.parent_line or ""))
        for at, line in enumerate(cart.lines, start=1)
    )


def _order_line(line: CartLine, line_id: str, parent_line: str | None) -> OrderLine:
    return OrderLine(
        line_id=line_id,
        quantity=line.quantity,
        item=line.item,
        description=line.description or line.name,
        price=line.price,
        classifications=line.classifications,
        properties=line.properties,
        parent_line=parent_line,
        item_type=line.item_type,
        supplier=line.supplier,
        suppliers=line.suppliers,
        price_level=line.price_level,
    )


def make_change(order: Order, issued_at: datetime) -> OrderChange:
    """Return the update of `order`: its next version, the last line doubled."""
    *kept, last = order.lines
    quantity = msgspec.structs.replace(last.quantity, value=last.quantity.value * 2)
    lines = (*kept, msgspec.structs.replace(last, quantity=quantity))
    total = Money(amount=rounded(total_of(lines), 2), currency=order.currency)
    fields = {name: getattr(order, name) for name in Order.__struct_fields__}
    fields |= {"lines": lines, "total": total, "issued_at": issued_at}
    fields["order_version"] = str(int(order.order_version or "1") + 1)
    return OrderChange(**fields)


def make_cancellation(order: Order, issued_at: datetime) -> OrderCancellation:
    """Return the deletion of `order`, one version later."""
    return OrderCancellation(
        order_id=order.order_id,
        issued_at=issued_at,
        order_version=str(int(order.order_version or "1") + 1),
        originator=order.originator,
        note="cancelled by the virtual buyer",
        test=order.test,
    )
