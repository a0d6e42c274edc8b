"""Gather what a list or a product page shows: products, this customer's prices, and stock.

A core that does not answer costs the prices, not the page: products can still be looked at, stock
comes from the replica, and the page says that prices are missing for the moment.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from canonical.party import Customer
from canonical.product import Product
from canonical.stock import StockLevel
from gateway.catalogue import Catalogue
from gateway.catalogue.asking import Choice, Facet, Found, PropertyFacet
from gateway.errors import CoreError
from gateway.punchout.faults import fault
from gateway.punchout.offers import Offer, Wanted, in_assortment, offers_of
from gateway.punchout.packaging import fitting
from gateway.punchout.service import PunchoutService
from gateway.web.shop.narrowing import Search, Sort

PAGE_SIZE: Final = 24
SORTABLE: Final = 200
"""Products at most that a list can be put in another order: all of them are read for it."""


@dataclass(frozen=True, slots=True)
class Article:
    """Hold one product as a page shows it; `buyer_sku` is what the customer calls it."""

    offer: Offer
    stock: tuple[StockLevel, ...]
    buyer_sku: str | None = None

    @property
    def product(self) -> Product:
        """Return the product itself."""
        return self.offer.product

    @property
    def available(self) -> Decimal:
        """Return what all warehouses together can deliver."""
        return sum((level.available for level in self.stock), start=Decimal(0))

    @property
    def smallest(self) -> Decimal:
        """Return the smallest quantity that may be ordered: what a form suggests."""
        return fitting(self.product, Decimal(0))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Hold one page of a list, and what it was searched by."""

    articles: tuple[Article, ...]
    found: Found
    search: Search
    priced: bool

    @property
    def text(self) -> str:
        """Return the words that were searched for."""
        return self.search.text

    @property
    def total(self) -> int:
        """Return how many products the whole list has, or the least that is known."""
        return self.found.total

    @property
    def page(self) -> int:
        """Return the number of this page, from 1."""
        return self.search.page

    @property
    def pages(self) -> int:
        """Return how many pages the whole list has."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        """Return the number of the first product on this page."""
        return (self.page - 1) * PAGE_SIZE + 1 if self.articles else 0

    @property
    def last(self) -> int:
        """Return the number of the last product on this page."""
        return self.first + len(self.articles) - 1 if self.articles else 0

    @property
    def sortable(self) -> bool:
        """Tell whether the list is short enough to be put in another order."""
        return 1 < self.total <= SORTABLE

    @property
    def manufacturers(self) -> tuple[Choice, ...]:
        """Return manufacturers to choose from, with those that are chosen."""
        return _with_chosen(self.found.manufacturers, self.search.manufacturers)

    @property
    def properties(self) -> tuple[PropertyFacet, ...]:
        """Return properties to choose from, with those that are chosen."""
        groups = {one.name: one.choices for one in self.found.properties}
        for name, _ in self.search.properties:
            groups.setdefault(name, ())
        return tuple(
            PropertyFacet(name, _with_chosen(choices, self._chosen(name)))
            for name, choices in groups.items()
        )

    def _chosen(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.search.properties if key == name)


@dataclass(frozen=True, slots=True)
class Branch:
    """Hold one category of the tree beside a list: where it leads, and what is in it if counted."""

    path: tuple[str, ...]
    query: str
    count: int | None
    chosen: bool


class Shelves:
    """Look into the catalogue with a customer's eyes."""

    def __init__(self, punchout: PunchoutService, catalogue: Catalogue) -> None:
        self._means = punchout.means
        self._catalogue = catalogue

    def shelf(self, customer: Customer, search: Search) -> Shelf:
        """Return one page of what is searched for, in the customer's assortment."""
        start = (search.page - 1) * PAGE_SIZE
        if search.sort is Sort.BEST:
            found = self._found(customer, search, start, PAGE_SIZE)
            return self._page(customer, search, found, found.items)
        found = self._found(customer, search, 0, SORTABLE)
        if found.total > SORTABLE:
            found = self._found(customer, search, start, PAGE_SIZE)
            return self._page(customer, search, found, found.items)
        items = self._in_order(customer, search.sort, found.items)
        return self._page(customer, search, found, items[start : start + PAGE_SIZE])

    def article(self, customer: Customer, sku: str) -> tuple[Article, bool] | None:
        """Return one product, and whether its price could be asked; None when there is none."""
        product = self._catalogue.product(sku)
        if product is None:
            return None
        articles, priced = self._articles(customer, (product,))
        return articles[0], priced

    def categories(self, customer: Customer, shelf: Shelf) -> tuple[Branch, ...]:
        """Return the categories beside a list.

        A list of everything has the whole tree around the chosen category; one that is searched for
        has what the result holds below it.
        """
        search = shelf.search
        if not search.text and not search.filtered:
            return tuple(self._branches(customer, search, ()))
        above = (search.category[:depth] for depth in range(1, len(search.category) + 1))
        return (
            *(_branch(search, path, None) for path in above),
            *(_branch(search, facet.path, facet.count) for facet in shelf.found.categories),
        )

    def products(self, skus: Iterable[str]) -> dict[str, Product]:
        """Return those of these products that exist."""
        return self._catalogue.products(skus)

    def _found(self, customer: Customer, search: Search, offset: int, limit: int) -> Found:
        return self._catalogue.search(
            search.text,
            assortments=customer.assortments,
            category=search.category,
            filters=search.filters,
            customer=customer.customer_id,
            offset=offset,
            limit=limit,
        )

    def _page(
        self, customer: Customer, search: Search, found: Found, items: Sequence[Product]
    ) -> Shelf:
        articles, priced = self._articles(customer, items)
        return Shelf(articles, found, search, priced)

    def _in_order(
        self, customer: Customer, sort: Sort, items: Sequence[Product]
    ) -> Sequence[Product]:
        if sort is not Sort.PRICE:
            return sorted(items, key=_KEYS[sort])
        offers, _ = self._offers(customer, items)
        return [offer.product for offer in sorted(offers, key=_price_of_one)]

    def _articles(
        self, customer: Customer, items: Sequence[Product]
    ) -> tuple[tuple[Article, ...], bool]:
        offers, priced = self._offers(customer, items)
        skus = [product.sku for product in items]
        # Who has not answered is not asked again: a buyer would wait for both.
        stock = self._stock(skus) if priced else self._stock_last_seen(skus)
        names = self._catalogue.buyer_numbers(customer.customer_id, skus)
        return tuple(_article(offer, stock, names) for offer in offers), priced

    def _branches(
        self, customer: Customer, search: Search, below: tuple[str, ...]
    ) -> Iterator[Branch]:
        facets: tuple[Facet, ...] = self._catalogue.categories(
            assortments=customer.assortments, below=below
        )
        for facet in facets:
            yield _branch(search, facet.path, facet.count)
            if facet.path == search.category[: len(facet.path)]:
                yield from self._branches(customer, search, facet.path)

    def _offers(
        self, customer: Customer, products: Sequence[Product]
    ) -> tuple[tuple[Offer, ...], bool]:
        wanted = [Wanted(product, product.minimum_quantity) for product in products]
        on = self._means.ambient.now().date()
        try:
            return offers_of(self._means.core, customer, wanted, on), True
        except CoreError:
            return tuple(_unpriced(customer, product) for product in products), False

    def _stock(self, skus: list[str]) -> tuple[StockLevel, ...]:
        try:
            return self._means.core.stock_of(skus) if skus else ()
        except CoreError:
            return self._stock_last_seen(skus)

    def _stock_last_seen(self, skus: list[str]) -> tuple[StockLevel, ...]:
        known = self._catalogue.stock(skus)
        return tuple(level for levels in known.values() for level in levels)


