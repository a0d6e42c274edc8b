"""Hold the words of an order's judgement: rules, policy, facts, findings and the verdict.

`RULES` is the one table of what can be wrong with an order: documentation, defaults and what a
policy may say about a rule are read from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from canonical.amounts import Quantity
from canonical.document import Document
from canonical.faults import Fault, FaultKind, FaultTable, Severity
from canonical.identifiers import Identifier
from canonical.order import OrderResponseLine
from canonical.party import Contact, Customer
from canonical.price import Price
from canonical.product import Product


class Decision(StrEnum):
    """Say what becomes of an order."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    HELD = "held"
    REJECTED = "rejected"


class Consequence(StrEnum):
    """Say what follows from one finding.

    `reject` on a line rejects that line, and the order only when no line is left.
    """

    NOTE = "note"
    """Accept as ordered and say so."""
    CHANGE = "change"
    """Accept with our value: contract price, rounded quantity."""
    HOLD = "hold"
    """Let a person decide."""
    REJECT = "reject"


NOTE, CHANGE = Consequence.NOTE, Consequence.CHANGE
HOLD, REJECT = Consequence.HOLD, Consequence.REJECT
ANY: Final = frozenset(Consequence)
NO_CHANGE: Final = frozenset({NOTE, HOLD, REJECT})
STOPS: Final = frozenset({HOLD, REJECT})


