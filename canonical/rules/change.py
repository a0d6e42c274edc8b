"""Apply a partial change to the order that it changes: ORDCHG and 860 name only what differs."""

from collections.abc import Iterator

import msgspec

from canonical.order import LineAction, Order, OrderChange, OrderLine


def changed_order(order: Order, change: OrderChange) -> tuple[OrderChange, tuple[str, ...]]:
    """Return `order` as it is after `change`, whole, and the line ids that it names in vain.

    A line to change or delete that the order does not have, and one to add that it has, is named
    in vain; the caller refuses then. Fields of the head that the change leaves empty stay as they
    were. A line to change keeps what the change says nothing of.
    """
    had = {line.line_id: line for line in order.lines}
    vain = tuple(
        line.line_id
        for line in change.lines
        if (line.line_id in had) == (line.action is LineAction.ADD)
    )
    lines = tuple(_lines(order, {line.line_id: line for line in change.lines}))
    head = _told(change) - {"lines", "partial"}
    kept = {
        name: getattr(change if name in head else order, name) for name in Order.__struct_fields__
    }
    return OrderChange(**{**kept, "lines": lines, "total": change.total}), vain


def _lines(order: Order, changes: dict[str, OrderLine]) -> Iterator[OrderLine]:
    for line in order.lines:
        change = changes.pop(line.line_id, None)
        if change is None or change.action is LineAction.KEEP:
            yield line
        elif change.action is not LineAction.DELETE:
            yield _merged(line, change)
    for line in changes.values():
        if line.action is LineAction.ADD:
            yield msgspec.structs.replace(line, action=None)


def _merged(line: OrderLine, change: OrderLine) -> OrderLine:
    told = {name: getattr(change, name) for name in _told(change) - {"action", "item"}}
    item = msgspec.structs.replace(
        line.item, **{name: getattr(change.item, name) for name in _told(change.item)}
    )
    return msgspec.structs.replace(line, **told, item=item, action=None)


def _told(document: msgspec.Struct) -> set[str]:
    """Return the names of the fields that are not at their default."""
    return {
        field.name
        for field in msgspec.structs.fields(document)
        if field.required or getattr(document, field.name) != field.default
    }
