"""Bring the replica up to the core: what changed since the last time, or everything.

A core that has lost its history refuses the cursor with `cursor-unknown`; then the feed's present
state is read from the beginning, and what it no longer names is deleted from the replica.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from canonical.product import PartNumber, Product
from canonical.stock import StockLevel
from gateway.catalogue.feeds import (
    PART_NUMBER_FEED,
    PART_NUMBERS,
    PRODUCT_FEED,
    PRODUCTS,
    STOCK,
    STOCK_FEED,
)
from gateway.catalogue.replica import Catalogue, Changed
from gateway.errors import CoreRefusedError

PAGE: Final = 500
BATCH: Final = 2_000
"""Changes that are written together while everything is read: more touch the same sets of products
fewer times, but others wait longer for their turn to write."""
CURSOR_UNKNOWN: Final = "cursor-unknown"
KEEPS_PART_NUMBERS: Final = "products.part_numbers"

ItemT = TypeVar("ItemT")


class Featured(Protocol):
    """Say what a core can do."""

    @property
    def features(self) -> tuple[str, ...]:
        """Return the names of what it can."""


class ChangingCore(Protocol):
    """Be a core that gives changes of products, stock and, if it can, customers' part numbers."""

    def capabilities(self) -> Featured:
        """Return what the core can do."""

    def products(self, since: str | None = None, limit: int = PAGE) -> Changed[Product]:
        """Return products changed since a cursor."""

    def stock(self, since: str | None = None, limit: int = PAGE) -> Changed[StockLevel]:
        """Return stock levels changed since a cursor."""

    def part_numbers(self, since: str | None = None, limit: int = PAGE) -> Changed[PartNumber]:
        """Return part numbers changed since a cursor."""


@dataclass(frozen=True, slots=True)
class Synced:
    """Count what a synchronisation took over."""

    products: int
    products_deleted: int
    stock: int
    stock_deleted: int
    part_numbers: int = 0
    part_numbers_deleted: int = 0


def sync(core: ChangingCore, catalogue: Catalogue, *, page_size: int = PAGE) -> Synced:
    """Take over everything that changed in the core since the last time."""
    follow = _Following(catalogue, page_size)
    products = follow(_Source(PRODUCTS, core.products, catalogue.apply_products, PRODUCT_FEED.key))
    stock = follow(_Source(STOCK, core.stock, catalogue.apply_stock, STOCK_FEED.key))
    if KEEPS_PART_NUMBERS not in core.capabilities().features:
        return Synced(*products, *stock)
    numbers = follow(
        _Source(PART_NUMBERS, core.part_numbers, catalogue.apply_part_numbers, PART_NUMBER_FEED.key)
    )
    return Synced(*products, *stock, *numbers)


@dataclass(frozen=True, slots=True)
class _Source(Generic[ItemT]):
    name: str
    ask: Callable[[str | None, int], Changed[ItemT]]
    apply: Callable[..., None]
    key: Callable[[ItemT], str]


@dataclass(frozen=True, slots=True)
class _Batch(Generic[ItemT]):
    items: tuple[ItemT, ...]
    deleted: tuple[str, ...]
    next: str
    more: bool


@dataclass(frozen=True, slots=True)
class _Following:
    """Follow one feed after the other and count what was changed and deleted."""

    catalogue: Catalogue
    size: int

    def __call__(self, source: _Source[ItemT]) -> tuple[int, int]:
        cursor = self.catalogue.cursor(source.name)
        if cursor is None:
            return self._from_the_beginning(source)
        try:
            page = source.ask(cursor, self.size)
        except CoreRefusedError as refusal:
            if refusal.code != CURSOR_UNKNOWN:
                raise
            return self._from_the_beginning(source)
        changed = deleted = 0
        for part in _pages(source, page, self.size):
            source.apply(part)
            changed += len(part.items)
            deleted += len(part.deleted)
        return changed, deleted

    def _from_the_beginning(self, source: _Source[ItemT]) -> tuple[int, int]:
        # The cursor is kept at the end only: a reading that breaks off begins again.
        changed = deleted = 0
        present: set[str] = set()
        cursor = ""
        for batch in _batches(source, _pages(source, source.ask(None, self.size), self.size)):
            source.apply(batch, keep_cursor=False)
            changed += len(batch.items)
            deleted += len(batch.deleted)
            present.difference_update(batch.deleted)
            present.update(map(source.key, batch.items))
            cursor = batch.next
        gone = self.catalogue.finish(source.name, present, cursor)
        return changed, deleted + gone


def _batches(source: _Source[ItemT], pages: Iterable[Changed[ItemT]]) -> Iterator[_Batch[ItemT]]:
    items: dict[str, ItemT] = {}
    deleted: dict[str, None] = {}
    for page in pages:
        for key in page.deleted:
            items.pop(key, None)
            deleted[key] = None
        for item in page.items:
            items[source.key(item)] = item
            deleted.pop(source.key(item), None)
        if len(items) + len(deleted) >= BATCH or not page.more:
            yield _Batch(tuple(items.values()), tuple(deleted), page.next, page.more)
            items, deleted = {}, {}


def _pages(source: _Source[ItemT], page: Changed[ItemT], size: int) -> Iterator[Changed[ItemT]]:
    yield page
    while page.more:
        before = page.next
        page = source.ask(before, size)
        if page.more and page.next == before:
            message = f"the core's {source.name} feed stands still at the cursor {before[:80]!r}"
            raise CoreRefusedError(message, code="cursor-stuck")
        yield page
