"""What only wants an answer gets it at once."""

from datetime import UTC, datetime
from typing import cast

from canonical.punchout import Profile, ProfileQuery
from canonical.wire import Envelope, Verdict
from gateway.partners.model import Partner
from gateway.pipeline.contract import Received
from gateway.pipeline.handlers import note_report, profile_handler

SINCE = datetime(2026, 11, 22, tzinfo=UTC)
RECEIVED = Received("m1", cast("Partner", None), ProfileQuery(), Envelope(message_id="p1"))


def test_a_profile_lists_each_transaction_at_our_address() -> None:
    handler = profile_handler("https://us.example/cxml", ["OrderRequest", "ProfileRequest"], SINCE)
    outcome = handler(RECEIVED)
    assert outcome.verdict is Verdict.ACCEPTED
    assert isinstance(outcome.reply, Profile)
    assert outcome.reply.effective_at == SINCE
    assert [(one.name, one.url) for one in outcome.reply.transactions] == [
        ("OrderRequest", "https://us.example/cxml"),
        ("ProfileRequest", "https://us.example/cxml"),
    ]


def test_a_report_is_accepted_without_a_document_in_return() -> None:
    outcome = note_report(RECEIVED)
    assert (outcome.verdict, outcome.reply) == (Verdict.ACCEPTED, None)
