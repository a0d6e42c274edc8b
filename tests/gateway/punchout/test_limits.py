"""A cart is measured against the buyer's limits as it will be written for that buyer."""

from decimal import Decimal
from pathlib import Path

import pytest

from canonical.amounts import Quantity
from canonical.order import Item
from canonical.punchout import Cart, CartLine
from gateway.app import open_gateway
from gateway.partners.files import Draft, create_partner
from gateway.partners.model import Limits
from gateway.partners.vault import Vault
from gateway.punchout.limits import check_limits
from gateway.settings import load_settings
from gateway.settings.model import Identity

TABLE = "# extends: cxml/uom\nfrom,to\nEACH,EA\nSTK,C62\n"


def make_cart(unit: str) -> Cart:
    line = CartLine(
        line_id="1", quantity=Quantity(value=Decimal(1), unit=unit), item=Item(sku="A-1")
    )
    return Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=(line,))


@pytest.mark.parametrize(
    ("unit", "codes"),
    [("EA", []), ("C62", ["PUNCHOUT-042"]), ("EACH", [])],
)
def test_the_unit_that_is_written_counts(unit: str, codes: list[str]) -> None:
    spelt = {"EA": "EACH", "C62": "STK"}
    faults = check_limits(
        make_cart(unit), Limits(units=("EACH",)), lambda code: spelt.get(code, code)
    )
    assert [fault.code for fault in faults] == codes
    assert [fault.found for fault in faults] == ["STK"] * len(codes)


def test_a_partners_own_table_says_what_is_written(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    for partner_id, number in (("own", "1"), ("shipped", "2")):
        draft = Draft(
            id=partner_id,
            name="Acme",
            profile="generic",
            customer="1",
            identities=(Identity(domain="DUNS", identity=number),),
            supplier=(Identity(domain="DUNS", identity="9"),),
            secret="hemlig",
        )
        create_partner(tmp_path, draft, Vault(tmp_path), settings)
    tables = tmp_path / "partners" / "own" / "tables" / "cxml"
    tables.mkdir(parents=True)
    (tables / "uom.csv").write_text(TABLE)
    gateway = open_gateway(tmp_path)
    try:
        own, shipped = gateway.partners.get("own"), gateway.partners.get("shipped")
        assert [gateway.unit_written(own, unit) for unit in ("EA", "C62", "MTR", "??")] == [
            "EACH", "STK", "MTR", "??",
        ]  # fmt: skip
        assert gateway.unit_written(shipped, "EA") == "EA"
    finally:
        gateway.close()
