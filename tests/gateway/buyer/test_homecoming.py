"""The return form is judged as a procurement system meets it, and its cart is decoded exactly."""

import base64
from collections.abc import Iterable
from dataclasses import replace

from gateway.buyer.browser import Button, Form
from gateway.buyer.findings import Finding
from gateway.buyer.homecoming import decode_cart, judge_form
from gateway.settings.model import Identity
from protocols.oci.dialect import OciDialect
from tests.gateway.buyer.stand_in import StandIn, make_journey

POST = make_journey(StandIn()).post

OCI = replace(
    POST.account,
    syntax="oci",
    login=Identity(domain="OCI", identity="shopper"),
    theirs=OciDialect(charset="ISO-8859-1"),
)
URL = "https://buyer.example.com/return?id=1&x=%E4"


def decoded(fields: Iterable[tuple[str, str]]) -> tuple[bytes | None, tuple[Finding, ...]]:
    posted, findings = decode_cart(fields, POST.account, POST.tools)
    return posted.content, findings


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
    assert judge_form(form(), URL, POST.account) == ()
    assert decoded(form().fields) == (b"<cXML/>", ())


def test_another_address_another_method_and_a_missing_button_are_found():
    wrong = form(action="https://buyer.example.com/return", method="get", buttons=0)
    codes = [finding.code for finding in judge_form(wrong, URL, POST.account)]
    assert codes == ["BUYER-010", "BUYER-013", "BUYER-014"]


def test_the_field_name_counts_in_any_case():
    assert decoded(form("CXML-BASE64").fields)[0] == b"<cXML/>"


def test_broken_base64_is_found():
    content, findings = decoded(form(value="PGNYTUw*").fields)
    assert content is None
    assert [finding.code for finding in findings] == ["BUYER-012"]


def test_base64_in_lines_is_decoded():
    document = b"<cXML>" + b"x" * 300 + b"</cXML>"
    assert decoded(form(value=base64.encodebytes(document).decode()).fields)[0] == document


def test_base64_that_only_a_lenient_reader_takes_is_found():
    content, findings = decoded(form(value="PGNYTUwvPg").fields)
    assert content == b"<cXML/>"
    assert [finding.code for finding in findings] == ["BUYER-012"]


def test_a_field_escaped_twice_is_found():
    content, findings = decoded(form("cXML-urlencoded", "&lt;cXML/&gt;").fields)
    assert content == b"<cXML/>"
    assert [finding.code for finding in findings] == ["BUYER-012"]


def test_urlencoded_must_be_ascii():
    assert decoded(form("cxml-urlencoded", "<a>&#228;</a>").fields) == (b"<a>&#228;</a>", ())
    content, findings = decoded(form("cxml-urlencoded", "<a>ä</a>").fields)
    assert content == "<a>ä</a>".encode()
    assert [(finding.code, finding.found) for finding in findings] == [("BUYER-012", "ä")]


def test_a_form_without_cart_is_found():
    content, findings = decoded(form("oracleCart").fields)
    assert content is None
    assert [finding.code for finding in findings] == ["BUYER-011"]


def hidden(*fields: tuple[str, str], charset: str | None = "iso-8859-1") -> Form:
    return replace(form(), fields=fields, charset=charset)


def test_a_login_wants_the_parameters_of_its_address_back_in_its_charset():
    item = ("NEW_ITEM-DESCRIPTION[1]", "Stol")
    assert judge_form(hidden(("id", "1"), ("x", "ä"), item), URL, OCI) == ()
    lost = judge_form(hidden(("id", "1"), item), URL, OCI)
    assert [(finding.code, finding.expected) for finding in lost] == [("BUYER-018", "x")]
    peppol = replace(OCI, syntax="ubl")
    assert judge_form(hidden(item), URL, peppol) == ()
    spelt = judge_form(hidden(("id", "1"), ("x", "ä"), item, charset="utf-8"), URL, OCI)
    assert [finding.code for finding in spelt] == ["BUYER-019"]


def test_a_parameter_may_be_in_another_charset_if_its_bytes_come_back():
    url = "https://buyer.example.com/return?x=%C3%A4+%E2%82%AC"
    sent = "ä €".encode().decode("cp1252")
    right = replace(hidden(("x", sent)), spelt_action=url)
    assert judge_form(right, url, OCI) == ()
    wrong = replace(hidden(("x", "ä €")), spelt_action=url)
    assert [finding.code for finding in judge_form(wrong, url, OCI)] == ["BUYER-018"]
