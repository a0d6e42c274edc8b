"""Judge a cart that came home by the table that the shop should have checked it with.

The judge of the message itself sees units, part ids and lengths as they are spelt; here are the
rules that only the meaning of the cart shows. Severity is what the buyer's profile decides, or
what the rule leads to by itself.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from canonical.punchout import Cart
from gateway.buyer.findings import Finding
from gateway.partners.keeping import CART_RULES, EFFECTS, Broken, CartRule, LineRule, rules_for
from gateway.partners.limits import LimitRule, Limits

SPELT: Final[frozenset[LimitRule]] = frozenset(
    {
        "sku-length",
        "sku-characters",
        "auxiliary-length",
        "unit",
        "unit-length",
        "classification",
        "description-length",
        "price-decimals",
    }
)
"""Rules that are judged in the message, by `gateway.buyer.lines`, or that need its spelling."""


def judge_keeping(cart: Cart, limits: Limits, document: str) -> tuple[Finding, ...]:
    """Return what the buyer's system would not keep of `cart`, beyond what its message shows."""
    return tuple(_findings(cart, limits, document))


def _findings(cart: Cart, limits: Limits, document: str) -> Iterator[Finding]:
    for cart_rule in CART_RULES:
        yield from _told(cart_rule, cart_rule.check(cart, limits), limits, document, None)
    rules = [rule for rule in rules_for(limits) if rule.name not in SPELT]
    for line in cart.lines:
        item = line.item.sku or f"line {line.line_id}"
        for rule in rules:
            yield from _told(rule, rule.check(line, limits), limits, document, item)


def _told(
    rule: LineRule | CartRule,
    broken: Iterable[Broken],
    limits: Limits,
    document: str,
    item: str | None,
) -> Iterator[Finding]:
    decision = limits.decisions.get(rule.name, rule.usually)
    if decision == "ignore":
        return
    code = "BUYER-055" if decision == "block" else "BUYER-056"
    effect = EFFECTS[limits.effects.get(rule.name, "unknown")]
    for one in broken:
        message = f"{rule.name}: {effect}" if effect else rule.name
        yield Finding(code, message, document, found=one.found, expected=one.expected, item=item)
