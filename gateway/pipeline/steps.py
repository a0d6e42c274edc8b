"""Do the work that follows an accepted order: check, deliver; `responding` sends what comes out.

One function a step. A step first looks whether the message still is where the step begins, asks
the outside outside of any transaction, and commits what came of it with `advance`.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final

import sqlalchemy as sa
import structlog

from canonical.document import Document
from canonical.faults import Fault
from canonical.order import Order, OrderCancellation, OrderChange
from canonical.rules.judgement import Decision, Judgement
from canonical.rules.order import agreed_order, check_order
from canonical.stored import Forms, Kind, dump, load
from gateway.connectors.contract import Core, OrderState, Submission, SubmissionState
from gateway.errors import (
    CoreBusyError,
    CoreError,
    CoreRefusedError,
    NotFoundError,
    StateError,
    StoreError,
    TakenError,
)
from gateway.partners.model import Partner
from gateway.pipeline.advancing import (
    Advance,
    AlsoWork,
    Next,
    Patience,
    advance,
    advance_within,
    try_again,
)
from gateway.pipeline.answering import Answered, answers_to, dump_judgement, judgement_of
from gateway.pipeline.emitting import draft, record_draft
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.gathering import Named, Products, Sources, gather_facts, nothing_named
from gateway.pipeline.quoting import quotes_of, take_quotes
from gateway.pipeline.states import State
from gateway.store.claims import messages_about, messages_before
from gateway.store.messages import StoredMessage, message_of
from gateway.transports.contract import Sender

_log: Final = structlog.get_logger(__name__)

WAITING: Final = (State.ACCEPTED, State.CHECKED)
ROUNDS: Final = 5
"""Times that an order is judged in a row when others take of the same quote."""
CANCELLED_IN_CORE: Final = "cancelled"
ANSWERS: Final = Forms({"order-state": Kind(OrderState)})
"""How what the core said of an order is archived."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Hold what steps work with beyond the pipeline's own equipment."""

    equipment: Equipment
    core: Core
    products: Products
    sender: Sender
    patience: Patience = field(default_factory=Patience)
    named: Named = nothing_named


@dataclass(frozen=True, slots=True)
class Task:
    """Hold one message under work; `begun` carries the attempt and when it started."""

    shop: Workshop
    message: StoredMessage
    partner: Partner
    document: Document
    begun: Advance


Step = Callable[[Task], object]


