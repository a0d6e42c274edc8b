"""Hold invoices and credit notes: what is owed, for what, with which tax."""

from datetime import date, datetime
from decimal import Decimal

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.identifiers import Identifier, Property, Reference
from canonical.order import Item
from canonical.party import Address, Party
from canonical.price import Price
from canonical.product import TaxCategory


class AllowanceCharge(Document):
    """Take off or add an amount: `charge` tells a freight from a discount; never negative.

    `code` is of UNCL 7161 (charges) or 5189 (allowances).
    """

    amount: Decimal
    charge: bool = False
    code: str | None = None
    reason: str | None = None
    percent: Decimal | None = None
    tax: TaxCategory | None = None


class TaxTotal(Document):
    """Hold the tax of one rate: `amount` on `base`, both in the invoice's currency."""

    tax: TaxCategory
    base: Decimal
    amount: Decimal


class InvoiceLine(Document):
    """Charge for one item; `net` is the line's amount after allowances and charges, without tax."""

    line_id: str
    quantity: Quantity
    item: Item
    net: Decimal
    price: Price | None = None
    description: str | None = None
    tax: TaxCategory | None = None
    order_id: str | None = None
    order_line_id: str | None = None
    despatch_id: str | None = None
    allowances: tuple[AllowanceCharge, ...] = ()
    properties: tuple[Property, ...] = ()


class Invoice(Document):
    """Ask for payment. All amounts are in `currency`; `payable` includes tax.

    `net` is the sum of the lines after the document's own allowances and charges, without tax.
    """

    invoice_id: str
    issued_at: datetime
    currency: str
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax_amount: Decimal
    payable: Decimal
    due_on: date | None = None
    delivered_on: date | None = None
    order_id: str | None = None
    order_issued_at: datetime | None = None
    despatch_id: str | None = None
    buyer: Party | None = None
    seller: Party | None = None
    invoicee: Party | None = None
    """Who gets the bill, where that is not the buyer."""
    ship_to: Address | None = None
    allowances: tuple[AllowanceCharge, ...] = ()
    taxes: tuple[TaxTotal, ...] = ()
    prepaid: Money | None = None
    payment_terms: str | None = None
    payment_reference: str | None = None
    accounts: tuple[Identifier, ...] = ()
    """Where to pay: IBAN, bankgiro, with the scheme."""
    references: tuple[Reference, ...] = ()
    note: str | None = None
    test: bool = False


class CreditNote(Invoice):
    """Give money back: amounts are positive, owed to the buyer; `references` name the invoice."""
