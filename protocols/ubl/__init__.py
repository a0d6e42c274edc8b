"""Read and write UBL as Peppol uses it: punchout logins and carts (BIS Punch Out 3).

Tolerant inward, exact outward: what leaves is held against our own structural checks, and against
the official XSD and rules where they are installed. `codec` is the entry. To add a document: its
line in `vocabulary`, what it must hold in `structure`, and its mapping in `mappings/ubl/`.
"""
