"""Hold what everybody talks about: typed, immutable documents and the codec contract.

Belongs here: business documents (orders, carts, products, prices), the values inside
them (money, quantities, identifiers), faults, pure business rules, and the contract
between codecs and mappings (`wire`). Nothing here opens, logs or reads a clock, and
nothing here imports another package of ours. To add a document: one module with a
`Document` subclass that holds fields only, and one line in `canonical.stored`.
"""
