"""Say what can be asked of the replica and what it answers: the values of a search.

    found = catalogue.search("hammer", assortments=..., category=("Tools",),
                             filters=Filters(manufacturers=("Nord",), in_stock=True))
    found.items                  one page of products, best first
    found.total                  how many there are in all; "more than" when not total_is_exact
    found.corrections            words that found nothing, with what was looked for instead
    found.categories             the categories one level below the asked one, by name
    found.manufacturers          values to filter by, most products first
    found.in_stock               how many of the result are in stock anywhere
    found.properties             values to filter by, one group a property

A facet counts what the result would have if it were chosen beside the filters that are set; pass
its value back in `Filters`. Values of one property, and several manufacturers, widen each other;
different properties narrow. When `counts_are_exact` is false they come from a sample: show them as
"about", and rare values may be missing. `in_stock` and `Catalogue.categories` are always exact.
"""

from dataclasses import dataclass

from canonical.product import Product


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrow a search to what a buyer has ticked; `properties` are pairs of name and value."""

    manufacturers: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    in_stock: bool = False


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Question:
    """Hold everything that decides what is found: the words, and who may see what."""

    text: str = ""
    assortments: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    customer: str = ""
    """Whose part numbers find a product."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Count the products of a result in one category."""

    path: tuple[str, ...]
    count: int

    @property
    def name(self) -> str:
        """Return the category's own name."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Choice:
    """Count the products of a result that have one value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class PropertyFacet:
    """Hold the values of one property within a result, most products first."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """Tell that a word found nothing and another one was looked for."""

    word: str
    instead: str


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one page of a result, how many there are in all, and how it can be narrowed."""

    items: tuple[Product, ...] = ()
    total: int = 0
    categories: tuple[Facet, ...] = ()
    total_is_exact: bool = True
    corrections: tuple[Correction, ...] = ()
    manufacturers: tuple[Choice, ...] = ()
    properties: tuple[PropertyFacet, ...] = ()
    in_stock: int = 0
    counts_are_exact: bool = True
