"""Know where each punchout protocol keeps what a judge looks for in a line of a cart.

A place is a path of elements, `/@name` at its end for an attribute. The judge reads messages by
these and not by the mappings, so a mapping that is wrong in both directions cannot hide.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from canonical.wire import Node
from gateway.buyer.tree import at, children, text_at


@dataclass(frozen=True, slots=True)
class Code:
    """Hold a classification as a line spells it."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class Places:
    """Hold the places of one protocol's cart; `items` leads from the root to the lines.

    `body` is the element of the cart, the root if empty; `auxiliary` and `total` are empty where a
    protocol has none.
    """

    document: str
    items: str
    sku: str
    quantity: str
    unit: str
    price: str
    currency: str
    base: str
    description: str
    classification: str
    codes: Callable[[Node], Iterator[Code]]
    body: str = ""
    auxiliary: str = ""
    total: str = ""


def value_at(node: Node | None, place: str) -> str | None:
    """Return the text at a place, or None when nothing stands there."""
    path, _, attribute = place.partition("@")
    path = path.rstrip("/")
    found = at(node, path) if path else node
    if not attribute:
        return text_at(node, path)
    return None if found is None else found.get(attribute)


def _cxml_codes(line: Node) -> Iterator[Code]:
    for node in children(at(line, "ItemDetail"), "Classification"):
        yield Code((node.get("domain") or "").lower(), (node.text or "").strip())


CXML: Final = Places(
    document="PunchOutOrderMessage",
    body="Message/PunchOutOrderMessage",
    items="Message/PunchOutOrderMessage/ItemIn",
    sku="ItemID/SupplierPartID",
    auxiliary="ItemID/SupplierPartAuxiliaryID",
    quantity="@quantity",
    unit="ItemDetail/UnitOfMeasure",
    price="ItemDetail/UnitPrice/Money",
    currency="ItemDetail/UnitPrice/Money/@currency",
    base="ItemDetail/PriceBasisQuantity/@quantity",
    description="ItemDetail/Description",
    classification="ItemDetail/Classification",
    codes=_cxml_codes,
    total="Message/PunchOutOrderMessage/PunchOutOrderMessageHeader/Total/Money",
)


def _oci_codes(line: Node) -> Iterator[Code]:
    scheme = value_at(line, "EXT_SCHEMA_TYPE") or "UNSPSC"
    for place in ("EXT_CATEGORY_ID", "EXT_CATEGORY"):
        code = value_at(line, place)
        if code is not None:
            yield Code(scheme.lower(), code)
            return
    group = value_at(line, "MATGROUP")
    if group is not None:
        yield Code("matgroup", group)


OCI: Final = Places(
    document="Cart",
    items="NEW_ITEM",
    sku="VENDORMAT",
    auxiliary="EXT_PRODUCT_ID",
    quantity="QUANTITY",
    unit="UNIT",
    price="PRICE",
    currency="CURRENCY",
    base="PRICEUNIT",
    description="DESCRIPTION",
    classification="EXT_CATEGORY_ID",
    codes=_oci_codes,
)

_LISTS: Final = {"TST": "unspsc", "MP": "unspsc"}
"""Classification systems by their code in UNCL 7143; Peppol's own example gives UNSPSC as MP."""


def _ubl_codes(line: Node) -> Iterator[Code]:
    for group in children(at(line, "Item"), "CommodityClassification"):
        for node in children(group, "ItemClassificationCode"):
            kind = node.get("listID") or ""
            yield Code(_LISTS.get(kind, kind.lower()), (node.text or "").strip())


_PRICE: Final = "RequiredItemLocationQuantity/Price"
UBL: Final = Places(
    document="Catalogue",
    items="CatalogueLine",
    sku="Item/SellersItemIdentification/ID",
    auxiliary="ID",
    quantity="RequiredItemLocationQuantity/DeliveryUnit/BatchQuantity",
    unit="RequiredItemLocationQuantity/DeliveryUnit/BatchQuantity/@unitCode",
    price=f"{_PRICE}/PriceAmount",
    currency=f"{_PRICE}/PriceAmount/@currencyID",
    base=f"{_PRICE}/BaseQuantity",
    description="Item/Name",
    classification="Item/CommodityClassification",
    codes=_ubl_codes,
)

PLACES: Final[Mapping[str, Places]] = {"cxml": CXML, "oci": OCI, "ubl": UBL}
"""The places of every face, by its syntax."""
