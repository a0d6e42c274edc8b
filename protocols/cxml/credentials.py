"""Read and write credentials, and compute the message authentication code that may prove one.

A CredentialMac of type FromSenderCredentials covers who the document is from, who sends it, and for
how long that is vouched for: the domains and identities of From and Sender, lower-cased and without
surrounding white space, then creationDate and expirationDate as written, each in UTF-8 and closed
by a null byte, keyed with the shared secret; the first 96 bits, in base64 (cXML User's Guide,
"Message Authentication Code").
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

from canonical.wire import Credential, CredentialRole, MessageAuthentication
from protocols.cxml import timestamps
from protocols.xml import Element, escape_attribute, escape_text

ALGORITHMS: Final[dict[str, Callable[[], "hashlib._Hash"]]] = {
    "HMAC-SHA1-96": hashlib.sha1,
    "HMAC-SHA256-96": hashlib.sha256,
}
"""The algorithms that a CredentialMac may name."""

MAC_KIND: Final = "FromSenderCredentials"
_MAC_BYTES: Final = 12


class MacState(StrEnum):
    """Say what a CredentialMac is worth."""

    VALID = "valid"
    WRONG = "wrong"
    EXPIRED = "expired"
    EARLY = "early"
    """Its creation date lies in the future."""
    UNSUPPORTED = "unsupported"
    """Another type or algorithm, or dates that cannot be read."""


def compute(mac: MessageAuthentication, sender: Credential, origin: Credential, secret: str) -> str:
    """Return the code that belongs into `mac`, in base64; `origin` is a From credential.

    The digest that `mac` holds already is not looked at.
    """
    fields = (
        origin.domain.strip().lower(),
        origin.identity.strip().lower(),
        sender.domain.strip().lower(),
        sender.identity.strip().lower(),
        mac.created_at,
        mac.expires_at,
    )
    data = b"".join(field.encode("utf-8", "replace") + b"\0" for field in fields)
    digest = hmac.new(secret.encode("utf-8", "replace"), data, ALGORITHMS[mac.algorithm]).digest()
    return base64.b64encode(digest[:_MAC_BYTES]).decode("ascii")


def verify(
    sender: Credential, origins: Iterable[Credential], secret: str, now: datetime
) -> MacState:
    """Return what the code of `sender` is worth; `origins` are the From credentials.

    Every comparison takes the same time, whichever part differs.
    """
    mac = sender.authentication
    if mac is None or mac.kind != MAC_KIND or mac.algorithm not in ALGORITHMS:
        return MacState.UNSUPPORTED
    created, _ = timestamps.read(mac.created_at)
    expires, _ = timestamps.read(mac.expires_at)
    if created is None or expires is None:
        return MacState.UNSUPPORTED
    found = mac.digest.encode("utf-8", "replace")
    equal = False
    for origin in origins:
        code = compute(mac, sender, origin, secret)
        equal |= hmac.compare_digest(code.encode("ascii"), found)
    if not equal:
        return MacState.WRONG
    if now >= expires:
        return MacState.EXPIRED
    return MacState.EARLY if now < created else MacState.VALID


def text_of(element: Element | None) -> str:
    """Return all the text in an element, without surrounding white space."""
    if element is None:
        return ""
    if len(element) == 0:
        return (element.text or "").strip()
    return "".join(str(piece) for piece in element.itertext()).strip()


def read(element: Element, role: CredentialRole) -> Credential:
    """Return the claim of one `Credential` element, with its proof."""
    parts = {str(child.tag): child for child in reversed(element)}
    secret = parts.get("SharedSecret")
    mac = parts.get("CredentialMac")
    return Credential(
        role=role,
        domain=(element.get("domain") or "").strip(),
        identity=text_of(parts.get("Identity")),
        kind=element.get("type"),
        secret=text_of(secret) if secret is not None else None,
        authentication=_authentication(mac) if mac is not None else None,
        signed="DigitalSignature" in parts,
    )


def _authentication(mac: Element) -> MessageAuthentication:
    return MessageAuthentication(
        algorithm=mac.get("algorithm") or "",
        kind=mac.get("type") or "",
        created_at=mac.get("creationDate") or "",
        expires_at=mac.get("expirationDate") or "",
        digest="".join(text_of(mac).split()),
    )


def write(credential: Credential, *, proof: bool) -> str:
    """Return the `Credential` element; with `proof` it holds the secret or the code."""
    kind = f' type="{escape_attribute(credential.kind)}"' if credential.kind else ""
    text = (
        f'<Credential domain="{escape_attribute(credential.domain)}"{kind}>'
        f"<Identity>{escape_text(credential.identity)}</Identity>"
    )
    if proof and credential.authentication is not None:
        text += _write_authentication(credential.authentication)
    elif proof and credential.secret is not None:
        text += f"<SharedSecret>{escape_text(credential.secret)}</SharedSecret>"
    return text + "</Credential>"


def _write_authentication(mac: MessageAuthentication) -> str:
    return (
        f'<CredentialMac type="{escape_attribute(mac.kind)}"'
        f' algorithm="{escape_attribute(mac.algorithm)}"'
        f' creationDate="{escape_attribute(mac.created_at)}"'
        f' expirationDate="{escape_attribute(mac.expires_at)}">'
        f"{escape_text(mac.digest)}</CredentialMac>"
    )
