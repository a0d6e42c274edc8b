"""A document goes through an HTML form and comes out the same, whatever browsers do to it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import xml
from protocols.cxml import forms

CART = '<?xml version="1.0" encoding="UTF-8"?>\n<cXML><a>Müller &amp; Å ☃ 😀</a></cXML>'.encode()


def text(posted: forms.Posted) -> str | None:
    assert posted.content is not None
    root = xml.parse(posted.content).root
    assert root is not None
    return root.findtext("a")


@pytest.mark.parametrize("encoding", ["base64", "urlencoded"])
def test_a_document_comes_out_of_its_field(encoding):
    posted = forms.from_form([forms.form_field(CART, encoding)])
    assert text(posted) == "Müller & Å ☃ 😀"
    assert posted.faults == ()
    assert posted.name == forms.FIELDS[encoding]


def test_urlencoded_is_us_ascii_with_references():
    name, value = forms.form_field(CART, "urlencoded")
    assert name == "cXML-urlencoded"
    assert value.isascii()
    assert "M&#252;ller &amp; &#197; &#9731; &#128512;" in value


def test_a_document_in_latin_1_is_translated_for_urlencoded():
    document = '<?xml version="1.0" encoding="ISO-8859-1"?><cXML><a>é</a></cXML>'.encode("latin-1")
    assert text(forms.from_form([forms.form_field(document, "urlencoded")])) == "é"


@pytest.mark.parametrize("name", ["cXML-base64", "CXML-BASE64", "cxml-Base64", " cxml-base64 "])
def test_the_name_may_be_spelt_in_any_case(name):
    posted = forms.from_form([(name, base64.b64encode(CART).decode())])
    assert posted.content == CART


def test_base64_goes_before_urlencoded():
    fields = [("cXML-urlencoded", "<wrong/>"), forms.form_field(CART, "base64")]
    assert forms.from_form(fields).content == CART


def test_an_empty_base64_field_does_not_hide_the_other():
    fields = [("cXML-base64", ""), ("cXML-urlencoded", "<a/>")]
    assert forms.from_form(fields).content == b"<a/>"


@pytest.mark.parametrize(
    "damage",
    [
        lambda value: value.replace("+", " "),
        lambda value: value.rstrip("="),
        lambda value: "\r\n".join(value[at : at + 76] for at in range(0, len(value), 76)),
        lambda value: value.replace("+", "-").replace("/", "_"),
    ],
)
@given(st.binary(min_size=1, max_size=200))
def test_the_damage_that_forms_do_to_base64_is_mended(damage, content):
    document = b"<" + content
    value = damage(base64.b64encode(document).decode())
    posted = forms.from_form([("cxml-base64", value)])
    assert posted.content == document
    assert posted.faults == () or [fault.code for fault in posted.faults] == ["CXML-074"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("PGE/Pjw+", []),
        ("PGE/\r\nPjw+", []),
        ("PGE/Pjw ", ["CXML-074"]),
        ("PGE_Pjw-", ["CXML-074"]),
        ("PGEv", []),
        ("PGEvPg", ["CXML-074"]),
    ],
)
def test_only_what_was_mended_in_base64_is_told(value, told):
    posted = forms.from_form([("cXML-base64", value)])
    assert posted.content in {b"<a?><>", b"<a/", b"<a/>"}
    assert [fault.code for fault in posted.faults] == told


def test_no_cxml_in_the_form_is_a_fault():
    posted = forms.from_form([("other", "x")])
    assert posted.content is None
    assert [fault.code for fault in posted.faults] == ["CXML-070"]


def test_what_is_not_base64_is_a_fault():
    posted = forms.from_form([("cXML-base64", "<cXML/>")])
    assert [fault.code for fault in posted.faults] == ["CXML-071"]


def test_a_field_escaped_twice_is_read_with_a_warning():
    posted = forms.from_form([("cXML-urlencoded", "&lt;cXML&gt;&lt;a&gt;x&lt;/a&gt;&lt;/cXML&gt;")])
    assert [fault.code for fault in posted.faults] == ["CXML-072"]
    assert text(posted) == "x"


def test_urlencoded_beyond_us_ascii_is_read_with_a_warning_whatever_it_declares():
    value = '<?xml version="1.0" encoding="ISO-8859-1"?><cXML><a>ü</a></cXML>'
    posted = forms.from_form([("cXML-urlencoded", value)])
    assert [fault.code for fault in posted.faults] == ["CXML-073"]
    assert text(posted) == "ü"


@given(st.lists(st.tuples(st.sampled_from(["cXML-base64", "cXML-urlencoded", "x"]), st.text())))
def test_reading_a_form_never_raises(fields):
    posted = forms.from_form(fields)
    assert posted.content is not None or posted.faults
