"""What orders take of a promise is counted once each, and by nobody else's promise."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from canonical.amounts import Quantity
from canonical.rules.judgement import QuoteUse, Taken
from gateway.errors import TakenError
from gateway.store.database import Database
from gateway.store.messages import StoredMessage, move, record_message
from gateway.store.quotes import take_promises, taken_of
from tests.builders import NOON


def pieces(value: str) -> Quantity:
    return Quantity(value=Decimal(value), unit="EA")


def record(database: Database, number: str, state: str = "delivered", **fields: object) -> None:
    values: dict[str, object] = {
        "id": number,
        "interchange": f"i{number}",
        "direction": "in",
        "syntax": "cxml",
        "partner": "acme",
        "kind": "order",
        "order_id": f"PO-{number}",
        "core_key": f"acme/PO-{number}",
        **fields,
    }
    row = StoredMessage(state=state, created_at=NOON, updated_at=NOON, **values)  # type: ignore[arg-type]
    database.write(lambda connection: record_message(connection, row))


def take(
    database: Database,
    number: str,
    *uses: QuoteUse,
    seen: Mapping[str, tuple[Taken, ...]] | None = None,
    order: str | None = None,
) -> None:
    about = ("acme", number, f"acme/PO-{order or number}")
    known = taken(database, but=order or number) if seen is None else seen
    database.write(lambda connection: take_promises(connection, about, uses, known))


def use(value: str = "2", promise: str = "p", *, standing: bool = True) -> QuoteUse:
    return QuoteUse(promise=promise, quantity=pieces(value), standing=standing)


def taken(
    database: Database, but: str = "", partner: str = "acme"
) -> Mapping[str, tuple[Taken, ...]]:
    with database.read() as connection:
        return taken_of(connection, partner, {"p", "q"}, f"acme/PO-{but}")


def test_each_line_of_each_order_counts_but_not_those_of_the_order_itself(
    database: Database,
) -> None:
    record(database, "1")
    record(database, "2")
    take(database, "1", use("2"), use("3"), use("7", "q"))
    take(database, "2", use("4"))
    assert taken(database) == {
        "p": (Taken("PO-1", pieces("2")), Taken("PO-1", pieces("3")), Taken("PO-2", pieces("4"))),
        "q": (Taken("PO-1", pieces("7")),),
    }
    assert taken(database, but="1") == {"p": (Taken("PO-2", pieces("4")),)}
    assert taken(database, partner="other") == {}


@pytest.mark.parametrize(
    ("state", "standing", "test", "counts"),
    [
        ("accepted", True, False, True),
        ("checked", True, False, True),
        ("held", True, False, True),
        ("rejected", True, False, False),
        ("cancelled", True, False, False),
        ("refused", True, False, False),
        ("tested", True, True, False),
        ("held", True, True, False),
        ("held", False, False, False),
        ("delivered", False, False, True),
    ],
)
def test_the_state_of_an_order_says_whether_it_counts(
    database: Database, state: str, *, standing: bool, test: bool, counts: bool
) -> None:
    record(database, "1", state, test=test)
    take(database, "1", use(standing=standing))
    assert bool(taken(database)) == counts


def test_of_an_order_and_its_changes_what_stands_counts(database: Database) -> None:
    record(database, "1")
    take(database, "1", use("5"))
    change: dict[str, object] = {"core_key": "acme/PO-1", "order_id": "PO-1"}
    record(database, "2", "checked", kind="order-change", **change)
    take(database, "2", use("3"), order="1")
    assert taken(database) == {"p": (Taken("PO-1", pieces("5")),)}
    database.write(
        lambda connection: move(connection, "2", "checked", 0, {"state": "delivered"}),
    )
    assert taken(database) == {"p": (Taken("PO-1", pieces("3")),)}
    record(database, "3", "delivered", kind="order-change", **change)
    assert taken(database) == {}, "the newest that the core has refers to no quote"


def test_an_order_judged_again_takes_in_place_of_what_it_took(database: Database) -> None:
    record(database, "1")
    take(database, "1", use("5"), use("6", "q"))
    take(database, "1", use("4"))
    assert taken(database) == {"p": (Taken("PO-1", pieces("4")),)}


def test_what_was_judged_by_other_figures_is_not_taken(database: Database) -> None:
    record(database, "1")
    record(database, "2")
    take(database, "1", use("5"))
    with pytest.raises(TakenError, match="another order took"):
        take(database, "2", use("5"), seen={})
    assert taken(database) == {"p": (Taken("PO-1", pieces("5")),)}
