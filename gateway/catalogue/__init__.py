"""Keep the local replica of the core's products and stock, made for searching.

Belongs here: the replica's tables (`catalogue_*`), following the core's changes, and search. Prices
are asked of the core, never computed here.
"""

from gateway.catalogue.replica import Catalogue
from gateway.catalogue.search import Facet, Found
from gateway.catalogue.syncing import Synced, sync

__all__ = ["Catalogue", "Facet", "Found", "Synced", "sync"]
