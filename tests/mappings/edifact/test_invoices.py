"""Promise: invoices and credit notes leave as INVOIC with all that they tell, and come in so."""

from tests.mappings.examples import INVOICE
from tests.mappings.standards import EDIFACT


def test_amounts_stand_where_the_standard_has_them() -> None:
    found = EDIFACT.sent(INVOICE, "INVOIC").segments
    assert found[4:7] == ["CUX+2:SEK:4", "ALC+A++++DI", "MOA+8:10"]
    assert found[-14:-3] == [
        "UNS+S", "CNT+2:2", "MOA+79:100.50", "MOA+125:90.50", "MOA+124:22.63", "MOA+77:113.13",
        "MOA+113:100", "MOA+9:13.00", "TAX+7+VAT+++:::25+S", "MOA+124:22.63", "MOA+125:90.50",
    ]  # fmt: skip
