"""Bring the replica up to the core: what changed since the last time, or everything.

A core that has lost its history refuses the cursor with `cursor-unknown`; then both feeds' present
state is read from the beginning, and what it no longer names is deleted from the replica.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from canonical.stock import stock_key
from gateway.catalogue.replica import (
    PRODUCTS,
    STOCK,
    Catalogue,
    ProductChanges,
    StockChanges,
)
from gateway.errors import CoreRefusedError

PAGE: Final = 500
CURSOR_UNKNOWN: Final = "cursor-unknown"

PageT = TypeVar("PageT", ProductChanges, StockChanges)


class ChangingCore(Protocol):
    """Be a core that gives changes of products and stock."""

    def products(self, since: str | None = None, limit: int = PAGE) -> ProductChanges:
        """Return products changed since a cursor."""

    def stock(self, since: str | None = None, limit: int = PAGE) -> StockChanges:
        """Return stock levels changed since a cursor."""


@dataclass(frozen=True, slots=True)
class Synced:
    """Count what a synchronisation took over."""

    products: int
    products_deleted: int
    stock: int
    stock_deleted: int


def sync(core: ChangingCore, catalogue: Catalogue, *, page_size: int = PAGE) -> Synced:
    """Take over everything that changed in the core since the last time."""
    products = _follow(
        _Feed(PRODUCTS, core.products, catalogue.apply_products, _product_keys),
        catalogue,
        page_size,
    )
    stock = _follow(
        _Feed(STOCK, core.stock, catalogue.apply_stock, _stock_keys), catalogue, page_size
    )
    return Synced(*products, *stock)


@dataclass(frozen=True, slots=True)
class _Feed:
    name: str
    ask: Callable[[str | None, int], ProductChanges | StockChanges]
    apply: Callable[..., None]
    keys: Callable[..., set[str]]


def _follow(feed: _Feed, catalogue: Catalogue, size: int) -> tuple[int, int]:
    cursor = catalogue.cursor(feed.name)
    if cursor is None:
        return _from_the_beginning(feed, catalogue, size)
    try:
        page = feed.ask(cursor, size)
    except CoreRefusedError as refusal:
        if refusal.code != CURSOR_UNKNOWN:
            raise
        return _from_the_beginning(feed, catalogue, size)
    passed = _Passed()
    for part in _pages(feed, page, size):
        feed.apply(part)
        passed.count(part, set())
    return passed.changed, passed.deleted


def _from_the_beginning(feed: _Feed, catalogue: Catalogue, size: int) -> tuple[int, int]:
    # The cursor is kept at the end only: a reading that breaks off begins again.
    passed = _Passed()
    cursor = ""
    for part in _pages(feed, feed.ask(None, size), size):
        feed.apply(part, keep_cursor=False)
        passed.count(part, feed.keys(part))
        cursor = part.next
    gone = catalogue.finish(feed.name, passed.present, cursor)
    return passed.changed, passed.deleted + gone


@dataclass(slots=True)
class _Passed:
    """Count the changes that went by, and hold what is there after them."""

    changed: int = 0
    deleted: int = 0
    present: set[str] = field(default_factory=set)

    def count(self, page: ProductChanges | StockChanges, keys: set[str]) -> None:
        """Add a page."""
        self.changed += len(page.items)
        self.deleted += len(page.deleted)
        self.present = (self.present - set(page.deleted)) | keys


def _pages(
    feed: _Feed, page: ProductChanges | StockChanges, size: int
) -> Iterator[ProductChanges | StockChanges]:
    yield page
    while page.more:
        before = page.next
        page = feed.ask(before, size)
        if page.more and page.next == before:
            message = f"the core's {feed.name} feed stands still at the cursor {before[:80]!r}"
            raise CoreRefusedError(message, code="cursor-stuck")
        yield page


def _product_keys(page: ProductChanges) -> set[str]:
    return {product.sku for product in page.items}


def _stock_keys(page: StockChanges) -> set[str]:
    return {stock_key(level.sku, level.warehouse) for level in page.items}
