"""Take in what lies in the partners' folders; the envelope must name whose folder it is."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from canonical.wire import Verdict
from gateway.errors import TransportError
from gateway.partners.agreements import FLAT
from gateway.partners.model import Partner, State
from gateway.pipeline.arriving import LARGEST_FILE, syntax_in, too_large
from gateway.pipeline.contract import Answer, Arrival
from gateway.pipeline.pipeline import Pipeline
from gateway.transports.folder import Bound, Taken, collect

_log: Final = structlog.get_logger(__name__)

LATER: Final = frozenset({Verdict.BUSY, Verdict.CORE_UNREACHABLE})
"""Verdicts after which a file stays where it is, and those behind it."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSES: Final = {"folder": 30.0, "file": 300.0}
"""Seconds that what failed is left alone: at first, and at most. Each attempt is on record."""


class Pauses:
    """Remember what failed: it is left alone for a while, twice as long each time."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[float, float]] = {}

    def due(self, path: Path, now: float) -> bool:
        """Tell whether nothing speaks against another attempt."""
        until, _ = self._known.get(path, (now, 0.0))
        return now >= until

    def failed(self, path: Path, now: float, longest: float) -> None:
        """Leave `path` alone from now on, for up to `longest` seconds."""
        _, before = self._known.get(path, (now, 0.0))
        pause = min(longest, before * 2 or FIRST_PAUSE)
        self._known[path] = (now + pause, pause)

    def settled(self, path: Path) -> None:
        """Forget that `path` ever failed."""
        self._known.pop(path, None)

    def forget(self, before: float) -> None:
        """Forget what nobody tried since its pause ended: it is gone."""
        self._known = {one: kept for one, kept in self._known.items() if kept[0] >= before}


def collect_inboxes(
    pipeline: Pipeline,
    partners: Iterable[Partner],
    workspace: Path,
    pauses: Pauses | None = None,
    largest: int = LARGEST_FILE,
) -> int:
    """Take in every whole file of every partner's inbox; return how many there were.

    `pauses` is what the caller keeps from one time to the next; a file of more than `largest` bytes
    is refused.
    """
    bound = Bound(largest, partial(too_large, largest=largest))
    known = Pauses() if pauses is None else pauses
    known.forget(pipeline.equipment.ambient.now().timestamp() - max(LONGEST_PAUSES.values()))
    return sum(
        len(_collect(pipeline, partner, (workspace / partner.edi.inbox, bound), known))
        for partner in partners
        if partner.edi.inbox and partner.state is not State.BLOCKED
    )


def _collect(
    pipeline: Pipeline, partner: Partner, inbox: tuple[Path, Bound], pauses: Pauses
) -> tuple[Taken, ...]:
    folder, bound = inbox
    now = pipeline.equipment.ambient.now
    at = now().timestamp()
    if not pauses.due(folder, at):
        return ()

    def take(content: bytes) -> str | None:
        return _take(pipeline, partner, content)

    try:
        found = collect(folder, take, at, lambda file: pauses.due(file, at), bound)
    except (TransportError, OSError) as error:
        pauses.failed(folder, at, LONGEST_PAUSES["folder"])
        _log.warning("a folder waits", partner=partner.id, folder=str(folder), reason=str(error))
        return ()
    pauses.settled(folder)
    for one in found:
        shown = ascii(one.file.name)  # a partner's: any bytes
        if one.stays:
            pauses.failed(one.file, at, LONGEST_PAUSES["file"])
            _log.warning("a file waits", partner=partner.id, file=shown, reason=one.reason)
        else:
            pauses.settled(one.file)
        if one.unread:
            _log.warning("a file is refused", partner=partner.id, file=shown, reason=one.reason)
    return tuple(one for one in found if not one.stays)


def _take(pipeline: Pipeline, partner: Partner, content: bytes) -> str | None:
    """Return why a file is not taken in, or nothing; None when that cannot be told yet."""
    arrival = Arrival(
        syntax=FLAT if partner.edi.flat else syntax_in(content),
        content=content,
        media_type="",
        received_at=pipeline.equipment.ambient.now(),
        origin="folder",
        addressee=partner.id,
        trusted=True,
    )
    answers = pipeline.receive_all(arrival)
    verdicts = {answer.verdict for answer in answers}
    if verdicts & LATER:
        message = "it cannot be taken in now"
        raise TransportError(message)
    if Verdict.ERROR in verdicts:
        return None
    return "\n".join(filter(None, map(_reason, answers)))


def _reason(answer: Answer) -> str:
    """Return why an interchange was not taken in, or nothing."""
    if answer.verdict in (Verdict.RECEIVED, Verdict.ACCEPTED):
        return ""
    return answer.detail or answer.verdict.value
