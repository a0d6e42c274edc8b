"""Read from an address what a shopper searches for, and write the address of the next step.

Everything that narrows a list stands in its address, so that a page can be reloaded, kept and
stepped back to, and works as a plain link or form: `q` words, `in` a category a level each, `make`
manufacturers, `is.NAME` a property's values, `stock` what is there, `sort` and `page`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from gateway.catalogue.asking import Filters

MAX_PAGE: Final = 1000
MAX_TEXT: Final = 200
MAX_DEPTH: Final = 10
MAX_VALUES: Final = 50
PROPERTY: Final = "is."


class Sort(StrEnum):
    """Say in which order a list stands."""

    BEST = "best"
    NAME = "name"
    NUMBER = "number"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Chip:
    """Hold one thing that narrows the list: what it says, and the address without it."""

    name: str
    value: str
    query: str


@dataclass(frozen=True, slots=True)
class Search:
    """Hold what is searched for."""

    text: str = ""
    category: tuple[str, ...] = ()
    manufacturers: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    in_stock: bool = False
    sort: Sort = Sort.BEST
    page: int = 1

    @property
    def filters(self) -> Filters:
        """Return what the catalogue narrows by."""
        return Filters(self.manufacturers, self.properties, self.in_stock)

    @property
    def filtered(self) -> int:
        """Return how many values the list is narrowed by, beside words and category."""
        return len(self.manufacturers) + len(self.properties) + self.in_stock

    @property
    def query(self) -> str:
        """Return the address's query; the first page and the usual order are not said."""
        return urlencode(list(self.pairs()))

    def pairs(self, *apart: str) -> Iterator[tuple[str, str]]:
        """Return the query in pairs; without `apart`, for a form that asks for these itself."""
        several = (
            ("q", (self.text,)),
            ("in", self.category),
            ("make", self.manufacturers),
            ("stock", ("1",) if self.in_stock else ()),
            ("sort", () if self.sort is Sort.BEST else (self.sort.value,)),
            ("page", () if self.page == 1 else (str(self.page),)),
        )
        for key, values in several:
            if key not in apart:
                yield from ((key, value) for value in values if value)
        if PROPERTY not in apart:
            yield from ((PROPERTY + name, value) for name, value in self.properties)

    def on_page(self, page: int) -> "Search":
        """Return the same list on another page."""
        return replace(self, page=page)

    def within(self, category: tuple[str, ...]) -> "Search":
        """Return the same list in a category."""
        return replace(self, category=category, page=1)

    @property
    def unfiltered(self) -> "Search":
        """Return the list by words and category only."""
        return Search(text=self.text, category=self.category, sort=self.sort)

    def chips(self) -> Iterator[Chip]:
        """Return what narrows the list; a chip without a name says that things are in stock."""
        first = replace(self, page=1)
        if self.in_stock:
            yield Chip("", "", replace(first, in_stock=False).query)
        for value in self.manufacturers:
            rest = tuple(one for one in self.manufacturers if one != value)
            yield Chip("", value, replace(first, manufacturers=rest).query)
        for pair in self.properties:
            others = tuple(one for one in self.properties if one != pair)
            yield Chip(*pair, replace(first, properties=others).query)


def read_search(given: MultiDict[str, str]) -> Search:
    """Return what an address asks for; what it says wrong or too much is left out."""
    chosen = (
        (key.removeprefix(PROPERTY), value)
        for key in given
        if key.startswith(PROPERTY)
        for value in given.getlist(key)
    )
    sort = given.get("sort", "")
    return Search(
        text=given.get("q", "").strip()[:MAX_TEXT],
        category=tuple(part for part in given.getlist("in")[:MAX_DEPTH] if part),
        manufacturers=_some(given.getlist("make")),
        properties=tuple(dict.fromkeys(pair for pair in chosen if all(pair)))[:MAX_VALUES],
        in_stock=bool(given.get("stock")),
        sort=Sort(sort) if sort in {*Sort} else Sort.BEST,
        page=min(max(given.get("page", 1, type=int), 1), MAX_PAGE),
    )


def _some(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:MAX_VALUES]
