"""Every real cXML document becomes a named message, and what we write is valid and comes back."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Severity, has_errors
from canonical.identifiers import Attachment
from canonical.wire import (
    Credential,
    CredentialRole,
    Dialect,
    Envelope,
    Markup,
    Part,
    Payload,
    Reading,
    Verdict,
)
from protocols import xml
from protocols.cxml import mime
from protocols.cxml.codec import CxmlCodec

CODEC = CxmlCodec()
SAMPLES = Path(__file__).parent / "samples"

NAMES = {
    "CatalogUploadRequest": "CatalogUploadRequest",
    "ConfirmationRequest-detail": "ConfirmationRequest",
    "Contract": "Contract",
    "CopyRequest": "CopyRequest",
    "GetPendingRequest": "GetPendingRequest",
    "Index": "Index",
    "InvoiceDetailRequest-multiple-pos": "InvoiceDetailRequest",
    "InvoiceDetailRequest-tax-at-line": "InvoiceDetailRequest",
    "OrderRequest-1.1.010-marketplace": "OrderRequest.new",
    "OrderRequest-external-attachment": "OrderRequest.new",
    "OrderResponse": "Response",
    "ProductActivityMessage": "ProductActivityMessage",
    "ProfileRequest": "ProfileRequest",
    "ProfileResponse": "ProfileResponse",
    "PunchOutOrderMessage-auxid-shortname": "PunchOutOrderMessage",
    "PunchOutOrderMessage-basic": "PunchOutOrderMessage",
    "PunchOutSetupRequest-create-1.1.010": "PunchOutSetupRequest",
    "PunchOutSetupRequest-create-no-doctype": "PunchOutSetupRequest",
    "PunchOutSetupRequest-create-shipto-selecteditem-itemout": "PunchOutSetupRequest",
    "PunchOutSetupResponse-200": "PunchOutSetupResponse",
    "PunchOutSetupResponse-400": "Response",
    "QuoteMessage": "QuoteMessage",
    "ShipNoticeRequest": "ShipNoticeRequest",
    "StatusUpdateRequest": "StatusUpdateRequest",
    "SubscriptionContentRequest": "SubscriptionContentRequest",
    "SubscriptionListResponse": "SubscriptionListResponse",
    "SupplierChangeMessage": "SupplierChangeMessage",
    "SupplierDataResponse": "SupplierDataResponse",
    "generated/confirmationrequest-price-change": "ConfirmationRequest",
    "generated/invoicedetailrequest": "InvoiceDetailRequest",
    "generated/punchoutordermessage-quirks": "PunchOutOrderMessage",
    "generated/punchoutsetuprequest": "PunchOutSetupRequest",
    "generated/shipnoticerequest-partial": "ShipNoticeRequest",
}

OWN_NAMES = {
    "cart": "PunchOutOrderMessage",
    "confirmation": "ConfirmationRequest",
    "index": "Index",
    "order-delete": "OrderRequest.delete",
    "order-new": "OrderRequest.new",
    "order-update": "OrderRequest.update",
    "profile-request": "ProfileRequest",
    "profile-response": "ProfileResponse",
    "refusal": "Response",
    "setup-create": "PunchOutSetupRequest",
    "setup-misordered": "PunchOutSetupRequest",
    "setup-response": "PunchOutSetupResponse",
    "status-update": "StatusUpdateRequest",
}


def codes(reading: Reading, severity: Severity | None = None) -> list[str]:
    return [
        fault.code for fault in reading.faults if severity is None or fault.severity is severity
    ]


@pytest.mark.parametrize(("name", "message"), NAMES.items())
def test_a_public_document_is_read_and_valid(reference, schemas, name, message):
    content = (reference / "samples" / f"{name}.xml").read_bytes()
    for codec in (CxmlCodec(schemas), CODEC):
        reading = codec.read(content, "text/xml")
        assert [found.name for found in reading.messages] == [message]
        # one sample has a timestamp with Z; nothing else departs from any DTD
        assert set(codes(reading)) <= {"CXML-006"}


def test_every_public_document_is_in_the_table(reference):
    folder = reference / "samples"
    found = {str(file.relative_to(folder).with_suffix("")) for file in folder.rglob("*.xml")}
    assert found == set(NAMES)


@pytest.mark.parametrize(("name", "message"), OWN_NAMES.items())
def test_a_hand_made_document_is_named(sample, name, message):
    assert [found.name for found in CODEC.read(sample(name), "text/xml").messages] == [message]


def test_every_hand_made_document_is_in_the_table():
    assert {file.stem for file in SAMPLES.glob("*.xml")} == set(OWN_NAMES)


def test_the_tree_is_the_whole_document_with_default_attributes(sample):
    (message,) = CODEC.read(sample("order-new"), "text/xml").messages
    assert message.element.tag == "cXML"
    request = next(child for child in message.element if child.tag == "Request")
    header = next(iter(next(iter(request))))
    assert request.get("deploymentMode") == "production"
    assert (header.get("type"), header.get("orderType")) == ("new", "regular")


def test_the_status_of_a_response_is_given(sample):
    (message,) = CODEC.read(sample("refusal"), "text/xml").messages
    assert message.status is not None
    assert message.status.code == 401


@pytest.mark.parametrize("with_dtd", [False, True])
def test_a_document_that_breaks_the_dtd_still_opens_the_shop(request, sample, with_dtd):
    codec = CxmlCodec(request.getfixturevalue("schemas")) if with_dtd else CODEC
    reading = codec.read(sample("setup-misordered"), "text/xml")
    assert [message.name for message in reading.messages] == ["PunchOutSetupRequest"]
    assert codes(reading, Severity.ERROR) == []
    assert "CXML-006" in codes(reading)
    expected = (
        {"XML-020", "XML-021", "XML-024"} if with_dtd else {"CXML-032", "CXML-033", "CXML-034"}
    )
    assert expected <= set(codes(reading))
    for fault in reading.faults:
        assert fault.place is not None
        assert fault.place.line is not None


@pytest.mark.parametrize("with_dtd", [False, True])
def test_for_a_strict_partner_the_same_is_an_error(request, sample, with_dtd):
    codec = CxmlCodec(request.getfixturevalue("schemas")) if with_dtd else CODEC
    tolerant = codec.read(sample("setup-misordered"), "text/xml")
    strict = codec.read(sample("setup-misordered"), "text/xml", strict=True)
    assert codes(strict) == codes(tolerant)
    assert codes(strict, Severity.WARNING) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "XML-001"),
        (b"<html/>", "CXML-001"),
        (b"<cxml/>", "CXML-001"),
        (b"<!DOCTYPE html><html/>", "XML-007"),
        (b"<cXML><Header></cXML>", "XML-013"),
        (b'<!DOCTYPE cXML [<!ENTITY a "b">]><cXML/>', "XML-008"),
        (b"<cXML/>", "CXML-002"),
    ],
)
def test_what_is_no_message_is_refused_with_a_code(content, code):
    reading = CODEC.read(content, "text/xml")
    assert reading.messages == ()
    assert codes(reading, Severity.ERROR) == [code]


def test_an_envelope_is_given_even_when_the_message_is_useless(sample):
    content = sample("setup-create").replace(b'operation="create"', b'operation="buy"')
    reading = CODEC.read(content, "text/xml")
    assert has_errors(reading.faults)
    assert reading.envelope is not None
    assert reading.envelope.message_id == "1700000000.42@buyer.example"


def order_package(sample, name: str = "drawing@buyer.example") -> Payload:
    attachment = Attachment(content_id=name, media_type="image/png", size=4)
    return mime.pack(Payload(sample("order-new"), "text/xml"), [Part(attachment, b"\x89PNG")])


@pytest.mark.parametrize("kind", ["multipart/related", "multipart/mixed"])
def test_an_attachment_is_found_by_its_reference(sample, kind):
    packed = order_package(sample)
    media_type = packed.media_type.replace("multipart/related", kind)
    reading = CODEC.read(packed.content, media_type)
    assert codes(reading) == []
    assert [part.content for part in reading.messages[0].parts] == [b"\x89PNG"]


def test_a_reference_without_part_is_an_error_with_its_place(sample):
    for packed in (order_package(sample, "other@x"), Payload(sample("order-new"), "text/xml")):
        reading = CODEC.read(packed.content, packed.media_type)
        assert codes(reading, Severity.ERROR) == ["CXML-025"]
        place = reading.faults[-1].place
        assert place is not None
        assert place.path == "Request/OrderRequest/OrderRequestHeader/Comments/Attachment/URL"


def test_the_charset_of_the_transport_counts(sample):
    content = sample("setup-create")
    assert codes(CODEC.read(content, "text/xml; charset=iso-8859-1")) == ["XML-005"]
    assert codes(CODEC.read(content, 'text/xml; charset="UTF-8"')) == []


ENVELOPE = Envelope(
    message_id="m1@gateway",
    sent_at=datetime(2026, 5, 19, 18, 29, 48, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="DUNS", identity="2"),
        Credential(role=CredentialRole.TO, domain="NetworkId", identity="AN1"),
        Credential(role=CredentialRole.SENDER, domain="DUNS", identity="2", secret="s3cret"),
    ),
    user_agent="gateway",
    language="en",
)

BODIES = {
    "PunchOutSetupResponse": (
        "<PunchOutSetupResponse><StartPage><URL>https://shop.example/s/t</URL></StartPage>"
        "</PunchOutSetupResponse>"
    ),
    "PunchOutOrderMessage": (
        "<PunchOutOrderMessage><BuyerCookie>c</BuyerCookie>"
        '<PunchOutOrderMessageHeader operationAllowed="edit"><Total><Money currency="EUR">0</Money>'
        "</Total></PunchOutOrderMessageHeader></PunchOutOrderMessage>"
    ),
    "ProfileResponse": (
        '<ProfileResponse effectiveDate="2026-01-01T00:00:00+00:00"><Transaction '
        'requestName="OrderRequest"><URL>https://x/</URL></Transaction></ProfileResponse>'
    ),
    "StatusUpdateRequest": (
        '<StatusUpdateRequest><DocumentReference payloadID="p"/><Status code="200" text="OK"/>'
        "</StatusUpdateRequest>"
    ),
    "ConfirmationRequest": (
        '<ConfirmationRequest><ConfirmationHeader type="accept" noticeDate="2026-05-19T18:29:48'
        '+00:00"/><OrderReference><DocumentReference payloadID="p"/></OrderReference>'
        "</ConfirmationRequest>"
    ),
    "ProfileRequest": "<ProfileRequest/>",
    "Response": "",
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("version", ["1.1.010", "1.2.014", "1.2.050", "1.2.071"])
def test_what_we_write_is_valid_in_the_partners_version(schemas, name, version):
    codec = CxmlCodec(schemas)
    dialect = Dialect(versions={name: version, "*": "1.2.063"})
    payload = codec.write(Markup(name, BODIES[name]), ENVELOPE, dialect)
    assert codec.check(payload, name, dialect) == ()
    reading = codec.read(payload.content, payload.media_type)
    assert codes(reading) == []
    (message,) = reading.messages
    assert message.name == name
    assert message.envelope.version == version


@pytest.mark.parametrize("name", [name for name in BODIES if not name.endswith("Response")])
def test_an_envelope_comes_back_as_written(name):
    for test in (False, True):
        envelope = msgspec.structs.replace(ENVELOPE, version="1.2.050", test=test)
        payload = CODEC.write(Markup(name, BODIES[name]), envelope, Dialect())
        (message,) = CODEC.read(payload.content, payload.media_type).messages
        if name == "PunchOutOrderMessage":
            claims = [msgspec.structs.replace(c, secret=None) for c in envelope.credentials]
            envelope = msgspec.structs.replace(envelope, credentials=tuple(claims))
        assert message.envelope == envelope


def test_what_travels_through_a_browser_holds_no_proof():
    name = "PunchOutOrderMessage"
    payload = CODEC.write(Markup(name, BODIES[name]), ENVELOPE, Dialect())
    assert b"s3cret" not in payload.content
    name = "StatusUpdateRequest"
    assert b"s3cret" in CODEC.write(Markup(name, BODIES[name]), ENVELOPE, Dialect()).content


def test_the_dialect_chooses_host_version_time_and_charset():
    dialect = Dialect(
        versions={"*": "1.2.023"}, doctype_host="dtd.buyer.example", timestamp="zulu",
        charset="us-ascii",
    )  # fmt: skip
    body = Markup("PunchOutSetupResponse", BODIES["PunchOutSetupResponse"].replace("/t", "/ü☃"))
    payload = CODEC.write(body, ENVELOPE, dialect)
    text = payload.content.decode("ascii")
    assert payload.media_type == "text/xml; charset=us-ascii"
    assert '<!DOCTYPE cXML SYSTEM "http://dtd.buyer.example/schemas/cXML/1.2.023/cXML.dtd">' in text
    assert 'timestamp="2026-05-19T18:29:48Z"' in text
    assert "&#252;&#9731;" in text
    root = xml.parse(payload.content, doctypes=None if "DOCTYPE" not in text else _doctypes()).root
    assert root is not None
    assert root.findtext(".//URL") == "https://shop.example/s/ü☃"


def _doctypes() -> xml.Doctypes:
    from protocols.cxml.vocabulary import DOCTYPES

    return DOCTYPES


def test_a_confirmation_names_the_module_that_declares_it():
    payload = CODEC.write(
        Markup("ConfirmationRequest", BODIES["ConfirmationRequest"]), ENVELOPE, Dialect()
    )
    assert b"/Fulfill.dtd" in payload.content


def test_what_breaks_the_dtd_does_not_pass_the_check(schemas):
    codec = CxmlCodec(schemas)
    dialect = Dialect(versions={"*": "1.2.014"})
    name = "PunchOutOrderMessage"
    body = BODIES[name].replace("<BuyerCookie>c</BuyerCookie>", "")
    faults = codec.check(codec.write(Markup(name, body), ENVELOPE, dialect), name, dialect)
    assert [(fault.code, fault.severity) for fault in faults] == [("XML-020", Severity.ERROR)]


def test_an_element_that_is_too_new_for_the_partner_does_not_pass_the_check(schemas):
    codec = CxmlCodec(schemas)
    name = "PunchOutOrderMessage"
    item = (
        '<ItemIn quantity="1"><ItemID><SupplierPartID>1</SupplierPartID>'
        "<BuyerPartID>2</BuyerPartID></ItemID><ItemDetail>"
        '<UnitPrice><Money currency="EUR">1</Money></UnitPrice>'
        '<Description xml:lang="en">d</Description><UnitOfMeasure>EA</UnitOfMeasure>'
        '<Classification domain="UNSPSC">1</Classification></ItemDetail></ItemIn>'
    )
    body = BODIES[name].replace("</PunchOutOrderMessage>", f"{item}</PunchOutOrderMessage>")
    for version, valid in (("1.2.014", False), ("1.2.050", True)):
        dialect = Dialect(versions={"*": version})
        payload = codec.write(Markup(name, body), ENVELOPE, dialect)
        assert (codec.check(payload, name, dialect) == ()) is valid


def test_what_is_not_well_formed_does_not_pass_the_check_even_without_dtd():
    payload = CODEC.write(Markup("ProfileRequest", "<ProfileRequest>"), ENVELOPE, Dialect())
    assert [fault.code for fault in CODEC.check(payload, "ProfileRequest", Dialect())] == [
        "XML-013"
    ]


def test_a_cancelled_cart_can_carry_status_204():
    body = '<Status code="204" text="No Content"/>' + BODIES["PunchOutOrderMessage"]
    payload = CODEC.write(Markup("PunchOutOrderMessage", body), ENVELOPE, Dialect())
    (message,) = CODEC.read(payload.content, payload.media_type).messages
    assert message.name == "PunchOutOrderMessage"
    assert message.status is not None
    assert message.status.code == 204


@pytest.mark.parametrize("verdict", list(Verdict))
def test_an_acknowledgement_says_its_verdict(verdict):
    payload = CODEC.acknowledgement(verdict, ENVELOPE, Dialect(), detail="why & where")
    (message,) = CODEC.read(payload.content, payload.media_type).messages
    assert message.name == "Response"
    assert message.status is not None
    assert message.status.detail == "why & where"


def test_an_acknowledgement_is_valid(schemas):
    codec = CxmlCodec(schemas)
    payload = codec.acknowledgement(Verdict.UNAUTHENTICATED, ENVELOPE, Dialect())
    assert codec.check(payload, "Response", Dialect()) == ()


REAL = [file.read_bytes() for file in sorted(SAMPLES.glob("*.xml"))]


@given(st.sampled_from(REAL), st.data())
def test_damaged_documents_never_raise(document, data):
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(document)))
        cut = data.draw(st.integers(0, 30))
        document = document[:at] + data.draw(st.binary(max_size=8)) + document[at + cut :]
    media_type = data.draw(
        st.sampled_from(["text/xml", "text/xml; charset=latin-1", "multipart/mixed; boundary=cXML"])
    )
    reading = CODEC.read(document, media_type, strict=data.draw(st.booleans()))
    assert reading.messages or has_errors(reading.faults)
    CODEC.redacted(document, media_type)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_never_raise(content, media_type):
    reading = CODEC.read(content, media_type)
    assert reading.messages or has_errors(reading.faults)
    CODEC.redacted(content, media_type)
