"""Read and write what surrounds a cXML message: root attributes, Header, deploymentMode.

Reading collects what departs from the DTD as warnings; only a document without message, or a
request that nobody claims to have sent, is refused here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from canonical.faults import Fault, Place
from canonical.wire import Credential, CredentialRole, Envelope, Status
from protocols.cxml import credentials, timestamps
from protocols.cxml.faults import fault
from protocols.cxml.vocabulary import SIGNATURE, XML_LANG
from protocols.xml import Element, escape_attribute, escape_text, line_of

_PARTIES: Final = (
    (CredentialRole.FROM, "From"),
    (CredentialRole.TO, "To"),
    (CredentialRole.SENDER, "Sender"),
)
_CONTAINERS: Final = ("Request", "Message", "Response")
_MODES: Final = frozenset({"production", "test"})


@dataclass(frozen=True, slots=True)
class Opened:
    """Hold an envelope and what was in it: the container, its status and its payload element."""

    envelope: Envelope
    container: Element | None
    body: Element | None
    status: Status | None
    faults: tuple[Fault, ...]


def open_document(root: Element, declared_version: str | None) -> Opened:
    """Return the envelope of a `cXML` element, and the message inside."""
    faults: list[Fault] = []
    container = next((child for child in root if child.tag in _CONTAINERS), None)
    claims, user_agent = _header(root, container, faults)
    envelope = Envelope(
        message_id=_message_id(root, faults),
        sent_at=_sent_at(root, faults),
        credentials=claims,
        user_agent=user_agent,
        language=root.get(XML_LANG) or None,
        version=root.get("version") or declared_version,
        test=_is_test(container, faults),
        signed=root.find(SIGNATURE) is not None,
    )
    body, status = _inside(root, container, faults)
    return Opened(envelope, container, body, status, tuple(faults))


def _message_id(root: Element, faults: list[Fault]) -> str:
    message_id = (root.get("payloadID") or "").strip()
    if not message_id:
        faults.append(fault("CXML-004", "no payloadID", place=_place(root, "@payloadID")))
    return message_id


def _sent_at(root: Element, faults: list[Fault]) -> datetime | None:
    text = root.get("timestamp")
    place = _place(root, "@timestamp")
    if not text:
        faults.append(fault("CXML-005", "no timestamp", place=place))
        return None
    moment, exact = timestamps.read(text)
    if moment is None:
        faults.append(fault("CXML-006", "not a date and time", place=place, found=text))
    elif not exact:
        message = "not the form that cXML prescribes"
        faults.append(fault("CXML-006", message, place=place, found=text))
    return moment


def _header(
    root: Element, container: Element | None, faults: list[Fault]
) -> tuple[tuple[Credential, ...], str | None]:
    """Return the credentials in the order From, To, Sender, and the UserAgent."""
    header = next((child for child in root if child.tag == "Header"), None)
    if header is None:
        if container is not None and container.tag == "Request":
            faults.append(fault("CXML-003", "no Header", place=_place(root)))
        return (), None
    parties = {str(child.tag): child for child in reversed(header)}
    claims: list[Credential] = []
    for role, name in _PARTIES:
        place = _place(header, f"Header/{name}")
        claims += _claims(parties.get(name, ()), role, place, faults)
    agents = [child for child in parties.get("Sender", ()) if child.tag == "UserAgent"]
    if not agents:
        place = _place(header, "Header/Sender/UserAgent")
        faults.append(fault("CXML-009", "Sender has no UserAgent", place=place))
    return tuple(claims), credentials.text_of(agents[0]) or None if agents else None


def _claims(
    party: Iterable[Element], role: CredentialRole, place: Place, faults: list[Fault]
) -> list[Credential]:
    """Return the credentials of one party."""
    claims = [credentials.read(child, role) for child in party if child.tag == "Credential"]
    if not claims:
        faults.append(fault("CXML-007", "a party without Credential", place=place))
    if not all(claim.identity for claim in claims):
        faults.append(fault("CXML-008", "a Credential without Identity", place=place))
    return claims


def _is_test(container: Element | None, faults: list[Fault]) -> bool:
    if container is None:
        return False
    mode = (container.get("deploymentMode") or "production").strip().lower()
    if mode not in _MODES:
        place = _place(container, f"{container.tag}/@deploymentMode")
        faults.append(fault("CXML-010", "unknown deploymentMode", place=place, found=mode))
    return mode == "test"


def _inside(
    root: Element, container: Element | None, faults: list[Fault]
) -> tuple[Element | None, Status | None]:
    """Return the payload element and the status of a container."""
    if container is None:
        message = "there is no Request, Message or Response"
        faults.append(fault("CXML-002", message, place=_place(root)))
        return None, None
    name = str(container.tag)
    place = _place(container, name)
    state = container.find("Status")
    status = _status(state, faults) if state is not None else None
    bodies = [child for child in container if child.tag not in {"Status", SIGNATURE}]
    if not bodies and state is None:
        code = "CXML-012" if name == "Response" else "CXML-002"
        faults.append(fault(code, f"the {name} is empty", place=place))
    elif name == "Response" and state is None:
        faults.append(fault("CXML-012", "the Response has no Status", place=place))
    elif not bodies and name == "Request":
        faults.append(fault("CXML-002", "the Request holds no message", place=place))
    if len(bodies) > 1:
        found = " ".join(str(child.tag) for child in bodies)
        message = f"the {name} holds {len(bodies)} messages"
        faults.append(fault("CXML-011", message, place=place, found=found))
    return (bodies[0] if bodies else None), status


def _status(element: Element, faults: list[Fault]) -> Status | None:
    code = (element.get("code") or "").strip()
    if not (code.isascii() and code.isdigit() and len(code) <= 4):  # noqa: PLR2004 -- 3 and a slip
        place = _place(element, "Status/@code")
        faults.append(fault("CXML-013", "the status code is no number", place=place, found=code))
        return None
    return Status(
        code=int(code),
        text=element.get("text") or "",
        detail=credentials.text_of(element) or None,
    )


def _place(element: Element, path: str | None = None) -> Place:
    return Place(line=line_of(element), path=path)


def write_header(envelope: Envelope, *, proof: bool, route: str = "") -> str:
    """Return the `Header` element; without `proof` it holds no secret and no code.

    What travels through a browser must never hold one (User's Guide, "PunchOutOrderMessage").
    `route` is the markup of Path and OriginalDocument, which stand last.
    """
    parts = []
    for role, name in _PARTIES:
        claims = "".join(
            credentials.write(credential, proof=proof)
            for credential in envelope.credentials
            if credential.role is role
        )
        agent = ""
        if role is CredentialRole.SENDER:
            agent = f"<UserAgent>{escape_text(envelope.user_agent or '')}</UserAgent>"
        parts.append(f"<{name}>{claims}{agent}</{name}>")
    return f"<Header>{''.join(parts)}{route}</Header>"


def write_start(envelope: Envelope, *, version: str, timestamp: str) -> str:
    """Return the start tag of the `cXML` element.

    Raises ValueError for an envelope without `sent_at`: a codec has no clock.
    """
    if envelope.sent_at is None:
        message = f"the envelope of {envelope.message_id!r} has no sent_at; set it before writing"
        raise ValueError(message)
    language = ""
    if envelope.language:
        language = f' xml:lang="{escape_attribute(envelope.language)}"'
    return (
        f'<cXML version="{escape_attribute(version)}"'
        f' payloadID="{escape_attribute(envelope.message_id)}"'
        f' timestamp="{timestamps.write(envelope.sent_at, timestamp)}"{language}>'
    )
