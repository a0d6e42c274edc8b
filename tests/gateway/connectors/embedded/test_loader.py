"""A folder loads whole or not at all; every mistake comes at once, with file and line."""

import shutil
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.identifiers import Identifier
from canonical.order import Item, Order, OrderLine
from canonical.product import TaxCategory
from gateway.connectors.contract import PriceQuestion, SubmissionState
from gateway.connectors.embedded import EmbeddedCore, load_folder, read_folder
from gateway.connectors.embedded.records import FAULTS, finding
from gateway.errors import ConfigurationError
from gateway.store.database import Database

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD = {
    "products.csv": "sku,name,unit,gtin,packages\n"
    'A,Pen,EA,4006381333931,BX=12\nB,"Pad, ruled",EA,,\nC,Ink,LTR,,\n',
    "price_lists.csv": "price_list,currency,standard\nstd,SEK,yes\nspecial,SEK,no\n",
    "prices.csv": "price_list,sku,amount,breaks,valid_from\n"
    "std,A,10.00,10=9|50=8,\nstd,B,5,,2026-01-01\n",
    "discounts.csv": "customer_id,discount_group,percent\n1,pens,10\n",
    "net_prices.csv": "customer_id,sku,currency,amount\n1,B,SEK,4.50\n",
    "stock.csv": "sku,warehouse,on_hand,lead_time_days\nA,Malmö,5,2\nB,Malmö,7,\n",
    "incoming.csv": "sku,warehouse,expected_on,quantity\nA,Oslo,2026-12-24,3\n",
    "customers.json": """[
  {"customer_id": "1", "name": "Buyer", "currency": "SEK", "price_list": "special",
   "identifiers": [{"scheme": "DUNS", "value": "9"}]},

  {"customer_id": "2", "name": "Other", "currency": "SEK"}
]""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "data"
    target.mkdir()
    for name, text in GOOD.items():
        (target / name).write_text(text, encoding="utf-8")
    return target


def findings(folder: Path) -> list[str]:
    return [finding(fault) for fault in read_folder(folder).faults]


def test_a_good_folder_has_no_faults(folder: Path) -> None:
    assert findings(folder) == []
    contents = read_folder(folder).contents
    assert [one.product.name for one in contents.products] == ["Pen", "Pad, ruled", "Ink"]
    assert contents.stock[-1].incoming[0].quantity == 3


def test_a_product_brings_what_it_is_and_where_to_read_more(folder: Path) -> None:
    sheets = "Data sheet=https://a.example/x?y=1|Safety=http://a.example/s"
    (folder / "products.csv").write_text(
        f"sku,name,unit,properties,documents\nA,Pen,EA,Colour=grey|Size=10,{sheets}\n"
        "B,Pad,EA,,\nC,Ink,LTR,,\n"
    )
    pen = read_folder(folder).contents.products[0].product
    assert [(one.name, one.value) for one in pen.properties] == [("Colour", "grey"), ("Size", "10")]
    assert [(one.file_name, one.url) for one in pen.attachments] == [
        ("Data sheet", "https://a.example/x?y=1"),
        ("Safety", "http://a.example/s"),
    ]


@pytest.mark.parametrize("cell", ["DUNS:9", "DUNS:", ":9", "9"])
def test_a_product_may_be_another_suppliers(folder: Path, cell: str) -> None:
    (folder / "products.csv").write_text(
        f"sku,name,unit,supplier\nA,Pen,EA,{cell}\nB,Pad,EA,\nC,Ink,LTR,\n"
    )
    if cell == "DUNS:9":
        pen, pad = (one.product for one in read_folder(folder).contents.products[:2])
        assert (pen.supplier, pad.supplier) == (Identifier(value="9", scheme="DUNS"), None)
    else:
        assert findings(folder)[0].startswith("products.csv:2: CORE-006 supplier: ")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//a.example", "sheet.pdf", "https:// a"])
def test_a_document_is_an_address_on_the_web(folder: Path, url: str) -> None:
    (folder / "products.csv").write_text(
        f"sku,name,unit,documents\nA,Pen,EA,Data sheet={url}\nB,Pad,EA,\nC,Ink,LTR,\n"
    )
    assert findings(folder)[0].startswith("products.csv:2: CORE-006 documents: ")


def test_a_product_says_its_tax_and_without_one_it_is_not_known(folder: Path) -> None:
    (folder / "products.csv").write_text(
        "sku,name,unit,tax_category,tax_percent\nA,Pen,EA,,25\nB,Pad,EA,E,\nC,Ink,LTR,,\n"
    )
    taxes = [one.product.tax for one in read_folder(folder).contents.products]
    assert taxes == [
        TaxCategory(percent=Decimal(25)),
        TaxCategory(category="E", percent=Decimal(0)),
        None,
    ]


def test_a_standard_tax_without_its_rate_is_missed(folder: Path) -> None:
    (folder / "products.csv").write_text(
        "sku,name,unit,tax_category\nA,Pen,EA,S\nB,Pad,EA,\nC,Ink,LTR,\n"
    )
    assert findings(folder)[0].startswith("products.csv:2: CORE-005 tax_percent")


@pytest.mark.parametrize(
    ("tax", "named"),
    [
        ('{"category": "reverse", "percent": "0"}', "tax.category"),
        ('{"percent": "101"}', "tax.percent"),
        ('{"percent": "-1"}', "tax.percent"),
    ],
)
def test_a_customers_own_tax_is_one(folder: Path, tax: str, named: str) -> None:
    text = GOOD["customers.json"]
    entry = '"name": "Other", "currency": "SEK"'
    (folder / "customers.json").write_text(text.replace(entry, f'{entry}, "tax": {tax}'))
    (found,) = findings(folder)
    assert found.startswith("customers.json:5: CORE-006 " + named)


BAD: list[tuple[str, str, str, str]] = [
    ("products.csv", "Pen,EA", "Pen,each", "products.csv:2: CORE-006 unit: "),
    ("products.csv", "4006381333931", "4006381333930", "products.csv:2: CORE-006 gtin: "),
    ("products.csv", "BX=12", "BX12", "products.csv:2: CORE-006 packages: "),
    ("products.csv", "A,Pen", ",Pen", "products.csv:2: CORE-005 sku: "),
    ("products.csv", "C,Ink", "A,Ink", "products.csv:4: CORE-007 "),
    ("products.csv", "C,Ink,LTR,,", "C,Ink,LTR", "products.csv:4: CORE-009 "),
    ("products.csv", "A,Pen", "A" * 81 + ",Pen", "products.csv:2: CORE-006 sku: "),
    ("products.csv", "sku,name,unit,gtin", "sku,name,unit,gtn", "products.csv:1: CORE-003 "),
    ("products.csv", "sku,name,unit,gtin", "sku,gtin,unit,name", "products.csv:2: CORE-006 gtin: "),
    (
        "prices.csv",
        "price_list,sku,amount",
        "price_list,sku,base_quantity",
        "prices.csv:1: CORE-004 amount: ",
    ),
    ("prices.csv", "std,A,10.00", "std,A,ten", "prices.csv:2: CORE-006 amount: "),
    ("prices.csv", "std,A,10.00", "std,A,NaN", "prices.csv:2: CORE-006 amount: "),
    ("prices.csv", "std,A,10.00", "std,A,-1", "prices.csv:2: CORE-006 amount: "),
    ("prices.csv", "10=9|50=8", "50=8|10=9", "prices.csv:2: CORE-006 breaks: "),
    ("prices.csv", "std,A", "std,Z", "prices.csv:2: CORE-008 sku: "),
    ("prices.csv", "std,B", "gone,B", "prices.csv:3: CORE-008 price_list: "),
    ("prices.csv", "2026-01-01", "1/1/2026", "prices.csv:3: CORE-006 valid_from: "),
    ("discounts.csv", "1,pens,10", "1,pens,110", "discounts.csv:2: CORE-006 percent: "),
    ("discounts.csv", "1,pens", "7,pens", "discounts.csv:2: CORE-008 customer_id: "),
    ("net_prices.csv", "1,B,SEK", "1,B,kr", "net_prices.csv:2: CORE-006 currency: "),
    ("stock.csv", "A,Malmö", "A,Mal/mö", "stock.csv:2: CORE-006 warehouse: "),
    ("stock.csv", "5,2", "5,soon", "stock.csv:2: CORE-006 lead_time_days: "),
    ("incoming.csv", "A,Oslo", "Q,Oslo", "incoming.csv:2: CORE-008 sku: "),
    ("price_lists.csv", "SEK,yes", "SEK,sure", "price_lists.csv:2: CORE-006 standard: "),
    ("customers.json", '"2", "name"', '"1", "name"', "customers.json:5: CORE-007 "),
    ("customers.json", '"name": "Other"', '"nam": "Other"', "customers.json:5: CORE-010 "),
    (
        "customers.json",
        '"currency": "SEK"}',
        '"currency": 7}',
        "customers.json:5: CORE-006 currency: ",
    ),
    ("customers.json", "special", "gone", "customers.json:2: CORE-008 price_list: "),
    (
        "customers.json",
        '"customer_id": "2"',
        '"customer_id": ""',
        "customers.json:5: CORE-005 customer_id: ",
    ),
    ("customers.json", "\n]", "\n", "customers.json:6: CORE-002 "),
    ("customers.json", "[\n  {", '["x", {', "customers.json:1: CORE-002 "),
    ("products.csv", '"Pad,', '"Pad" x,', "products.csv:3: CORE-002 "),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), BAD)
def test_a_mistake_is_named_with_file_line_and_column(
    folder: Path, name: str, old: str, new: str, expected: str
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(found.startswith(expected) for found in findings(folder)), findings(folder)


def test_every_code_of_the_table_has_an_example() -> None:
    shown = {words.split("CORE-")[1][:3] for *_, words in BAD} | {"001"}
    assert shown == {kind.code[-3:] for kind in FAULTS}


@pytest.mark.parametrize(
    "name", ["products.csv", "price_lists.csv", "prices.csv", "customers.json"]
)
def test_a_file_that_must_be_there_is_missed(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert any(found.startswith(f"{name}: CORE-001") for found in findings(folder))


@pytest.mark.parametrize("name", ["discounts.csv", "net_prices.csv", "incoming.csv", "stock.csv"])
def test_a_file_that_may_be_missing_is_not_missed(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert findings(folder) == []


def test_a_file_in_another_charset_is_a_fault(folder: Path) -> None:
    (folder / "stock.csv").write_bytes("sku,warehouse,on_hand\nA,Malmö,5\n".encode("cp1252"))
    assert findings(folder)[0].startswith("stock.csv: CORE-002 ")


def test_all_mistakes_come_at_once(folder: Path) -> None:
    for name, old, new, _ in (BAD[0], BAD[10], BAD[16], BAD[24]):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert len(findings(folder)) >= 4


def test_a_json_file_says_the_same_as_a_csv_file(folder: Path) -> None:
    before = read_folder(folder).contents
    (folder / "prices.csv").unlink()
    (folder / "prices.json").write_text(
        '[{"price_list": "std", "sku": "A", "amount": 10.00, "breaks": ["10=9", "50=8"]},\n'
        '{"price_list": "std", "sku": "B", "amount": "5", "valid_from": "2026-01-01"}]',
        encoding="utf-8",
    )
    assert read_folder(folder).contents.prices == before.prices


@given(st.binary(max_size=300))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
)
def test_reading_never_raises_on_any_bytes(folder: Path, content: bytes) -> None:
    for name in ("products.csv", "customers.json"):
        (folder / name).write_bytes(content)
    read_folder(folder)


def test_a_folder_with_a_fault_changes_nothing(database: Database, folder: Path) -> None:
    load_folder(database, folder)
    core = EmbeddedCore(database, lambda: MONDAY)
    before = core.products(), core.stock()
    (folder / "prices.csv").write_text("price_list,sku,amount\nstd,Z,1\n", encoding="utf-8")
    (folder / "stock.csv").write_text("sku,warehouse,on_hand\nA,Malmö,99\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_folder(database, folder)
    assert caught.value.findings[0].startswith("prices.csv:2: CORE-008 sku: ")
    assert (core.products(), core.stock()) == before


def test_loading_again_changes_what_changed_and_keeps_orders(
    database: Database, folder: Path
) -> None:
    load_folder(database, folder)
    core = EmbeddedCore(database, lambda: MONDAY)
    line = OrderLine(
        line_id="1", quantity=Quantity(value=Decimal(2), unit="EA"), item=Item(sku="A")
    )
    order = Order(order_id="PO", issued_at=MONDAY, currency="SEK", lines=(line,))
    assert core.submit("r", "1", order).state is SubmissionState.CREATED
    goods, shelves = core.products().next, core.stock().next
    again = load_folder(database, folder)
    assert (again.products_changed, again.stock_changed, again.products_removed) == (0, 0, 0)
    assert not core.products(goods).items
    stock = GOOD["stock.csv"].replace("A,Malmö,5", "A,Malmö,9")
    (folder / "stock.csv").write_text(stock, encoding="utf-8")
    assert load_folder(database, folder).stock_changed == 1
    assert [(one.warehouse, one.available) for one in core.stock(shelves).items] == [("Malmö", 7)]
    assert core.order("r") is not None


def test_what_is_gone_becomes_a_tombstone_and_may_come_back(
    database: Database, folder: Path
) -> None:
    load_folder(database, folder)
    core = EmbeddedCore(database, lambda: MONDAY)
    goods = core.products().next
    kept = {name: (folder / name).read_text(encoding="utf-8") for name in ("products.csv",)}
    (folder / "products.csv").write_text(
        kept["products.csv"].replace("C,Ink,LTR,,\n", ""), encoding="utf-8"
    )
    assert load_folder(database, folder).products_removed == 1
    gone = core.products(goods)
    assert (gone.deleted, gone.items) == (("C",), ())
    (folder / "products.csv").write_text(kept["products.csv"], encoding="utf-8")
    load_folder(database, folder)
    back = core.products(gone.next)
    assert ([one.sku for one in back.items], back.deleted) == (["C"], ())


def test_prices_come_from_what_was_loaded(database: Database, folder: Path) -> None:
    load_folder(database, folder)
    core = EmbeddedCore(database, lambda: MONDAY)
    questions = [PriceQuestion(sku=sku, quantity=Decimal(1)) for sku in ("B", "A", "C", "Z")]
    answers = core.prices("1", questions, MONDAY.date())
    amounts = [one.price.amount if one.price else None for one in answers]
    assert amounts == [Decimal("4.50"), Decimal("10.00"), None, None]
    assert [bool(one.reason) for one in answers] == [False, False, True, True]


def test_the_demo_files_are_what_their_script_writes(tmp_path: Path) -> None:
    import subprocess
    import sys

    demo = Path(__file__).resolve().parents[4] / "examples/demo/core"
    copy = tmp_path / "examples/demo/core"
    shutil.copytree(demo, copy, ignore=shutil.ignore_patterns("*.csv", "*.json", "images"))
    subprocess.run([sys.executable, str(copy / "generate.py")], check=True, capture_output=True)
    written = sorted(path.relative_to(copy) for path in copy.rglob("*.*") if path.is_file())
    assert len(written) > 50
    for name in written:
        if "__pycache__" not in name.parts:
            assert (copy / name).read_bytes() == (demo / name).read_bytes(), name


def test_the_demo_supplier_is_believable() -> None:
    demo = Path(__file__).resolve().parents[4] / "examples/demo/core"
    reading = read_folder(demo)
    assert reading.faults == ()
    goods = [one.product for one in reading.contents.products]
    assert len(goods) >= 320
    assert {len(one.category) for one in goods} == {3}
    assert len({one.gtin for one in goods}) == len(goods)
    assert {one.unit for one in goods} >= {"EA", "BX", "PK", "PR", "MTR", "LTR", "KGM"}
    assert {one.warehouse for one in reading.contents.stock} == {"Malmö", "Stockholm", "Oslo"}
    assert [one.customer.name for one in reading.contents.customers] == [
        "Region Sydlandet",
        "Nordhamn Industri AB",
    ]
    images = {path.name for path in (demo / "images").iterdir()}
    assert {one.image for one in goods} <= images


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("products.csv", "sku,name,unit,gtin", "sku,name,unit,gtn", "CORE-003"),
        ("price_lists.csv", "SEK,yes", "SEK,sure", "CORE-006"),
        ("customers.json", '"name": "Other"', '"nam": "Other"', "CORE-010"),
    ],
)
def test_who_refers_to_a_row_that_could_not_be_read_is_not_to_blame(
    folder: Path, name: str, old: str, new: str, code: str
) -> None:
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    assert [one.code for one in read_folder(folder).faults] == [code]


def test_semicolons_separate_columns_where_a_spreadsheet_wrote_them(folder: Path) -> None:
    before = read_folder(folder)
    file = folder / "stock.csv"
    file.write_text(file.read_text("utf-8").replace(",", ";"), "utf-8")
    assert ";" in file.read_text("utf-8")
    assert read_folder(folder) == before
