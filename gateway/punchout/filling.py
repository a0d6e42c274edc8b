"""Put several products into a cart at once, each judged by itself: good ones go in, others say why.

Whoever puts something into a cart comes through here: a product page with one wish, a pasted list
with a thousand. The core is asked for all prices in one question.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from canonical.faults import Fault
from canonical.product import Product
from canonical.punchout import CartLine
from gateway.punchout.baskets import MAX_LINES, Remark, in_place, line_of, load_remarks, reason_of
from gateway.punchout.faults import fault
from gateway.punchout.means import Means
from gateway.punchout.offers import Wanted, offers_of, quantity_fault
from gateway.punchout.packaging import fitting
from gateway.punchout.restoring import new_line_id
from gateway.store.sessions import Session


@dataclass(frozen=True, slots=True)
class Wish:
    """Ask for a quantity of a product, in its own unit."""

    product: Product
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Granted:
    """Answer one wish: no fault means that it is in the cart.

    `suggestion` is the quantity of this wish with which it could have been.
    """

    fault: Fault | None = None
    suggestion: Decimal | None = None


@dataclass(slots=True)
class _Heap:
    """Hold all wishes for one product, and the line of the cart that they go onto, if any."""

    product: Product
    wishes: list[int] = field(default_factory=list)
    more: Decimal = Decimal(0)
    line: CartLine | None = None
    fault: Fault | None = None

    @property
    def quantity(self) -> Decimal:
        """Return what the line comes to."""
        return self.more + (self.line.quantity.value if self.line is not None else 0)


def filled(
    means: Means, session: Session, wishes: Sequence[Wish]
) -> tuple[tuple[CartLine, ...], tuple[Granted, ...]]:
    """Return the lines of the cart with what can be had of `wishes`, and one answer a wish.

    Wishes for one product go onto one line and are judged together. Raises `CoreError` when the
    core does not answer.
    """
    lines = session.cart.lines
    heaps = _heaps(lines, load_remarks(session.remarks), wishes)
    for heap in heaps:
        heap.fault = quantity_fault(heap.product, heap.quantity)
    _limit(len(lines), heaps)
    new = _priced(means, session, [heap for heap in heaps if heap.fault is None])
    kept = tuple(in_place(new.pop(line.item.auxiliary_id or "", line), line) for line in lines)
    answers = dict(_answers(heaps, wishes))
    return (*kept, *new.values()), tuple(answers[n] for n in range(len(wishes)))


def takes(line: CartLine, product: Product, remarks: dict[str, Remark]) -> bool:
    """Tell whether more of `product` goes onto this line."""
    same = line.item.sku == product.sku and line.quantity.unit == product.unit
    return same and not reason_of(line, remarks)


def _heaps(
    lines: Sequence[CartLine], remarks: dict[str, Remark], wishes: Sequence[Wish]
) -> list[_Heap]:
    heaps: dict[str, _Heap] = {}
    for number, wish in enumerate(wishes):
        heap = heaps.setdefault(wish.product.sku, _Heap(wish.product))
        heap.wishes.append(number)
        heap.more += wish.quantity
    for line in reversed(lines):
        heap_of_line = heaps.get(line.item.sku or "")
        if heap_of_line is not None and takes(line, heap_of_line.product, remarks):
            heap_of_line.line = line  # the first of the cart, as it is seen last here
    return list(heaps.values())


def _limit(taken: int, heaps: Iterable[_Heap]) -> None:
    for heap in heaps:
        if heap.line is not None or heap.fault is not None:
            continue
        if taken >= MAX_LINES:
            heap.fault = fault("PUNCHOUT-026", expected=f"at most {MAX_LINES} lines")
        else:
            taken += 1


def _priced(means: Means, session: Session, heaps: Sequence[_Heap]) -> dict[str, CartLine]:
    wanted = [Wanted(heap.product, heap.quantity) for heap in heaps]
    on = means.ambient.now().date()
    lines: dict[str, CartLine] = {}
    for heap, offer in zip(heaps, offers_of(means.core, session.customer, wanted, on), strict=True):
        if offer.price is None:
            heap.fault = offer.blocked or fault("PUNCHOUT-022", target=heap.product.sku)
            continue
        old = heap.line.item.auxiliary_id if heap.line is not None else None
        line_id = old or new_line_id(means)
        lines[line_id] = line_of(offer.product, heap.quantity, offer.price, line_id)
    return lines


def _answers(heaps: Iterable[_Heap], wishes: Sequence[Wish]) -> Iterator[tuple[int, Granted]]:
    for heap in heaps:
        yield from ((number, Granted(heap.fault)) for number in heap.wishes[:-1])
        last = heap.wishes[-1]
        missing = fitting(heap.product, heap.quantity) - heap.quantity
        suggestion = wishes[last].quantity + missing if heap.fault and missing else None
        yield last, Granted(heap.fault, suggestion)
