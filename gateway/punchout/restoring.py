"""Rebuild the cart that a buyer brings back to change or to look at.

The line id that we gave (SupplierPartAuxiliaryID) names the product even if the buyer's system
mangled the part number; without one that we know, the part number has to do. Prices are today's,
with the earlier one beside them where it moved. What a buyer brings to be sourced may come from
anywhere, and a line may name another supplier: what we do not sell, or not this time, stands in the
cart with the reason, and does not go home.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from canonical.faults import Fault
from canonical.party import Customer
from canonical.price import Price
from canonical.product import Product
from canonical.punchout import CartLine, Operation, PunchoutSetup
from canonical.rules.suppliers import named_instead
from gateway.partners.model import Partner
from gateway.punchout.baskets import Remark, in_place, line_of, same_price
from gateway.punchout.faults import fault
from gateway.punchout.means import Means
from gateway.punchout.offers import Offer, Wanted, offers_of
from gateway.punchout.packaging import in_own_unit

MAX_AUXILIARY_ID = 255
GONE = fault("PUNCHOUT-109").message
STRANGE = fault("PUNCHOUT-110").message
"""Said of what a buyer brings to be sourced and this shop never had."""
THEIRS = fault("PUNCHOUT-111").message
"""Said of a line that names another supplier, whatever its number means here."""


@dataclass(slots=True)
class Restored:
    """Hold a rebuilt cart: its lines, remarks beside them, and the faults found on the way."""

    lines: tuple[CartLine, ...] = ()
    remarks: dict[str, Remark] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    unknown: bool = False
    """A line is not ours and cannot be found by its part number either."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """Hold one line as sent, with the id it will have and the product it means, if any.

    `issued` is one whose id we gave; `known` one that is not refused for its id.
    """

    line: CartLine
    auxiliary_id: str
    sku: str | None
    issued: bool
    known: bool


def is_lineless(setup: PunchoutSetup) -> bool:
    """Tell whether an earlier cart is to be opened and nothing of it came along.

    What was in it cannot be looked up: a buyer cookie is another in each session and no key, and
    what became of an earlier cart in the buyer's system only that system knows.
    """
    return setup.operation in {Operation.EDIT, Operation.INSPECT} and not setup.lines


def new_line_id(means: Means) -> str:
    """Return a new opaque id for a cart line, short enough for every buyer's system."""
    return hashlib.sha256(means.ambient.new_id().encode()).hexdigest()[:16]


def restore(
    means: Means, partner: Partner, customer: Customer, setup: PunchoutSetup, on: date
) -> Restored:
    """Return the cart that `setup` brings; raises `CoreError` when prices cannot be asked."""
    if not setup.lines:
        return Restored()
    sent = _identified(means, partner.id, setup)
    products = means.products.products(sorted({one.sku for one in sent if one.sku}))
    theirs = {one.auxiliary_id for one in sent if _is_theirs(one, partner, products)}
    ours = [one for one in sent if one.auxiliary_id not in theirs]
    strangers = tuple(_unknown(one) for one in ours if not one.known and one.sku not in products)
    if strangers:
        return Restored(faults=strangers, unknown=True)
    reasons = dict.fromkeys(theirs, THEIRS)
    sold: list[tuple[_Sent, Wanted]] = []
    for one in ours:
        product = products.get(one.sku or "")
        quantity = None if product is None else _own_quantity(one, product)
        if isinstance(quantity, Fault):
            reasons[one.auxiliary_id] = quantity.message
        elif product is not None and quantity is not None:
            sold.append((one, Wanted(product, quantity)))
    answers = offers_of(means.core, customer, [wanted for _, wanted in sold], on)
    offers = {
        one.auxiliary_id: (wanted.quantity, offer)
        for (one, wanted), offer in zip(sold, answers, strict=True)
    }
    gone = STRANGE if setup.operation is Operation.SOURCE else GONE
    restored = Restored()
    restored.lines = tuple(
        _rebuilt(one, *offers[one.auxiliary_id], restored.remarks)
        if one.auxiliary_id in offers
        else _kept(one, restored.remarks, reasons.get(one.auxiliary_id, gone))
        for one in sent
    )
    restored.faults = tuple(
        fault("PUNCHOUT-011", found=line.item.sku, target=f"lines[{line.line_id}]")
        for line in restored.lines
        if restored.remarks.get(line.item.auxiliary_id or "", Remark()).reason
    )
    return restored


def _identified(means: Means, partner: str, setup: PunchoutSetup) -> list[_Sent]:
    """Return what each line means; one that comes to be sourced never was a line of ours."""
    lines, sourcing = setup.lines, setup.operation is Operation.SOURCE
    named = [line.item.auxiliary_id for line in lines if line.item.auxiliary_id]
    issued = means.store.issued_skus(partner, named)
    taken: set[str] = set()
    result = []
    for line in lines:
        given = line.item.auxiliary_id or ""
        keeps = 0 < len(given) <= MAX_AUXILIARY_ID and given not in taken
        auxiliary_id = given if keeps else new_line_id(means)
        taken.add(auxiliary_id)
        sku = issued.get(given, line.item.sku)
        known = sourcing or given in issued or not given
        result.append(_Sent(line, auxiliary_id, sku, issued=given in issued, known=known))
    return result


def _is_theirs(one: _Sent, partner: Partner, products: Mapping[str, Product]) -> bool:
    """Tell whether a line names another supplier; our own id says better whose it is."""
    product = products.get(one.sku or "")
    too = () if product is None or product.supplier is None else (product.supplier,)
    return not one.issued and named_instead(one.line, partner.our_ids, too) is not None


def _unknown(one: _Sent) -> Fault:
    return fault(
        "PUNCHOUT-010",
        found=one.line.item.auxiliary_id,
        expected="a line id that we gave to this partner, or a part number that we sell",
        target=f"lines[{one.line.line_id}]",
    )


def _own_quantity(one: _Sent, product: Product) -> Decimal | Fault:
    """Return the quantity of a line in the product's own unit.

    Carts of ours count in it, so one that comes back in a unit that does not convert was renamed by
    the buyer's system and means the same; what we never sent may mean anything.
    """
    sent = one.line.quantity
    quantity = in_own_unit(product, sent.value, sent.unit)
    return sent.value if one.issued and isinstance(quantity, Fault) else quantity


def _rebuilt(one: _Sent, quantity: Decimal, offer: Offer, remarks: dict[str, Remark]) -> CartLine:
    price = offer.price
    if price is None:
        reason = offer.blocked.message if offer.blocked else GONE
        remarks[one.auxiliary_id] = Remark(reason=reason)
        return _renamed(one, offer.product.name)
    before = _price_before(one, quantity)
    if before is not None and not same_price(before, price):
        remarks[one.auxiliary_id] = Remark(previous=before)
    line = line_of(offer.product, quantity, price, one.auxiliary_id)
    return in_place(line, one.line)


def _price_before(one: _Sent, quantity: Decimal) -> Price | None:
    """Return the price that came along, for as much of the product's own unit as it was for."""
    price, sent = one.line.price, one.line.quantity.value
    if price is None or quantity == sent or not sent:
        return price
    return replace(price, base_quantity=price.base_quantity * quantity / sent, unit=None)


def _kept(one: _Sent, remarks: dict[str, Remark], reason: str) -> CartLine:
    remarks[one.auxiliary_id] = Remark(reason=reason)
    return _renamed(one, one.line.name or one.line.description or one.sku or "")


def _renamed(one: _Sent, name: str) -> CartLine:
    item = replace(one.line.item, auxiliary_id=one.auxiliary_id, sku=one.sku)
    return replace(one.line, item=item, name=name)
