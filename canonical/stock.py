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