_KEYS: Final[Mapping[Sort, Callable[[Product], tuple[str, str]]]] = {
    Sort.NAME: lambda product: (product.name.casefold(), product.sku),
    Sort.NUMBER: lambda product: (product.sku.casefold(), product.sku),
}


def _price_of_one(offer: Offer) -> tuple[bool, Decimal, str]:
    price = offer.price
    one = Decimal(0) if price is None else price.amount / price.base_quantity
    return price is None, one, offer.product.sku


def _with_chosen(choices: tuple[Choice, ...], chosen: tuple[str, ...]) -> tuple[Choice, ...]:
    # A form without the box of a chosen value would silently give the value up.
    offered = {choice.value for choice in choices}
    return (*choices, *(Choice(value, 0) for value in chosen if value not in offered))


def _branch(search: Search, path: tuple[str, ...], count: int | None) -> Branch:
    return Branch(path, search.within(path).query, count, chosen=path == search.category)


def _unpriced(customer: Customer, product: Product) -> Offer:
    if in_assortment(customer, product):
        return Offer(product=product)
    return Offer(product=product, blocked=fault("PUNCHOUT-021", target=product.sku))


def _article(offer: Offer, stock: Iterable[StockLevel], names: Mapping[str, str]) -> Article:
    sku = offer.product.sku
    own = sorted((level for level in stock if level.sku == sku), key=lambda one: one.warehouse)
    return Article(offer=offer, stock=tuple(own), buyer_sku=names.get(sku))
