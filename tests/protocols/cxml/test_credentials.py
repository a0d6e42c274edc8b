"""A credential is read as one text, and its code proves exactly the parties and dates it covers."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.wire import Credential, CredentialRole, MessageAuthentication
from protocols import xml
from protocols.cxml import credentials
from protocols.cxml.credentials import MacState

CREATED = "2003-01-15T08:42:46-08:00"
EXPIRES = "2003-01-15T11:42:46-08:00"
NOW = datetime(2003, 1, 15, 17, 0, tzinfo=UTC)


def mac(digest: str = "cR6Jpz58nriXERDN", algorithm: str = "HMAC-SHA1-96") -> MessageAuthentication:
    return MessageAuthentication(
        algorithm=algorithm,
        kind="FromSenderCredentials",
        created_at=CREATED,
        expires_at=EXPIRES,
        digest=digest,
    )


def credential(
    role: CredentialRole = CredentialRole.SENDER,
    identity: str = "AN9900000100",
    authentication: MessageAuthentication | None = None,
) -> Credential:
    return Credential(
        role=role, domain="NetworkID", identity=identity, authentication=authentication
    )


ORIGIN = credential(CredentialRole.FROM)


def test_the_worked_example_of_the_users_guide_comes_out():
    assert credentials.compute(mac(), credential(), ORIGIN, "abracadabra") == "cR6Jpz58nriXERDN"


def test_case_and_white_space_of_the_parties_do_not_matter():
    sender = credential(identity="  an9900000100 ")
    assert credentials.compute(mac(), sender, ORIGIN, "abracadabra") == "cR6Jpz58nriXERDN"


def test_the_longer_digest_has_96_bits_too():
    code = credentials.compute(mac(algorithm="HMAC-SHA256-96"), credential(), ORIGIN, "abracadabra")
    assert len(code) == 16
    assert code != "cR6Jpz58nriXERDN"


@pytest.mark.parametrize("algorithm", sorted(credentials.ALGORITHMS))
def test_a_code_is_valid_between_its_dates(algorithm):
    code = credentials.compute(mac(algorithm=algorithm), credential(), ORIGIN, "s")
    sender = credential(authentication=mac(code, algorithm))
    assert credentials.verify(sender, [ORIGIN], "s", NOW) is MacState.VALID
    assert credentials.verify(sender, [ORIGIN], "t", NOW) is MacState.WRONG
    later = NOW + timedelta(hours=3)
    assert credentials.verify(sender, [ORIGIN], "s", later) is MacState.EXPIRED
    earlier = NOW - timedelta(hours=3)
    assert credentials.verify(sender, [ORIGIN], "s", earlier) is MacState.EARLY


def test_any_of_several_from_credentials_may_be_the_one_that_was_signed():
    sender = credential(authentication=mac())
    other = credential(CredentialRole.FROM, identity="somebody else")
    assert credentials.verify(sender, [other, ORIGIN], "abracadabra", NOW) is MacState.VALID
    assert credentials.verify(sender, [other], "abracadabra", NOW) is MacState.WRONG
    assert credentials.verify(sender, [], "abracadabra", NOW) is MacState.WRONG


@pytest.mark.parametrize(
    "change",
    [{"algorithm": "HMAC-MD5"}, {"kind": "Other"}, {"created_at": "--"}, {"expires_at": ""}],
)
def test_another_kind_of_code_is_not_supported(change):
    sender = credential(authentication=msgspec.structs.replace(mac(), **change))
    assert credentials.verify(sender, [ORIGIN], "abracadabra", NOW) is MacState.UNSUPPORTED


def test_no_code_at_all_is_not_supported():
    assert credentials.verify(credential(), [ORIGIN], "s", NOW) is MacState.UNSUPPORTED


@given(st.text(), st.text(), st.text())
def test_verifying_never_raises(digest, identity, secret):
    sender = credential(identity=identity, authentication=mac(digest))
    credentials.verify(sender, [ORIGIN], secret, NOW)


def read(text: str) -> Credential:
    root = xml.parse(text.encode()).root
    assert root is not None
    return credentials.read(root, CredentialRole.SENDER)


def with_inserted(name: str, text: str, at: int, inserted: str) -> str:
    cut = f"{text[:at]}{inserted}{text[at:]}"
    other = "Identity" if name == "SharedSecret" else "SharedSecret"
    return f'<Credential domain="D"><{other}>x</{other}><{name}>{cut}</{name}></Credential>'


@given(
    st.sampled_from(["Identity", "SharedSecret"]),
    st.integers(0, 20),
    st.sampled_from(["<!-- a -->", "<?pi b?>", "<![CDATA[]]>", "<!-- x --><![CDATA[]]><?y?>"]),
)
def test_what_is_inserted_into_a_credential_changes_nothing(name, at, inserted):
    plain = read(with_inserted(name, "admin@x.com.evil.com", 0, ""))
    assert read(with_inserted(name, "admin@x.com.evil.com", at, inserted)) == plain
    assert "admin@x.com.evil.com" in {plain.identity, plain.secret}


def test_a_credential_with_a_code_comes_back_as_written():
    written = credential(authentication=mac())
    assert read(credentials.write(written, proof=True)) == written


def test_without_proof_neither_secret_nor_code_is_written():
    secret = Credential(role=CredentialRole.SENDER, domain="D", identity="I", secret="s3cret")
    assert "s3cret" in credentials.write(secret, proof=True)
    assert "s3cret" not in credentials.write(secret, proof=False)
    assert "Mac" not in credentials.write(credential(authentication=mac()), proof=False)


def test_a_digital_signature_is_noticed():
    signature = "<DigitalSignature>x</DigitalSignature>"
    assert read(f"<Credential domain='D'><Identity>I</Identity>{signature}</Credential>").signed
    assert not read("<Credential domain='D'><Identity>I</Identity></Credential>").signed
