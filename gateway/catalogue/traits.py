"""Hold what facets count of a product, small enough to read some hundred of them a search. Pure."""

from typing import Final

import msgspec

from canonical.product import Product

MAX_VALUE: Final = 80
"""Characters of a property's value that can still be chosen; longer ones are texts."""


class Traits(msgspec.Struct, frozen=True, array_like=True):
    """Hold the category, the manufacturer and the properties with values that can be chosen."""

    category: tuple[str, ...]
    manufacturer: str | None
    properties: tuple[tuple[str, str], ...]


def traits_of(product: Product) -> Traits:
    """Return the traits of a product, each property and value once."""
    pairs = ((one.name, one.value) for one in product.properties if len(one.value) <= MAX_VALUE)
    return Traits(product.category, product.manufacturer, tuple(dict.fromkeys(pairs)))


dump_traits: Final = msgspec.msgpack.Encoder().encode
load_traits: Final = msgspec.msgpack.Decoder(Traits).decode