class Rule(Document):
    """Describe one rule: its fault, what follows by default and what a policy may choose."""

    code: str
    title: str
    default: Consequence
    allowed: frozenset[Consequence]
    hint: str = ""


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ORDER-001",
        title="the customer is not known to the core",
        default=HOLD,
        allowed=STOPS,
        hint="set `customer` of the partner to the customer's number in the core",
    ),
    Rule(
        code="ORDER-002",
        title="the person who orders is not among the customer's authorised orderers",
        default=HOLD,
        allowed=NO_CHANGE,
        hint="add the person to the customer's orderers in the core, or ask the customer",
    ),
    Rule(
        code="ORDER-003",
        title="the order exceeds the orderer's limit",
        default=HOLD,
        allowed=NO_CHANGE,
        hint="ask the customer for an approval, or raise the limit in the core",
    ),
    Rule(
        code="ORDER-004",
        title="the order does not say who orders, and the customer lets only named people order",
        default=HOLD,
        allowed=NO_CHANGE,
        hint="the buyer's system must send the requester's e-mail address",
    ),
    Rule(
        code="ORDER-005",
        title="the order has no lines",
        default=REJECT,
        allowed=STOPS,
        hint="the buyer must send the order again with its lines",
    ),
    Rule(
        code="ORDER-006",
        title="two lines have the same line number",
        default=REJECT,
        allowed=STOPS,
        hint="line numbers name lines in every answer, so each may occur once",
    ),
    Rule(
        code="ORDER-007",
        title="the product is not known",
        default=HOLD,
        allowed=STOPS,
        hint="the line must carry our article number, or a GTIN or manufacturer's number that "
        "names exactly one of our products",
    ),
    Rule(
        code="ORDER-008",
        title="the product is outside the customer's assortment",
        default=HOLD,
        allowed=NO_CHANGE,
        hint="add the product to an assortment of the customer, or offer another one",
    ),
    Rule(
        code="ORDER-009",
        title="the core has no price of the product for the customer",
        default=HOLD,
        allowed=STOPS,
        hint="give the customer a price in the core",
    ),
    Rule(
        code="ORDER-010",
        title="the price differs from the contract price by more than the tolerance",
        default=HOLD,
        allowed=ANY,
        hint="the buyer's catalogue or cart may be old",
    ),
    Rule(
        code="ORDER-011",
        title="the price differs from the contract price within the tolerance",
        default=NOTE,
        allowed=ANY,
    ),
    Rule(
        code="ORDER-012",
        title="the currency is not the one of the contract",
        default=HOLD,
        allowed=STOPS,
        hint="prices are never converted between currencies",
    ),
    Rule(
        code="ORDER-013",
        title="the quantity is below the product's minimum",
        default=HOLD,
        allowed=ANY,
    ),
    Rule(
        code="ORDER-014",
        title="the quantity is not a multiple of the product's packaging",
        default=HOLD,
        allowed=ANY,
    ),
    Rule(
        code="ORDER-015",
        title="the unit is not the product's, and no exact conversion is known",
        default=HOLD,
        allowed=STOPS,
        hint="order in the product's unit, or map the buyer's unit code in the partner's table",
    ),
    Rule(
        code="ORDER-016",
        title="the unit was converted exactly to the product's",
        default=NOTE,
        allowed=NO_CHANGE,
    ),
    Rule(
        code="ORDER-017",
        title="the delivery address is not one of the customer's",
        default=HOLD,
        allowed=NO_CHANGE,
        hint="add the address to the customer in the core, or ask the customer",
    ),
    Rule(
        code="ORDER-018",
        title="the order names no delivery address",
        default=NOTE,
        allowed=NO_CHANGE,
        hint="the core will use the customer's own",
    ),
    Rule(
        code="ORDER-019",
        title="the customer is on credit hold",
        default=HOLD,
        allowed=NO_CHANGE,
        hint="release the order when the credit department has agreed",
    ),
    Rule(
        code="ORDER-020",
        title="the order's total is not the sum of its lines",
        default=NOTE,
        allowed=NO_CHANGE,
        hint="the lines hold; the total may include tax or shipping that is not stated",
    ),
    Rule(
        code="ORDER-021",
        title="the quantity is not greater than zero",
        default=REJECT,
        allowed=STOPS,
    ),
    Rule(
        code="ORDER-022",
        title="the line has no price; the contract price holds",
        default=NOTE,
        allowed=NO_CHANGE,
    ),
    Rule(
        code="ORDER-023",
        title="the price cannot be compared: it has no positive base quantity or an unknown unit",
        default=HOLD,
        allowed=frozenset({CHANGE, HOLD, REJECT}),
        hint="state the price for a positive quantity of the product's unit",
    ),
    Rule(
        code="ORDER-024",
        title="the price of a quote holds instead of today's contract price",
        default=NOTE,
        allowed=NO_CHANGE,
    ),
    Rule(
        code="ORDER-025",
        title="the quote that the line refers to has ended; today's contract price holds",
        default=NOTE,
        allowed=NO_CHANGE,
        hint="the supplier may quote again, or release an order that comes late",
    ),
    Rule(
        code="ORDER-026",
        title="more is ordered than is left of the quote; today's contract price holds",
        default=NOTE,
        allowed=NO_CHANGE,
        hint="the supplier may quote the larger quantity, or release the order",
    ),
    Rule(
        code="ORDER-027",
        title="a whole and its parts both have prices, and would be billed twice",
        default=HOLD,
        allowed=frozenset({HOLD}),
        hint="released, this line goes to the core at a price of 0",
    ),
    Rule(
        code="ORDER-028",
        title="the line names another supplier",
        default=HOLD,
        allowed=NO_CHANGE,
        hint="if that is us, add the id to `supplier` in partner.yaml",
    ),
)
RULE: Final[Mapping[str, Rule]] = {rule.code: rule for rule in RULES}

SEVERITIES: Final[Mapping[Consequence, Severity]] = {
    NOTE: Severity.NOTE,
    CHANGE: Severity.WARNING,
    HOLD: Severity.ERROR,
    REJECT: Severity.ERROR,
}
WARNS: Final = frozenset(
    {"ORDER-002", "ORDER-003", "ORDER-008", "ORDER-010", "ORDER-019", "ORDER-020"}
)
"""Rules whose finding stays a warning even when the policy lets the order pass."""


def severity(code: str, consequence: Consequence) -> Severity:
    """Return the severity of a finding: what follows from it decides."""
    if consequence is NOTE and code in WARNS:
        return Severity.WARNING
    return SEVERITIES[consequence]


FAULTS: Final[tuple[FaultKind, ...]] = tuple(
    FaultKind(
        code=rule.code,
        title=rule.title,
        severity=severity(rule.code, rule.default),
        hint=rule.hint,
    )
    for rule in RULES
)
_fault: Final = FaultTable(FAULTS)


