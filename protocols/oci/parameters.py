"""Know the parameters and functions that a buyer's system calls a catalogue with.

SAP's names (OCI 4.0 "Call structure", OCI 5.0 "Additional functions") and the spellings met for
them. What is not listed here is a parameter of the buyer's own and reaches the mapping as such. A
parameter that may be a secret never does: it becomes a credential, or nothing.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from protocols.form import fold

USERNAME: Final = "USERNAME"
PASSWORD: Final = "PASSWORD"  # noqa: S105  # a parameter's name
HOOK_URL: Final = "HOOK_URL"
FUNCTION: Final = "FUNCTION"
VERSION: Final = "OCI_VERSION"
LANGUAGE: Final = "LANGUAGE"

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    USERNAME: (),
    PASSWORD: (),
    HOOK_URL: (),
    FUNCTION: (),
    VERSION: (),
    "OPI_VERSION": (),
    LANGUAGE: ("SAP-LANGUAGE",),
    "RETURNTARGET": (),
    "TARGET": (),
    "OKCODE": (),
    "CALLER": (),
    "HTTP_CONTENT_CHARSET": (),
    "OCICANCEL": (),
    "XMLTYPE": ("XML_TYPE",),
    "PRODUCTID": (),
    "QUANTITY": (),
    "SEARCHSTRING": (),
    "VENDOR": ("NEW_ITEM-VENDOR",),
    "PAGESIZE": ("HEADER-PER_PAGE", "PER_PAGE"),
    "REQUESTEDPAGE": ("HEADER-PAGE", "PAGE"),
    "TRANSACTIONID": (),
    "CTI": (),
}
"""The parameters that mappings read as elements, and the other spellings met for each."""

_LOGICAL: Final = {spelling: name for name, others in NAMES.items() for spelling in (name, *others)}

DECIDING: Final = frozenset({USERNAME, PASSWORD, HOOK_URL, FUNCTION, "PRODUCTID", "QUANTITY"})
"""Parameters that must not come twice with different values."""

MARKS: Final = frozenset({USERNAME, PASSWORD, HOOK_URL, FUNCTION})
"""Parameters that tell a call from a cart."""

SAFE: Final = frozenset(_LOGICAL) - {PASSWORD}
"""Parameters whose values may be kept. All others are blanked: a partner may call its password
anything, and the bytes alone do not say."""


class Function(msgspec.Struct, frozen=True):
    """Describe one function: the message it becomes and the parameters it needs."""

    message: str
    needs: tuple[str, ...] = ()
    returns: bool = True
    """Whether it is useless without a HOOK_URL; a system may also read the fields off the page."""


FUNCTIONS: Final[Mapping[str, Function]] = {
    "": Function("Login"),
    "LOGIN": Function("Login"),
    "DETAIL": Function("Detail", ("PRODUCTID",)),
    "DETAILS": Function("Detail", ("PRODUCTID",)),
    "VALIDATE": Function("Validate", ("PRODUCTID",)),
    "SOURCING": Function("Sourcing", ("SEARCHSTRING",)),
    "BACKGROUND_SEARCH": Function("BackgroundSearch", ("SEARCHSTRING",), returns=False),
    "QUANTITYCHECK": Function("QuantityCheck", ("PRODUCTID",), returns=False),
    "DOWNLOADJSON": Function("DownloadJson", returns=False),
}
"""Every function by its name in the call; no name is a visit to the shop."""

UNKNOWN: Final = "UnknownFunction"
"""Message name of a call whose function is none of these."""


def logical_names(renamed: Mapping[str, str]) -> dict[str, str]:
    """Return our name of each parameter by its folded spelling, the partner's names among them."""
    return {**_LOGICAL, **{fold(theirs): ours for ours, theirs in renamed.items()}}
