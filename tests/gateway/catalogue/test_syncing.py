"""The replica follows the core: only what changed, and everything again when history is lost."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from canonical.product import PartNumber, Product
from canonical.stock import StockLevel, stock_key
from gateway.catalogue import Catalogue, Filters, Synced, sync
from gateway.connectors.contract import Capabilities, Page
from gateway.errors import CoreRefusedError, CoreUnreachableError
from gateway.store.database import Database

GONE = CoreUnreachableError("gone")
UNKNOWN = CoreRefusedError("who?", code="cursor-unknown")
CLOSED = CoreRefusedError("closed", code="closed")


class ListedCore:
    """Be a core whose changes are a list; a cursor is how many have been read."""

    def __init__(self, history: str = "h") -> None:
        self.history = history
        self.goods: list[Product | str] = []
        self.levels: list[StockLevel | str] = []
        self.names: list[PartNumber | str] = []
        self.asked: list[str | None] = []
        self.fail_after: int | None = None
        self.features: tuple[str, ...] = ()

    def capabilities(self) -> Capabilities:
        return Capabilities(name="listed", version="1", features=self.features)

    def products(self, since: str | None = None, limit: int = 500) -> Page[Product]:
        return self._page(self.goods, since, limit)

    def stock(self, since: str | None = None, limit: int = 500) -> Page[StockLevel]:
        return self._page(self.levels, since, limit)

    def part_numbers(self, since: str | None = None, limit: int = 500) -> Page[PartNumber]:
        return self._page(self.names, since, limit)

    def _page(self, changes, since, limit):
        self.asked.append(since)
        if self.fail_after is not None and len(self.asked) > self.fail_after:
            raise GONE
        if since is not None and not since.startswith(f"{self.history}:"):
            raise UNKNOWN
        start = 0 if since is None else int(since.split(":")[1])
        part = changes[start : start + limit]
        end = start + len(part)
        return Page(
            tuple(one for one in part if not isinstance(one, str)),
            f"{self.history}:{end}",
            more=end < len(changes),
            deleted=tuple(one for one in part if isinstance(one, str)),
        )


def product(number: int, name: str = "thing") -> Product:
    return Product(sku=f"P{number}", name=name, unit="EA")


def level(number: int) -> StockLevel:
    return StockLevel(sku=f"P{number}", warehouse="Oslo", available=Decimal(number))


@pytest.fixture
def core() -> ListedCore:
    core = ListedCore()
    core.goods = [product(number) for number in range(5)]
    core.levels = [level(number) for number in range(3)]
    return core


def test_the_second_time_only_what_changed_is_taken(core: ListedCore, database: Database) -> None:
    catalogue = Catalogue(database)
    assert sync(core, catalogue, page_size=2) == Synced(5, 0, 3, 0)
    assert sync(core, catalogue, page_size=2) == Synced(0, 0, 0, 0)
    core.goods += [product(1, "other"), "P2"]
    core.levels += [stock_key("P0", "Oslo")]
    assert sync(core, catalogue, page_size=2) == Synced(1, 1, 0, 1)
    assert [one.name for one in catalogue.search("other").items] == ["other"]
    assert catalogue.search("").total == 4
    assert sorted(catalogue.stock(["P0", "P1", "P2"])) == ["P1", "P2"]


def test_part_numbers_are_followed_where_the_core_keeps_them(
    core: ListedCore, database: Database
) -> None:
    catalogue = Catalogue(database)
    core.names = [PartNumber(customer_id="C1", buyer_sku="his", sku="P1")]
    assert sync(core, catalogue).part_numbers == 0
    assert catalogue.by_buyer_number("C1", ["his"]) == {}
    core.features = ("products.part_numbers",)
    assert sync(core, catalogue) == Synced(0, 0, 0, 0, 1, 0)
    assert catalogue.by_buyer_number("C1", ["his"]) == {"his": "P1"}
    core.names += ["C1/his"]
    assert sync(core, catalogue) == Synced(0, 0, 0, 0, 0, 1)
    assert catalogue.by_buyer_number("C1", ["his"]) == {}


def test_what_comes_and_goes_while_everything_is_read_ends_as_the_core_has_it(
    core: ListedCore, database: Database
) -> None:
    core.goods = [product(1), product(2), "P1", product(3), product(2, "renamed"), "P3", product(3)]
    catalogue = Catalogue(database)
    sync(core, catalogue, page_size=1)
    assert sorted(one.name for one in catalogue.search("").items) == ["renamed", "thing"]
    assert sorted(catalogue.products(["P1", "P2", "P3"])) == ["P2", "P3"]


def test_stock_is_known_whether_it_comes_before_its_product_or_after(database: Database) -> None:
    catalogue = Catalogue(database)
    catalogue.apply_stock(Page((level(1), level(0)), "1", more=False))
    catalogue.apply_products(Page((product(0), product(1), product(2)), "1", more=False))
    catalogue.apply_stock(Page((level(2),), "2", more=False))
    available = Filters(in_stock=True)
    assert {one.sku for one in catalogue.search("", filters=available).items} == {"P1", "P2"}
    catalogue.apply_products(Page((product(1, "renamed"),), "2", more=False))
    catalogue.apply_stock(Page((), "3", more=False, deleted=(stock_key("P2", "Oslo"),)))
    assert {one.sku for one in catalogue.search("", filters=available).items} == {"P1"}


def test_a_lost_history_is_read_again_and_what_is_gone_is_forgotten(
    core: ListedCore, database: Database
) -> None:
    catalogue = Catalogue(database)
    sync(core, catalogue)
    core.history, core.goods, core.levels = "new", [product(1), product(9)], [level(1)]
    assert sync(core, catalogue, page_size=1) == Synced(2, 4, 1, 2)
    assert {one.sku for one in catalogue.search("").items} == {"P1", "P9"}
    assert sync(core, catalogue) == Synced(0, 0, 0, 0)


def test_a_reading_of_everything_that_breaks_off_begins_again(
    core: ListedCore, database: Database
) -> None:
    catalogue = Catalogue(database)
    sync(core, catalogue)
    core.history, core.goods = "new", [product(7), product(8), product(9)]
    core.asked, core.fail_after = [], 3
    with pytest.raises(CoreUnreachableError):
        sync(core, catalogue, page_size=1)
    core.fail_after = None
    sync(core, catalogue, page_size=1)
    assert {one.sku for one in catalogue.search("").items} == {"P7", "P8", "P9"}


def test_a_following_that_breaks_off_goes_on_where_it_was(
    core: ListedCore, database: Database
) -> None:
    catalogue = Catalogue(database)
    sync(core, catalogue)
    core.goods += [product(number) for number in range(5, 9)]
    core.asked, core.fail_after = [], 2
    with pytest.raises(CoreUnreachableError):
        sync(core, catalogue, page_size=1)
    core.asked, core.fail_after = [], None
    sync(core, catalogue, page_size=1)
    assert core.asked[0] == "h:7"
    assert catalogue.search("").total == 9


def test_another_refusal_is_not_taken_for_a_lost_history(
    core: ListedCore, database: Database
) -> None:
    class Closed(ListedCore):
        def products(self, since: str | None = None, limit: int = 500) -> Page[Product]:
            if since is not None:
                raise CLOSED
            return super().products(since, limit)

    closed = Closed()
    closed.goods = core.goods
    catalogue = Catalogue(database)
    sync(closed, catalogue)
    with pytest.raises(CoreRefusedError, match="closed"):
        sync(closed, catalogue)


def test_a_feed_that_stands_still_is_not_followed_for_ever(database: Database) -> None:
    class Stuck(ListedCore):
        def products(self, since: str | None = None, limit: int = 500) -> Page[Product]:
            assert since in {None, "same"}
            return Page((product(1),)[:limit], "same", more=True)

    with pytest.raises(CoreRefusedError) as caught:
        sync(Stuck(), Catalogue(database))
    assert caught.value.code == "cursor-stuck"


def test_several_may_follow_the_same_core_at_once(core: ListedCore, database: Database) -> None:
    core.goods = [product(number) for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sync(core, Catalogue(database), page_size=7), range(4)))
    assert Catalogue(database).search("").total == 40
