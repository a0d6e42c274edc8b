"""Answer a punchout setup: one setup opens one session with a cart of its own.

Nothing of an earlier session is looked up by user or buyer cookie, so two people on one login, or
two requisitions of one person, never meet in one cart.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from canonical.document import Document
from canonical.faults import Fault, has_errors
from canonical.party import Customer
from canonical.punchout import Cart, Operation, PunchoutSession, PunchoutSetup, SessionState
from canonical.wire import Verdict
from gateway.errors import CoreError
from gateway.partners.model import Operation as Offered
from gateway.partners.model import Partner
from gateway.pipeline.contract import Outcome, Received
from gateway.punchout.baskets import dump_remarks, with_lines
from gateway.punchout.customers import RecentCustomers
from gateway.punchout.faults import fault
from gateway.punchout.means import Means
from gateway.punchout.naming import sku_meant
from gateway.punchout.refusals import refuse, unfit_address, unknown_customer, without_core
from gateway.punchout.restoring import Restored, is_lineless, restore
from gateway.punchout.return_url import is_frame
from gateway.punchout.shoppers import stranger
from gateway.store.sessions import Session, SessionEvent, Start

START_MINUTES: Final = 10
"""How long a start link works."""


def open_session(means: Means, customers: RecentCustomers, received: Received) -> Outcome:
    """Return the session that a setup opens, with its start link, or why it opens none."""
    setup = received.document
    if not isinstance(setup, PunchoutSetup):
        message = f"punchout opens setups, not {type(setup).__name__}"
        raise TypeError(message)
    if received.test:
        setup = replace(setup, test=True)
    refusal = _refusal(received.partner, setup)
    if refusal is not None:
        return refusal
    try:
        customer = customers.get(received.partner.customer)
        if customer is None:
            return unknown_customer(received.partner)
        unwelcome = stranger(received.partner, customer, setup)
        if unwelcome is not None:
            return refuse(Verdict.FORBIDDEN, unwelcome)
        on = means.ambient.now().date()
        restored = restore(means, received.partner, customer, setup, on)
    except CoreError as error:
        return without_core(error)
    if restored.unknown:
        return refuse(Verdict.PRECONDITION, *restored.faults)
    return _opened(means, received, setup, customer, restored)


def _refusal(partner: Partner, setup: PunchoutSetup) -> Outcome | None:
    if Offered(setup.operation) not in partner.punchout.operations:
        return refuse(Verdict.FORBIDDEN, fault("PUNCHOUT-005", found=setup.operation))
    if setup.return_url is None and setup.operation is Operation.INSPECT:
        return None  # nothing comes home from a look
    return unfit_address(partner, setup)


def _opened(
    means: Means,
    received: Received,
    setup: PunchoutSetup,
    customer: Customer,
    restored: Restored,
) -> Outcome:
    now = means.ambient.now()
    partner = received.partner
    session_id = means.ambient.new_id()
    cart = Cart(
        cart_id=session_id,
        currency=customer.currency,
        lines=(),
        buyer_cookie=setup.buyer_cookie,
        operation_allowed=_allowed_later(partner),
        language=setup.language or "en",
        route=setup.route,
    )
    session = Session(
        id=session_id,
        message_id=received.message_id,
        partner=partner.id,
        syntax=received.syntax,
        state=SessionState.PENDING,
        external=partner.punchout.shop == "external",
        created_at=now,
        expires_at=now + timedelta(minutes=partner.punchout.session_minutes),
        revision=0,
        customer=customer,
        setup=setup,
        cart=with_lines(cart, restored.lines, restored.remarks),
        remarks=dump_remarks(restored.remarks),
    )
    token = means.ambient.new_token()
    start = Start(
        token=token, expires_at=min(now + timedelta(minutes=START_MINUTES), session.expires_at)
    )
    event = SessionEvent(happened_at=now, kind="opened", detail=setup.operation)
    faults = (*restored.faults, *_doubts(means, partner, setup))
    return Outcome(
        verdict=Verdict.ACCEPTED,
        reply=_reply(session, f"{means.base_url}/start/{token}"),
        faults=tuple(one for one in faults if not has_errors((one,))),
        references=(("punchout-session", session.id),),
        insert=means.store.creation(session, start, event),
    )


def _reply(session: Session, start_url: str) -> Document:
    return PunchoutSession(
        session_id=session.id,
        partner=session.partner,
        customer_id=session.customer.customer_id,
        state=session.state,
        created_at=session.created_at,
        expires_at=session.expires_at,
        setup=session.setup,
        start_url=start_url,
    )


def _allowed_later(partner: Partner) -> Operation:
    for operation in (Offered.EDIT, Offered.INSPECT):
        if operation in partner.punchout.operations:
            return Operation(operation)
    return Operation.CREATE


def _doubts(means: Means, partner: Partner, setup: PunchoutSetup) -> Iterator[Fault]:
    """Give what the session can do without: a product that is not here, a frame without a name.

    Some systems leave out the lines of the cart to edit, too.
    """
    if is_lineless(setup):
        yield fault("PUNCHOUT-013", found=setup.operation, expected="ItemOut", target="lines")
    chosen = setup.selected
    if chosen is not None and sku_meant(means, partner, chosen.auxiliary_id, chosen.sku) is None:
        yield fault("PUNCHOUT-012", found=chosen.sku or chosen.auxiliary_id)
    target = setup.return_target
    if target and not is_frame(target):
        yield fault("PUNCHOUT-061", found=target[:100])
