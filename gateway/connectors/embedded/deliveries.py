"""Say how each warehouse serves an address as of now, by the rows of `deliveries.csv`.

Of a warehouse's rows for the address's country, the one with the longest beginning of its postal
code holds. What is ordered at or after the cut-off, or on no working day, leaves on the next one; a
row without a cut-off counts from the day of the order, whatever day that is.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from canonical.delivery import SATURDAY, DeliveryRoute, working_day_after
from canonical.party import Address
from gateway.connectors.embedded.columns import bare_postal_code
from gateway.connectors.embedded.tables import deliveries


def routes_to(
    connection: sa.Connection, ship_to: Address | None, now: datetime
) -> tuple[DeliveryRoute, ...] | None:
    """Return the routes to an address; None when nothing is known of routes, or of its country."""
    if ship_to is None or not ship_to.country or "\x00" in ship_to.country:
        return None
    country = ship_to.country.strip().upper()
    rows = connection.execute(sa.select(deliveries).where(deliveries.c.country == country))
    code = bare_postal_code(ship_to.postal_code or "")
    best: dict[str, sa.RowMapping] = {}
    for row in rows.mappings():
        held = best.get(row["warehouse"])
        if code.startswith(row["postal_code"]) and (
            held is None or len(row["postal_code"]) > len(held["postal_code"])
        ):
            best[row["warehouse"]] = row
    if not best and connection.execute(sa.select(deliveries.c.country).limit(1)).first() is None:
        return None
    return tuple(
        DeliveryRoute(
            warehouse=name, leaves_on=_leaves_on(best[name], now), days=best[name]["days"]
        )
        for name in sorted(best)
    )


def _leaves_on(row: Mapping[str, object] | sa.RowMapping, now: datetime) -> date:
    local = now.astimezone(ZoneInfo(str(row["time_zone"])))
    if row["cut_off"] is None:
        return local.date()
    late = local.time() >= time.fromisoformat(str(row["cut_off"]))
    if late or local.weekday() >= SATURDAY:
        return working_day_after(local.date(), 1)
    return local.date()