def run_step(
    shop: Workshop, step: Step, name: str, leaving: State, arguments: tuple[str, ...]
) -> None:
    """Run one step on one message; the boundary where an error of our own is recorded.

    Errors of the database go out: the job fails, and the sweep finds the message later.
    """
    message_id, attempt, serial = arguments
    try:
        with shop.equipment.database.read() as connection:
            message = message_of(connection, message_id)
    except NotFoundError:
        return  # deleted since: a job may outlive its message
    if message.state != leaving or message.jobs != int(serial) or message.document is None:
        return  # done before, or the job of an earlier round
    begun = Advance(name, leaving, attempt=int(attempt))
    try:
        partner = shop.equipment.partners.get(message.partner or "")
        step(Task(shop, message, partner, load(message.document), begun))
    except CoreError as error:
        _core_failed(shop, message, begun, error)
    except (StoreError, sa.exc.SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 -- the step boundary: it is on the timeline then
        _log.exception("a step failed", step=name, message_id=message_id)
        made = _made(begun, leaving, fault("PIPELINE-007"), note=f"{type(error).__name__}: {error}")
        if isinstance(error, (NotFoundError, StateError)):
            advance(shop.equipment, message, _made(made, State.HELD, fault("PIPELINE-007")))
        else:
            try_again(shop.equipment, message, made, shop.patience)


def check(task: Task) -> None:
    """Judge an order by the rules; a cancellation needs no judging.

    Where another order took of the same quote meanwhile it is judged once more, by what is left.
    """
    document = task.document
    if not isinstance(document, Order):
        _settle(task, State.TESTED if task.message.test else State.CHECKED, None)
        return
    for _ in range(ROUNDS):
        with suppress(TakenError):
            _judge(task, document)
            return
    made = _made(task.begun, State.ACCEPTED, note="other orders take of the same quote")
    try_again(task.shop.equipment, task.message, made, task.shop.patience)


def _judge(task: Task, document: Order) -> None:
    shop, message = task.shop, task.message
    on = shop.equipment.ambient.now().date()
    quotes = partial(quotes_of, shop.equipment.database, task.partner.id, core_key=message.core_key)
    sources = Sources(shop.core, shop.products, shop.named, quotes)
    gathered = gather_facts(sources, task.partner.customer, document, on, _came(task))
    facts = replace(gathered, us=task.partner.our_ids)
    judgement = check_order(document, facts, task.partner.orders.policy)
    state = DECISIONS[judgement.decision]
    again = state is State.CHECKED and type(document) is Order and _known_number(task)
    if again:
        state = State.HELD
    elif state is State.CHECKED and message.test:
        state = State.TESTED
    extra = (fault("PIPELINE-018", found=f"order {message.order_id}"),) if again else ()

    def taking(connection: sa.Connection) -> None:
        take_quotes(connection, message, judgement, facts.quotes)

    # What an earlier round took is given back by one that finds no quote any more.
    refers = bool(facts.quotes) or message.jobs > 1
    _settle(task, state, judgement, extra, taking if refers else None)


def _came(task: Task) -> date:
    """Return the day on which an order came; of a change, the day of the order that it changes."""
    before = (one.created_at for one in _earlier(task))
    return min((*before, task.message.created_at)).date()


def _known_number(task: Task) -> bool:
    """Tell whether an order of this number came before, in another version."""
    message = task.message
    with task.shop.equipment.database.read() as connection:
        about = messages_about(connection, message.partner or "", message.order_id or "")
    over = {State.REFUSED, State.REJECTED, State.CANCELLED, State.TESTED}
    return any(
        one.id < message.id and one.kind == "order" and one.state not in over for one in about
    )


DECISIONS: Final[Mapping[Decision, State]] = {
    Decision.ACCEPTED: State.CHECKED,
    Decision.CHANGED: State.CHECKED,
    Decision.HELD: State.HELD,
    Decision.REJECTED: State.REJECTED,
}


def _settle(
    task: Task,
    state: State,
    judgement: Judgement | None,
    extra: tuple[Fault, ...] = (),
    also: AlsoWork | None = None,
) -> None:
    archive = task.shop.equipment.archive
    changes: tuple[tuple[str, object], ...] = ()
    if judgement is not None:
        changes = (("judgement", dump_judgement(judgement)),)
    if state in {State.TESTED, State.REJECTED}:
        changes += (("delivery", "none"),)
    made = Advance(
        task.begun.step,
        state,
        attempt=task.begun.attempt,
        started=task.begun.started,
        faults=(*(judgement.faults if judgement is not None else ()), *extra),
        note=f"decision: {judgement.decision}" if judgement is not None else "",
        input=archive.prepare(task.message.document or b""),
        output=None if judgement is None else archive.prepare(dump_judgement(judgement)),
        following=Next("deliver") if state is State.CHECKED else None,
        changes=changes,
    )
    if state in {State.TESTED, State.REJECTED}:
        finish(task, made, judgement, rejected=state is State.REJECTED)
    else:
        advance(task.shop.equipment, task.message, made, also)


def deliver(task: Task) -> None:
    """Bring an order, change or cancellation into the core, once."""
    before = _earlier(task)
    if any(one.state in WAITING for one in before):
        made = _made(task.begun, State.CHECKED, fault("PIPELINE-016"))
        try_again(task.shop.equipment, task.message, made, task.shop.patience)
    elif isinstance(task.document, OrderCancellation):
        _cancel(task, task.document, before)
    elif isinstance(task.document, Order):
        _submit(task, task.document, before)


def _earlier(task: Task) -> list[StoredMessage]:
    """Return the messages of the same order that came before this one."""
    if type(task.document) is Order:
        return []
    with task.shop.equipment.database.read() as connection:
        return messages_before(connection, task.message)


def _submit(task: Task, order: Order, before: list[StoredMessage]) -> None:
    if isinstance(order, OrderChange) and not any(one.core_number for one in before):
        _hold(task, fault("PIPELINE-017"))
        return
    judgement = judgement_of(task.message)
    agreed = order if judgement is None else agreed_order(order, judgement)
    core, key = task.shop.core, task.message.core_key or ""
    if type(order) is Order and task.begun.attempt > 1:
        # The attempt before may have had its effect although no answer came.
        found = core.order(key)
        if found is not None:
            _delivered(task, judgement, agreed, found, "found by our reference")
            return
    done = core.submit(key, task.partner.customer, agreed)
    if done.state in {SubmissionState.CREATED, SubmissionState.EXISTING} and done.order is not None:
        _delivered(task, judgement, agreed, done.order, f"the core says {done.state}")
    elif done.state is SubmissionState.CONFLICT:
        _hold(task, fault("PIPELINE-013", found=done.reason))
    else:
        _wait(task, done)


def _wait(task: Task, done: Submission) -> None:
    note = f"the core says {done.state}"
    made = _made(task.begun, State.CHECKED, note=note)
    try_again(task.shop.equipment, task.message, made, task.shop.patience)


def _delivered(
    task: Task, judgement: Judgement | None, agreed: Order, core: OrderState, note: str
) -> None:
    archive = task.shop.equipment.archive
    made = Advance(
        task.begun.step,
        State.DELIVERED,
        attempt=task.begun.attempt,
        started=task.begun.started,
        note=f"{note}: {core.order_number}",
        input=archive.prepare(dump(agreed)),
        output=archive.prepare(ANSWERS.dump(core)),
        changes=(("delivery", "delivered"), ("core_number", core.order_number)),
    )
    finish(task, made, judgement, rejected=False, core=core)


def _cancel(task: Task, document: OrderCancellation, before: list[StoredMessage]) -> None:
    reason = document.note or f"cancelled by {task.partner.name}"
    state = task.shop.core.cancel(task.message.core_key or "", reason)
    if state is not None and state.state != CANCELLED_IN_CORE:
        late = fault("PIPELINE-012", found=f"{state.order_number} is {state.state}")
        made = _made(task.begun, State.REJECTED, late)
        advance(task.shop.equipment, task.message, made)
        return
    number = None if state is None else state.order_number
    note = "it never reached the core" if state is None else f"the core cancelled {number}"
    made = Advance(
        task.begun.step,
        State.DELIVERED,
        attempt=task.begun.attempt,
        started=task.begun.started,
        note=note,
        changes=(("delivery", "delivered"), ("core_number", number)),
    )

    def also(connection: sa.Connection) -> None:
        for one in before:
            if one.state in {State.DELIVERED, State.HELD} and one.kind != "order-cancellation":
                by = Advance("cancel", State.CANCELLED, note=f"taken back by {task.message.id}")
                advance_within(connection, task.shop.equipment, one, by)

    advance(task.shop.equipment, task.message, made, also)


def finish(
    task: Task,
    made: Advance,
    judgement: Judgement | None,
    *,
    rejected: bool,
    core: OrderState | None = None,
) -> None:
    """Commit the end of an order together with the answers that the partner wants."""
    equipment = task.shop.equipment
    answered = Answered(equipment.ambient.now(), rejected, judgement, core)
    outgoing = answers_to(task.partner, task.message, task.document, answered)
    drafts = [draft(equipment, one) for one in outgoing]

    def also(connection: sa.Connection) -> None:
        for one in drafts:
            record_draft(connection, equipment, one)

    advance(equipment, task.message, made, also)


def _hold(task: Task, *faults: Fault) -> None:
    made = _made(task.begun, State.HELD, *faults)
    advance(task.shop.equipment, task.message, made)


def _core_failed(shop: Workshop, message: StoredMessage, begun: Advance, error: CoreError) -> None:
    state = State(message.state)
    if isinstance(error, CoreRefusedError):
        refused = _made(begun, State.HELD, fault("PIPELINE-012", found=error.code), note=str(error))
        advance(shop.equipment, message, refused)
        return
    busy = isinstance(error, CoreBusyError)
    code = "PIPELINE-011" if busy else "PIPELINE-010"
    retry_after = error.retry_after if isinstance(error, CoreBusyError) else None
    made = _made(begun, state, fault(code), note=str(error))
    try_again(shop.equipment, message, made, shop.patience, retry_after)


def _made(begun: Advance, state: State, *faults: Fault, note: str = "") -> Advance:
    """Return what a step did, carrying on its attempt and start."""
    return Advance(
        begun.step,
        state,
        attempt=begun.attempt,
        started=begun.started,
        faults=faults or begun.faults,
        note=note or begun.note,
    )
