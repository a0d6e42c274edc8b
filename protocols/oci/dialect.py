"""Say how one buyer's system calls a catalogue, and how it wants a cart to come back."""

from enum import StrEnum
from typing import Final

import msgspec

from canonical.wire import Dialect

VERSIONS: Final = ("2.0", "3.0", "4.0", "5.0")


class Variant(StrEnum):
    """Say how items travel: as fields of the form, or as one XML document in one field."""

    HTML = "html"
    XML = "xml"


class LongText(StrEnum):
    """Name the spellings of the index of LONGTEXT that are met."""

    EMPTY = "[]"
    """`NEW_ITEM-LONGTEXT_3:132[]`, as SAP describes it."""
    ONE = "[1]"
    NUMBER = "[n]"
    """The item's own number again: `NEW_ITEM-LONGTEXT_3:132[3]`."""


class OciDialect(Dialect):
    """Hold what differs from buyer to buyer.

    `parameters` gives the partner's name for one of ours (`USERNAME: login`); names are compared
    without regard to case and tilde. `constants` are fields that go home with every cart
    (`~OkCode: ADDI`), `item_constants` those of each item that says nothing else there (`VENDOR`),
    `item_types` what ITEM_TYPE has for a `composite`, an `item` of one, and a `lean` one,
    `cancelled` those that go home instead of items. `custom_fields` are the field names besides
    SAP's own that this buyer takes, without `NEW_ITEM-`.
    """

    version: str = "4.0"
    parameters: dict[str, str] = msgspec.field(default_factory=dict)
    charset: str = "ISO-8859-1"
    variant: Variant = Variant.HTML
    first_index: int = 1
    price_decimals: int = 3
    quantity_decimals: int = 3
    longtext: LongText = LongText.EMPTY
    custom_fields: tuple[str, ...] = ()
    constants: dict[str, str] = msgspec.field(default_factory=dict)
    item_constants: dict[str, str] = msgspec.field(default_factory=dict)
    cancelled: dict[str, str] = msgspec.field(default_factory=dict)
    item_types: dict[str, str] = msgspec.field(default_factory=dict)
    xml_field: str = "~xmlDocument"
    xml_type: str = "ESAPO"
    """What `~xmlType` says of the document: SAP's own object, against RosettaNet's (ERNO)."""
    xml_root: str = "Cart"
    xml_item: str = "NEW_ITEM"
    """Elements of that document: SAP's own schema is not public, so these are what is agreed on."""
    target: str = "_top"
    """Frame that a cart goes to when the call names none."""


def dialect_of(dialect: Dialect | None) -> OciDialect:
    """Return `dialect` if it is one of OCI, else its defaults."""
    return dialect if isinstance(dialect, OciDialect) else OciDialect()
