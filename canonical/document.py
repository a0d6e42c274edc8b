"""Define the base of every canonical document: frozen, typed, compared by value.

Subclasses are fields only, required ones first, keywords at the call, tuples instead of
lists. A changed document is a new one: `msgspec.structs.replace`.
"""

from typing import dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Make a subclass an immutable value; see `canonical.stored` for its stored form."""
