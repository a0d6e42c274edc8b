"""The return form is judged as a procurement system meets it, and its cart is decoded exactly."""

import base64

from gateway.buyer.browser import Button, Form
from gateway.buyer.homecoming import decode_cart, judge_form

URL = "https://buyer.example.com/return?id=1&x=ä"


def form(name="cXML-base64", value="PGNYTUwvPg==", *, action=URL, method="post", buttons=1) -> Form:
    return Form(
        action=action,
        spelt_action=action,
        method=method,
        fields=((name, value),),
        editable={},
        buttons=tuple(Button(label="Go") for _ in range(buttons)),
    )


def test_a_right_form_has_no_findings():
    assert judge_form(form(), URL) == ()
    assert decode_cart(form().fields) == (b"<cXML/>", ())


def test_another_address_another_method_and_a_missing_button_are_found():
    wrong = form(action="https://buyer.example.com/return", method="get", buttons=0)
    codes = [finding.code for finding in judge_form(wrong, URL)]
    assert codes == ["BUYER-010", "BUYER-013", "BUYER-014"]


def test_the_field_name_counts_in_any_case():
    assert decode_cart(form("CXML-BASE64").fields)[0] == b"<cXML/>"


def test_broken_base64_is_found():
    content, findings = decode_cart(form(value="PGNYTUw*").fields)
    assert content is None
    assert [finding.code for finding in findings] == ["BUYER-012"]


def test_base64_in_lines_is_decoded():
    document = b"<cXML>" + b"x" * 300 + b"</cXML>"
    assert decode_cart(form(value=base64.encodebytes(document).decode()).fields)[0] == document


def test_base64_that_only_a_lenient_reader_takes_is_found():
    content, findings = decode_cart(form(value="PGNYTUwvPg").fields)
    assert content == b"<cXML/>"
    assert [finding.code for finding in findings] == ["BUYER-012"]


def test_a_field_escaped_twice_is_found():
    content, findings = decode_cart(form("cXML-urlencoded", "&lt;cXML/&gt;").fields)
    assert content == b"<cXML/>"
    assert [finding.code for finding in findings] == ["BUYER-012"]


def test_urlencoded_must_be_ascii():
    assert decode_cart(form("cxml-urlencoded", "<a>&#228;</a>").fields) == (b"<a>&#228;</a>", ())
    content, findings = decode_cart(form("cxml-urlencoded", "<a>ä</a>").fields)
    assert content == "<a>ä</a>".encode()
    assert [(finding.code, finding.found) for finding in findings] == [("BUYER-012", "ä")]


def test_a_form_without_cart_is_found():
    content, findings = decode_cart(form("oracleCart").fields)
    assert content is None
    assert [finding.code for finding in findings] == ["BUYER-011"]
