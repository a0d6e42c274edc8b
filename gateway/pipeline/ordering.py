"""Judge what is peculiar to orders: their number and version, and what changes an earlier one."""

from collections.abc import Sequence
from typing import Final

from canonical.faults import Fault
from canonical.order import Order, OrderCancellation, OrderChange
from canonical.rules.change import changed_order
from canonical.stored import load_as
from canonical.wire import Verdict
from gateway.partners.model import Partner
from gateway.pipeline.case import ORDERS, SHOWN_FAULTS, Case, claimed
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.states import State
from gateway.store.claims import messages_about, order_taken
from gateway.store.messages import StoredMessage

MAX_NUMBER: Final = 150
MAX_VERSION: Final = 40


def judge_order(equipment: Equipment, case: Case) -> Verdict | None:
    """Let an order pass whose number is free, or a change whose order is known."""
    document, partner = case.document, case.partner
    if partner is None or not isinstance(document, ORDERS):
        return None
    number, version = document.order_id, document.order_version or ""
    if len(number) > MAX_NUMBER or len(version) > MAX_VERSION:
        return case.stop(Verdict.INVALID, fault("PIPELINE-008", found=number[:80]))
    case.core_key = core_key_of(partner, document)
    new = type(document) is Order
    if new and not case.contested:
        return Verdict.ACCEPTED
    with equipment.database.read() as connection:
        taken = order_taken(connection, partner.id, number, version)
        earlier = () if new else messages_about(connection, partner.id, number)
    if taken is not None and (new or (isinstance(document, OrderChange) and version)):
        # The same message may have been committed by another thread since we looked.
        return claimed(equipment, case) or case.stop(
            Verdict.CONFLICT, fault("PIPELINE-004", found=f"{number} {version}".strip())
        )
    return Verdict.ACCEPTED if new else _follow(case, earlier)


def core_key_of(partner: Partner, order: Order | OrderCancellation) -> str:
    """Return our reference in the core: partner, number and version, `:` between them only."""
    parts = filter(None, (partner.id, order.order_id, order.order_version))
    return ":".join(map(_escaped, parts))


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace(":", "%3A")


def _follow(case: Case, earlier: Sequence[StoredMessage]) -> Verdict:
    """Give a change or cancellation the core's name of the order that it is about."""
    orders = [one for one in earlier if one.kind == "order"]
    if not orders:
        return case.stop(Verdict.PRECONDITION, fault("PIPELINE-005"))
    case.core_key = orders[-1].core_key
    if isinstance(case.document, OrderChange) and case.document.partial:
        return _completed(case, case.document, earlier)
    return Verdict.ACCEPTED


def _completed(case: Case, change: OrderChange, earlier: Sequence[StoredMessage]) -> Verdict:
    """Make a change of some lines one of the whole order, as it was agreed last."""
    whole, faults = completed(change, earlier)
    if faults:
        return case.stop(Verdict.INVALID, *faults)
    case.document = whole
    return Verdict.ACCEPTED


def completed(
    change: OrderChange, earlier: Sequence[StoredMessage]
) -> tuple[OrderChange, tuple[Fault, ...]]:
    """Return a change in part as one of the whole order, and what it names in vain.

    `earlier` are the messages of the order that came before it, oldest first, at least the order.
    """
    latest = next(
        one
        for one in reversed(earlier)
        if one.kind in ("order", "order-change")
        and one.document is not None
        and (one.state != State.REJECTED or one.kind == "order")
    )
    whole, vain = changed_order(load_as(Order, latest.document or b""), change)
    lines = ", ".join(vain[:SHOWN_FAULTS])
    return whole, (fault("PIPELINE-028", found=f"line {lines}"),) if vain else ()
