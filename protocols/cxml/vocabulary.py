"""Know the words of cXML: roots, DTD modules by content, message names, default attributes.

The DTD modules are self-contained and overlap; a document belongs to the one that has its payload
element, whatever its DOCTYPE says (a QuoteMessage that declares cXML.dtd is met in practice).
"""

import re
from typing import Final

from canonical.wire import Dialect
from protocols.xml import Doctypes, Element

DEFAULT_VERSION: Final = "1.2.050"
"""Version written when a partner's dialect names none: old enough to be known everywhere."""

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"

_MODULE_ELEMENTS: Final = {
    "Fulfill": (
        "ConfirmationRequest ShipNoticeRequest ServiceEntryRequest SalesOrderRequest "
        "TimeCardInfoRequest ReceiptRequest OrderStatusRequest TimeCardRequest "
        "ComponentConsumptionRequest ProductReplenishmentMessage"
    ),
    "InvoiceDetail": "InvoiceDetailRequest",
    "Quote": "QuoteRequest QuoteMessage",
    "Contract": "ContractRequest ContractStatusUpdateRequest",
    "Logistics": "TransportRequest TransportConfirmation",
    "PaymentRemittance": (
        "PaymentRemittanceRequest PaymentRemittanceStatusUpdateRequest PaymentProposalRequest "
        "TradeRequest PaymentBatchRequest PaymentReceiptConfirmationRequest ChargeFileRequest"
    ),
    "Private": (
        "SessionStatusRequest OrderStatusSetupRequest InvoiceRequest NotificationRequest "
        "SessionStatusResponse OrderStatusSetupResponse OrderStatusDoneMessage QuoteDataMessage"
    ),
}
MODULE_OF: Final = {
    element: module for module, elements in _MODULE_ELEMENTS.items() for element in elements.split()
}
"""The DTD module that has a payload element; what is not listed is in `cXML`."""

MODULES: Final = ("cXML", "Catalog", *_MODULE_ELEMENTS)

ROOTS: Final = frozenset({"cXML", "Index", "IndexItem", "Contract", "Supplier", "Subscription"})
"""The root elements that are read; any but `cXML` has no envelope."""

DOCTYPES: Final = Doctypes(
    roots=ROOTS,
    system=re.compile(
        r"(?:https?://[\w.-]+(?::\d+)?/(?:[\w.-]+/)*)?(?:" + "|".join(MODULES) + r")\.dtd",
        re.IGNORECASE,
    ),
)
"""The DOCTYPEs that cXML asks for; they are recognised and never fetched."""

DEFAULTS: Final = {
    "Request": {"deploymentMode": "production"},
    "Message": {"deploymentMode": "production"},
    "OrderRequestHeader": {"type": "new", "orderType": "regular"},
    "ConfirmationHeader": {"operation": "new"},
    "PunchOutOrderMessageHeader": {"quoteStatus": "final"},
}
"""Attributes that the DTDs default; libxml2 adds none when it only validates."""

_VERSION: Final = re.compile(r"/(\d+(?:\.\d+)+)/")


def base_name(name: str) -> str:
    """Return the element of a message name: `OrderRequest` for `OrderRequest.new`."""
    return name.partition(".")[0]


def module_of(name: str) -> str:
    """Return the DTD module in which a message is declared."""
    return MODULE_OF.get(base_name(name), "cXML")


def container_of(name: str) -> str:
    """Return the element between `cXML` and a message: Request, Message or Response."""
    for container in ("Message", "Response"):
        if base_name(name).endswith(container):
            return container
    return "Request"


def version_for(name: str, dialect: Dialect) -> str:
    """Return the DTD version in which a partner wants this message."""
    versions = dialect.versions
    return (
        versions.get(name) or versions.get(base_name(name)) or versions.get("*") or DEFAULT_VERSION
    )


def version_in(system: str | None) -> str | None:
    """Return the version that a system identifier names."""
    match = _VERSION.search(system or "")
    return match[1] if match else None


def name_of(body: Element) -> str:
    """Return the message name of a payload element, `OrderRequest` with its type."""
    if body.tag != "OrderRequest":
        return str(body.tag)
    header = body.find("OrderRequestHeader")
    kind = header.get("type") if header is not None else None
    return f"OrderRequest.{kind or 'new'}"
