"""Define what a partner's system keeps of a cart: section `limits` of its file.

`gateway.partners.keeping` holds a rule for each, with the words for what happens there.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from gateway.settings.model import Section, Text


def read_charset(value: str) -> str:
    """Return a charset that XML readers agree on."""
    name = value.strip().upper()
    if name not in {"UTF-8", "US-ASCII", "ISO-8859-1"}:
        message = "expected UTF-8, US-ASCII or ISO-8859-1"
        raise ValueError(message)
    return name


XmlCharset = Annotated[str, AfterValidator(read_charset)]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
LimitRule = Literal[
    "sku-length",
    "sku-characters",
    "unit",
    "unit-length",
    "classification",
    "classification-version",
    "price-decimals",
    "price-digits",
    "price-unit",
    "quantity-decimals",
    "quantity-digits",
    "currency",
    "auxiliary-length",
    "name-length",
    "description-length",
    "manufacturer-length",
    "manufacturer-sku-length",
    "property-length",
    "text-characters",
    "attachments",
    "required",
    "lines",
]
"""Names of the rules that a cart is checked by; `gateway.partners.keeping` holds them."""
RequiredField = Literal[
    "sku",
    "auxiliary-id",
    "name",
    "description",
    "price",
    "lead-time",
    "manufacturer",
    "manufacturer-sku",
    "gtin",
    "buyer-sku",
    "image",
    "tax",
    "agreement",
]

Decision = Literal["block", "warn", "ignore"]
Effect = Literal[
    "refuse", "cut", "round", "each", "lose-line", "lose-cart", "damage", "misread", "unknown"
]


class Limits(Section):
    """Say what this partner's system keeps of a cart; beyond it lines are lost, cut or swapped.

    `gateway.partners.keeping` holds a rule for each, with the words for what happens there.
    """

    decisions: dict[LimitRule, Decision] = Field(default_factory=dict)
    """What follows when a rule is broken: `block` the cart, `warn`, or `ignore`."""
    effects: dict[LimitRule, Effect] = Field(default_factory=dict)
    """What their system does with it, for the person who has to decide."""
    required: tuple[RequiredField, ...] = ()
    """Fields that each line must have."""
    lines: Annotated[int, Field(ge=1)] | None = None
    """Most lines of a cart."""
    sku_length: Annotated[int, Field(ge=1)] | None = None
    auxiliary_length: Annotated[int, Field(ge=1)] | None = None
    description_length: Annotated[int, Field(ge=1)] | None = None
    name_length: Annotated[int, Field(ge=1)] | None = None
    manufacturer_length: Annotated[int, Field(ge=1)] | None = None
    manufacturer_sku_length: Annotated[int, Field(ge=1)] | None = None
    property_length: Annotated[int, Field(ge=1)] | None = None
    """Longest value of a property (an Extrinsic, a custom field)."""
    unit_length: Annotated[int, Field(ge=1)] | None = None
    count_bytes: bool = False
    """Lengths count bytes of UTF-8 instead of characters."""
    refused_characters: str = ""
    """Characters that may not occur in part ids."""
    text_charset: XmlCharset | None = None
    """The characters that their system can hold in a text; none given: any."""
    quantity_digits: Annotated[int, Field(ge=1, le=28)] | None = None
    """Most digits before the point."""
    quantity_decimals: Annotated[int, Field(ge=0, le=10)] | None = None
    price_digits: Annotated[int, Field(ge=1, le=28)] | None = None
    price_decimals: Annotated[int, Field(ge=0, le=10)] | None = None
    price_unit: bool = True
    """Their system reads prices per several units (PriceBasisQuantity, PRICEUNIT)."""
    currencies: tuple[CurrencyCode, ...] = ()
    """Currencies it takes; none given: any."""
    classification: Text | None = None
    """Domain of the classification it needs on each line, such as UNSPSC."""
    classification_version: Text | None = None
    """The version that it needs of that."""
    units: tuple[Text, ...] = ()
    """Unit codes it knows; none given: any."""
    attachments: bool = True
    """It takes files with a cart."""
