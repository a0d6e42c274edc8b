"""A file is what it holds, not what it is called."""

from pathlib import PurePosixPath

import pytest

from gateway.standards.recognise import Recognised, recognise
from tests.reference import reference_folder


def test_every_official_dtd_is_told_by_its_content():
    files = sorted(reference_folder("cxml").glob("dtd/*/*.dtd"))
    assert files
    for file in files:
        recognised = recognise(PurePosixPath("x/odd-name.dtd"), file.read_bytes())
        assert isinstance(recognised, Recognised)
        assert (recognised.version, recognised.name) == (file.parent.name, file.stem)
        assert recognised.path == f"cxml/{file.parent.name}/{file.stem}.dtd"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.dtd", b"<!ELEMENT a ANY>", "not of cXML"),
        ("a.dtd", b'<!-- <!ENTITY cxml.version "1.2.1"> --><!ELEMENT a ANY>', "not of cXML"),
        ("a.dtd", b'<!ENTITY cxml.version "1.2.1"><!ELEMENT a ANY>', "unknown module"),
        (
            "a.dtd",
            b'<!ENTITY cxml.version "1.2.1"><!ENTITY % cxml.requests "(ProfileRequest)">'
            b'<!ENTITY % p SYSTEM "file:///etc/hostname"><!ELEMENT a ANY>',
            "from outside",
        ),
        ("a.xsd", b"<html/>", "unknown root element html"),
        ("a.xsd", b"<x", "XML-013"),
        ("a.sch", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "XML-006"),
    ],
)
def test_what_is_not_official_is_left_out_with_a_reason(name, content, reason):
    found = recognise(PurePosixPath(name), content)
    assert isinstance(found, str)
    assert found.startswith(f"{name}: ")
    assert reason in found


@pytest.mark.parametrize(
    ("name", "content"),
    [("readme.txt", b"a licence"), ("LICENSE.txt", b"\x00"), ("x", b"licence")],
)
def test_a_text_is_a_licence_only_by_name_and_content(name, content):
    assert recognise(PurePosixPath(name), content) is None


@pytest.mark.parametrize("name", ["LICENSE", "docs/LICENCE.md", "Notice.txt"])
def test_a_licence_travels_along(name):
    found = recognise(PurePosixPath(name), b"This Licence ...")
    assert isinstance(found, Recognised)
    assert found.path == f"licences/{name}"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'<stylesheet xmlns="http://www.w3.org/1999/XSL/Transform" version="2.0"/>', "xslt"),
        (b'<transform xmlns="http://www.w3.org/1999/XSL/Transform"/>', "xslt"),
        (
            b'<g:CodeList xmlns:g="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
            b"<Identification><ShortName>Units</ShortName></Identification></g:CodeList>",
            "codelist",
        ),
    ],
)
def test_rule_sets_and_code_lists_are_told_by_their_root(content, kind):
    found = recognise(PurePosixPath("a.xsl"), content)
    assert isinstance(found, Recognised)
    assert found.kind == kind
    assert found.name == ("Units" if kind == "codelist" else "a")
