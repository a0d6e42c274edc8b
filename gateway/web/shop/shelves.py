"""Gather what a list or a product page shows: products, this customer's prices, and stock.

A core that does not answer costs the prices, not the page: products can still be looked at, stock
comes from the replica, and the page says that prices are missing for the moment.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from canonical.party import Customer
from canonical.product import Product
from canonical.stock import StockLevel
from gateway.catalogue import Catalogue
from gateway.errors import CoreError
from gateway.punchout.faults import fault
from gateway.punchout.offers import Offer, Wanted, in_assortment, offers_of
from gateway.punchout.service import PunchoutService

PAGE_SIZE: Final = 24
MAX_PAGE: Final = 1000
MAX_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Article:
    """Hold one product as a page shows it."""

    offer: Offer
    stock: tuple[StockLevel, ...]

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
        least, step = self.product.minimum_quantity, self.product.quantity_multiple
        return least if step <= 0 or least % step == 0 else (least // step + 1) * step


@dataclass(frozen=True, slots=True)
class Shelf:
    """Hold one page of a list."""

    articles: tuple[Article, ...]
    total: int
    page: int
    text: str
    category: tuple[str, ...]
    priced: bool

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


@dataclass(frozen=True, slots=True)
class Branch:
    """Hold one category of the tree beside a list."""

    path: tuple[str, ...]
    count: int
    chosen: bool

    @property
    def query(self) -> str:
        """Return the query that leads to it."""
        return urlencode([("in", part) for part in self.path])


class Shelves:
    """Look into the catalogue with a customer's eyes."""

    def __init__(self, punchout: PunchoutService, catalogue: Catalogue) -> None:
        self._means = punchout.means
        self._catalogue = catalogue

    def shelf(self, customer: Customer, text: str, category: tuple[str, ...], page: int) -> Shelf:
        """Return one page of what `text` finds in `category`, in the customer's assortment."""
        found = self._catalogue.search(
            text,
            assortments=customer.assortments,
            category=category,
            offset=(page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )
        offers, priced = self._offers(customer, found.items)
        stock = self._stock([product.sku for product in found.items])
        articles = tuple(_article(offer, stock) for offer in offers)
        return Shelf(articles, found.total, page, text, category, priced)

    def article(self, customer: Customer, sku: str) -> tuple[Article, bool] | None:
        """Return one product, and whether its price could be asked; None when there is none."""
        product = self._catalogue.product(sku)
        if product is None:
            return None
        offers, priced = self._offers(customer, (product,))
        return _article(offers[0], self._stock([sku])), priced

    def categories(self, customer: Customer, chosen: tuple[str, ...]) -> tuple[Branch, ...]:
        """Return the widest categories, and below the chosen ones what lies in them."""
        return tuple(self._branches(customer, chosen, ()))

    def _branches(
        self, customer: Customer, chosen: tuple[str, ...], below: tuple[str, ...]
    ) -> Iterator[Branch]:
        for facet in self._catalogue.categories(assortments=customer.assortments, below=below):
            path = (*below, facet.name)
            yield Branch(path, facet.count, chosen=path == chosen)
            if path == chosen[: len(path)]:
                yield from self._branches(customer, chosen, path)

    def products(self, skus: Iterable[str]) -> dict[str, Product]:
        """Return those of these products that exist."""
        return self._catalogue.products(skus)

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
            known = self._catalogue.stock(skus)
            return tuple(level for levels in known.values() for level in levels)


def _unpriced(customer: Customer, product: Product) -> Offer:
    if in_assortment(customer, product):
        return Offer(product=product)
    return Offer(product=product, blocked=fault("PUNCHOUT-021", target=product.sku))


def _article(offer: Offer, stock: Iterable[StockLevel]) -> Article:
    own = tuple(level for level in stock if level.sku == offer.product.sku)
    return Article(offer=offer, stock=tuple(sorted(own, key=lambda level: level.warehouse)))
