"""Hold what is in the warehouses and what is on its way."""

from datetime import date
from decimal import Decimal

from canonical.document import Document


class IncomingStock(Document):
    """Hold a quantity that is expected on a day."""

    expected_on: date
    quantity: Decimal


class StockLevel(Document):
    """Hold what one warehouse can deliver of a product, in the product's unit."""

    sku: str
    warehouse: str
    available: Decimal
    incoming: tuple[IncomingStock, ...] = ()
    lead_time_days: int | None = None


def stock_key(sku: str, warehouse: str) -> str:
    """Return the key of a stock level in changes: a warehouse has no slash, an article may."""
    return f"{warehouse}/{sku}"


def stock_key_parts(key: str) -> tuple[str, str]:
    """Return article and warehouse of a key that `stock_key` made."""
    warehouse, _, sku = key.partition("/")
    return sku, warehouse
