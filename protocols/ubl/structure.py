"""Know what a document must hold, for when no official rules are installed.

The rules are those of Peppol BIS Punch Out 3 (T77) that a mapping could break: what is required,
what must agree, what may stand once. Paths are without prefixes, as the codec leaves the tree.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from typing import Final, cast

import msgspec
from lxml import etree

from canonical.faults import Fault, Place
from protocols.ubl.faults import fault
from protocols.xml import Element, line_of, path_of

_LINE: Final = "CatalogueLine"
_PRICE: Final = f"{_LINE}/RequiredItemLocationQuantity/Price"
_QUANTITY: Final = f"{_LINE}/RequiredItemLocationQuantity/DeliveryUnit/BatchQuantity"
_TAX: Final = f"{_LINE}/Item/ClassifiedTaxCategory"
_MAX_FAULTS: Final = 100


class Rule(msgspec.Struct, frozen=True):
    """State one rule: `breach` selects the elements that break it, `where` is below them."""

    code: str
    breach: str
    message: str
    where: str = ""
    expected: str | None = None


def _required(parent: str, *children: str) -> tuple[Rule, ...]:
    return tuple(
        Rule("UBL-020", f"{parent}[not(normalize-space({child}))]", f"no {child}", child)
        for child in children
    )


RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "Catalogue": (
        Rule("UBL-020", ".//*[not(*) and not(normalize-space())]", "an empty element"),
        *_required("self::*", "CustomizationID", "ProfileID", "ID", "IssueDate", "IssueTime"),
        *_required("self::*", "ProviderParty/PartyLegalEntity/RegistrationName"),
        *_required("self::*", "ReceiverParty/PartyLegalEntity/RegistrationName"),
        Rule("UBL-020", f"self::*[not({_LINE})]", "a cart without lines", _LINE),
        Rule(
            "UBL-021",
            "ValidityPeriod[translate(EndDate,'-','') < translate(../IssueDate,'-','')]",
            "the prices end before the cart was issued",
            "EndDate",
        ),
        *_required(_LINE, "ID", "Item/Name"),
        *_required(_PRICE, "PriceAmount", "PriceAmount/@currencyID"),
        *_required(f"{_LINE}/RequiredItemLocationQuantity", "DeliveryUnit/BatchQuantity"),
        Rule(
            "UBL-020",
            f"{_LINE}[not(RequiredItemLocationQuantity/Price)]",
            "no price",
            "RequiredItemLocationQuantity/Price",
        ),
        Rule("UBL-020", f"{_QUANTITY}[not(@unitCode)]", "no unit", "@unitCode"),
        Rule("UBL-021", f"{_QUANTITY}[not(number(.) > 0)]", "not above zero"),
        Rule("UBL-021", f"{_PRICE}/BaseQuantity[not(number(.) > 0)]", "not above zero"),
        Rule("UBL-021", f"{_PRICE}/PriceAmount[not(number(.) >= 0)]", "a negative price"),
        Rule(
            "UBL-021",
            f"{_PRICE}[BaseQuantity/@unitCode != ../DeliveryUnit/BatchQuantity/@unitCode]",
            "the unit of the price is not that of the quantity",
            "BaseQuantity/@unitCode",
        ),
        Rule(
            "UBL-020",
            f"{_LINE}/Item[not(normalize-space(SellersItemIdentification/ID)) and "
            "not(normalize-space(StandardItemIdentification/ID))]",
            "neither our number nor a GTIN",
            "SellersItemIdentification/ID",
        ),
        Rule(
            "UBL-020",
            f"{_LINE}/Item[not(ClassifiedTaxCategory)]",
            "no tax category",
            "ClassifiedTaxCategory",
        ),
        Rule(
            "UBL-022",
            f"{_LINE}/Item[ClassifiedTaxCategory[2]]",
            "more than one tax category",
            "ClassifiedTaxCategory[2]",
        ),
        *_required(_TAX, "ID", "Percent", "TaxScheme/ID"),
        Rule(
            "UBL-021",
            f"{_TAX}[ID = 'S' and not(Percent > 0)]",
            "the standard rate is above zero",
            "Percent",
        ),
        Rule(
            "UBL-022",
            f"{_LINE}/Item[count(ItemSpecificationDocumentReference"
            "[DocumentTypeCode='PRODUCT_IMAGE']) > 1]",
            "more than one main picture",
            "ItemSpecificationDocumentReference",
        ),
    ),
}
"""What each document must hold, by message name; a name that is not listed is not checked."""


NUMBERED: Final = {"Catalogue": _LINE}
"""The elements whose `ID` may occur once, by message name."""


def check(root: Element, name: str) -> tuple[Fault, ...]:
    """Return what our own tables have against a document without namespaces, at most 100 faults."""
    found = chain(_breaches(root, RULES.get(name, ())), _doubled(root, NUMBERED.get(name)))
    return tuple(islice(found, _MAX_FAULTS))


def _doubled(root: Element, name: str | None) -> Iterator[Fault]:
    seen: set[str] = set()
    for line in root.iterfind(name) if name else ():
        number = (line.findtext("ID") or "").strip()
        if number in seen:
            place = Place(line=line_of(line), path=f"{path_of(line)}/ID")
            yield fault("UBL-022", "two lines of one number", place=place, found=number)
        seen.add(number)


def _breaches(root: Element, rules: tuple[Rule, ...]) -> Iterator[Fault]:
    for rule in rules:
        # an XPath may give anything; those of our table select elements
        for node in cast("list[Element]", _search(rule.breach)(root)):
            path = "/".join(step for step in (path_of(node), rule.where) if step)
            yield fault(
                rule.code,
                f"{node.tag}: {rule.message}",
                place=Place(line=line_of(node), path=path),
                found=_found(node, rule),
            )


def _found(node: Element, rule: Rule) -> str | None:
    """Return the value that breaks a rule about values."""
    if rule.code != "UBL-021":
        return None
    return str(_search(f"string({rule.where or '.'})")(node)).strip() or None


@cache
def _search(path: str) -> etree.XPath:
    return etree.XPath(path)
