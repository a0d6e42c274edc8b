"""Without any DTD our own tables find what is missing, unknown or out of order, with its place."""

import pytest

from canonical.faults import Fault, Severity
from protocols import xml
from protocols.cxml import structure, vocabulary
from protocols.cxml.faults import fault


def check(content: bytes, *, errors_only: bool = False) -> tuple[Fault, ...]:
    root = xml.parse(content, doctypes=vocabulary.DOCTYPES).root
    assert root is not None
    container = root[-1]
    body = next(child for child in container if child.tag != "Status")
    return structure.check(body, vocabulary.name_of(body), errors_only=errors_only)


GOOD = [
    "setup-create", "order-new", "order-update", "order-delete", "cart", "setup-response",
    "confirmation", "status-update", "profile-request", "profile-response",
]  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_right_message_has_no_fault(sample, name):
    assert check(sample(name)) == ()


CHANGES = [
    ("setup-create", b'operation="create"', b'operation="buy"', "CXML-030", "@operation"),
    ("setup-create", b' operation="create"', b"", "CXML-032", "@operation"),
    ("setup-create", b"<BuyerCookie>cookie-1</BuyerCookie>", b"", "CXML-032", "BuyerCookie"),
    (
        "setup-create",
        b"https://buyer.example/cart?x=1&amp;y=2",
        b" ",
        "CXML-032",
        "BrowserFormPost/URL",
    ),
    (
        "setup-create",
        b"<SelectedItem>",
        b"<ItemOut quantity='1'/><SelectedItem>",
        "CXML-033",
        "SelectedItem",
    ),
    ("setup-create", b"<SelectedItem>", b"<Colour/><SelectedItem>", "CXML-034", "Colour"),
    ("order-new", b' orderID="PO-1"', b"", "CXML-031", "OrderRequestHeader/@orderID"),
    (
        "order-new",
        b'orderID="PO-1"',
        b'orderID="PO-1" type="copy"',
        "CXML-030",
        "OrderRequestHeader/@type",
    ),
    ("order-new", b' quantity="2"', b"", "CXML-031", "ItemOut/@quantity"),
    ("order-new", b"4711", b"", "CXML-032", "ItemOut/ItemID/SupplierPartID"),
    (
        "order-new",
        b"<UnitOfMeasure>EA</UnitOfMeasure>",
        b"",
        "CXML-032",
        "ItemOut/ItemDetail/UnitOfMeasure",
    ),
    (
        "cart",
        b'operationAllowed="edit"',
        b'operationAllowed="all"',
        "CXML-035",
        "PunchOutOrderMessageHeader/@operationAllowed",
    ),
    ("cart", b' quantity="2"', b"", "CXML-031", "ItemIn/@quantity"),
    ("setup-response", b"https://shop.example/s/token", b"", "CXML-031", "StartPage/URL"),
    ("confirmation", b'type="accept"', b'type="maybe"', "CXML-030", "ConfirmationHeader/@type"),
    ("confirmation", b' type="accept"', b"", "CXML-031", "ConfirmationHeader/@type"),
    ("status-update", b'<Status code="200" text="OK"/>', b"", "CXML-031", "Status"),
    (
        "profile-response",
        b' effectiveDate="2026-01-01T00:00:00+00:00"',
        b"",
        "CXML-032",
        "@effectiveDate",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "code", "path"), CHANGES)
def test_each_breach_has_its_code_and_place(sample, name, old, new, code, path):
    content = sample(name)
    assert old in content
    faults = check(content.replace(old, new, 1))
    assert [fault.code for fault in faults] == [code]
    assert faults[0].place is not None
    assert (faults[0].place.path or "").split("/", 2)[2] == path
    assert faults[0].place.line is not None


def test_an_order_without_lines_is_useless_but_a_cancellation_is_not(sample):
    def without_lines(name: str) -> bytes:
        head, _, rest = sample(name).partition(b"<ItemOut")
        return head + rest.partition(b"</ItemOut>")[2]

    assert [fault.code for fault in check(without_lines("order-new"))] == ["CXML-031"]
    assert [fault.code for fault in check(without_lines("order-delete"))] == ["CXML-032"]


def test_the_line_among_several_is_named(sample):
    line = b'<ItemOut lineNumber="2"><ItemID><SupplierPartID>1</SupplierPartID></ItemID></ItemOut>'
    content = sample("order-new").replace(b"</OrderRequest>", line + b"</OrderRequest>")
    (fault,) = check(content)
    assert fault.place is not None
    assert fault.place.path == "Request/OrderRequest/ItemOut[2]/@quantity"


def test_what_is_wrong_a_thousand_times_is_said_a_hundred_times():
    lines = "<ItemOut/>" * 1000
    order = f"<OrderRequest><OrderRequestHeader orderID='1'/>{lines}</OrderRequest>"
    assert len(check(f"<cXML><Request>{order}</Request></cXML>".encode())) == 100


def test_beside_a_dtd_only_errors_are_ours(sample):
    faults = check(sample("setup-misordered"))
    assert {fault.code for fault in faults} == {"CXML-032", "CXML-033", "CXML-034"}
    assert check(sample("setup-misordered"), errors_only=True) == ()
    bad = sample("setup-create").replace(b'"create"', b'"buy"')
    assert [fault.severity for fault in check(bad, errors_only=True)] == [Severity.ERROR]


def test_a_message_that_no_table_knows_is_not_judged():
    content = b"<cXML><Request><CopyRequest><Odd/></CopyRequest></Request></cXML>"
    assert check(content) == ()


def test_every_rule_has_a_known_code_and_a_working_search():
    for element, rules in structure.RULES.items():
        root = xml.parse(f"<{element}/>".encode()).root
        assert root is not None
        structure.check(root, element, errors_only=False)
        assert {rule.code for rule in rules} <= set(fault.kinds)
