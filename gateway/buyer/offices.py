"""Set up a desk's offices: one for each partner and each punchout protocol that it speaks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import httpx

from canonical.party import Customer
from gateway.ambient import Ambient
from gateway.buyer.account import Account, account_of, faces_of
from gateway.buyer.documents import GOODS_RECEPTION, Person
from gateway.buyer.exchange import Post, Tools
from gateway.partners.keyring import Keyring
from gateway.partners.model import Partner, State
from gateway.partners.profile import load_profile


@dataclass(frozen=True, slots=True)
class Office:
    """Hold one buyer at the desk: the company, its account and the person who shops."""

    partner: str
    company: str
    system: str
    person: Person
    post: Post

    @property
    def account(self) -> Account:
        """Return the account at the supplier's gateway."""
        return self.post.account

    @property
    def key(self) -> str:
        """Return what tells this office from the others: the partner and the face."""
        return f"{self.partner}-{self.account.syntax}"

    @property
    def face(self) -> str:
        """Return the protocol it punches out by."""
        return self.account.face


@dataclass(frozen=True, slots=True)
class Premises:
    """Hold what every office works with; `url` is the gateway's address."""

    url: str
    tools: Tools
    client: httpx.Client
    ambient: Ambient
    keyring: Callable[[str], Keyring]
    customer: Callable[[str], Customer | None]


def offices_of(partners: Iterable[Partner], premises: Premises) -> Mapping[str, Office]:
    """Return an office for each face of each partner, with a person its customer lets order.

    A blocked partner has none, nor one whose secret is not known here.
    """
    found = (
        office
        for partner in partners
        if partner.state is not State.BLOCKED
        for office in _offices(partner, premises)
    )
    return {office.key: office for office in found}


def _offices(partner: Partner, premises: Premises) -> Iterable[Office]:
    secret = premises.keyring(partner.id).current
    if secret is None:
        return
    profile = load_profile(partner.profile)
    person = person_of(premises.customer(partner.customer))
    for syntax in faces_of(partner):
        account = account_of(partner, profile, premises.url, secret.reveal(), syntax)
        post = Post(account, premises.tools, premises.client, premises.ambient)
        yield Office(partner.id, partner.name, profile.title, person, post)


def person_of(customer: Customer | None) -> Person:
    """Return somebody whom the customer lets order, living where it lets goods go."""
    if customer is None or not customer.orderers:
        return Person()
    orderer = customer.orderers[0]
    address = customer.addresses[0] if customer.addresses else GOODS_RECEPTION
    return Person(email=orderer.email, name=orderer.name or orderer.email, address=address)
