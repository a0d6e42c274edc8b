"""Every codec of the product keeps the codec contract; being listed in plugins is enough."""

import importlib.util
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import FaultKind, has_errors
from canonical.wire import Codec, Credential, CredentialRole, Dialect, Envelope, Payload, Verdict

ENVELOPE = Envelope(
    message_id="answer-1@gateway.example",
    sent_at=datetime(2026, 5, 19, 18, 29, 48, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="DUNS", identity="2"),
        Credential(role=CredentialRole.TO, domain="DUNS", identity="1"),
        Credential(role=CredentialRole.SENDER, domain="DUNS", identity="2"),
    ),
    user_agent="gateway",
)
DIALECT = Dialect()


def codecs() -> list[Codec]:
    """List the codecs of the product, each without installed schemas."""
    if importlib.util.find_spec("gateway.plugins") is None:
        from protocols.cxml.codec import CxmlCodec

        return [CxmlCodec(None)]
    from gateway import plugins

    return list(plugins.codecs(None).values())


CODECS = codecs()
every_codec = pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)


def test_there_are_codecs_and_their_names_are_unique():
    assert CODECS
    assert len({codec.name for codec in CODECS}) == len(CODECS)


@every_codec
def test_a_codec_has_all_members_of_the_contract(codec):
    members = [name for name in vars(Codec) if not name.startswith("_")]
    assert {"read", "write", "check", "redacted", "acknowledgement", "faults", "name"} <= set(
        members
    )
    assert [name for name in members if not hasattr(codec, name)] == []


@every_codec
def test_every_fault_kind_has_a_unique_code_and_a_title(codec):
    kinds = codec.faults
    assert all(isinstance(kind, FaultKind) and kind.title for kind in kinds)
    assert len({kind.code for kind in kinds}) == len(kinds)


@every_codec
@given(content=st.binary(max_size=200), media_type=st.text(max_size=40), strict=st.booleans())
def test_reading_and_redacting_never_raise(codec, content, media_type, strict):
    reading = codec.read(content, media_type, strict=strict)
    assert reading.messages or has_errors(reading.faults)
    assert {fault.code for fault in reading.faults} <= {kind.code for kind in codec.faults}
    assert isinstance(codec.redacted(content, media_type), bytes)


@every_codec
@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_can_be_acknowledged_and_read_back(codec, verdict):
    payload = codec.acknowledgement(verdict, ENVELOPE, DIALECT, detail="why")
    reading = codec.read(payload.content, payload.media_type)
    assert not has_errors(reading.faults)
    assert len(reading.messages) == 1
    assert reading.messages[0].status is not None


@every_codec
def test_an_acknowledgement_has_the_identity_it_was_given(codec):
    payload = codec.acknowledgement(Verdict.ACCEPTED, ENVELOPE, DIALECT)
    (message,) = codec.read(payload.content, payload.media_type).messages
    assert message.envelope.message_id == ENVELOPE.message_id


@every_codec
def test_without_schemas_the_check_passes_what_is_well_formed(codec):
    payload = codec.acknowledgement(Verdict.ACCEPTED, ENVELOPE, DIALECT)
    assert codec.check(payload, "Response", DIALECT) == ()
    broken = Payload(payload.content[: len(payload.content) // 2], payload.media_type)
    assert has_errors(codec.check(broken, "Response", DIALECT))


@every_codec
def test_redacting_what_holds_no_secret_changes_nothing(codec):
    payload = codec.acknowledgement(Verdict.ACCEPTED, ENVELOPE, DIALECT)
    assert codec.redacted(payload.content, payload.media_type) == payload.content
