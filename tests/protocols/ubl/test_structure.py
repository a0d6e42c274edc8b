"""What Peppol demands of a cart is demanded by us too, when no official rules are installed."""

import pytest

from protocols.ubl.structure import check
from protocols.ubl.vocabulary import without_namespaces
from protocols.xml import parse

LINE = (
    "<CatalogueLine><ID>1</ID><RequiredItemLocationQuantity>"
    '<Price><PriceAmount currencyID="EUR">1.5</PriceAmount><BaseQuantity unitCode="EA">10</BaseQuantity></Price>'  # noqa: E501
    '<DeliveryUnit><BatchQuantity unitCode="EA">2</BatchQuantity></DeliveryUnit>'
    "</RequiredItemLocationQuantity><Item><Name>n</Name>"
    "<SellersItemIdentification><ID>A</ID></SellersItemIdentification>"
    "<ClassifiedTaxCategory><ID>S</ID><Percent>25</Percent><TaxScheme><ID>VAT</ID></TaxScheme></ClassifiedTaxCategory>"
    "</Item></CatalogueLine>"
)
PARTY = "<PartyLegalEntity><RegistrationName>x</RegistrationName></PartyLegalEntity>"
CART = (
    "<Catalogue><CustomizationID>c</CustomizationID><ProfileID>p</ProfileID><ID>1</ID>"
    "<IssueDate>2026-05-19</IssueDate><IssueTime>18:00:00</IssueTime>"
    "<ValidityPeriod><EndDate>2026-05-19</EndDate></ValidityPeriod>"
    f"<ProviderParty>{PARTY}</ProviderParty><ReceiverParty>{PARTY}</ReceiverParty>{LINE}</Catalogue>"
)


def faults(text: str):
    root = parse(text.encode()).root
    assert root is not None
    without_namespaces(root)
    return check(root, "Catalogue")


def test_a_whole_cart_has_no_fault():
    assert faults(CART) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<ID>1</ID><IssueDate>", "<IssueDate>", "UBL-020"),
        ("<IssueTime>18:00:00</IssueTime>", "", "UBL-020"),
        (LINE, "", "UBL-020"),
        (f"<ProviderParty>{PARTY}", "<ProviderParty>", "UBL-020"),
        ("<EndDate>2026-05-19", "<EndDate>2026-05-18", "UBL-021"),
        (' currencyID="EUR"', "", "UBL-020"),
        ('<BatchQuantity unitCode="EA">2', "<BatchQuantity>2", "UBL-020"),
        ('<BatchQuantity unitCode="EA">2', '<BatchQuantity unitCode="EA">0', "UBL-021"),
        ('<BatchQuantity unitCode="EA">', '<BatchQuantity unitCode="KGM">', "UBL-021"),
        (">10</Base", ">0</Base", "UBL-021"),
        (">1.5<", ">-1<", "UBL-021"),
        ("<Name>n</Name>", "", "UBL-020"),
        ("<Name>n</Name>", "<Name>n</Name><Keyword> </Keyword>", "UBL-020"),
        ("<SellersItemIdentification><ID>A</ID></SellersItemIdentification>", "", "UBL-020"),
        ("<Percent>25", "<Percent>0", "UBL-021"),
        ("<ID>VAT</ID>", "", "UBL-020"),
        (LINE, LINE + LINE, "UBL-022"),
    ],
)
def test_each_rule_is_noticed_at_its_place(old, new, code):
    assert old in CART
    found = faults(CART.replace(old, new, 1))
    assert {fault.code for fault in found} == {code}
    assert all(fault.message and fault.place.path is not None for fault in found)


def test_tax_and_picture_stand_once():
    tax = LINE[LINE.index("<ClassifiedTaxCategory>") : LINE.index("</Item>")]
    assert [one.code for one in faults(CART.replace(tax, ""))] == ["UBL-020"]
    assert [one.code for one in faults(CART.replace(tax, tax * 2))] == ["UBL-022"]
    picture = (
        "<ItemSpecificationDocumentReference><DocumentTypeCode>PRODUCT_IMAGE</DocumentTypeCode>"
        "</ItemSpecificationDocumentReference>"
    )
    assert [one.code for one in faults(CART.replace(tax, picture * 2 + tax))] == ["UBL-022"]


def test_a_price_is_needed_and_what_was_found_is_told():
    price = CART[CART.index("<Price>") : CART.index("<DeliveryUnit>")]
    assert [one.code for one in faults(CART.replace(price, ""))] == ["UBL-020"]
    (fault,) = faults(CART.replace(">2</Batch", ">-2</Batch"))
    assert fault.found == "-2"
    assert (
        fault.place.path == "CatalogueLine/RequiredItemLocationQuantity/DeliveryUnit/BatchQuantity"
    )


def test_faults_are_bounded_and_another_document_is_not_checked():
    assert len(faults("<Catalogue>" + "<CatalogueLine/>" * 500 + "</Catalogue>")) == 100
    root = parse(b"<Order/>").root
    assert check(root, "Order") == ()
