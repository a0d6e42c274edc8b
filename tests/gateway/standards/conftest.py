"""Lend small official-looking files: a DTD of two modules, an XSD, a rule set, a licence."""

from pathlib import Path

import pytest

CXML = """<!-- cXML -->
<!ENTITY cxml.version "1.2.050">
<!ENTITY % cxml.requests "(ProfileRequest | OrderRequest)">
<!ELEMENT cXML (Request)>
<!ELEMENT Request %cxml.requests;>
<!ELEMENT ProfileRequest EMPTY>
<!ELEMENT OrderRequest EMPTY>
"""
FULFILL = CXML.replace("ProfileRequest", "ShipNoticeRequest").replace("OrderRequest", "CopyRequest")
XSD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:example:order"'
    ' version="2.3"/>'
)
SCHEMATRON = '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><title>Rules</title></schema>'

FILES = {
    "cxml/renamed.dtd": CXML,
    "cxml/Fulfill.dtd": FULFILL,
    "cxml/LICENSE.txt": "The licence of these files.",
    "ubl/maindoc/Order.xsd": XSD,
    "rules/rules.sch": SCHEMATRON,
    "notes.txt": "nothing official",
    "picture.png": "png",
}


@pytest.fixture
def files() -> dict[str, str]:
    """Give the files of a source by name."""
    return dict(FILES)


@pytest.fixture
def folder(tmp_path: Path, files: dict[str, str]) -> Path:
    """Give a folder with official files."""
    source = tmp_path / "source"
    for name, text in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return source


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Give an empty workspace."""
    path = tmp_path / "workspace"
    path.mkdir()
    return path
