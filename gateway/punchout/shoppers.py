"""Know the person who shops: who that is by the setup's word, whether they may, what is theirs.

What a buyer's system says of a person is its word, backed by the partner's secret. Favourites and
earlier carts are kept by it; where a partner's people all come as one user, or nobody is named,
they share theirs. Nothing here opens a cart: that takes the session's token.
"""

from typing import Final

from canonical.faults import Fault
from canonical.party import Customer, orderer_called
from canonical.punchout import PunchoutSetup, Shopper
from gateway.partners.model import Partner
from gateway.punchout.faults import fault
from gateway.store.sessions import Session

EVERYBODY: Final = ""
"""Key of what all people of a partner share."""
MAX_KEY: Final = 200


def shopper_of(setup: PunchoutSetup) -> Shopper:
    """Return who shops: what the setup says, and where it says nothing, its first contact."""
    told = setup.shopper or Shopper()
    contact = next((one for one in setup.contacts if one.email or one.name), None)
    if contact is None:
        return told
    return Shopper(
        user_id=told.user_id,
        email=told.email or contact.email,
        name=told.name or contact.name,
        department=told.department,
        cost_centre=told.cost_centre,
    )


def shopper_key(partner: Partner | None, setup: PunchoutSetup) -> str:
    """Return what a person's lists are kept under within a partner."""
    if partner is None or partner.punchout.users == "service":
        return EVERYBODY
    shopper = shopper_of(setup)
    named = shopper.user_id or shopper.email or EVERYBODY
    return named.strip().casefold()[:MAX_KEY]


def key_of(partner: Partner | None, session: Session) -> str:
    """Return what the lists of a session's shopper are kept under."""
    return shopper_key(partner, session.setup)


def orderer_of(partner: Partner, setup: PunchoutSetup) -> str | None:
    """Return the e-mail address that orders of a setup's person name, empty for nobody in special.

    None says that orders of all people are theirs too: those of the partner come as one user.
    """
    if partner.punchout.users == "service":
        return None
    return (shopper_of(setup).email or "").strip()


def stranger(partner: Partner, customer: Customer, setup: PunchoutSetup) -> Fault | None:
    """Return why the person of a setup may not shop, if `approved` users only may.

    A customer without a list of orderers has approved nobody: what order checks take for leave to
    all would here open the shop that somebody took care to close.
    """
    if partner.punchout.users != "approved":
        return None
    shopper = shopper_of(setup)
    named = [name for name in (shopper.user_id, shopper.email) if name and name.strip()]
    if not named:
        return fault("PUNCHOUT-101")
    if orderer_called(customer, named) is None:
        expected = f"one of the {len(customer.orderers)} orderers of {customer.customer_id}"
        return fault("PUNCHOUT-100", found=" ".join(named)[:200], expected=expected)
    return None
