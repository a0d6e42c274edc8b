"""Acknowledge what was received: CONTRL for the syntax, APERAK for the application.

Both are made from the faults themselves: each knows its place and its code in list 0085 (its
`standard`). CONTRL counts a segment from UNH as 1 and reports one that is missing at the last one
processed; in a segment the tag is position 1, so that the first element is 2; components count
from 1 (ISO 9735-4: 0096, 0098, 0104). What is not named as rejected is acknowledged by action 7.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, Place, Severity, has_errors, sentence
from canonical.wire import CredentialRole, Envelope, Markup, Receipt
from edi.acknowledging import Report, is_refused
from edi.edifact.dialect import USUAL, EdifactDialect
from edi.edifact.writer import composite, data, segment

REJECTED: Final = "4"
"""0083: this level and all below it are rejected."""
ACKNOWLEDGED: Final = "7"
"""0083: this level is acknowledged, and the next lower one where it is not rejected."""
RECEIVED: Final = "8"
"""0083: the interchange is received; nothing is said of what is in it."""

UNSPECIFIED: Final = "18"
_NEVER_ACKNOWLEDGED: Final = frozenset({"CONTRL", "APERAK"})
"""An acknowledgement is not acknowledged, or two systems would never come to rest."""

_TOLD: Final = 999
"""How many segments in error CONTRL reports of a message, and elements of a segment at most 99."""
_ELEMENTS: Final = 99


def agreed(report: Report, envelope: Envelope, dialect: EdifactDialect) -> tuple[Markup, ...]:
    """Return the messages that are agreed to acknowledge an interchange, none for no wish.

    APERAK is about messages that were taken out: of an interchange refused whole there are none.
    """
    told = tuple(one for one in report.receipts if one.name not in _NEVER_ACKNOWLEDGED)
    if report.receipts and not told:
        return ()
    bodies: list[Markup] = []
    if report.wanted("CONTRL", dialect.acknowledge, USUAL, bad=report.bad):
        bodies.append(contrl(report, full=dialect.full))
    taken_out = not has_errors(report.faults)
    if taken_out and report.wanted("APERAK", dialect.acknowledge, USUAL, bad=report.refused):
        bodies += [aperak(one, report.theirs, envelope) for one in told if _refusable(one, dialect)]
    return tuple(bodies)


def _refusable(receipt: Receipt, dialect: EdifactDialect) -> bool:
    """Tell whether a message gets an APERAK: with `errors` only a refused one does."""
    return dialect.acknowledge.get("APERAK") != "errors" or is_refused(receipt)


def contrl(report: Report, *, full: bool = True) -> Markup:
    """Return CONTRL: the interchange, and each message of it; `full` names segments and elements.

    Without `full` only what is refused is named, by its message and the first reason.
    """
    errors = tuple(one for one in report.faults if one.severity is Severity.ERROR)
    parties = (_party(report.theirs, role) for role in (CredentialRole.FROM, CredentialRole.TO))
    head = ["UCI", data(report.theirs.message_id), *parties]
    if errors:
        return Markup("CONTRL", segment(*head, REJECTED, *_reason(errors[0])))
    if not report.receipts:
        return Markup("CONTRL", segment(*head, RECEIVED))
    text = segment(*head, ACKNOWLEDGED)
    for group, receipts in groupby(report.receipts, key=lambda one: one.group):
        if group:
            text += segment("UCF", data(group), "", "", ACKNOWLEDGED)
        text += "".join("".join(_message(one, full=full)) for one in receipts)
    return Markup("CONTRL", text)


def _message(receipt: Receipt, *, full: bool) -> Iterator[str]:
    """Give UCM and what it refuses; a message with warnings only is acknowledged without them."""
    errors = [one for one in receipt.faults if one.severity is Severity.ERROR]
    identifier = ":".join([data(receipt.name), *map(data, receipt.version.split(":"))]).rstrip(":")
    head = ("UCM", data(receipt.reference), identifier)
    if not errors:
        if full:
            yield segment(*head, ACKNOWLEDGED)
        return
    inner = [one for one in errors if _segment_number(one) is not None]
    around = [one for one in errors if _is_service(one)]
    reason = _reason(around[0]) if around else ()
    if not reason and not (full and inner):
        reason = (_code(errors[0]),)
    yield segment(*head, REJECTED, *reason)
    if full:
        inner = [one for one in inner if not _is_service(one)]
        inner.sort(key=lambda one: _segment_number(one) or 0)
        yield from _segments(inner)


def _segments(errors: list[Fault]) -> Iterator[str]:
    """Give UCS for each segment in error, with UCD for each element."""
    runs = groupby(errors, key=lambda one: _segment_number(one) or 0)
    for told, (number, found) in enumerate(runs):
        if told == _TOLD:
            return
        faults = list(found)
        whole = [one for one in faults if _element(one) is None]
        elements = [one for one in faults if _element(one) is not None]
        yield segment("UCS", str(number), _code(whole[0]) if whole else "")
        for one in elements[:_ELEMENTS]:
            yield segment("UCD", _code(one), _position(one.place))


def _is_service(one: Fault) -> bool:
    """Tell whether a fault is about UNH or UNT: those are named in UCM itself."""
    path = one.place.path if one.place is not None else None
    return path is not None and path.partition("/")[0] in {"UNH", "UNT"}


def _reason(one: Fault) -> tuple[str, ...]:
    """Return 0085, the tag of the service segment and the position in it."""
    path = (one.place.path if one.place is not None else None) or ""
    tag = path.partition("/")[0]
    return _code(one), tag, _position(one.place) if tag else ""


def _position(place: Place | None) -> str:
    """Return composite S011: the tag is position 1, components count from 1."""
    if place is None or place.element is None:
        return ""
    component = f":{place.component}" if place.component is not None else ""
    return f"{place.element + 1}{component}"


def _segment_number(one: Fault) -> int | None:
    return one.place.segment if one.place is not None else None


def _element(one: Fault) -> int | None:
    return one.place.element if one.place is not None else None


def _code(one: Fault) -> str:
    """Return the code of list 0085, "unspecified" for a fault of no syntax."""
    kind, _, code = (one.standard or "").partition(":")
    return code if kind == "0085" and code else UNSPECIFIED


def _party(theirs: Envelope, role: CredentialRole) -> str:
    for one in theirs.credentials:
        if one.role is role:
            return composite(one.identity, one.domain)
    return ""


NOT_ACCEPTED: Final = "27"
"""1225: not accepted."""
ACCEPTED: Final = "29"
"""1225: accepted without amendment."""

_TEXT: Final = 70
"""How long each of the five texts of FTX may be in every edition."""


def aperak(receipt: Receipt, theirs: Envelope, envelope: Envelope) -> Markup:
    """Return APERAK on one message: what the application makes of it, and why it refuses.

    Its number is that of the interchange it leaves in and of the message it is about; it refers to
    their message by its own reference (ACW) and to their interchange by its control number (ACE).
    """
    found = (*receipt.faults, *receipt.refused)
    errors = [one for one in found if one.severity is Severity.ERROR]
    moment = envelope.sent_at
    text = segment(
        "BGM",
        "",
        data(f"{envelope.message_id}-{receipt.reference}"[:35]),
        NOT_ACCEPTED if errors else ACCEPTED,
    )
    if moment is not None:
        text += segment("DTM", f"137:{moment:%Y%m%d%H%M}:203")
    text += segment("RFF", composite("ACW", receipt.reference))
    text += segment("RFF", composite("ACE", theirs.message_id))
    for qualifier, role in (("MS", CredentialRole.FROM), ("MR", CredentialRole.TO)):
        text += _name(qualifier, role, envelope)
    return Markup("APERAK", text + "".join(map(_application_error, errors[:_TOLD])))


def _name(qualifier: str, role: CredentialRole, envelope: Envelope) -> str:
    for one in envelope.credentials:
        if one.role is role:
            agency = "9" if one.domain == "14" else ""
            return segment("NAD", qualifier, composite(one.identity, "", agency))
    return ""


OURS: Final = "91"
"""3055: assigned by the seller, which is who we are."""


def _application_error(one: Fault) -> str:
    """Return ERC and FTX: our code of the fault, and what it says in words.

    Which line of which mapping ruled is nothing that a partner could look up.
    """
    words = sentence(replace(one, source=None)).translate(_PLAIN)
    texts = [words[start : start + _TEXT] for start in range(0, min(len(words), 350), _TEXT)]
    return segment("ERC", composite(_short(one.code), "", OURS)) + segment(
        "FTX", "AAO", "", "", composite(*texts)
    )


_PLAIN: Final = str.maketrans({"≤": "at most", "…": "..."})
"""What faults are told with and no character set of EDIFACT below UNOY has."""


def _short(code: str) -> str:
    """Return our code in the eight characters that 9321 has in D.96A: `E-126` of `EDIFACT-126`."""
    area, _, number = code.rpartition("-")
    return code if len(code) <= 8 else f"{area[:4]}-{number}"[:8]  # noqa: PLR2004
