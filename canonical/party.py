"""Hold the companies and people in a document: parties, addresses, contacts, customers."""

from decimal import Decimal

from canonical.document import Document
from canonical.identifiers import Identifier, Property


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
    customer's currency, excluding tax.
    """

    email: str
    name: str | None = None
    limit: Decimal | None = None


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
    properties: tuple[Property, ...] = ()
