"""Open a shop by a login, as systems do whose punchout begins in the browser (OCI, Peppol).

There is no message to answer: the browser itself goes to the supplier's address with a form, and
what it gets is the shop. Which field says what is what the supplier was told, so it comes with the
account; a system's own further fields come from its profile.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from canonical.punchout import PunchoutSetup
from gateway.buyer.account import Account
from protocols import form
from protocols.oci.dialect import dialect_of
from protocols.ubl.dialect import PARAMETERS, punchout_dialect

Pairs = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Login:
    """Hold the form that the browser goes with; its password is in `fields`."""

    url: str
    method: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    secret: str = field(repr=False, default="")

    @property
    def address(self) -> str:
        """Return the address of a login by GET, fields and all."""
        return f"{self.url}?{form.write(self.fields).decode()}"

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """Return the fields for people to look at."""
        hidden = (self.secret,)
        return tuple((name, "***" if value in hidden else value) for name, value in self.fields)


def login_of(account: Account, setup: PunchoutSetup) -> Login:
    """Return the login that opens the shop for `setup`; its cart and cookie have no place there."""
    fields = FIELDS[account.syntax](account, setup)
    more = ((entry.name, entry.value) for entry in account.system.login_fields)
    return Login(
        url=f"{account.base_url}{PATHS[account.syntax]}{account.partner}",
        method=account.system.login,
        fields=(*fields, *more),
        secret=account.secret,
    )


def _oci(account: Account, setup: PunchoutSetup) -> Pairs:
    dialect = dialect_of(account.theirs)
    names = dialect.parameters
    user = "" if account.login is None else account.login.identity
    yield names.get("USERNAME", "USERNAME"), user
    yield names.get("PASSWORD", "PASSWORD"), account.secret
    yield names.get("HOOK_URL", "HOOK_URL"), setup.return_url or ""
    yield "OCI_VERSION", dialect.version
    yield "~OkCode", "ADDI"
    yield "~CALLER", "CTLG"
    if setup.return_target:
        yield "~TARGET", setup.return_target
    if setup.language:
        yield "sap-language", setup.language[:2].upper()
    if setup.selected is not None:
        yield "FUNCTION", "DETAIL"
        yield "PRODUCTID", setup.selected.sku or ""


def _ubl(account: Account, setup: PunchoutSetup) -> Pairs:
    names = punchout_dialect(account.theirs).parameters
    shopper = setup.shopper
    said = {
        "username": "" if account.login is None else account.login.identity,
        "password": account.secret,
        "return_url": setup.return_url,
        "return_target": setup.return_target,
        "language": setup.language,
        "user_email": None if shopper is None else shopper.email,
        "user_name": None if shopper is None else shopper.name,
    }
    for role, value in said.items():
        if value:
            yield names.get(role, PARAMETERS[role][0]), value


FIELDS: Final[Mapping[str, Callable[[Account, PunchoutSetup], Pairs]]] = {
    "oci": _oci,
    "ubl": _ubl,
}
"""What a login says, by the face's syntax."""
SELECTING: Final = frozenset({"oci"})
"""Faces whose login can name the product that the shop opens at."""
PATHS: Final[Mapping[str, str]] = {"oci": "/oci/", "ubl": "/peppol/punchout/"}
"""Where each face's logins go, the partner's name behind it."""
