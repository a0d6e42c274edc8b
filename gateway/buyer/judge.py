"""Judge what came home: would this buyer keep the cart, and keep it right.

Each check is a function from the cart under judgement to findings; `CHECKS` lists them. They
read the message itself, so a mapping that is wrong in both directions cannot hide.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Final

from canonical.amounts import decimal_of, rounded
from canonical.wire import Message, Node
from gateway.buyer.findings import Finding
from gateway.buyer.lines import LINE_CHECKS, Line
from gateway.buyer.places import PLACES, Places, value_at
from gateway.buyer.tree import at, children, everything, line_of, nearest, text_at
from gateway.partners.limits import Limits

SECRETS: Final = frozenset({"SharedSecret", "CredentialMac", "DigitalSignature"})
OPERATIONS: Final = frozenset({"create", "inspect", "edit"})
_DOUBLE: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_DAMAGED: Final = re.compile("\N{REPLACEMENT CHARACTER}|[ÂÃ][\u0080-¿]|â\u0080[\u0080-¿]")
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say what the buyer sent and did, which the cart must agree with.

    `sender` and `receiver` are the (domain, identity) pairs of From and To in the setup;
    `goods` what was put into the cart by supplier part number.
    """

    buyer_cookie: str
    sender: frozenset[tuple[str, str]] = frozenset()
    receiver: frozenset[tuple[str, str]] = frozenset()
    goods: tuple[tuple[str, Decimal], ...] = ()
    cancelled: bool = False


@dataclass(frozen=True)
class Case:
    """Hold the cart under judgement and what it is measured against."""

    message: Message
    wanted: Wanted
    limits: Limits
    places: Places

    @property
    def body(self) -> Node | None:
        """Return the element that is the cart."""
        tree = self.message.element
        return at(tree, self.places.body) if self.places.body else tree

    @property
    def header(self) -> Node | None:
        """Return the header of the cart."""
        return at(self.body, "PunchOutOrderMessageHeader")

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines of the cart."""
        above, _, name = self.places.items.rpartition("/")
        items = children(at(self.message.element, above) if above else self.message.element, name)
        return tuple(Line(node, number, self.places) for number, node in enumerate(items, start=1))

    def finding(
        self,
        code: str,
        message: str,
        path: str,
        found: str | None = None,
        expected: str | None = None,
    ) -> Finding:
        """Return a finding about the cart as a whole."""
        place = line_of(nearest(self.message.element, path))
        document = self.places.document
        return Finding(
            code, message, document, line=place, path=path, found=found, expected=expected
        )


Check = Callable[[Case], Iterator[Finding]]


def judge_cart(
    message: Message, wanted: Wanted, limits: Limits, syntax: str = "cxml"
) -> tuple[Finding, ...]:
    """Return every finding about a message that came home through the browser."""
    case = Case(message, wanted, limits, PLACES[syntax])
    findings = [*_texts(case)]
    for check in CHECKS[syntax] if case.body is not None else WITHOUT_CART:
        findings.extend(check(case))
    for line in case.lines:
        for line_check in LINE_CHECKS:
            findings.extend(line_check(line, limits))
    return tuple(findings)


# -- the message


def _envelope(case: Case) -> Iterator[Finding]:
    root = case.message.element
    stamp = root.get("timestamp") or ""
    if not _STAMP.fullmatch(stamp):
        yield case.finding(
            "BUYER-047", "the timestamp is not exact", "@timestamp", stamp, "an offset like +00:00"
        )
    if not root.get("payloadID"):
        yield case.finding("BUYER-048", "no payloadID", "@payloadID", None, "a new one")


def _texts(case: Case) -> Iterator[Finding]:
    document = case.places.document
    for element, path in everything(case.message.element):
        if element.tag in SECRETS:
            said = f"{element.tag} in a document that the browser carries"
            yield Finding("BUYER-021", said, document, line=element.sourceline, path=path)
        yield from _text(element, path, document)


def _text(element: Node, path: str, document: str) -> Iterator[Finding]:
    values = [element.text or "", element.tail or "", *element.attrib.values()]
    for value in values:
        for code, pattern, message in (
            ("BUYER-044", _DOUBLE, "escaped twice"),
            ("BUYER-045", _DAMAGED, "damaged letters"),
        ):
            found = pattern.search(value)
            if found and not (code == "BUYER-044" and "://" in value):
                excerpt = value.strip()[:80]
                yield Finding(code, message, document, element.sourceline, path, found=excerpt)


def _identities(node: Node | None) -> frozenset[tuple[str, str]]:
    return frozenset(
        ((credential.get("domain") or "").lower(), text_at(credential, "Identity") or "")
        for credential in children(node, "Credential")
    )


def _parties(case: Case) -> Iterator[Finding]:
    for role, expected in (("From", case.wanted.receiver), ("To", case.wanted.sender)):
        path = f"Header/{role}"
        found = _identities(at(case.message.element, path))
        lowered = {(domain.lower(), identity) for domain, identity in expected}
        if lowered and not lowered & found:
            yield case.finding(
                "BUYER-026",
                f"{role} names none of the identities of the setup",
                path,
                ", ".join(f"{domain}:{identity}" for domain, identity in sorted(found)),
                " or ".join(f"{domain}:{identity}" for domain, identity in sorted(expected)),
            )


# -- the cart


def _message(case: Case) -> Iterator[Finding]:
    status = case.message.status
    if not (case.wanted.cancelled and status is not None and status.code == 204):  # noqa: PLR2004
        found = case.message.name if status is None else f"{case.message.name} with {status.code}"
        yield case.finding("BUYER-028", "no cart in the message", "Message", found)


def _session(case: Case) -> Iterator[Finding]:
    path = case.places.body
    cookie = _content(at(case.body, "BuyerCookie"))
    if cookie != case.wanted.buyer_cookie:
        yield case.finding(
            "BUYER-020",
            "another BuyerCookie came back",
            f"{path}/BuyerCookie",
            cookie,
            repr(case.wanted.buyer_cookie),
        )
    operation = None if case.header is None else case.header.get("operationAllowed")
    if operation not in OPERATIONS:
        yield case.finding(
            "BUYER-022",
            "operationAllowed must be one of three",
            f"{path}/PunchOutOrderMessageHeader/@operationAllowed",
            operation,
            ", ".join(sorted(OPERATIONS)),
        )
    yield from _emptiness(case)


def _emptiness(case: Case) -> Iterator[Finding]:
    path = case.places.items
    if case.wanted.cancelled and case.lines:
        yield case.finding("BUYER-029", "lines after a cancel", path, str(len(case.lines)), "none")
    if not case.lines and not case.wanted.cancelled:
        yield case.finding("BUYER-027", "no line in the cart", path)


def _content(node: Node | None) -> str | None:
    """Return a cookie's content as text; markup inside it is compared as it is spelt."""
    if node is None:
        return None
    pieces = [node.text or ""]
    for child in node:
        attributes = "".join(f' {name}="{value}"' for name, value in child.attrib.items())
        inner = _content(child) or ""
        pieces.append(f"<{child.tag}{attributes}>{inner}</{child.tag}>{child.tail or ''}")
    return "".join(pieces).strip()


