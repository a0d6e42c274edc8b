"""Read the form that logs a shopper in, and blank what is secret in it.

One login serves a whole organisation and opens as many sessions at once as there are shoppers, so
it names no message: each is new. What a parameter is called is the partner's dialect's matter.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from canonical.faults import Fault
from canonical.wire import Credential, CredentialRole, Envelope, Message, Reading
from protocols import form
from protocols.form import FormNode
from protocols.ubl.dialect import PARAMETERS, PunchoutDialect, known_names
from protocols.ubl.faults import fault

DOMAIN: Final = "PEPPOL"
NAME: Final = "Login"
BLANK: Final = "***"
LIMITS: Final = form.Limits(size=100_000, fields=200, value=8_192)

_CREDENTIALS: Final = ("username", "password")
_SHOWN: Final = frozenset(
    form.fold(name) for role, names in PARAMETERS.items() if role != "password" for name in names
)
"""Parameters whose values may be archived. Any other may be a partner's name for the password."""


def read_login(content: bytes, charset: str | None, dialect: PunchoutDialect) -> Reading:
    """Return the login in a posted form, with the faults of forms and UBL-001 to UBL-004."""
    fields = form.read(content, charset=charset, limits=LIMITS)
    if not fields.pairs:
        return Reading(faults=fields.faults)
    found = list(fields.faults)
    names = known_names(dialect)
    values = form.once(fields.pairs, found, frozenset(names))
    said = _said(values, names, found)
    user, secret = said.get("username", ""), said.get("password")
    found += _missing(said, values)
    claim = Credential(role=CredentialRole.SENDER, domain=DOMAIN, identity=user, secret=secret)
    envelope = Envelope(
        message_id="",
        credentials=(claim,) if user else (),
        language=said.get("language"),
        anew=True,
    )
    others = (
        (name, value)
        for name, value in fields.pairs
        if form.fold(name) not in names and not form.may_be_secret(form.fold(name))
    )
    message = Message(name=NAME, envelope=envelope, tree=_tree(said, others))
    return Reading(messages=(message,), faults=tuple(found), envelope=envelope)


def redacted_login(content: bytes, charset: str | None) -> bytes:
    """Return a posted form with every value blanked that is not known to be harmless."""
    fields = form.read(content, charset=charset, limits=LIMITS)
    if not fields.pairs:
        return f"[{len(content)} bytes withheld: no form that can be taken apart]".encode("ascii")
    return form.write(
        (name, value if form.fold(name) in _SHOWN and not form.address_tells(value) else BLANK)
        for name, value in fields.pairs
    )


def _said(
    values: Mapping[str, str], names: Mapping[str, str], found: list[Fault]
) -> dict[str, str]:
    """Return the values by what they say; a password keeps the blanks around it."""
    said: dict[str, str] = {}
    for name, value in values.items():
        role = names.get(name)
        if role is None or not value.strip():
            continue
        wanted = value if role == "password" else value.strip()
        if said.setdefault(role, wanted) != wanted:
            found.append(fault("UBL-003", f"a second, other {role}", found=name))
    return said


def _missing(said: Mapping[str, str], values: Mapping[str, str]) -> Iterable[Fault]:
    if not said.get("username"):
        yield fault("UBL-001", "no user name", found=", ".join(sorted(values)))
    if not said.get("password"):
        yield fault("UBL-002", "no password", found=", ".join(sorted(values)))
    if not said.get("return_url"):
        yield fault("UBL-004", "no return address", found=", ".join(sorted(values)))


def _tree(said: Mapping[str, str], others: Iterable[tuple[str, str]]) -> FormNode:
    """Return a login as the tree that the mapping reads; it holds no password."""
    known = [FormNode(role, said[role]) for role in said if role not in _CREDENTIALS]
    unknown = [FormNode("field", value, attrib={"name": name}) for name, value in others]
    return FormNode(NAME, children=(*known, *unknown))
