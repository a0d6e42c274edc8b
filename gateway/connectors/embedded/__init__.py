"""Be a small core of our own: products, prices, stock, customers and orders in our database.

For a supplier without an ERP that can be asked, and for the demo. Belongs here: the tables
(`core_*`), which price wins, the loader of a folder of CSV and JSON files, and the orders.
`EmbeddedCore` implements `gateway.connectors.contract.Core`.
"""

from gateway.connectors.embedded.core import EmbeddedCore
from gateway.connectors.embedded.loader import Loaded, is_filled, load_folder, read_folder

__all__ = ["EmbeddedCore", "Loaded", "is_filled", "load_folder", "read_folder"]
