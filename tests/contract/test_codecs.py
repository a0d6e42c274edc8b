"""Every codec of the product keeps the codec contract; being listed in plugins is enough."""

import importlib.util
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.faults import FaultKind, has_errors
from canonical.interchange import AcknowledgedState
from canonical.wire import (
    Codec,
    Credential,
    CredentialRole,
    Dialect,
    EdiCodec,
    Envelope,
    Payload,
    Receipt,
    Verdict,
)
from edi.edifact.dialect import EdifactDialect
from edi.x12.dialect import X12Dialect

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
EXCHANGED = Envelope(
    message_id="4711",
    sent_at=ENVELOPE.sent_at,
    credentials=(
        Credential(role=CredentialRole.FROM, domain="14", identity="7309876543210"),
        Credential(role=CredentialRole.TO, domain="14", identity="7301234567890"),
    ),
)


def codecs() -> list[Codec]:
    """List the codecs of the product, each without installed schemas."""
    if importlib.util.find_spec("gateway.plugins") is None:
        from protocols.cxml.codec import CxmlCodec

        return [CxmlCodec(None)]
    from gateway import plugins

    return list(plugins.codecs(None).values())


CODECS = codecs()
ANSWERING = [codec for codec in CODECS if not hasattr(codec, "acknowledged")]
EXCHANGING = [codec for codec in CODECS if hasattr(codec, "acknowledged")]
"""Those whose interchanges hold many messages, which are told of later (`EdiCodec`)."""

every_answering_codec = pytest.mark.parametrize("codec", ANSWERING, ids=lambda codec: codec.name)
every_exchanging_codec = pytest.mark.parametrize("codec", EXCHANGING, ids=lambda codec: codec.name)
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


@every_answering_codec
@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_can_be_acknowledged_and_read_back(codec, verdict):
    payload = codec.acknowledgement(verdict, ENVELOPE, DIALECT, detail="why")
    reading = codec.read(payload.content, payload.media_type)
    assert not has_errors(reading.faults)
    assert len(reading.messages) == 1
    assert reading.messages[0].status is not None


@every_answering_codec
def test_an_acknowledgement_has_the_identity_it_was_given(codec):
    payload = codec.acknowledgement(Verdict.ACCEPTED, ENVELOPE, DIALECT)
    (message,) = codec.read(payload.content, payload.media_type).messages
    assert message.envelope.message_id == ENVELOPE.message_id


@every_answering_codec
def test_without_schemas_the_check_passes_what_is_well_formed(codec):
    payload = codec.acknowledgement(Verdict.ACCEPTED, ENVELOPE, DIALECT)
    assert codec.check(payload, "Response", DIALECT) == ()
    broken = Payload(payload.content[: len(payload.content) // 2], payload.media_type)
    assert has_errors(codec.check(broken, "Response", DIALECT))


@every_answering_codec
def test_redacting_what_holds_no_secret_changes_nothing(codec):
    payload = codec.acknowledgement(Verdict.ACCEPTED, ENVELOPE, DIALECT)
    assert codec.redacted(payload.content, payload.media_type) == payload.content


@every_exchanging_codec
def test_an_exchanging_codec_has_all_members_of_its_contract(codec):
    members = [name for name in vars(EdiCodec) if not name.startswith("_")]
    assert {"envelope", "acknowledged"} <= set(members)
    assert [name for name in members if not hasattr(codec, name)] == []


@every_exchanging_codec
@given(content=st.binary(max_size=200))
def test_an_envelope_is_there_or_told_why_not(codec, content):
    reading = codec.envelope(content)
    assert reading.messages == ()
    assert reading.envelope is not None or has_errors(reading.faults)
    assert b"".join(codec.interchanges(content)) == content


@every_exchanging_codec
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_on_an_interchange_is_said_in_words(codec, verdict):
    payload = codec.acknowledgement(verdict, ENVELOPE, DIALECT, detail="why")
    assert payload.media_type.startswith("text/plain")
    assert payload.content.decode() == f"{verdict.value}: why\n"


SILENT = {"flat"}
"""Codecs of files that nobody acknowledges."""
every_acknowledging_codec = pytest.mark.parametrize(
    "codec",
    [codec for codec in EXCHANGING if codec.name not in SILENT],
    ids=lambda codec: codec.name,
)
ACKNOWLEDGED = {"edifact": {"CONTRL": "always"}, "x12": {"997": "always", "TA1": "always"}}
MESSAGES = {"edifact": Receipt("ORDERS", "1", version="D:96A:UN"),
            "x12": Receipt("850", "0001", group="7", version="004010")}  # fmt: skip


def acknowledged(codec):
    """Return a partner's dialect and the acknowledgement of one message of theirs by it."""
    dialect = {"edifact": EdifactDialect, "x12": X12Dialect}[codec.name](
        acknowledge=ACKNOWLEDGED[codec.name]
    )
    receipts = (MESSAGES[codec.name],)
    theirs = replace(ENVELOPE, message_id="101")
    return dialect, codec.acknowledged(theirs, receipts, (), EXCHANGED, dialect)


@every_acknowledging_codec
def test_an_interchange_is_acknowledged_by_what_is_read_back_and_settles_it(codec):
    _, payload = acknowledged(codec)
    reading = codec.read(payload.content, payload.media_type)
    assert reading.faults == ()
    assert int(reading.envelope.message_id) == int(EXCHANGED.message_id)
    settled = [codec.settlement(message) for message in reading.messages]
    assert {one.state for one in settled} == {AcknowledgedState.ACCEPTED}
    assert int(settled[0].control_reference) == 101


@every_acknowledging_codec
def test_what_an_exchanging_codec_writes_passes_its_check_unless_it_is_cut_off(codec):
    dialect, payload = acknowledged(codec)
    assert codec.check(payload, "", dialect) == ()
    broken = Payload(payload.content[: len(payload.content) // 2], payload.media_type)
    assert has_errors(codec.check(broken, "", dialect))


@every_acknowledging_codec
def test_redacting_an_interchange_without_secret_changes_nothing(codec):
    _, payload = acknowledged(codec)
    assert codec.redacted(payload.content, payload.media_type) == payload.content


@every_exchanging_codec
def test_a_codec_that_acknowledges_nothing_says_so(codec):
    if codec.name in SILENT:
        dialect, receipt = Dialect(), Receipt("orders", "1")
        assert codec.acknowledged(ENVELOPE, (receipt,), (), EXCHANGED, dialect) is None
    else:
        assert codec.name in ACKNOWLEDGED
