"""Check an order as a whole: customer, orderer, delivery address, currency, total, line numbers."""

from collections.abc import Iterator
from decimal import Decimal

from canonical.amounts import plain, rounded
from canonical.order import Order
from canonical.party import Address, Customer, Orderer
from canonical.price import total_of
from canonical.rules.judgement import Finding, OrderFacts, OrderPolicy
from canonical.rules.sums import adds_up, billed, countable


def check_head(order: Order, facts: OrderFacts, policy: OrderPolicy) -> Iterator[Finding]:
    """Yield what is wrong with the order apart from its lines' contents."""
    if facts.customer is None:
        yield Finding("ORDER-001", "buyer")
    else:
        yield from _customer(order, facts.customer)
        yield from _orderer(order, facts.customer, policy)
        yield from _address(order, facts.customer)
    yield from _lines(order)
    yield from _total(order, policy)


def _customer(order: Order, customer: Customer) -> Iterator[Finding]:
    if customer.credit_hold:
        yield Finding("ORDER-019", "buyer", found=customer.name)
    if order.currency != customer.currency:
        yield Finding("ORDER-012", "currency", order.currency, customer.currency)


def _orderer(order: Order, customer: Customer, policy: OrderPolicy) -> Iterator[Finding]:
    if not customer.orderers:
        return
    email = order.originator.email if order.originator else None
    if not email or not email.strip():
        yield Finding("ORDER-004", "originator.email")
        return
    orderer = _orderer_by_email(customer, email)
    if orderer is None:
        yield Finding("ORDER-002", "originator.email", email)
    elif orderer.limit is not None and order.currency == customer.currency:
        worth = order_worth(order, policy)
        if worth > orderer.limit:
            limit = f"at most {plain(orderer.limit)} {customer.currency}"
            yield Finding("ORDER-003", "total", f"{plain(worth)} {order.currency}", limit)


def _orderer_by_email(customer: Customer, email: str) -> Orderer | None:
    wanted = email.strip().casefold()
    return next((one for one in customer.orderers if one.email.casefold() == wanted), None)


def order_worth(order: Order, policy: OrderPolicy) -> Decimal:
    """Return what the order is worth without tax: its total or its lines, whichever is more."""
    lines = total_of(billed(order, policy.total_tolerance))
    return max(lines, order.total.amount) if order.total is not None else lines


def _address(order: Order, customer: Customer) -> Iterator[Finding]:
    if order.ship_to is None and not any(line.ship_to for line in order.lines):
        if order.lines:
            yield Finding("ORDER-018", "ship_to")
        return
    if order.ship_to is not None and not known_address(order.ship_to, customer):
        yield _unknown_address(order.ship_to, customer, "ship_to", None)
    for index, line in enumerate(order.lines):
        if line.ship_to is not None and not known_address(line.ship_to, customer):
            yield _unknown_address(line.ship_to, customer, f"lines[{index}].ship_to", index)


def _unknown_address(
    address: Address, customer: Customer, target: str, line: int | None
) -> Finding:
    known = ", ".join(_address_words(one) for one in customer.addresses)
    return Finding("ORDER-017", target, _address_words(address), f"one of: {known}", line=line)


def _address_words(address: Address) -> str:
    words = (address.address_id, *address.street, address.postal_code, address.city)
    return " ".join(word for word in words if word) or "(empty)"


def known_address(address: Address, customer: Customer) -> bool:
    """Tell whether the customer takes deliveries there; by number, else by street and post code.

    No addresses on file means that deliveries may go anywhere.
    """
    if not customer.addresses:
        return True
    if address.address_id:
        return any(one.address_id == address.address_id for one in customer.addresses)
    return any(_place(one) == _place(address) for one in customer.addresses)


def _place(address: Address) -> tuple[str, str, str]:
    code = "".join((address.postal_code or "").split()).casefold()
    street = " ".join(" ".join(address.street).split()).casefold()
    return street, code, (address.country or "").casefold()


def _lines(order: Order) -> Iterator[Finding]:
    if not order.lines:
        yield Finding("ORDER-005", "lines")
    seen: dict[str, int] = {}
    for index, line in enumerate(order.lines):
        first = seen.setdefault(line.line_id, index)
        if first != index:
            expected = f"a number that lines[{first}] does not have"
            yield Finding("ORDER-006", f"lines[{index}].line_id", line.line_id, expected)


def _total(order: Order, policy: OrderPolicy) -> Iterator[Finding]:
    if order.total is None or not order.lines:
        return
    if order.total.currency != order.currency:
        yield Finding("ORDER-012", "total.currency", order.total.currency, order.currency)
        return
    if not all(map(countable, order.lines)):
        return
    lines = billed(order, policy.total_tolerance)
    if not adds_up(order, lines, order.total, policy.total_tolerance):
        found = f"{plain(order.total.amount)} {order.currency}"
        expected = f"{plain(rounded(total_of(lines), 2))} {order.currency}"
        yield Finding("ORDER-020", "total", found, expected)