def _currency(case: Case) -> Iterator[Finding]:
    spelt = [
        value_at(case.header, "Total/Money/@currency"),
        *(line.currency for line in case.lines),
    ]
    codes = sorted({code for code in spelt if code})
    if len(codes) > 1:
        path = case.places.items.rpartition("/")[0]
        yield case.finding("BUYER-023", "several currencies", path, ", ".join(codes), "1")


def _total(case: Case) -> Iterator[Finding]:
    path = case.places.total
    spelt = value_at(case.message.element, path)
    total = decimal_of(spelt or "")
    if total is None:
        yield case.finding("BUYER-025", "no total", path, spelt, "a decimal such as 1234.50")
        return
    amounts = [line.amount() for line in case.lines]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return  # the lines' own findings say why nothing can be summed
    sums = _fair_sums(known, total)
    if total not in sums:
        yield case.finding(
            "BUYER-024", "the lines sum up to something else", path, spelt, f"{sums[0]:f}"
        )


def _fair_sums(amounts: list[Decimal], total: Decimal) -> tuple[Decimal, Decimal]:
    """Return the sum rounded once and the sum of rounded lines: both are met on invoices."""
    exponent = total.as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 0)
    step = Decimal(1).scaleb(-decimals)
    each = sum((amount.quantize(step, ROUND_HALF_UP) for amount in amounts), Decimal(0))
    return rounded(sum(amounts, Decimal(0)), decimals), each


def _keys(case: Case) -> Iterator[Finding]:
    keys = [(line.sku, line.auxiliary) for line in case.lines]
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for line, key in zip(case.lines, keys, strict=True):
        seen[key] += 1
        if key[1] is None:
            yield line.finding("BUYER-033", "no auxiliary id", "ItemID", None)
        if seen[key] > 1:
            yield line.finding(
                "BUYER-034",
                "these ids stand on an earlier line too",
                "ItemID",
                " / ".join(part or "-" for part in key),
            )


def _goods(case: Case) -> Iterator[Finding]:
    if not case.wanted.goods or case.wanted.cancelled:
        return
    wanted: Counter[str] = Counter()
    for sku, quantity in case.wanted.goods:
        wanted[sku] += quantity  # type: ignore[assignment]  # a Counter adds any numbers
    came: Counter[str] = Counter()
    for line in case.lines:
        came[line.sku or ""] += line.quantity or Decimal(0)  # type: ignore[assignment]  # as above
    for sku in sorted(wanted.keys() | came.keys()):
        if wanted[sku] != came[sku]:
            yield case.finding(
                "BUYER-049",
                f"another quantity of {sku} than was put in",
                case.places.items,
                f"{came[sku]}",
                f"{wanted[sku]}",
            )


CHECKS: Final[Mapping[str, tuple[Check, ...]]] = {
    "cxml": (_envelope, _parties, _session, _currency, _total, _keys, _goods),
    "oci": (_emptiness, _currency, _keys, _goods),
    "ubl": (_emptiness, _currency, _keys, _goods),
}
"""What is asked of a whole cart, by the syntax of its face."""
WITHOUT_CART: Final[tuple[Check, ...]] = (_envelope, _message)
"""What is asked of a message that has no cart in it."""
