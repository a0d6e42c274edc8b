"""Find the product that a buyer's system means, and name it so: by our number or by another.

Our article number comes first, then an id that we gave to a line of theirs, then their own part
number; what another partner got or calls a product finds nothing.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from canonical.punchout import CartLine
from gateway.partners.model import Partner
from gateway.punchout.means import Means


def sku_meant(means: Means, partner: Partner, *names: str | None) -> str | None:
    """Return the article number of the first of `names` that finds a product."""
    wanted = [name.strip() for name in names if name and name.strip()]
    if not wanted:
        return None
    issued = means.store.issued_skus(partner.id, wanted)
    theirs = means.products.by_buyer_number(partner.customer, wanted)
    candidates = [(name, issued.get(name), theirs.get(name)) for name in wanted]
    known = means.products.products([sku for group in candidates for sku in group if sku])
    return next((sku for group in candidates for sku in group if sku and sku in known), None)


def with_buyer_numbers(
    means: Means, customer_id: str, lines: Sequence[CartLine]
) -> tuple[CartLine, ...]:
    """Return `lines` with the customer's own part number on each that has one."""
    names = means.products.buyer_numbers(customer_id, [line.item.sku or "" for line in lines])
    return tuple(
        replace(line, item=replace(line.item, buyer_sku=name))
        if (name := names.get(line.item.sku or ""))
        else line
        for line in lines
    )
