"""Keep the local replica of the core's products and stock, made for searching.

Belongs here: the replica's tables and search. Prices are asked of the core, never computed here.
"""
