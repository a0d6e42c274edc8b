"""Hold products as the core sells them."""

from decimal import Decimal
from urllib.parse import quote, unquote

from canonical.document import Document
from canonical.identifiers import Attachment, Identifier, Property


class Classification(Document):
    """Place a product in a classification system (`UNSPSC`, `eClass`) of a version."""

    scheme: str
    code: str
    version: str | None = None


# Written in full: whether a single letter is its default depends on the version of Python.
class TaxCategory(Document, omit_defaults=False):
    """Place a product in a tax: `category` of UNCL 5305 (`S` standard, `Z` zero), its rate."""

    category: str = "S"
    percent: Decimal = Decimal(0)
    scheme: str = "VAT"


class Package(Document):
    """Hold a packaging unit: one `unit` (UN/ECE Rec 20) holds `content` of the product's own."""

    unit: str
    content: Decimal


class Product(Document):
    """Hold one article that can be ordered; prices and stock stand apart.

    `unit` is the unit that it is sold in (UN/ECE Rec 20). Orders take at least
    `minimum_quantity` and a multiple of `quantity_multiple`, both in that unit.
    A product in no assortment is open to every customer.
    """

    sku: str
    name: str
    unit: str
    description: str | None = None
    category: tuple[str, ...] = ()
    """Path from the widest category to the narrowest."""
    gtin: str | None = None
    manufacturer: str | None = None
    manufacturer_sku: str | None = None
    classifications: tuple[Classification, ...] = ()
    image: str | None = None
    minimum_quantity: Decimal = Decimal(1)
    quantity_multiple: Decimal = Decimal(1)
    lead_time_days: int | None = None
    tax: TaxCategory | None = None
    service: bool = False
    assortments: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()
    properties: tuple[Property, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    """Documents about it (data sheet, safety sheet), each with an absolute `url` and its name."""
    supplier: Identifier | None = None
    """Whose product it is, where a catalogue holds those of several suppliers."""


class PartNumber(Document):
    """Tell what a customer calls a product of ours: `buyer_sku` is his number for our `sku`."""

    customer_id: str
    buyer_sku: str
    sku: str


def part_number_key(customer_id: str, buyer_sku: str) -> str:
    """Return the key of a part number in changes: the customer percent-encoded, a slash, it."""
    return f"{quote(customer_id, safe='')}/{buyer_sku}"


def part_number_key_parts(key: str) -> tuple[str, str]:
    """Return customer and number of a key that `part_number_key` made."""
    customer, _, number = key.partition("/")
    return unquote(customer), number
