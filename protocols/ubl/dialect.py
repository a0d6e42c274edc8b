"""Say how one buyer's system does a Peppol punchout.

"PEPPOL Punch Out Login & Transmission Specification" names the parameters of the login and of the
cart's form, but is not published openly, and shops agree on other names with each buyer anyway: so
all of them are configuration, and the names below are only what is understood without any.
"""

from decimal import Decimal
from typing import Final

import msgspec

from canonical.wire import Dialect
from protocols.form import fold

PARAMETERS: Final[dict[str, tuple[str, ...]]] = {
    "username": ("username", "user", "userid", "login", "loginname"),
    "password": ("password", "passwd", "pwd"),
    "return_url": ("returnurl", "return_url", "hook_url", "hookurl"),
    "return_target": ("returntarget", "return_target", "target"),
    "language": ("language", "lang", "locale"),
    "user_id": ("uniquename", "employeeid"),
    "user_email": ("useremail", "email"),
    "user_name": ("userfullname", "fullname"),
}
"""The parameters of a login by what they say, and the names each is known by, in any case."""


class PunchoutDialect(Dialect):
    """Say what a login's parameters are called, and what a cart needs that the core cannot know.

    `parameters` gives the name of one of `PARAMETERS` instead of those known. Names of companies
    stand in for those of the settings; endpoints are `scheme:value` of the EAS list
    (`0088:7300010000001`). Tax holds for products that the core says nothing of; without a percent
    a cart with such a product does not leave.
    """

    parameters: dict[str, str] = msgspec.field(default_factory=dict)
    cart_field: str = "catalogue"
    """Name of the form field that carries the cart home."""
    validity_days: int | None = 30
    """The document always says until when; a cart that names no day has so many."""
    tax_category: str = "S"
    tax_percent: Decimal | None = None
    tax_scheme: str = "VAT"
    supplier_name: str | None = None
    buyer_name: str | None = None
    supplier_endpoint: str | None = None
    buyer_endpoint: str | None = None


def punchout_dialect(dialect: Dialect | None) -> PunchoutDialect:
    """Return `dialect` if it is one of ours, else the defaults with what every dialect says."""
    if isinstance(dialect, PunchoutDialect):
        return dialect
    if dialect is None:
        return PunchoutDialect()
    return PunchoutDialect(charset=dialect.charset, strict=dialect.strict)


def known_names(dialect: PunchoutDialect) -> dict[str, str]:
    """Return what each parameter says, by its folded name (`protocols.form.fold`)."""
    names: dict[str, str] = {}
    for role, defaults in PARAMETERS.items():
        own = dialect.parameters.get(role)
        names.update(dict.fromkeys(map(fold, defaults if own is None else (own,)), role))
    return names
