"""Check a cart against what the buyer's system keeps, before it is sent there.

Buyers' systems lose whole carts over one unknown unit, or drop a line without a word; so the line,
the rule, what that system would do, and the way out are shown to the person who can still do
something about it. The rules stand in `gateway.partners.keeping`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, Severity
from canonical.punchout import Cart, CartLine
from gateway.partners.keeping import (
    CART_RULES,
    EFFECTS,
    Broken,
    CartRule,
    LineRule,
    rules_for,
)
from gateway.partners.limits import Limits
from gateway.punchout.faults import fault

Spelling = Callable[[str], str]
"""Return a unit of UN/ECE Rec 20 as it will be written for the buyer."""

_SEVERITIES: Final = {"block": Severity.ERROR, "warn": Severity.WARNING}


def check_limits(cart: Cart, limits: Limits, spelling: Spelling = str) -> tuple[Fault, ...]:
    """Return what the buyer's system would lose of `cart`: of the whole, then line by line."""
    rules = rules_for(limits)
    return tuple(check_cart(cart, limits)) + tuple(
        found for line in cart.lines for found in _checked(line, limits, rules, spelling)
    )


def check_line(line: CartLine, limits: Limits, spelling: Spelling = str) -> Iterator[Fault]:
    """Walk what the buyer's system would lose of one line."""
    return _checked(line, limits, rules_for(limits), spelling)


def _checked(
    line: CartLine, limits: Limits, rules: Sequence[LineRule], spelling: Spelling
) -> Iterator[Fault]:
    written = _as_written(line, spelling)
    for rule in rules:
        for broken in rule.check(written, limits):
            yield _told(rule, broken, limits, _target(line))


def check_cart(cart: Cart, limits: Limits) -> Iterator[Fault]:
    """Walk what the buyer's system would not take of the cart as a whole."""
    for rule in CART_RULES:
        if limits.decisions.get(rule.name) != "ignore":
            for broken in rule.check(cart, limits):
                yield _told(rule, broken, limits, None)


def _told(rule: LineRule | CartRule, broken: Broken, limits: Limits, target: str | None) -> Fault:
    """Return the fault of a broken rule, as grave as the buyer's profile has it."""
    made = fault(rule.code, found=broken.found, expected=broken.expected, target=target)
    effect = EFFECTS[limits.effects.get(rule.name, "unknown")]
    message = f"{made.message}; {effect}" if effect else made.message
    severity = _SEVERITIES[limits.decisions.get(rule.name, rule.usually)]
    return replace(made, message=message, severity=severity)


def _as_written(line: CartLine, spelling: Spelling) -> CartLine:
    unit = spelling(line.quantity.unit)
    return replace(line, quantity=replace(line.quantity, unit=unit))


def _target(line: CartLine) -> str:
    return f"lines[{line.line_id}] {line.item.sku or ''}".strip()
