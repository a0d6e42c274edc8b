"""The envelope of any real document is read; what departs from the guide is a finding only."""

from datetime import UTC, datetime

import pytest

from canonical.faults import Severity
from canonical.wire import Credential, CredentialRole, Envelope
from protocols import xml
from protocols.cxml import envelope as envelopes
from protocols.cxml.vocabulary import DOCTYPES


def opened(content: bytes) -> envelopes.Opened:
    root = xml.parse(content, doctypes=DOCTYPES).root
    assert root is not None
    return envelopes.open_document(root, "1.2.014")


def codes(content: bytes, severity: Severity | None = None) -> list[str]:
    found = opened(content).faults
    return [fault.code for fault in found if severity is None or fault.severity is severity]


def test_every_credential_of_every_party_is_read(sample):
    envelope = opened(sample("setup-create")).envelope
    assert [(str(c.role), c.domain, c.identity, c.kind) for c in envelope.credentials] == [
        ("from", "NetworkId", "AN01000000001", None),
        ("from", "DUNS", "123456789", "marketplace"),
        ("to", "DUNS", "987654321", None),
        ("sender", "NetworkId", "AN01000000001", None),
    ]
    assert envelope.credentials[-1].secret == "canary-5f1c"


def test_the_rest_of_the_envelope_is_read(sample):
    found = opened(sample("setup-create"))
    envelope = found.envelope
    assert envelope.message_id == "1700000000.42@buyer.example"
    assert envelope.sent_at == datetime(2026, 5, 19, 16, 29, 48, tzinfo=UTC)
    assert envelope.user_agent == "Hand-made buyer 1.0"
    assert envelope.language == "en-GB"
    assert envelope.version == "1.2.014"
    assert envelope.test
    assert not envelope.signed
    assert found.faults == ()


def test_production_is_the_default_of_requests_and_messages(sample):
    assert not opened(sample("order-new")).envelope.test
    assert not opened(sample("cart")).envelope.test
    message = sample("cart").replace(b"<Message>", b'<Message deploymentMode="test">')
    assert opened(message).envelope.test


def test_an_unknown_deployment_mode_is_production_with_a_warning(sample):
    content = sample("order-new").replace(b"<Request>", b'<Request deploymentMode="trial">')
    assert not opened(content).envelope.test
    assert codes(content) == ["CXML-010"]


SENT = b' timestamp="2026-05-19T18:29:48-07:00"'
TO = b'<To><Credential domain="NetworkId"><Identity>AN2</Identity></Credential></To>'


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b' payloadID="order-1@buyer.example"', b"", "CXML-004"),
        (SENT, b"", "CXML-005"),
        (SENT, b' timestamp="--T+00:00"', "CXML-006"),
        (SENT, b' timestamp="2026-05-19T18:29:48Z"', "CXML-006"),
        (TO, b"<To/>", "CXML-007"),
        (b"<Identity>AN2</Identity>", b"<Identity> </Identity>", "CXML-008"),
        (b"<UserAgent>Hand-made buyer 1.0</UserAgent>", b"", "CXML-009"),
    ],
)
def test_each_deviation_is_a_warning(sample, old, new, code):
    content = sample("order-new")
    assert old in content
    content = content.replace(old, new, 1)
    assert codes(content) == [code]
    assert codes(content, Severity.ERROR) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Header/>", "CXML-002"),
        ("<Header><Sender><UserAgent/></Sender></Header><Request/>", "CXML-002"),
        ("<Request><ProfileRequest/></Request>", "CXML-003"),
        ("<Message/>", "CXML-002"),
        ("<Response/>", "CXML-012"),
        ("<Response><ProfileResponse/></Response>", "CXML-012"),
        ('<Response><Status code="OK"/></Response>', "CXML-013"),
        ('<Response><Status text="OK"/></Response>', "CXML-013"),
        ("<Message><A/><B/></Message>", "CXML-011"),
    ],
)
def test_a_document_that_says_nothing_usable_is_refused(body, code):
    content = f'<cXML payloadID="p" timestamp="2026-05-19T18:29:48+02:00">{body}</cXML>'
    assert codes(content.encode(), Severity.ERROR) == [code]


def test_a_status_is_read_with_its_detail(sample):
    state = opened(sample("refusal")).status
    assert state is not None
    assert (state.code, state.text, state.detail) == (401, "Unauthorized", "try again")


def test_a_signature_is_noticed(sample):
    signature = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></cXML>'
    assert opened(sample("order-new").replace(b"</cXML>", signature)).envelope.signed


def test_a_header_comes_back_as_written():
    claims = (
        Credential(role=CredentialRole.FROM, domain="a", identity="1 & 2", kind="marketplace"),
        Credential(role=CredentialRole.FROM, domain="b", identity="3"),
        Credential(role=CredentialRole.TO, domain="c", identity="4"),
        Credential(role=CredentialRole.SENDER, domain="d", identity="5", secret="<s>"),
    )
    envelope = Envelope(
        message_id='m"1',
        sent_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        credentials=claims,
        user_agent="us & co",
        language="de",
        version="1.2.050",
    )
    start = envelopes.write_start(envelope, version="1.2.050", timestamp="offset")
    header = envelopes.write_header(envelope, proof=True)
    body = "<Request><ProfileRequest/></Request>"
    assert opened(f"{start}{header}{body}</cXML>".encode()).envelope == envelope


def test_an_envelope_without_time_cannot_be_written():
    with pytest.raises(ValueError, match="sent_at"):
        envelopes.write_start(Envelope(message_id="m"), version="1.2.050", timestamp="offset")