class OrderPolicy(Document):
    """Say what follows from findings, and how far prices and totals may differ.

    A price is within tolerance when it differs from the contract price by at most
    `price_tolerance` (in the order's currency, for the base quantity that the buyer states; the
    default forgives rounding to two decimals) or by at most `price_tolerance_percent`.
    `consequences` overrules the defaults of `RULES` by code.
    Raises `ValueError` for a code that no rule has or a consequence that it does not allow.
    """

    consequences: dict[str, Consequence] = msgspec.field(default_factory=dict)
    price_tolerance: Decimal = Decimal("0.005")
    price_tolerance_percent: Decimal = Decimal(0)
    total_tolerance: Decimal = Decimal("0.05")

    def __post_init__(self) -> None:
        """Refuse what no rule allows."""
        for code, consequence in self.consequences.items():
            rule = RULE.get(code)
            if rule is None:
                message = f"no order rule has the code {code!r}; there are {', '.join(RULE)}"
                raise ValueError(message)
            if consequence not in rule.allowed:
                allowed = ", ".join(sorted(rule.allowed))
                message = f"{code} ({rule.title}) cannot lead to {consequence}; it can: {allowed}"
                raise ValueError(message)
        for name in ("price_tolerance", "price_tolerance_percent", "total_tolerance"):
            value: Decimal = getattr(self, name)
            if not value.is_finite() or value < 0:
                message = f"{name} is {value}; it must be zero or more"
                raise ValueError(message)

    def consequence(self, code: str) -> Consequence:
        """Return what follows from a finding of this code."""
        return self.consequences.get(code, RULE[code].default)


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold what another order has of a promise."""

    order: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """Hold what a cart of ours promised of a line: this price for up to that quantity, to a day.

    `quote` is the cart's number and `line` the line of it that the promise stands on. `promise`
    names the promise itself: a cart that comes again with the same line and day makes no second
    one. `taken` is what other orders have of it.
    """

    quote: str
    line: str
    quantity: Quantity
    price: Price
    until: date
    promise: str = ""
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Hold what the core knows about an order: gathered by the caller, judged here.

    `products` is keyed by article number; `prices` by `line_id`, the core's answer for that
    line's product and quantity; `reasons`, by `line_id` too, is why there is none. `quotes`, by
    `line_id`, is what we promised before; `came` is the day of the order, by which they end.
    `us` is who we are to the buyer.
    """

    customer: Customer | None
    products: Mapping[str, Product] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[str, QuotedLine] = field(default_factory=dict)
    came: date | None = None
    us: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what one check found; `quantity` and `price` are what a change would make of the line.

    `line` is the index of the order line, None for the order as a whole.
    """

    code: str
    target: str
    found: str | None = None
    expected: str | None = None
    hint: str | None = None
    line: int | None = None
    quantity: Quantity | None = None
    price: Price | None = None


class QuoteUse(Document):
    """Hold how much a line takes of a promise, in the product's own unit where that is exact.

    `standing` is one whose price the promise gave; another asks for that price beyond what was
    promised, and takes of it only if the order goes to the core all the same.
    """

    promise: str
    quantity: Quantity
    standing: bool = True


class Judgement(Document):
    """Hold the decision on an order, every fault found, and an answer to each line in order.

    `salesperson` is who had the credit when the order was judged; every attempt to deliver it says
    the same. `uses` are what the order takes of quotes.
    """

    decision: Decision
    faults: tuple[Fault, ...] = ()
    lines: tuple[OrderResponseLine, ...] = ()
    salesperson: Contact | None = None
    uses: tuple[QuoteUse, ...] = ()


def fault_of(finding: Finding, consequence: Consequence) -> Fault:
    """Return the fault that reports `finding` under a policy that gives it `consequence`."""
    return _fault(
        finding.code,
        severity=severity(finding.code, consequence),
        found=finding.found,
        expected=finding.expected,
        hint=finding.hint,
        target=finding.target,
    )
