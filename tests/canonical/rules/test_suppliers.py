"""Promise: a line is another supplier's only where its id is of a registry that has ours too."""

import pytest

from canonical.identifiers import Identifier
from canonical.order import Item, OrderLine
from canonical.party import Party
from canonical.rules.suppliers import named_instead
from tests.builders import make_order


def ids(*named: str) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(scheme=scheme, value=value)
        for scheme, _, value in (one.partition(":") for one in named)
    )


US = ids("DUNS:123456789", "NetworkId:AN01", "VENDOR:V7")


def line(supplier: str | None, *suppliers: str) -> OrderLine:
    (whole,) = make_order(lines=1).lines
    return OrderLine(
        line_id="1",
        quantity=whole.quantity,
        item=Item(sku="A"),
        supplier=None if supplier is None else ids(supplier)[0],
        suppliers=tuple(Party(name="S", identifiers=ids(*one.split())) for one in suppliers),
    )


@pytest.mark.parametrize(
    "named",
    [
        line(None),
        line("DUNS:123456789"),
        line("duns: 12-345-6789 "),
        line("NetworkId:an01-T"),
        line("internalsupplierid:4711"),
        line("DUNS:555"),
        line(None, "DUNS:111", "DUNS:123456789"),
        line(None, "DUNS:111", "internal:1"),
        line(None, "internal:9 DUNS:123456789"),
        line(None, ""),
    ],
)
def test_a_line_that_may_be_ours_is_taken_for_ours(named: OrderLine) -> None:
    assert named_instead(named, US, ids("DUNS:555")) is None


@pytest.mark.parametrize(
    "named",
    [
        line("DUNS:111"),
        line("networkid:AN02"),
        line("VENDOR:V8"),
        line(None, "DUNS:111"),
        line(None, "internal:3 DUNS:111", "NetworkId:AN03"),
    ],
)
def test_a_line_that_names_others_is_not(named: OrderLine) -> None:
    found = named_instead(named, US)
    assert found is not None
    assert found.value != "3"


def test_nobody_can_tell_where_we_have_no_id() -> None:
    assert named_instead(line("DUNS:111"), ()) is None
