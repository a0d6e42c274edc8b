"""Read and write SAP's Open Catalog Interface, OCI 2.0 to 5.0: forms in a shopper's browser.

A buyer's system calls a catalogue by an address with parameters (`parameters`: user name, password,
HOOK_URL, and since OCI 4 a FUNCTION), and a cart comes back as hidden fields (`fields`: what
NEW_ITEM may hold, how long and in which numbers). `codec` is the entry; `items` turns fields into
lines and back, `numbers` holds the arithmetic of PRICE and PRICEUNIT, `catalogue` the JSON of a
catalogue download. To add a field: its line in `fields` and its place in `mappings/oci`; to add a
function: its line in `parameters` and a mapping. Faults have codes in `faults`.
"""
