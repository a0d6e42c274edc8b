"""Define the tables of the local replica: what a shop searches, never what it charges.

Tokens compare by bytes on both databases, so that a prefix is a range of the index.
"""

from typing import Final

import sqlalchemy as sa

from gateway.store.schema import metadata

_BYTEWISE: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

products: Final = sa.Table(
    "catalogue_products",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("exact", _BYTEWISE, nullable=False, index=True),
    sa.Column("name_key", _BYTEWISE, nullable=False, index=True),
    sa.Column("restricted", sa.Boolean, nullable=False),
    sa.Column("document", sa.LargeBinary, nullable=False),
)
"""`exact` is the folded article number; `restricted` says that some assortment holds it."""

tokens: Final = sa.Table(
    "catalogue_tokens",
    metadata,
    sa.Column("token", _BYTEWISE, primary_key=True),
    sa.Column("sku", sa.Text, primary_key=True, index=True),
    sa.Column("weight", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

assortments: Final = sa.Table(
    "catalogue_assortments",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("assortment", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

categories: Final = sa.Table(
    "catalogue_categories",
    metadata,
    sa.Column("path", _BYTEWISE, primary_key=True),
    sa.Column("sku", sa.Text, primary_key=True, index=True),
    sa.Column("depth", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Every product under each level of its category path."""

stock: Final = sa.Table(
    "catalogue_stock",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("warehouse", sa.Text, primary_key=True),
    sa.Column("document", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

feeds: Final = sa.Table(
    "catalogue_feeds",
    metadata,
    sa.Column("feed", sa.String(20), primary_key=True),
    sa.Column("cursor", sa.Text, nullable=False),
)
"""How far each feed of the core has been applied."""
