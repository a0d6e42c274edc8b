"""Time price lists of EDIFACT as they are written: the mapping alone, and with the codec.

The rival is the same work by hand: one format string a line, and an escape where a line needs it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Final

from bench.harness import Row, paired
from canonical.catalogue import Catalogue, CatalogueItem
from canonical.order import Item
from canonical.price import Price
from canonical.product import Product
from canonical.wire import Credential, CredentialRole, Envelope
from edi.bodies import Long
from edi.edifact.dialect import EdifactDialect
from edi.edifact.writer import Writer
from gateway.partners.library import layouts
from mappings.engine.library import Library, Source

LINES: Final = 20_000
GOAL: Final = "≥ 400,000 lines/s"
MAPPING: Final = """
mapping: Catalogue -> edifact/PRICAT
version: 1
segments:
  BGM: {1001: "'9'", 1004: src.catalogue_id, 1225: "'9'"}
  DTM: {2005: "'137'", 2380: src.issued_at | stamp, 2379: src.issued_at | stamp_code}
  LIN:
    each: src.items
    as: line
    stream: yes
    1082: line.line_id
    7140: line.item.gtin
    7143: "'EN'"
    segments:
      PIA: {4347: "'1'", 7140: line.item.sku, 7143: "'SA'"}
      IMD: {7077: "'F'", 7008: line.product.name}
      PRI: {5125: "'AAA'", 5118: line.price.amount}
      QTY: {6063: "'53'", 6060: line.product.minimum_quantity, 6411: line.product.unit}
"""
_RELEASED: Final = str.maketrans({char: f"?{char}" for char in "?+:'*"})
_WORDS: Final = ("Skruv", "rostfri", "A4", "Kabel 3x1,5", "svart", "Rör 22 mm", "koppar", "vit")


def rows() -> Iterator[Row]:
    """Give the rows of writing: whole, as a stream, and to the last byte."""
    library = Library({"pricat": Source("pricat.yaml", MAPPING)}, layouts=layouts)
    writer = library.writer("edifact", "Catalogue")
    assert writer is not None, "no mapping of PRICAT"
    catalogue = price_list(LINES)
    written = writer.write(catalogue)
    assert written.markup is not None, written.faults
    assert by_hand(catalogue) in released(written.markup.text), "by hand it is written otherwise"

    def streamed() -> int:
        stream = writer.stream(catalogue)
        assert stream is not None
        return sum(map(len, stream.items()))

    def sent() -> int:
        stream = writer.stream(catalogue)
        assert stream is not None
        body = Long(stream.name, stream.head(), stream.items(), stream.tail)
        return sum(map(len, Writer(EdifactDialect()).interchange((body,), ENVELOPE)))

    ways: tuple[tuple[str, Callable[[], object]], ...] = (
        ("PRICAT mapped", lambda: writer.write(catalogue)),
        ("PRICAT mapped row by row", streamed),
        ("PRICAT mapped and sent", sent),
    )
    for name, ours in ways:
        rates = paired(ours, lambda: by_hand(catalogue))
        yield Row(name, rates[0] * LINES, rates[1] * LINES, "by hand", "lines/s", GOAL)


def released(text: str) -> str:
    """Return a body with its characters released as ISO 9735 says."""
    for char, stands in zip("'+:*?", "\x0e\x0f\x10\x18\x19", strict=True):
        text = text.replace(stands, f"?{char}")
    return text


def by_hand(catalogue: Catalogue) -> str:
    """Return the lines of a price list as somebody would write them for speed alone."""
    lines = []
    for item in catalogue.items:
        product, price = item.product, item.price
        assert product is not None
        assert price is not None
        sku, gtin, name = item.item.sku or "", item.item.gtin, product.name
        joined = f"{sku}{name}"
        if "+" in joined or ":" in joined or "'" in joined or "?" in joined:
            sku, name = sku.translate(_RELEASED), name.translate(_RELEASED)
        lines.append(
            f"LIN+{item.line_id}++{gtin}:EN'PIA+1+{sku}:SA'IMD+F++:::{name}'"
            f"PRI+AAA:{price.amount}'QTY+53:{product.minimum_quantity}:{product.unit}'"
        )
    return "".join(lines)


ENVELOPE: Final = Envelope(
    message_id="1",
    sent_at=datetime(2026, 11, 22, tzinfo=UTC),
    credentials=(
        Credential(role=CredentialRole.FROM, domain="14", identity="7301234567890"),
        Credential(role=CredentialRole.TO, domain="14", identity="7309876543210"),
    ),
)


def price_list(lines: int, seed: int = 1) -> Catalogue:
    """Return a price list; one name in seventy holds a character that separates."""
    chance = Random(seed)
    return Catalogue(
        catalogue_id="P-1",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        currency="SEK",
        items=tuple(_item(number, chance) for number in range(1, lines + 1)),
    )


def _item(number: int, chance: Random) -> CatalogueItem:
    name = " ".join(chance.choices(_WORDS, k=3)) + (" 1/2'" if chance.random() < 1 / 70 else "")
    return CatalogueItem(
        line_id=str(number),
        item=Item(sku=f"SKU-{number}", gtin=f"735{number:010}"),
        product=Product(sku=f"SKU-{number}", name=name, unit="EA"),
        price=Price(amount=Decimal(chance.randint(100, 99_999_99)) / 100, currency="SEK"),
    )
