"""Put what a step of a journey did into facts: pairs of a name and a value, for people to read."""

from collections import Counter
from collections.abc import Sequence

from canonical.amounts import plain
from canonical.order import Order
from canonical.punchout import Cart
from gateway.buyer.differ import KINDS, Difference
from gateway.buyer.documents import total_in
from gateway.buyer.exchange import Exchange


def status_fact(exchange: Exchange) -> tuple[str, str]:
    """Return the status code inside an answer, as a fact."""
    return "status", str(exchange.code or "none")


def cart_facts(cart: Cart) -> tuple[tuple[str, str], ...]:
    """Return how many lines a cart has, and what it costs."""
    total = total_in(cart)
    return ("lines", str(len(cart.lines))), ("total", f"{plain(total.amount)} {total.currency}")


def order_facts(
    orders: Sequence[Order], way: str, differences: tuple[Difference, ...]
) -> tuple[tuple[str, str], ...]:
    """Return which orders went which way, and how they compare with their cart."""
    return (
        ("order", ", ".join(order.order_id for order in orders)),
        ("sent as", way),
        ("order against cart", counted(differences)),
    )


def counted(differences: tuple[Difference, ...]) -> str:
    """Return how many fields were preserved, corrupted, dropped and added."""
    counts = Counter(difference.kind for difference in differences)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
