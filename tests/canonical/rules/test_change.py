"""A partial change leaves alone what it does not name, and says which lines it names in vain."""

from datetime import UTC, datetime
from decimal import Decimal

from canonical.amounts import Money, Quantity
from canonical.order import Item, LineAction, Order, OrderChange, OrderLine
from canonical.price import Price
from canonical.rules.change import changed_order

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def _line(
    line_id: str, quantity: int, action: LineAction | None = None, **more: object
) -> OrderLine:
    fields: dict[str, object] = {"item": Item(sku=f"SKU-{line_id}"), **more}
    amount = Quantity(value=Decimal(quantity), unit="C62")
    return OrderLine(line_id=line_id, quantity=amount, action=action, **fields)  # type: ignore[arg-type]


ORDER = Order(
    order_id="PO1",
    issued_at=AT,
    currency="SEK",
    note="Ring the bell",
    total=Money(amount=Decimal(100), currency="SEK"),
    lines=(
        _line("1", 10, price=Price(amount=Decimal(5), currency="SEK")),
        _line("2", 20),
        _line("3", 30),
    ),
)


def _change(*lines: OrderLine, **head: object) -> OrderChange:
    return OrderChange(
        order_id="PO1",
        issued_at=AT,
        currency="SEK",
        lines=lines,
        partial=True,
        **head,  # type: ignore[arg-type]
    )


def test_lines_are_changed_deleted_added_and_kept() -> None:
    change = _change(
        _line("1", 12, LineAction.CHANGE, item=Item(buyer_sku="4711")),
        _line("2", 20, LineAction.DELETE),
        _line("3", 0, LineAction.KEEP),
        _line("4", 40, LineAction.ADD),
    )
    made, vain = changed_order(ORDER, change)
    assert not vain
    assert [(line.line_id, line.quantity.value, line.action) for line in made.lines] == [
        ("1", 12, None),
        ("3", 30, None),
        ("4", 40, None),
    ]
    first = made.lines[0]
    assert first.price == ORDER.lines[0].price
    assert first.item == Item(sku="SKU-1", buyer_sku="4711")


def test_the_head_keeps_what_the_change_leaves_empty_but_not_the_old_total() -> None:
    made, _ = changed_order(ORDER, _change(order_version="2"))
    assert (made.note, made.order_version, made.total) == ("Ring the bell", "2", None)
    assert not made.partial


def test_lines_named_in_vain_are_told() -> None:
    change = _change(
        _line("1", 1, LineAction.ADD),
        _line("8", 1, LineAction.CHANGE),
        _line("9", 1, LineAction.DELETE),
    )
    assert changed_order(ORDER, change)[1] == ("1", "8", "9")
