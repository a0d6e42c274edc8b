"""Messages have one name, one container and one DTD module; known DOCTYPEs are told from others."""

import pytest

from canonical.wire import Dialect
from protocols import xml
from protocols.cxml import vocabulary


@pytest.mark.parametrize(
    ("name", "module", "container"),
    [
        ("OrderRequest.new", "cXML", "Request"),
        ("PunchOutOrderMessage", "cXML", "Message"),
        ("PunchOutSetupResponse", "cXML", "Response"),
        ("Response", "cXML", "Response"),
        ("ConfirmationRequest", "Fulfill", "Request"),
        ("InvoiceDetailRequest", "InvoiceDetail", "Request"),
        ("QuoteMessage", "Quote", "Message"),
        ("Index", "cXML", "Request"),
    ],
)
def test_a_message_has_its_module_and_container(name, module, container):
    assert vocabulary.module_of(name) == module
    assert vocabulary.container_of(name) == container


def test_the_version_is_that_of_the_message_else_the_partners_else_ours():
    dialect = Dialect(versions={"OrderRequest.new": "1", "OrderRequest": "2", "*": "3"})
    assert vocabulary.version_for("OrderRequest.new", dialect) == "1"
    assert vocabulary.version_for("OrderRequest.delete", dialect) == "2"
    assert vocabulary.version_for("Response", dialect) == "3"
    assert vocabulary.version_for("Response", Dialect()) == vocabulary.DEFAULT_VERSION


@pytest.mark.parametrize(
    "system",
    [
        "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd",
        "http://xml.cXML.org/schemas/cXML/1.1.010/cXML.dtd",
        "https://mirror.example:8443/cxml/Fulfill.dtd",
        "cXML.dtd",
    ],
)
def test_a_doctype_of_cxml_is_known(system):
    assert vocabulary.DOCTYPES.system.fullmatch(system)


@pytest.mark.parametrize(
    "system",
    [
        "file:///etc/cXML.dtd",
        "http://x/evil.dtd",
        "/etc/passwd",
        "http://x/cXML.dtd?a",
        "../cXML.dtd",
    ],
)
def test_any_other_doctype_is_not(system):
    assert vocabulary.DOCTYPES.system.fullmatch(system) is None


def test_the_version_is_found_in_a_system_identifier():
    system = "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd"
    assert vocabulary.version_in(system) == "1.2.014"
    assert vocabulary.version_in("cXML.dtd") is None
    assert vocabulary.version_in(None) is None


def test_an_order_is_named_with_its_type():
    def name(text: bytes) -> str:
        root = xml.parse(text).root
        assert root is not None
        return vocabulary.name_of(root)

    assert name(b"<OrderRequest><OrderRequestHeader type='update'/></OrderRequest>") == (
        "OrderRequest.update"
    )
    assert name(b"<OrderRequest><OrderRequestHeader/></OrderRequest>") == "OrderRequest.new"
    assert name(b"<OrderRequest/>") == "OrderRequest.new"
    assert name(b"<ProfileRequest/>") == "ProfileRequest"
