"""List what can be wrong in a punchout: one table, one way to make a fault of it."""

from typing import Final

from canonical.faults import FaultKind, FaultTable, Severity

_W: Final = Severity.WARNING

FAULTS: Final[tuple[FaultKind, ...]] = (
    FaultKind(
        code="PUNCHOUT-001",
        title="the setup names no address to return the cart to",
        hint="send BrowserFormPost/URL",
    ),
    FaultKind(
        code="PUNCHOUT-002",
        title="the return address cannot be used",
        hint="send an absolute https address without user name, backslash or blanks",
    ),
    FaultKind(
        code="PUNCHOUT-003",
        title="the host of the return address is not on the partner's list",
        hint="add it to punchout.return_hosts in partner.yaml if it is theirs",
    ),
    FaultKind(
        code="PUNCHOUT-005",
        title="the partner is not allowed this operation",
        hint="see punchout.operations in partner.yaml",
    ),
    FaultKind(
        code="PUNCHOUT-006",
        title="the core does not know the partner's customer number",
        hint="compare `customer` in partner.yaml with the core",
    ),
    FaultKind(
        code="PUNCHOUT-007",
        title="the core did not answer",
        hint="try again in a moment",
    ),
    FaultKind(
        code="PUNCHOUT-010",
        title="the cart to open is not known here",
        hint="send SupplierPartID and SupplierPartAuxiliaryID as they came with the cart",
    ),
    FaultKind(
        code="PUNCHOUT-011",
        title="a line of the cart can no longer be ordered",
        severity=_W,
        hint="the buyer sees the reason in the cart",
    ),
    FaultKind(
        code="PUNCHOUT-012",
        title="the selected product is not known here",
        severity=_W,
        hint="the shop opens with a search for it, which says that it is not here",
    ),
    FaultKind(
        code="PUNCHOUT-013",
        title="no line of the cart to edit or to look at came along",
        severity=_W,
        hint="send its lines as ItemOut; the buyer is told that what goes home replaces them",
    ),
    FaultKind(code="PUNCHOUT-020", title="there is no such product"),
    FaultKind(code="PUNCHOUT-021", title="the contract does not cover this product"),
    FaultKind(code="PUNCHOUT-022", title="there is no contract price for this product"),
    FaultKind(
        code="PUNCHOUT-023", title="the quantity is not a number", hint="enter a number such as 12"
    ),
    FaultKind(code="PUNCHOUT-024", title="the quantity is below the smallest that is sold"),
    FaultKind(code="PUNCHOUT-025", title="the quantity is not a whole number of packages"),
    FaultKind(code="PUNCHOUT-026", title="the cart is full", hint="transfer it and start another"),
    FaultKind(code="PUNCHOUT-027", title="the quantity is too large"),
    FaultKind(
        code="PUNCHOUT-028",
        title="the cart cannot be changed now",
        hint="start again from your purchasing system",
    ),
    FaultKind(code="PUNCHOUT-029", title="the cart is empty", hint="add a product first"),
    FaultKind(
        code="PUNCHOUT-030",
        title="an empty cart deletes every line of the buyer's earlier cart",
        hint="confirm it, or leave without changes",
    ),
    FaultKind(
        code="PUNCHOUT-031",
        title="the cart changed in another window meanwhile",
        hint="look at it again",
    ),
    FaultKind(
        code="PUNCHOUT-032",
        title="the cart could not be written in the way that your purchasing system reads",
        hint="nothing was transferred; your contact at the supplier can mend it",
    ),
    FaultKind(code="PUNCHOUT-040", title="the part number is longer than the buyer's system keeps"),
    FaultKind(
        code="PUNCHOUT-041", title="the part number holds a character the buyer's system refuses"
    ),
    FaultKind(
        code="PUNCHOUT-042",
        title="the buyer's system does not know the unit",
        hint="map the unit, or add it to limits.units in partner.yaml",
    ),
    FaultKind(
        code="PUNCHOUT-043", title="the line lacks the classification that the buyer's system needs"
    ),
    FaultKind(code="PUNCHOUT-044", title="the buyer's system would cut decimals off the price"),
    FaultKind(code="PUNCHOUT-045", title="the line id is longer than the buyer's system keeps"),
    FaultKind(
        code="PUNCHOUT-046",
        title="the description is longer than the buyer's system keeps",
        severity=_W,
        hint="the line is sent and the text cut there",
    ),
    FaultKind(
        code="PUNCHOUT-050",
        title="the cart from the external shop cannot be read",
        hint="see docs/how-to/external-shop.md",
    ),
    FaultKind(code="PUNCHOUT-051", title="the cart from the external shop contradicts itself"),
    FaultKind(
        code="PUNCHOUT-052",
        title="another cart was already returned for this session",
        hint="one session returns one cart",
    ),
    FaultKind(
        code="PUNCHOUT-060",
        title="this buyer shops in a shop of the supplier's own, which answers no queries",
    ),
    FaultKind(
        code="PUNCHOUT-061",
        title="the frame that the cart should go to has no usable name",
        severity=_W,
        hint="send _self, _parent, _top, _blank, or a name of letters and digits",
    ),
    FaultKind(
        code="PUNCHOUT-062",
        title="a product was left out, for it cannot be written for the buyer's system",
        severity=_W,
        hint="correct the product, or the partner's mapping",
    ),
    FaultKind(
        code="PUNCHOUT-080",
        title="the unit is longer than the buyer's system keeps",
        hint="give the unit a shorter spelling in units.written in partner.yaml",
    ),
    FaultKind(
        code="PUNCHOUT-081",
        title="the classification is of another version than the buyer's system needs",
        severity=_W,
        hint="classify the product by that version too, or set classification.version",
    ),
    FaultKind(
        code="PUNCHOUT-082",
        title="the price is larger than the buyer's system keeps",
        hint="sell a smaller unit, or raise limits.price_digits if theirs takes more",
    ),
    FaultKind(
        code="PUNCHOUT-083",
        title="the buyer's system knows no price per several units",
        hint="give the product a price for one unit that ends within the decimals it keeps",
    ),
    FaultKind(
        code="PUNCHOUT-084",
        title="the buyer's system would cut decimals off the quantity",
        hint="order a whole number, or in a smaller unit",
    ),
    FaultKind(
        code="PUNCHOUT-085",
        title="the quantity is larger than the buyer's system keeps",
        hint="order less at a time, or in a larger unit",
    ),
    FaultKind(
        code="PUNCHOUT-086",
        title="the buyer's system does not take this currency",
        hint="price the customer in a currency of limits.currencies",
    ),
    FaultKind(
        code="PUNCHOUT-087",
        title="the line lacks a field that the buyer's system needs",
        hint="complete the product in the core, or take the field out of limits.required",
    ),
    FaultKind(
        code="PUNCHOUT-088",
        title="the name is longer than the buyer's system keeps",
        severity=_W,
        hint="the line is sent and the name cut there",
    ),
    FaultKind(
        code="PUNCHOUT-089",
        title="the manufacturer's name is longer than the buyer's system keeps",
        severity=_W,
        hint="the line is sent and the name cut there",
    ),
    FaultKind(
        code="PUNCHOUT-090",
        title="the manufacturer's part number is longer than the buyer's system keeps",
        severity=_W,
        hint="shorten it in the core, or leave it out by a mapping",
    ),
    FaultKind(
        code="PUNCHOUT-091",
        title="a further field is longer than the buyer's system keeps",
        severity=_W,
        hint="cut it by a mapping of the partner",
    ),
    FaultKind(
        code="PUNCHOUT-092",
        title="a text holds characters that the buyer's system cannot hold",
        severity=_W,
        hint="write the text in the core without them",
    ),
    FaultKind(
        code="PUNCHOUT-093",
        title="the buyer's system takes no files with a cart; they stay out of it",
        severity=_W,
        hint="send the file another way",
    ),
    FaultKind(
        code="PUNCHOUT-094",
        title="the cart has more lines than the buyer's system takes",
        hint="transfer it in parts",
    ),
    FaultKind(
        code="PUNCHOUT-100",
        title="this person may not shop here",
        hint="have the supplier add the person to those who may order",
    ),
    FaultKind(
        code="PUNCHOUT-101",
        title="the setup does not say who shops",
        hint="send the shopper's e-mail address or user name",
    ),
    FaultKind(
        code="PUNCHOUT-102",
        title="there is no product number",
        hint="enter a number, or empty the row",
    ),
    FaultKind(
        code="PUNCHOUT-103",
        title="the number stands for several products",
        hint="choose the one you mean",
    ),
    FaultKind(code="PUNCHOUT-104", title="the product is not sold in this unit"),
    FaultKind(
        code="PUNCHOUT-105",
        title="the list has too many rows",
        hint="send it in parts; nothing of it was taken",
    ),
    FaultKind(
        code="PUNCHOUT-106",
        title="the file cannot be read as a list",
        hint="save it as CSV or as an Excel workbook (.xlsx) with numbers and quantities",
    ),
    FaultKind(
        code="PUNCHOUT-107",
        title="the file is too large",
        hint="keep only the columns with numbers and quantities",
    ),
    FaultKind(
        code="PUNCHOUT-108",
        title="there is no such delivery address",
        hint="choose one of the list",
    ),
    FaultKind(code="PUNCHOUT-109", title="this product is no longer sold"),
    FaultKind(code="PUNCHOUT-110", title="this shop does not sell this product"),
    FaultKind(code="PUNCHOUT-111", title="this line is of another supplier"),
    FaultKind(code="PUNCHOUT-112", title="there is no quantity", hint="enter a number such as 12"),
)

fault: Final = FaultTable(FAULTS)
"""Make a fault of this table by its code."""
