"""Check a message's structure without the official DTDs, by our own tables.

They know what the messages of this product need: the attributes that decide, the parts without
which a message is useless (errors), what the DTD requires besides, and in which order the children
stand (warnings). With a DTD installed that one gives the warnings and only the errors are ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final, cast

from lxml import etree

from canonical.faults import Fault, Place, Severity
from protocols.cxml.faults import fault
from protocols.cxml.vocabulary import base_name
from protocols.xml import Element, line_of, path_of


@dataclass(frozen=True, slots=True)
class Rule:
    """State one thing that must not be found in a payload element.

    `breach` is an XPath from the payload element to the elements that break the rule, `where` the
    part of them that is wrong.
    """

    code: str
    breach: str
    message: str
    where: str = ""
    expected: str | None = None


def _listed(attribute: str, values: str) -> str:
    """Return the condition that an attribute is there with none of `values`."""
    allowed = " or ".join(f"@{attribute}='{value}'" for value in values.split())
    return f"@{attribute} and not({allowed})"


_OPERATIONS: Final = "create edit inspect source"
_ORDER_TYPES: Final = "new update delete"
_CONFIRMATIONS: Final = "accept allDetail detail backordered except reject requestToPay replace"

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "PunchOutSetupRequest": (
        Rule(
            "CXML-030",
            f"self::*[{_listed('operation', _OPERATIONS)}]",
            "unknown operation",
            "@operation",
            _OPERATIONS,
        ),
        Rule("CXML-032", "self::*[not(@operation)]", "no operation", "@operation", _OPERATIONS),
        Rule("CXML-032", "self::*[not(BuyerCookie)]", "no BuyerCookie", "BuyerCookie"),
        Rule(
            "CXML-032",
            "BrowserFormPost[not(normalize-space(URL))]",
            "no address to send the cart to",
            "URL",
        ),
        Rule("CXML-032", "ItemOut[not(@quantity)]", "no quantity", "@quantity"),
    ),
    "PunchOutSetupResponse": (
        Rule(
            "CXML-031",
            "self::*[not(normalize-space(StartPage/URL))]",
            "no start page",
            "StartPage/URL",
        ),
    ),
    "PunchOutOrderMessage": (
        Rule("CXML-032", "self::*[not(BuyerCookie)]", "no BuyerCookie", "BuyerCookie"),
        Rule(
            "CXML-032",
            "self::*[not(PunchOutOrderMessageHeader)]",
            "no PunchOutOrderMessageHeader",
            "PunchOutOrderMessageHeader",
        ),
        Rule(
            "CXML-035",
            f"PunchOutOrderMessageHeader[{_listed('operationAllowed', 'create edit inspect')}]",
            "unknown operationAllowed",
            "@operationAllowed",
            "create edit inspect",
        ),
        Rule(
            "CXML-032",
            "PunchOutOrderMessageHeader[not(@operationAllowed)]",
            "no operationAllowed",
            "@operationAllowed",
        ),
        Rule("CXML-032", "PunchOutOrderMessageHeader[not(Total/Money)]", "no total", "Total/Money"),
        Rule("CXML-031", "ItemIn[not(@quantity)]", "no quantity", "@quantity"),
        Rule(
            "CXML-032",
            "ItemIn[not(normalize-space(ItemID/SupplierPartID))]",
            "no SupplierPartID",
            "ItemID/SupplierPartID",
        ),
        Rule(
            "CXML-032",
            "ItemIn[not(ItemDetail/UnitPrice/Money)]",
            "no price",
            "ItemDetail/UnitPrice/Money",
        ),
        Rule(
            "CXML-032",
            "ItemIn[not(normalize-space(ItemDetail/UnitOfMeasure))]",
            "no unit of measure",
            "ItemDetail/UnitOfMeasure",
        ),
    ),
    "OrderRequest": (
        Rule(
            "CXML-031",
            "self::*[not(OrderRequestHeader)]",
            "no OrderRequestHeader",
            "OrderRequestHeader",
        ),
        Rule(
            "CXML-031",
            "OrderRequestHeader[not(normalize-space(@orderID))]",
            "no orderID",
            "@orderID",
        ),
        Rule(
            "CXML-030",
            f"OrderRequestHeader[{_listed('type', _ORDER_TYPES)}]",
            "unknown type of order",
            "@type",
            _ORDER_TYPES,
        ),
        Rule(
            "CXML-031",
            "self::*[not(ItemOut) and not(OrderRequestHeader/@type='delete')]",
            "an order without lines",
            "ItemOut",
        ),
        Rule("CXML-031", "ItemOut[not(@quantity)]", "no quantity", "@quantity"),
        Rule(
            "CXML-032",
            "self::*[not(ItemOut) and OrderRequestHeader/@type='delete']",
            "no lines",
            "ItemOut",
        ),
        Rule("CXML-032", "OrderRequestHeader[not(@orderDate)]", "no orderDate", "@orderDate"),
        Rule("CXML-032", "OrderRequestHeader[not(Total/Money)]", "no total", "Total/Money"),
        Rule("CXML-032", "OrderRequestHeader[not(BillTo)]", "no BillTo", "BillTo"),
        Rule(
            "CXML-032",
            "ItemOut[not(normalize-space(ItemID/SupplierPartID))]",
            "no SupplierPartID",
            "ItemID/SupplierPartID",
        ),
        Rule(
            "CXML-032",
            "ItemOut[ItemDetail and not(ItemDetail/UnitPrice/Money)]",
            "no price",
            "ItemDetail/UnitPrice/Money",
        ),
        Rule(
            "CXML-032",
            "ItemOut[ItemDetail and not(normalize-space(ItemDetail/UnitOfMeasure))]",
            "no unit of measure",
            "ItemDetail/UnitOfMeasure",
        ),
    ),
    "ConfirmationRequest": (
        Rule(
            "CXML-031",
            "self::*[not(ConfirmationHeader)]",
            "no ConfirmationHeader",
            "ConfirmationHeader",
        ),
        Rule("CXML-031", "ConfirmationHeader[not(@type)]", "no type", "@type", _CONFIRMATIONS),
        Rule(
            "CXML-030",
            f"ConfirmationHeader[{_listed('type', _CONFIRMATIONS)}]",
            "unknown type of confirmation",
            "@type",
            _CONFIRMATIONS,
        ),
        Rule("CXML-032", "ConfirmationHeader[not(@noticeDate)]", "no noticeDate", "@noticeDate"),
        Rule("CXML-032", "self::*[not(OrderReference)]", "no OrderReference", "OrderReference"),
        Rule("CXML-032", "ConfirmationItem[not(@lineNumber)]", "no lineNumber", "@lineNumber"),
        Rule("CXML-031", "ConfirmationItem[not(@quantity)]", "no quantity", "@quantity"),
    ),
    "StatusUpdateRequest": (
        Rule("CXML-031", "self::*[not(Status)]", "no Status", "Status"),
        Rule(
            "CXML-032", "DocumentReference[not(@payloadID)]", "no payloadID", "@payloadID"
        ),
    ),
    "ProfileResponse": (
        Rule("CXML-032", "self::*[not(@effectiveDate)]", "no effectiveDate", "@effectiveDate"),
        Rule("CXML-032", "self::*[not(Transaction)]", "no Transaction", "Transaction"),
    ),
}  # fmt: skip
"""What each message needs, by its element; a message that is not listed is not checked."""

CHILDREN: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(children.split())
    for name, children in {
        "PunchOutSetupRequest": (
            "BuyerCookie Extrinsic BrowserFormPost Contact SupplierSetup ShipTo "
            "SelectedItem ItemOut"
        ),
        "PunchOutSetupResponse": "StartPage",
        "PunchOutOrderMessage": "BuyerCookie PunchOutOrderMessageHeader ItemIn",
        "OrderRequest": "OrderRequestHeader ItemOut",
        "ConfirmationRequest": (
            "ConfirmationHeader OrderReference OrderStatusRequestReference "
            "OrderStatusRequestIDInfo ConfirmationItem"
        ),
        "StatusUpdateRequest": (
            "DocumentReference Status PaymentStatus SourcingStatus InvoiceStatus DocumentStatus "
            "IntegrationStatus Extrinsic"
        ),
        "ProfileRequest": "",
        "ProfileResponse": "Option Transaction",
    }.items()
}
"""The children of each payload element in the order of the DTD."""


_MAX_FAULTS: Final = 100


def check(body: Element, name: str, *, errors_only: bool) -> tuple[Fault, ...]:
    """Return what our own tables have against a payload element, at most 100 faults."""
    element = base_name(name)
    rules = _rules(element, errors_only)
    found: list[Fault] = []
    if rules and _union(rules)(body):
        for rule in rules:
            found.extend(_fault(rule, node) for node in _nodes(rule, body)[:_MAX_FAULTS])
    if not errors_only:
        found.extend(islice(_out_of_order(body, CHILDREN.get(element)), _MAX_FAULTS))
    return tuple(found[:_MAX_FAULTS])


@cache
def _rules(element: str, errors_only: bool) -> tuple[Rule, ...]:  # noqa: FBT001 -- cache wants it
    return tuple(
        rule
        for rule in RULES.get(element, ())
        if not errors_only or fault.kinds[rule.code].severity is Severity.ERROR
    )


@cache
def _union(rules: tuple[Rule, ...]) -> etree.XPath:
    """Return one search for all breaches: nearly every document has none."""
    return _search(" | ".join(rule.breach for rule in rules))


def _nodes(rule: Rule, body: Element) -> list[Element]:
    # an XPath may give anything; those of our table select elements
    return cast("list[Element]", _search(rule.breach)(body))


@cache
def _search(path: str) -> etree.XPath:
    return etree.XPath(path)


def _fault(rule: Rule, node: Element) -> Fault:
    path = "/".join(step for step in (path_of(node), rule.where) if step)
    return fault(
        rule.code,
        f"{node.tag}: {rule.message}",
        place=Place(line=line_of(node), path=path),
        found=node.get(rule.where[1:]) if rule.where.startswith("@") else None,
        expected=rule.expected,
    )


def _out_of_order(body: Element, order: tuple[str, ...] | None) -> Iterator[Fault]:
    """Give what stands behind a sibling that the DTD puts after it, and what it does not know."""
    if order is None:
        return
    rank = {name: number for number, name in enumerate(order)}
    highest, last = -1, ""
    for child in body:
        number = rank.get(str(child.tag))
        if number is None:
            yield _fault(Rule("CXML-034", "", "not expected here"), child)
        elif number < highest:
            yield _fault(Rule("CXML-033", "", f"belongs before {last}"), child)
        else:
            highest, last = number, str(child.tag)
