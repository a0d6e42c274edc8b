"""Judge an order against what the core knows of customer, products and contract prices.

Pure: the caller gathers `OrderFacts`, `check_order` finds everything that is wrong at once and
the partner's `OrderPolicy` says what follows. Rules, codes and defaults:

    code       checks                                              by default
    ORDER-001  the customer is known                               hold
    ORDER-002  the orderer is authorised                           hold
    ORDER-003  the order is within the orderer's limit             hold
    ORDER-004  the order names its orderer                         hold
    ORDER-005  there are lines                                     reject
    ORDER-006  line numbers are unique                             reject
    ORDER-007  the product is known                                hold
    ORDER-008  the product is in the customer's assortment         hold
    ORDER-009  there is a contract price                           hold
    ORDER-010  the price is within tolerance of it                 hold
    ORDER-011  (the price differs, but within tolerance)           note
    ORDER-012  the currency is the contract's                      hold
    ORDER-013  at least the minimum quantity                       hold
    ORDER-014  a multiple of the packaging                         hold
    ORDER-015  the unit is the product's or converts exactly       hold
    ORDER-016  (the unit was converted)                            note
    ORDER-017  the delivery address is the customer's              hold
    ORDER-018  there is a delivery address                         note
    ORDER-019  no credit hold                                      hold
    ORDER-020  the total is the sum of the lines                   note
    ORDER-021  the quantity is greater than zero                   reject
    ORDER-022  (the line has no price: the contract's holds)       note
    ORDER-023  the price can be compared                           hold
    ORDER-024  (the price of a quote holds, not today's)           note
    ORDER-025  the quote has not ended                             note
    ORDER-026  no more than is left of the quote                   note
    ORDER-027  a whole and its parts are billed once               hold
    ORDER-028  the line names no other supplier                    hold

A line that refers to a quote is judged by the quote's price: "contract price" means that one then.

Decision: rejected when the order is or no line is left; else held when anything holds; else
changed when a line is changed or rejected; else accepted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from canonical.amounts import Money, rounded
from canonical.faults import Fault
from canonical.order import Item, LineStatus, Order, OrderLine, OrderResponseLine
from canonical.party import Contact, orderer_called, salesperson_for
from canonical.price import Price, total_of
from canonical.rules.judgement import (
    FAULTS,
    RULE,
    RULES,
    Consequence,
    Decision,
    Finding,
    Judgement,
    OrderFacts,
    OrderPolicy,
    Rule,
    fault_of,
)
from canonical.rules.order_head import check_head
from canonical.rules.order_line import check_line, contract_price, price_words, product_of
from canonical.rules.quotes import by_quotes, uses_of
from canonical.rules.sums import for_nothing, priced_by
from canonical.rules.suppliers import named_instead

__all__ = [
    "FAULTS",
    "RULE",
    "RULES",
    "Consequence",
    "Decision",
    "Judgement",
    "OrderFacts",
    "OrderPolicy",
    "Rule",
    "agreed_order",
    "check_order",
]

_STATUSES: Final[Mapping[Consequence, LineStatus]] = {
    Consequence.REJECT: LineStatus.REJECTED,
    Consequence.CHANGE: LineStatus.CHANGED,
}


@dataclass(frozen=True, slots=True)
class _Ruled:
    """Hold a finding with what follows from it."""

    finding: Finding
    consequence: Consequence
    fault: Fault


def check_order(order: Order, facts: OrderFacts, policy: OrderPolicy | None = None) -> Judgement:
    """Return the decision on `order`, every fault, and an answer to each of its lines.

    A rejected line keeps its ordered quantity: that is how much is rejected.
    """
    policy = policy or OrderPolicy()
    asked = facts
    facts, said = by_quotes(order, asked)
    found = (*_findings(order, facts, policy), *said)
    ruled = [_ruled(finding, policy) for finding in found]
    whole = any(one.consequence is Consequence.REJECT and one.finding.line is None for one in ruled)
    lines = tuple(
        _answer(line, [one for one in ruled if one.finding.line == index], facts, rejected=whole)
        for index, line in enumerate(order.lines)
    )
    return Judgement(
        decision=_decision(ruled, lines),
        faults=tuple(one.fault for one in ruled),
        lines=lines,
        salesperson=_salesperson(order, facts),
        uses=tuple(uses_of(order, asked, facts.quotes)),
    )


def _salesperson(order: Order, facts: OrderFacts) -> Contact | None:
    if facts.customer is None:
        return None
    who = order.originator
    named = () if who is None else (who.email, who.identifier.value if who.identifier else None)
    return salesperson_for(facts.customer, orderer_called(facts.customer, named))


def agreed_order(order: Order, judgement: Judgement) -> Order:
    """Return `order` as it is agreed to: changed quantities and prices in, rejected lines out.

    Each line has our article number, whatever number the buyer gave. The total is summed anew when
    a line differs, since it was the buyer's sum of other lines.
    """
    agreed = tuple(
        replace(line, quantity=answer.quantity, price=answer.price, item=answer.item or line.item)
        for line, answer in zip(order.lines, judgement.lines, strict=True)
        if answer.status is not LineStatus.REJECTED
    )
    credited = replace(order, lines=agreed, salesperson=judgement.salesperson)
    free = any(one.code == "ORDER-027" for one in judgement.faults)
    if not free and not any(line.status in _STATUSES.values() for line in judgement.lines):
        return credited
    total = Money(amount=rounded(total_of(agreed), 2), currency=order.currency)
    return replace(credited, total=total if order.total is not None else None)


def _findings(order: Order, facts: OrderFacts, policy: OrderPolicy) -> Iterator[Finding]:
    yield from check_head(order, facts, policy)
    elsewhere = priced_by(order, policy.total_tolerance)
    for index, line in enumerate(order.lines):
        yield from check_line(index, line, facts, policy)
        yield from _seller(index, line, order, facts)
        if index in elsewhere:
            yield _billed_once(index, line, order.lines[elsewhere[index]])


def _seller(index: int, line: OrderLine, order: Order, facts: OrderFacts) -> Iterator[Finding]:
    product = product_of(line, facts)
    to_us = () if order.seller is None else order.seller.identifiers
    theirs = () if product is None or product.supplier is None else (product.supplier,)
    named = named_instead(line, (*facts.us, *to_us), theirs)
    if named is not None:
        target = f"lines[{index}].supplier"
        found = f"{named.scheme} {named.value}"
        yield Finding("ORDER-028", target, found, "us, or no name", line=index)


def _billed_once(index: int, line: OrderLine, instead: OrderLine) -> Finding:
    """Return that a line has a price beside that of its whole or parts; it goes at none."""
    price = for_nothing(line).price
    return Finding(
        "ORDER-027",
        f"lines[{index}].price",
        None if line.price is None else price_words(line.price),
        f"0, as line {instead.line_id} has the price",
        line=index,
        price=price,
    )


def _ruled(finding: Finding, policy: OrderPolicy) -> _Ruled:
    consequence = policy.consequence(finding.code)
    return _Ruled(finding, consequence, fault_of(finding, consequence))


def _answer(
    line: OrderLine, ruled: list[_Ruled], facts: OrderFacts, *, rejected: bool
) -> OrderResponseLine:
    status = _line_status(ruled, rejected=rejected)
    quantity, price = line.quantity, line.price
    for one in ruled:
        changes = one.consequence is Consequence.CHANGE or one.finding.code == "ORDER-022"
        if changes and status is not LineStatus.REJECTED:
            quantity = one.finding.quantity or quantity
            price = one.finding.price or price
    if quantity is not line.quantity and price is not line.price:
        price = _price_at(replace(line, quantity=quantity), facts) or price
    price = next((one.finding.price for one in ruled if one.finding.code == "ORDER-027"), price)
    reason = "; ".join(one.fault.message for one in ruled if one.consequence in _STATUSES)
    return OrderResponseLine(
        line_id=line.line_id,
        status=status,
        quantity=quantity,
        item=_ours(line, facts),
        price=price,
        reason=reason or None,
    )


def _ours(line: OrderLine, facts: OrderFacts) -> Item:
    """Return what a line is about, with our article number where another's number found it."""
    product = None if line.item.sku else product_of(line, facts)
    return line.item if product is None else replace(line.item, sku=product.sku)


def _price_at(line: OrderLine, facts: OrderFacts) -> Price | None:
    product, contract = product_of(line, facts), facts.prices.get(line.line_id)
    if product is None or contract is None:
        return None
    return contract_price(line, product, contract)


def _line_status(ruled: list[_Ruled], *, rejected: bool) -> LineStatus:
    consequences = {one.consequence for one in ruled}
    if rejected or Consequence.REJECT in consequences:
        return LineStatus.REJECTED
    return LineStatus.CHANGED if Consequence.CHANGE in consequences else LineStatus.ACCEPTED


def _decision(ruled: list[_Ruled], lines: tuple[OrderResponseLine, ...]) -> Decision:
    if all(line.status is LineStatus.REJECTED for line in lines) and _rejects(ruled):
        return Decision.REJECTED
    if any(one.consequence is Consequence.HOLD for one in ruled):
        return Decision.HELD
    if any(line.status is not LineStatus.ACCEPTED for line in lines):
        return Decision.CHANGED
    return Decision.ACCEPTED


def _rejects(ruled: list[_Ruled]) -> bool:
    return any(one.consequence is Consequence.REJECT for one in ruled)
