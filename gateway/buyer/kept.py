"""Say what a buyer's system keeps of a cart: some cut texts, some swap units, some lose the cart.

These are the silent losses that users complain of most; a virtual buyer that kept everything would
prove nothing. What a system does stands in its profile.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import msgspec

from canonical.price import Price
from canonical.punchout import Cart, CartLine
from gateway.buyer.lines import measured
from gateway.partners.limits import Limits
from gateway.partners.profile import Buyer

EACH: Final = "EA"


def kept(cart: Cart, system: Buyer, limits: Limits) -> Cart | None:
    """Return the cart as the system has it in its requisition; None when it loses the whole."""
    if system.unknown_unit == "lose-cart" and any(_strange(line, limits) for line in cart.lines):
        return None
    if system.long_text == "refuse" and any(_too_long(line, limits) for line in cart.lines):
        return None
    lines = tuple(_line(line, system, limits) for line in cart.lines)
    return msgspec.structs.replace(cart, lines=lines)


def _strange(line: CartLine, limits: Limits) -> bool:
    return bool(limits.units) and line.quantity.unit not in limits.units


def _too_long(line: CartLine, limits: Limits) -> bool:
    texts = (
        (line.item.sku, limits.sku_length),
        (line.item.auxiliary_id, limits.auxiliary_length),
        (line.description, limits.description_length),
    )
    return any(
        text is not None and length is not None and measured(text, limits) > length
        for text, length in texts
    )


def _line(line: CartLine, system: Buyer, limits: Limits) -> CartLine:
    quantity = line.quantity
    if system.unknown_unit == "each" and _strange(line, limits):
        quantity = msgspec.structs.replace(quantity, unit=EACH)
    cuts = system.long_text == "cut"
    item = msgspec.structs.replace(
        line.item, sku=_cut(line.item.sku, limits.sku_length if cuts else None, limits)
    )
    return msgspec.structs.replace(
        line,
        item=item,
        quantity=quantity,
        description=_cut(line.description, limits.description_length if cuts else None, limits),
        price=_rounded(line.price, limits.price_decimals),
    )


def _cut(text: str | None, length: int | None, limits: Limits) -> str | None:
    if text is None or length is None:
        return text
    if limits.count_bytes:
        return text.encode()[:length].decode("utf-8", "ignore")
    return text[:length]


def _rounded(price: Price | None, decimals: int | None) -> Price | None:
    if price is None or decimals is None:
        return price
    exponent = price.amount.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= decimals:
        return price
    amount = price.amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return msgspec.structs.replace(price, amount=amount)
