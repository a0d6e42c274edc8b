"""Find the product that a buyer's system means: it may know it by our number or by another.

Our article number comes first, then an id that we gave to a line of theirs, then their own part
number; what another partner got or calls a product finds nothing.
"""

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
