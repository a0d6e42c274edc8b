"""Be the pipeline to the layers above: take arrivals in, and send documents out.

What was answered "accepted" is durable before the answer leaves; everything else follows in
worker steps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import sqlalchemy as sa
import structlog

from canonical.wire import Payload, Verdict
from gateway.errors import StoreError, TakenError
from gateway.pipeline.arriving import ARRIVING, CROWD, STRANGERS, crowded, not_looked_at
from gateway.pipeline.case import Case, Check
from gateway.pipeline.contract import AlsoRecorded, Answer, Arrival, Sent
from gateway.pipeline.emitting import Outgoing, draft, record_draft
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.judging import CHECKS, acknowledge, judge
from gateway.pipeline.recording import put_together

_log: Final = structlog.get_logger(__name__)

ROUNDS: Final = 5
"""Times that an arrival is judged anew because another process took its name meanwhile."""

STRANGE: Final = frozenset({Verdict.UNAUTHENTICATED, Verdict.FORBIDDEN, Verdict.THROTTLED})
"""Verdicts on who sends, rather than on what is sent."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Compose codec, mapping, partners, handlers and store; see `Equipment`."""

    equipment: Equipment

    def receive(self, arrival: Arrival) -> Answer:
        """Return the answer to `arrival`, which is durable by then; never raises for data.

        When the database fails, nothing is promised: the answer asks to come again.
        """
        checks = ARRIVING if arrival.syntax in self.equipment.edi else CHECKS
        for number in range(ROUNDS):
            try:
                return self._take_in(arrival, checks, contested=number > 0)
            except TakenError:
                continue
        return self._come_again(judge(self.equipment, arrival, checks=checks))

    def receive_all(self, arrival: Arrival) -> tuple[Answer, ...]:
        """Return the answer to each interchange in the file that `arrival` holds, in their order.

        Each is an arrival of its own: what is refused does not hold up the others. What anybody may
        post is bounded: a post of a crowd is refused whole, and of strangers not all are recorded.
        """
        codec = self.equipment.edi.get(arrival.syntax)
        if codec is None:
            return (self.receive(arrival),)
        each = codec.interchanges(arrival.content)
        if arrival.trusted:
            return tuple(self.receive(replace(arrival, content=content)) for content in each)
        some = tuple(islice(each, CROWD + 1))
        if len(some) > CROWD:
            return (self._take_in(arrival, (crowded,), contested=False),)
        return tuple(self._receive_posted(arrival, some))

    def _receive_posted(self, arrival: Arrival, contents: Sequence[bytes]) -> Iterator[Answer]:
        strangers = 0
        for content in contents:
            one = replace(arrival, content=content)
            if strangers >= STRANGERS:
                case = judge(self.equipment, one, contested=True, checks=(not_looked_at,))
                yield Answer(
                    acknowledge(self.equipment, case), case.verdict, "", detail=case.detail
                )
                return
            answer = self.receive(one)
            strangers += answer.verdict in STRANGE
            yield answer

    def _take_in(self, arrival: Arrival, checks: Sequence[Check], *, contested: bool) -> Answer:
        """Return the answer to `arrival`; raises `TakenError` when it has to be judged anew."""
        with self.equipment.database.turns.turn():
            case = judge(self.equipment, arrival, contested=contested, checks=checks)
            try:
                batch = put_together(self.equipment, case)
            except StoreError:
                return self._not_recorded(case)
        try:
            self.equipment.database.append(batch)
            return self._answer(case)
        except (StoreError, sa.exc.SQLAlchemyError):
            return self._not_recorded(case)

    def emit(self, outgoing: Outgoing, also: AlsoRecorded | None = None) -> Sent:
        """Return a document ready for the partner's browser to carry, recorded with its faults.

        `also` is done in the same transaction; what it raises comes out here, and nothing is
        recorded then.
        """
        made = draft(self.equipment, outgoing)

        def work(connection: sa.Connection) -> None:
            record_draft(connection, self.equipment, made)
            if also is not None:
                also(connection, made.sent)

        self.equipment.database.write(work)
        return made.sent

    def _answer(self, case: Case) -> Answer:
        claim, reply = case.claim, case.reply
        if claim is not None:
            with self.equipment.database.read() as connection:
                content = self.equipment.archive.load(connection, claim.reply_sha256)
            stored = Payload(content=content, media_type=claim.reply_media_type)
            return Answer(stored, case.verdict, claim.interchange, claim.message)
        if reply is None:
            reply = acknowledge(self.equipment, case)
        return Answer(
            reply,
            case.verdict,
            case.interchange_id,
            case.message_id,
            partner=case.partner,
            document=case.document,
            reply=case.answered,
            detail=case.detail,
            language=None if case.envelope is None else case.envelope.language,
        )

    def _not_recorded(self, case: Case) -> Answer:
        _log.exception("an arrival could not be recorded", message_id=case.message_id)
        return self._come_again(case)

    def _come_again(self, case: Case) -> Answer:
        case.verdict = case.stop(Verdict.BUSY, fault("PIPELINE-007"))
        return Answer(acknowledge(self.equipment, case), Verdict.BUSY, case.interchange_id)
