"""Define the tables of the local replica: what a shop searches, never what it charges.

A product has a small number of its own, `id`. What finds it is a term (a word of its name, its
manufacturer, a category, an assortment: `gateway.catalogue.terms`), and a posting says which of
`CHUNK` neighbouring ids have a term, as a packed set (`gateway.catalogue.bits`). So every question
to the replica is an `and` and `or` of sets, counting included, and costs about the same whether
a word finds ten products or half a million. Text compares by bytes on both databases, so that a
prefix is a range of the index.
"""

from typing import Final

import sqlalchemy as sa

from gateway.store.schema import metadata

_BYTEWISE: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

products: Final = sa.Table(
    "catalogue_products",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sku", _BYTEWISE, nullable=False, unique=True),
    sa.Column("document", sa.LargeBinary, nullable=False),
)

traits: Final = sa.Table(
    "catalogue_traits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name_key", _BYTEWISE, nullable=False),
    sa.Column("sku", _BYTEWISE, nullable=False),
    sa.Column("traits", sa.LargeBinary, nullable=False),
)
"""What results are put in order by, the folded name and the number, and what facets count of a
product (`gateway.catalogue.traits`). A search reads these of hundreds of products from all over the
catalogue, so they stand apart from the documents: their pages are a seventh as many."""

postings: Final = sa.Table(
    "catalogue_postings",
    metadata,
    sa.Column("chunk", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("term", _BYTEWISE, primary_key=True),
    sa.Column("tier", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("ids", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Which products of a chunk have a term; the chunk stands first so that new products append."""

numbers: Final = sa.Table(
    "catalogue_numbers",
    metadata,
    sa.Column("number", _BYTEWISE, primary_key=True),
    sa.Column("product", sa.Integer, primary_key=True, index=True, autoincrement=False),
    sa.Column("tier", sa.SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Our number, the GTIN and the manufacturer's number, each without its signs."""

part_numbers: Final = sa.Table(
    "catalogue_part_numbers",
    metadata,
    sa.Column("customer", _BYTEWISE, primary_key=True),
    sa.Column("number", _BYTEWISE, primary_key=True),
    sa.Column("buyer_sku", _BYTEWISE, primary_key=True),
    sa.Column("sku", _BYTEWISE, nullable=False),
    sa.Index(None, "customer", "sku"),
    sqlite_with_rowid=False,
)
"""What customers call our products: `buyer_sku` as they write it, `number` without its signs."""

spellings: Final = sa.Table(
    "catalogue_spellings",
    metadata,
    sa.Column("key", _BYTEWISE, primary_key=True),
    sa.Column("word", _BYTEWISE, primary_key=True),
    sqlite_with_rowid=False,
)
"""Words under each of their misspelt beginnings; one that no product has any more may stay."""

categories: Final = sa.Table(
    "catalogue_categories",
    metadata,
    sa.Column("depth", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("path", _BYTEWISE, primary_key=True),
    sqlite_with_rowid=False,
)
"""Every category that a product was ever in; those without one now are never shown."""

stock: Final = sa.Table(
    "catalogue_stock",
    metadata,
    sa.Column("sku", _BYTEWISE, primary_key=True),
    sa.Column("warehouse", _BYTEWISE, primary_key=True),
    sa.Column("available", sa.Boolean, nullable=False),
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
