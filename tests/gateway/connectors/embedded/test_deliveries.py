"""An address is served by the rows that fit it best; what is ordered late leaves a day later."""

from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from canonical.delivery import DeliveryRoute
from canonical.order import LineStatus
from canonical.party import Address
from gateway.connectors.embedded import EmbeddedCore, load_folder
from gateway.errors import ConfigurationError
from gateway.store.database import Database
from tests.gateway.connectors.embedded.test_core import DATA, order

FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)
HEADER = "warehouse,country,postal_code,days,cut_off,time_zone\n"
ROWS = (
    "Malmö,SE,,3,,\nMalmö,SE,21,1,15:00,Europe/Stockholm\nMalmö,SE,2,2,,\n"
    "Oslo,NO,,1,12:00,Europe/Oslo\nOslo,SE,211 20,4,,\n"
)


def make_core(
    database: Database, folder: Path, rows: str | None = ROWS, at: str = "2026-11-27T13:59"
) -> EmbeddedCore:
    for name, text in DATA.items():
        (folder / name).write_text(text, encoding="utf-8")
    if rows is not None:
        (folder / "deliveries.csv").write_text(HEADER + rows, encoding="utf-8")
    load_folder(database, folder)
    return EmbeddedCore(database, lambda: datetime.fromisoformat(f"{at}+00:00"))


def address(postal_code: str | None = None, country: str | None = "SE") -> Address:
    return Address(postal_code=postal_code, country=country)


@pytest.mark.parametrize(
    ("where", "days"),
    [
        (address("211 20"), {"Malmö": 1, "Oslo": 4}),
        (address("se-211"), {"Malmö": 3}),
        (address("21130"), {"Malmö": 1}),
        (address("29000"), {"Malmö": 2}),
        (address("98130"), {"Malmö": 3}),
        (address(), {"Malmö": 3}),
        (address("0150", "no"), {"Oslo": 1}),
        (address("10115", "DE"), {}),
    ],
)
def test_the_longest_beginning_of_a_postal_code_holds(
    database: Database, tmp_path: Path, where: Address, days: dict[str, int]
) -> None:
    routes = make_core(database, tmp_path).deliveries(where)
    assert routes is not None
    assert {route.warehouse: route.days for route in routes} == days


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2026-11-27T13:59", FRIDAY),
        ("2026-11-27T14:00", MONDAY),
        ("2026-11-28T06:00", MONDAY),
        ("2026-11-26T23:30", FRIDAY),
    ],
)
def test_after_the_cut_off_and_at_weekends_goods_leave_the_next_working_day(
    database: Database, tmp_path: Path, at: str, leaves: date
) -> None:
    routes = make_core(database, tmp_path, at=at).deliveries(address("211 30"))
    assert routes == (DeliveryRoute(warehouse="Malmö", leaves_on=leaves, days=1),)


def test_without_a_cut_off_the_way_counts_from_the_day_of_the_order(
    database: Database, tmp_path: Path
) -> None:
    core = make_core(database, tmp_path, at="2026-11-28T23:59")
    assert core.deliveries(address("290 00")) == (
        DeliveryRoute(warehouse="Malmö", leaves_on=date(2026, 11, 28), days=2),
    )


def test_without_rows_or_a_country_nothing_is_known(database: Database, tmp_path: Path) -> None:
    core = make_core(database, tmp_path)
    assert core.deliveries(address("211 20", None)) is None
    assert core.deliveries(address("211 20", "\x00")) is None
    (tmp_path / "deliveries.csv").unlink()
    load_folder(database, tmp_path)
    assert core.deliveries(address("211 20")) is None


@pytest.mark.parametrize(
    "row",
    ["Malmö,Sweden,,1,,", "Malmö,SE,,soon,,", "Malmö,SE,,1,25:00,", "Malmö,SE,,1,,Mars/Olympus",
     "Malmö,SE,,1,,../../etc/passwd", "Malmö,SE,123456789012345678901,1,,", ",SE,,1,,",
     "Malmö,SE,2,1,,\nMalmö,SE,2,2,,"],
)  # fmt: skip
def test_rows_that_make_no_sense_are_refused_with_their_line(
    database: Database, tmp_path: Path, row: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_core(database, tmp_path, row + "\n")
    assert all("deliveries.csv:" in finding for finding in caught.value.findings)


def test_an_order_is_confirmed_for_the_day_on_which_its_address_is_reached(
    database: Database, tmp_path: Path
) -> None:
    core = make_core(database, tmp_path)
    near = core.submit("near", "1", replace(order("2"), ship_to=address("211 20"))).order
    far = core.submit("far", "1", replace(order("4"), ship_to=address("211 20"))).order
    nowhere = core.submit("no", "1", replace(order("1"), ship_to=address(country="DE"))).order
    assert near is not None
    assert near.lines[0].delivery == MONDAY
    assert far is not None
    assert far.lines[0].delivery == date(2026, 12, 3)
    assert far.lines[0].status is LineStatus.ACCEPTED
    assert nowhere is not None
    assert (nowhere.lines[0].delivery, nowhere.lines[0].status) == (None, LineStatus.BACKORDERED)
    assert "no warehouse delivers" in (nowhere.lines[0].reason or "")
