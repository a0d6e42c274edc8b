"""Keep the local replica of the core's products and stock, made for searching.

Belongs here: the replica's tables (`catalogue_*`), following the core's changes, and search. Prices
are asked of the core, never computed here. `asking` says what a search takes and gives.
"""

from gateway.catalogue.asking import Choice, Correction, Facet, Filters, Found, PropertyFacet
from gateway.catalogue.replica import Catalogue
from gateway.catalogue.syncing import Synced, sync

__all__ = [
    "Catalogue",
    "Choice",
    "Correction",
    "Facet",
    "Filters",
    "Found",
    "PropertyFacet",
    "Synced",
    "sync",
]
