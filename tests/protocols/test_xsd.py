"""A tree is held against an XSD with faults that name place, rule and value without namespaces."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import etree

from protocols.xml import Element, parse
from protocols.xsd import Xsd, local_path

SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:order"
  xmlns="urn:order" elementFormDefault="qualified">
  <xs:element name="Order"><xs:complexType><xs:sequence>
    <xs:element name="Line" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="Quantity"><xs:complexType><xs:simpleContent>
        <xs:extension base="xs:decimal">
          <xs:attribute name="unit" use="required"><xs:simpleType>
            <xs:restriction base="xs:string"><xs:enumeration value="EA"/></xs:restriction>
          </xs:simpleType></xs:attribute>
        </xs:extension></xs:simpleContent></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
GOOD = '<Quantity unit="EA">1</Quantity>'


@pytest.fixture(scope="module")
def xsd() -> Xsd:
    return Xsd(lambda: etree.XMLSchema(file=io.BytesIO(SCHEMA)))


def order(*lines: str) -> Element:
    inner = "".join(f"<Line>{line}</Line>" for line in lines)
    root = parse(f'<Order xmlns="urn:order">{inner}</Order>'.encode()).root
    assert root is not None
    return root


def test_what_follows_the_schema_has_no_fault(xsd):
    assert xsd.validate(order(GOOD, GOOD)) == ()


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ("", "XML-020", "Line[2]"),
        ("<Oops/>", "XML-020", "Line[2]/Oops"),
        ("<Quantity>1</Quantity>", "XML-024", "Line[2]/Quantity"),
        ('<Quantity unit="EA" x="1">1</Quantity>', "XML-022", "Line[2]/Quantity"),
        ('<Quantity unit="KG">1</Quantity>', "XML-023", "Line[2]/Quantity"),
        ('<Quantity unit="EA">one</Quantity>', "XML-025", "Line[2]/Quantity"),
    ],
)
def test_each_departure_has_its_code_and_place(xsd, line, code, path):
    fault = xsd.validate(order(GOOD, line))[0]
    assert (fault.code, fault.place.path) == (code, path)
    assert "urn:order" not in fault.message


def test_a_foreign_root_is_an_unknown_element(xsd):
    root = parse(b"<Invoice/>").root
    assert [fault.code for fault in xsd.validate(root)] == ["XML-021"]


def test_what_was_found_is_told(xsd):
    found = xsd.validate(order('<Quantity unit="EA">one</Quantity>'))
    assert "one" in {fault.found for fault in found}


def test_threads_do_not_see_each_others_faults(xsd):
    good, bad = order(GOOD), order("<Oops/>")
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda n: bool(xsd.validate(bad if n % 2 else good)), range(400)))
    assert verdicts == [bool(n % 2) for n in range(400)]


def test_a_path_counts_only_what_stands_more_than_once():
    root = parse(b"<a><b/><b><c/></b></a>").root
    assert local_path(root[1][0]) == "b[2]/c"
