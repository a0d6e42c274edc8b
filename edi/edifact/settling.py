"""Read what a partner's system made of something that we sent: CONTRL and APERAK as documents.

CONTRL settles an interchange and each message that it names; APERAK settles one message or document
by whatever references it gives: ours (`aperak`) has the message's own (ACW) and the interchange's
(ACE), others name the order or invoice. Reasons are told in words, with the code of list 0085.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from canonical.interchange import AcknowledgedMessage, AcknowledgedState, Acknowledgement
from canonical.rows import Branch, Row, SegmentTree
from canonical.wire import Message
from edi.edifact.envelope import RESTORED
from edi.enveloping import instant

SYNTAX_ERRORS: Final = {
    "2": "syntax version or level not supported",
    "7": "not the actual recipient of the interchange",
    "12": "invalid value",
    "13": "missing",
    "14": "value not supported here",
    "15": "not supported here",
    "16": "too many constituents",
    "17": "no agreement",
    "18": "unspecified error",
    "19": "invalid decimal sign",
    "20": "character cannot separate",
    "21": "invalid character",
    "22": "invalid separator",
    "23": "unknown sender",
    "24": "too old",
    "25": "tests are not supported",
    "26": "came before",
    "27": "security function not supported",
    "28": "references do not match",
    "29": "count does not match what was received",
    "30": "groups and messages mixed",
    "31": "more than one type of message in a group",
    "32": "nothing in it",
    "33": "outside of any message or group",
    "34": "nesting not allowed",
    "35": "segment repeated too often",
    "36": "group of segments repeated too often",
    "37": "invalid type of character",
    "38": "no digit before the decimal sign",
    "39": "too long",
    "40": "too short",
    "41": "lasting failure of the network",
    "42": "passing failure of the network",
    "43": "unknown recipient",
    "45": "separators at the end",
    "46": "character set not supported",
    "47": "envelope not supported",
    "48": "a dependency is violated",
}
"""What the codes of list 0085 mean, in our words."""

_STATES: Final = {
    "4": AcknowledgedState.REJECTED,
    "7": AcknowledgedState.ACCEPTED,
    "8": AcknowledgedState.RECEIVED,
}
_ANSWERS: Final = {
    **dict.fromkeys(("12", "27", "48"), AcknowledgedState.REJECTED),
    **dict.fromkeys(("28", "29", "30", "32", "34", "44", "45"), AcknowledgedState.ACCEPTED),
}
"""What BGM 1225 says of a message; what is in no list is received, for no more is certain."""

_INTERCHANGE: Final = "ACE"
_MESSAGE: Final = "ACW"

Fields = list[list[str]]


def settlement(message: Message) -> Acknowledgement | None:
    """Return what a message acknowledges, None for one that is no acknowledgement."""
    tree = message.tree
    if not isinstance(tree, SegmentTree):
        return None
    rows = [_fields(row) for row in _rows(tree.root)]
    if message.name == "CONTRL":
        return _contrl(rows, message)
    return _aperak(rows, message) if message.name == "APERAK" else None


def _rows(branch: Branch) -> Iterator[Row]:
    yield branch[0]
    for below in branch[1:]:
        yield from _rows(below)


def _fields(row: Row) -> Fields:
    return [[part.translate(RESTORED) for part in element.split(":")] for element in row]


def _at(row: Fields, element: int, component: int = 0) -> str:
    try:
        return row[element][component]
    except IndexError:
        return ""


def _contrl(rows: Iterable[Fields], message: Message) -> Acknowledgement:
    """Read UCI, then UCF and UCM with the UCS and UCD below them."""
    control = group = ""
    state, reasons = AcknowledgedState.RECEIVED, []
    told: list[tuple[Fields, str, list[str]]] = []
    segment = ""
    for row in rows:
        tag = _at(row, 0)
        if tag == "UCI":
            control, state = _at(row, 1), _STATES.get(_at(row, 4), state)
            reasons = _reasons(_at(row, 5), _at(row, 6))
        elif tag == "UCF":
            group = _at(row, 1)
        elif tag == "UCM":
            told.append((row, group, _reasons(_at(row, 4), _at(row, 5))))
        elif tag == "UCS" and told:
            segment = f"segment {_at(row, 1)}"
            told[-1][2].extend(_reasons(_at(row, 2), segment))
        elif tag == "UCD" and told:
            where = ".".join(filter(None, row[2])) if len(row) > 2 else ""  # noqa: PLR2004
            told[-1][2].extend(_reasons(_at(row, 1), f"{segment} element {where}".rstrip()))
    messages = tuple(_told(row, group, reasons) for row, group, reasons in told)
    refused = any(one.state is AcknowledgedState.REJECTED for one in messages)
    if state is AcknowledgedState.ACCEPTED and refused:
        state = AcknowledgedState.ACCEPTED_WITH_ERRORS
    return Acknowledgement(
        kind="CONTRL",
        state=state,
        control_reference=control or None,
        messages=messages,
        reasons=tuple(reasons),
        issued_at=message.envelope.sent_at,
        test=message.envelope.test,
    )


def _told(row: Fields, group: str, reasons: list[str]) -> AcknowledgedMessage:
    return AcknowledgedMessage(
        reference=_at(row, 1),
        state=_STATES.get(_at(row, 3), AcknowledgedState.RECEIVED),
        name=_at(row, 2) or None,
        group=group or None,
        reasons=tuple(reasons),
    )


def _reasons(code: str, where: str) -> list[str]:
    if not code:
        return []
    words = f"{code} {SYNTAX_ERRORS.get(code, 'error')}"
    return [f"{where}: {words}" if where else words]


def _aperak(rows: Iterable[Fields], message: Message) -> Acknowledgement:
    """Read BGM, the references before the first error, and each error with its text."""
    state, issued_at = AcknowledgedState.RECEIVED, message.envelope.sent_at
    references: dict[str, str] = {}
    reasons: list[str] = []
    for row in rows:
        tag = _at(row, 0)
        if tag == "BGM":
            state = _ANSWERS.get(_at(row, 3), state)
        elif tag == "DTM" and _at(row, 1) == "137":
            issued_at = instant(_at(row, 1, 1)[:8], _at(row, 1, 1)[8:12]) or issued_at
        elif tag == "RFF" and not reasons:
            references.setdefault(_at(row, 1), _at(row, 1, 1))
        elif tag == "ERC":
            reasons.append(_at(row, 1))
        elif tag == "FTX" and reasons and len(row) > 4:  # noqa: PLR2004 -- C108 is the fourth
            reasons[-1] = f"{reasons[-1]}: {''.join(row[4])}"
    if reasons and state is AcknowledgedState.RECEIVED:
        state = AcknowledgedState.ACCEPTED_WITH_ERRORS
    about = references.pop(_MESSAGE, "")
    control = references.pop(_INTERCHANGE, None)
    documents = tuple(references.values())
    messages = (AcknowledgedMessage(reference=about, state=state, reasons=tuple(reasons)),)
    return Acknowledgement(
        kind="APERAK",
        state=state,
        control_reference=control,
        document_id=documents[0] if documents else None,
        messages=messages if about else (),
        reasons=tuple(reasons),
        issued_at=issued_at,
        test=message.envelope.test,
    )
