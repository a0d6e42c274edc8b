"""Hold the companies and people in a document: parties, addresses, contacts, customers."""

from collections.abc import Iterable
from decimal import Decimal

from canonical.document import Document
from canonical.identifiers import Identifier, Property
from canonical.product import TaxCategory


class Address(Document):
    """Hold a postal address; `address_id` is the buyer's own number of it."""

    address_id: str | None = None
    scheme: str | None = None
    name: str | None = None
    deliver_to: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""


class Contact(Document):
    """Hold a person or desk that can be reached."""

    name: str | None = None
    email: str | None = None
    telephone: str | None = None
    role: str | None = None
    identifier: Identifier | None = None


class Party(Document):
    """Hold a company in one role of a document."""

    name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    address: Address | None = None
    contact: Contact | None = None


class Orderer(Document):
    """Hold a person whom a customer lets order; no limit means any amount.

    `email` is compared without case. `limit` is the largest order total, in the
    customer's currency, excluding tax. `user_id` is what the buyer's system calls the person;
    `salesperson` is our own for this person, where it is not the customer's.
    """

    email: str
    name: str | None = None
    limit: Decimal | None = None
    user_id: str | None = None
    salesperson: Contact | None = None


class Customer(Document):
    """Hold what the core knows of a buyer: contract, people and addresses.

    No `orderers` means everybody of the customer may order; no `assortments` means the
    customer may buy everything; no `addresses` means deliveries may go anywhere.
    """

    customer_id: str
    name: str
    currency: str
    identifiers: tuple[Identifier, ...] = ()
    contract: str | None = None
    """Name of the price agreement, as buyers know it."""
    assortments: tuple[str, ...] = ()
    orderers: tuple[Orderer, ...] = ()
    addresses: tuple[Address, ...] = ()
    salesperson: Contact | None = None
    credit_hold: bool = False
    tax: TaxCategory | None = None
    """What holds for all that this customer buys, whatever the product's own tax: reverse charge,
    export, another country's rate."""
    properties: tuple[Property, ...] = ()


def orderer_called(customer: Customer, names: Iterable[str | None]) -> Orderer | None:
    """Return the orderer who has one of `names` as e-mail address or user id; case is not told."""
    wanted = {name.strip().casefold() for name in names if name and name.strip()}
    for orderer in customer.orderers:
        own = {orderer.email.casefold(), (orderer.user_id or "").casefold()} - {""}
        if own & wanted:
            return orderer
    return None


def salesperson_for(customer: Customer, orderer: Orderer | None) -> Contact | None:
    """Return whom of ours the credit of an order goes to: the person's own, else the customer's."""
    own = None if orderer is None else orderer.salesperson
    return own or customer.salesperson
