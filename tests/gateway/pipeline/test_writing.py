"""A mapping knows, besides the document, the names of the two and a partner's plain options."""

from decimal import Decimal

from canonical.wire import Dialect
from gateway.pipeline.writing import said_by
from protocols.ubl.dialect import PunchoutDialect


def test_plain_options_are_told_as_text_and_others_not() -> None:
    said = said_by(PunchoutDialect(tax_percent=Decimal("25.5"), parameters={"username": "u"}))
    assert (said["tax_percent"], said["validity_days"], said["tax_category"]) == ("25.5", "30", "S")
    assert not {"parameters", "strict", "supplier_name", "versions"} & said.keys()


def test_a_dialect_without_options_of_its_own_tells_what_every_one_has() -> None:
    assert said_by(Dialect())["charset"] == "UTF-8"
