"""A cart leaves as a UBL Catalogue in one form field and comes back from it as the same bytes."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import has_errors
from canonical.wire import Dialect, Envelope, Markup, Payload, Verdict
from protocols.ubl.codec import UblCodec
from protocols.ubl.dialect import PunchoutDialect
from protocols.ubl.vocabulary import CAC, CBC, DOCUMENTS

CODEC = UblCodec()
ENVELOPE = Envelope(message_id="m", sent_at=datetime(2026, 5, 19, 18, tzinfo=UTC))
KIND = DOCUMENTS["Catalogue"]
CART = (
    f"<Catalogue><cbc:CustomizationID>{KIND.customization}</cbc:CustomizationID>"
    "<cbc:ID>C-1</cbc:ID><cbc:IssueDate>2026-05-19</cbc:IssueDate>"
    "<cbc:IssueTime>18:00:00+02:00</cbc:IssueTime></Catalogue>"
)
EMPTY = Markup("Catalogue", '<Cancelled cart="C-1"/>')


def written(text: str = CART, charset: str = "UTF-8") -> Payload:
    return CODEC.write(Markup("Catalogue", text), ENVELOPE, Dialect(charset=charset))


def test_what_is_written_declares_its_namespaces_once():
    text = written().content.decode()
    assert text.count(KIND.namespace) == text.count(CAC) == text.count(CBC) == 1


def test_what_is_written_is_read_by_local_names():
    reading = CODEC.read(*reversed_media(written()))
    (message,) = reading.messages
    assert message.name == "Catalogue"
    assert [node.tag for node in message.element] == [
        "CustomizationID", "ID", "IssueDate", "IssueTime",
    ]  # fmt: skip
    assert message.envelope.message_id == "C-1"
    assert message.envelope.sent_at == datetime(2026, 5, 19, 16, tzinfo=UTC)


def reversed_media(payload: Payload) -> tuple[bytes, str]:
    return payload.content, payload.media_type


@pytest.mark.parametrize("charset", ["UTF-8", "US-ASCII", "ISO-8859-1"])
def test_a_document_holds_every_character_in_every_charset(charset):
    payload = written(CART.replace("C-1", "C-\u00e5\u20ac"), charset)
    assert CODEC.read(*reversed_media(payload)).messages[0].envelope.message_id == "C-\u00e5\u20ac"


@pytest.mark.parametrize(
    "customization", [KIND.customization, KIND.customization + ":extended:urn:x"]
)
def test_an_extension_of_the_customization_is_still_a_cart(customization):
    text = CART.replace(KIND.customization, customization)
    assert CODEC.read(*reversed_media(written(text))).messages[0].name == "Catalogue"


@pytest.mark.parametrize(
    "text",
    [
        CART.replace("punch_out:3", "catalogue:3"),
        CART.replace("punch_out:3", "punch_out:31"),
        "<Order/>",
        CART.replace("Catalogue", "Order"),
        "<cbc/>",
    ],
)
def test_another_document_is_refused_by_name(text):
    reading = CODEC.read(written(text).content, "application/xml")
    assert [fault.code for fault in reading.faults] == ["UBL-010"] or reading.faults[
        0
    ].code.startswith("XML")
    assert reading.messages == ()


def test_the_form_carries_base64_in_the_partners_field():
    payload = written()
    (field,) = CODEC.form(payload, PunchoutDialect(cart_field="BasketXml")).fields
    assert field[0] == "BasketXml"
    assert base64.b64decode(field[1]) == payload.content


@given(st.sampled_from(["catalogue", "CATALOGUE", "~Catalogue"]), st.booleans())
def test_what_a_form_carries_comes_back(name, damaged):
    payload = written()
    value = CODEC.form(payload, Dialect()).fields[0][1]
    posted = CODEC.posted([("x", "1"), (name, value.rstrip("=") if damaged else value)], Dialect())
    assert posted.content == payload.content
    assert {fault.code for fault in posted.faults} <= {"UBL-013"}


def test_mended_base64_is_noted():
    value = CODEC.form(written(), Dialect()).fields[0][1]
    posted = CODEC.posted(
        [("catalogue", value[:20] + "\n" + value[20:].rstrip("=") + "\n ")], Dialect()
    )
    assert posted.content in (written().content, None)
    value = base64.b64encode(b"<a>???>>>~~~</a>").decode()
    posted = CODEC.posted([("catalogue", value.replace("+", " ").rstrip("="))], Dialect())
    assert [fault.code for fault in posted.faults] == ["UBL-013"]
    assert posted.content == b"<a>???>>>~~~</a>"


@pytest.mark.parametrize(
    ("fields", "code"),
    [([("other", "x")], "UBL-011"), ([], "UBL-011"), ([("catalogue", "<>")], "UBL-012")],
)
def test_a_form_without_a_cart_is_refused(fields, code):
    posted = CODEC.posted(fields, Dialect())
    assert posted.content is None
    assert [fault.code for fault in posted.faults] == [code]


def test_a_cart_without_lines_goes_home_as_an_empty_field_and_is_understood():
    payload = CODEC.write(EMPTY, ENVELOPE, Dialect())
    assert CODEC.form(payload, Dialect()).fields == (("catalogue", ""),)
    assert CODEC.check(payload, "Catalogue", Dialect()) == ()
    posted = CODEC.posted([("catalogue", "")], Dialect())
    assert CODEC.read(posted.content, posted.media_type).messages[0].name == "Cancelled"


def test_an_answer_says_its_verdict_as_a_status_of_http():
    payload = CODEC.acknowledgement(Verdict.FORBIDDEN, ENVELOPE, Dialect(), detail="<no> & no")
    status = CODEC.read(*reversed_media(payload)).messages[0].status
    assert (status.code, status.text, status.detail) == (403, "Forbidden", "<no> & no")


def test_what_is_no_document_is_a_fault_and_never_an_error():
    assert has_errors(CODEC.read(b"\xff", "application/xml").faults)
    assert has_errors(CODEC.check(Payload(b"<a", "application/xml"), "Catalogue", Dialect()))
    assert CODEC.read(b"<Answer code='x'/>", "text/xml").messages[0].status is None


def test_a_dialect_of_another_protocol_takes_our_defaults_with_its_charset():
    assert CODEC.form(written(), Dialect()).fields[0][0] == PunchoutDialect().cart_field
    assert CODEC.adapted(Dialect(charset="X"), {}).charset == "X"
    assert CODEC.version("Catalogue", Dialect()) == "2.1"
