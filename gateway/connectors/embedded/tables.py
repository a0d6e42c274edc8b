"""Define the tables of the embedded core.

Products, customers and orders are stored as versioned documents beside the columns that
statements need. Decimals are text, since SQLite has none. `revision` is taken from a counter
row that its writer keeps locked until the commit, so revisions become visible in their order and
a reader that has seen one has seen all before it, on both databases. A deleted row stays as
a tombstone so that readers of changes hear of it.
"""

from typing import Final

import sqlalchemy as sa

from gateway.store.schema import Instant, metadata

counters: Final = sa.Table(
    "core_counters",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
"""The last number given out, by feed (`products`, `stock`, `orders`) and for `order-number`."""

identities: Final = sa.Table(
    "core_identities",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)
"""One row `core`: the id of this database, so that a cursor of another one is recognised."""

products: Final = sa.Table(
    "core_products",
    metadata,
    sa.Column("sku", sa.String(80), primary_key=True),
    sa.Column("document", sa.LargeBinary, nullable=False),
    sa.Column("discount_group", sa.String(40)),
    sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
    sa.Column("deleted", sa.Boolean, nullable=False),
)

part_numbers: Final = sa.Table(
    "core_part_numbers",
    metadata,
    sa.Column("customer_id", sa.String(40), primary_key=True),
    sa.Column("buyer_sku", sa.String(80), primary_key=True),
    sa.Column("sku", sa.String(80), nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
    sa.Column("deleted", sa.Boolean, nullable=False),
)

price_lists: Final = sa.Table(
    "core_price_lists",
    metadata,
    sa.Column("price_list", sa.String(40), primary_key=True),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("standard", sa.Boolean, nullable=False),
)

list_prices: Final = sa.Table(
    "core_list_prices",
    metadata,
    sa.Column("price_list", sa.String(40), nullable=False),
    sa.Column("sku", sa.String(80), nullable=False),
    sa.Column("amount", sa.String(40), nullable=False),
    sa.Column("base_quantity", sa.String(40), nullable=False),
    sa.Column("breaks", sa.LargeBinary, nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.Index(None, "sku", "price_list"),
)

discounts: Final = sa.Table(
    "core_discounts",
    metadata,
    sa.Column("customer_id", sa.String(40), nullable=False),
    sa.Column("discount_group", sa.String(40), nullable=False),
    sa.Column("percent", sa.String(40), nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.Index(None, "customer_id", "discount_group"),
)

net_prices: Final = sa.Table(
    "core_net_prices",
    metadata,
    sa.Column("customer_id", sa.String(40), nullable=False),
    sa.Column("sku", sa.String(80), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount", sa.String(40), nullable=False),
    sa.Column("base_quantity", sa.String(40), nullable=False),
    sa.Column("breaks", sa.LargeBinary, nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.Index(None, "customer_id", "sku"),
)

stock: Final = sa.Table(
    "core_stock",
    metadata,
    sa.Column("sku", sa.String(80), primary_key=True),
    sa.Column("warehouse", sa.String(40), primary_key=True),
    sa.Column("on_hand", sa.String(40), nullable=False),
    sa.Column("reserved", sa.String(40), nullable=False),
    sa.Column("incoming", sa.LargeBinary, nullable=False),
    sa.Column("lead_time_days", sa.Integer),
    sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
    sa.Column("deleted", sa.Boolean, nullable=False),
)

deliveries: Final = sa.Table(
    "core_deliveries",
    metadata,
    sa.Column("warehouse", sa.String(40), nullable=False),
    sa.Column("country", sa.String(2), nullable=False, index=True),
    sa.Column("postal_code", sa.String(20), nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("cut_off", sa.String(5)),
    sa.Column("time_zone", sa.String(60), nullable=False),
)
"""How a warehouse serves postal codes of a country that begin so; the longest beginning holds."""

customers: Final = sa.Table(
    "core_customers",
    metadata,
    sa.Column("customer_id", sa.String(40), primary_key=True),
    sa.Column("document", sa.LargeBinary, nullable=False),
    sa.Column("price_list", sa.String(40)),
)

customer_identifiers: Final = sa.Table(
    "core_customer_identifiers",
    metadata,
    sa.Column("scheme", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(120), primary_key=True),
    sa.Column("customer_id", sa.String(40), nullable=False),
)

reports: Final = sa.Table(
    "core_reports",
    metadata,
    sa.Column("report_id", sa.String(120), primary_key=True),
    sa.Column("document", sa.LargeBinary, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
)
"""What happened to orders later, each report as a stored form."""

orders: Final = sa.Table(
    "core_orders",
    metadata,
    sa.Column("external_reference", sa.String(255), primary_key=True),
    sa.Column("order_number", sa.String(40), nullable=False, unique=True),
    sa.Column("customer_id", sa.String(40), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("document", sa.LargeBinary, nullable=False),
    sa.Column("confirmed_on", sa.Date),
    sa.Column("cancel_reason", sa.Text),
    sa.Column("salesperson", sa.LargeBinary),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
)

order_lines: Final = sa.Table(
    "core_order_lines",
    metadata,
    sa.Column("external_reference", sa.String(255), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(["external_reference"], ["core_orders.external_reference"]),
)

reservations: Final = sa.Table(
    "core_reservations",
    metadata,
    sa.Column("external_reference", sa.String(255), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("warehouse", sa.String(40), primary_key=True),
    sa.Column("sku", sa.String(80), nullable=False),
    sa.Column("quantity", sa.String(40), nullable=False),
    sa.ForeignKeyConstraint(["external_reference"], ["core_orders.external_reference"]),
)

submissions: Final = sa.Table(
    "core_submissions",
    metadata,
    sa.Column("external_reference", sa.String(255), primary_key=True),
    sa.Column("body", sa.String(64), primary_key=True),
    sa.ForeignKeyConstraint(["external_reference"], ["core_orders.external_reference"]),
)
"""SHA-256 of every body seen under a reference, so that a late repetition is recognised."""
