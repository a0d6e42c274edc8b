"""With the official DTDs installed, a cart that they refuse is refused by the judge too."""

import pytest

from gateway.buyer.enrolment import tools_for
from gateway.buyer.exchange import Tools, judge_validity
from gateway.plugins import faces
from gateway.standards import install
from tests.gateway.buyer.cart_message import GOOD
from tests.reference import reference_folder

DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.063/cXML.dtd">\n<cXML '
CART = GOOD.replace("<cXML ", DOCTYPE, 1)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """Give what reads cXML with every official DTD that is at hand."""
    workspace = tmp_path_factory.mktemp("standards")
    install(reference_folder("cxml/dtd"), workspace)
    found, unchecked = tools_for(workspace, faces)
    assert unchecked == ()
    return found


def test_a_valid_cart_has_no_findings(tools):
    message, faults = tools.read(CART.encode(), "application/xml")
    assert message is not None
    assert judge_validity("PunchOutOrderMessage", faults) == ()


def test_an_element_out_of_order_is_blocking_with_its_line(tools):
    wrong = CART.replace("<UnitOfMeasure>EA</UnitOfMeasure>", "", 1).replace(
        "<UnitPrice><Money currency=\"SEK\">40.00</Money></UnitPrice>",
        "<UnitOfMeasure>EA</UnitOfMeasure>"
        "<UnitPrice><Money currency=\"SEK\">40.00</Money></UnitPrice>",
    )  # fmt: skip
    assert wrong != CART
    message, faults = tools.read(wrong.encode(), "application/xml")
    assert message is not None
    findings = judge_validity("PunchOutOrderMessage", faults)
    assert {finding.code for finding in findings} == {"BUYER-007"}
    assert all(finding.line for finding in findings)


def test_without_dtds_it_is_told_what_was_not_checked(tmp_path):
    _, unchecked = tools_for(tmp_path, faces)
    assert any("DTD" in reason or ".dtd" in reason for reason in unchecked)
