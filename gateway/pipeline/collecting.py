"""Take in what lies in the partners' folders; the envelope must name whose folder it is."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import structlog

from canonical.wire import Verdict
from gateway.errors import TransportError
from gateway.partners.agreements import FLAT
from gateway.partners.model import Partner, State
from gateway.pipeline.arriving import syntax_in
from gateway.pipeline.contract import Answer, Arrival
from gateway.pipeline.pipeline import Pipeline
from gateway.transports.folder import Taken, collect

_log: Final = structlog.get_logger(__name__)

LATER: Final = frozenset({Verdict.BUSY, Verdict.ERROR, Verdict.CORE_UNREACHABLE})
"""Verdicts after which a file stays where it is."""


def collect_inboxes(pipeline: Pipeline, partners: Iterable[Partner], workspace: Path) -> int:
    """Take in every whole file of every partner's inbox; return how many there were."""
    return sum(
        len(_collect(pipeline, partner, workspace / partner.edi.inbox))
        for partner in partners
        if partner.edi.inbox and partner.state is not State.BLOCKED
    )


def _collect(pipeline: Pipeline, partner: Partner, folder: Path) -> tuple[Taken, ...]:
    now = pipeline.equipment.ambient.now

    def take(content: bytes) -> str:
        arrival = Arrival(
            syntax=FLAT if partner.edi.flat else syntax_in(content),
            content=content,
            media_type="",
            received_at=now(),
            origin="folder",
            addressee=partner.id,
            trusted=True,
        )
        answers = pipeline.receive_all(arrival)
        if any(answer.verdict in LATER for answer in answers):
            message = "it cannot be taken in now"
            raise TransportError(message)
        return "\n".join(filter(None, map(_reason, answers)))

    try:
        return collect(folder, take, now().timestamp())
    except (TransportError, OSError) as error:
        _log.warning("a folder waits", partner=partner.id, folder=str(folder), reason=str(error))
        return ()


def _reason(answer: Answer) -> str:
    """Return why an interchange was not taken in, or nothing."""
    if answer.verdict in (Verdict.RECEIVED, Verdict.ACCEPTED):
        return ""
    return answer.detail or answer.verdict.value
