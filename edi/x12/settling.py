"""Read what a partner's system made of something that we sent: TA1, 997 and 999 as documents.

TA1 settles an interchange. 997 and 999 settle a group, by its number and what it holds, and each
message that they name. Reasons are told in words, with the standard's code.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from canonical.interchange import AcknowledgedMessage, AcknowledgedState, Acknowledgement
from canonical.rows import Row, SegmentTree
from canonical.wire import Message
from edi.trees import rows_of

_STATES: Final = {
    "A": AcknowledgedState.ACCEPTED,
    "E": AcknowledgedState.ACCEPTED_WITH_ERRORS,
    "P": AcknowledgedState.ACCEPTED_WITH_ERRORS,
    **dict.fromkeys("RMWX", AcknowledgedState.REJECTED),
}
"""What AK501, AK901 and TA104 say: R, M, W and X refuse for one reason or another."""

_SEGMENT: Final = {
    "1": "unknown segment",
    "2": "unexpected segment",
    "3": "mandatory segment missing",
    "4": "loop repeated too often",
    "5": "segment repeated too often",
    "6": "segment not in this message",
    "7": "segment not in its place",
    "8": "elements in error",
}
_ELEMENT: Final = {
    "1": "mandatory element missing",
    "2": "element missing that another one needs",
    "3": "too many elements",
    "4": "too short",
    "5": "too long",
    "6": "invalid character",
    "7": "invalid code",
    "8": "invalid date",
    "9": "invalid time",
    "10": "elements exclude each other",
    "12": "repeated too often",
    "13": "too many components",
}
_MESSAGE: Final = {
    "1": "message not supported",
    "2": "trailer missing",
    "3": "numbers of header and trailer do not match",
    "4": "number of segments does not match",
    "5": "segments in error",
    "6": "type of message missing or invalid",
    "7": "number of message missing or invalid",
    "23": "number of message not unique in its group",
}
_GROUP: Final = {
    "1": "group not supported",
    "2": "version not supported",
    "3": "trailer of group missing",
    "4": "numbers of header and trailer do not match",
    "5": "number of messages does not match",
    "6": "number of group invalid",
}
_INTERCHANGE: Final = {
    "000": "no error",
    "001": "numbers of header and trailer do not match",
    "004": "invalid segment terminator",
    "006": "unknown sender",
    "008": "unknown recipient",
    "009": "unknown recipient",
    "014": "invalid date",
    "015": "invalid time",
    "017": "version not supported",
    "021": "number of groups does not match",
    "022": "invalid structure",
    "023": "premature end",
    "024": "invalid content",
    "025": "number of interchange came before",
    "026": "invalid separator",
}
"""What the codes of lists 720, 723, 718, 716 and I18 mean, in our words; others stay codes."""


def settlement(message: Message) -> Acknowledgement | None:
    """Return what a message acknowledges, None for one that is no acknowledgement."""
    tree = message.tree
    if not isinstance(tree, SegmentTree):
        return None
    if message.name == "TA1":
        return _interchange(tree.root[0], message)
    if message.name in {"997", "999"}:
        return _group(rows_of(tree.root), message)
    return None


def _at(row: Sequence[str], element: int) -> str:
    return row[element].strip() if element < len(row) else ""


def _said(words: Mapping[str, str], code: str, where: str = "") -> list[str]:
    if not code:
        return []
    text = f"{code} {words.get(code, 'error')}"
    return [f"{where}: {text}" if where else text]


def _interchange(row: Row, message: Message) -> Acknowledgement:
    code = _at(row, 5)
    return Acknowledgement(
        kind="TA1",
        state=_STATES.get(_at(row, 4), AcknowledgedState.RECEIVED),
        control_reference=_at(row, 1) or None,
        reasons=() if code in {"", "000"} else tuple(_said(_INTERCHANGE, code)),
        issued_at=message.envelope.sent_at,
        test=message.envelope.test,
    )


def _group(rows: Iterable[Row], message: Message) -> Acknowledgement:
    """Read AK1, AK2 with what is below it, and AK9; 999 has IK where 997 has AK."""
    number = ""
    state, reasons = AcknowledgedState.RECEIVED, []
    told: list[AcknowledgedMessage] = []
    inner: list[str] = []
    name = reference = where = ""
    for row in rows:
        tag = _at(row, 0).replace("IK", "AK")
        if tag == "AK1":
            number = _at(row, 2)
        elif tag == "AK2":
            name, reference, inner = _at(row, 1), _at(row, 2), []
        elif tag == "AK3":
            where = f"segment {_at(row, 2)} {_at(row, 1)}".rstrip()
            inner += _said(_SEGMENT, _at(row, 4), where)
        elif tag == "AK4":
            inner += _said(_ELEMENT, _at(row, 3), f"{where} element {_at(row, 1)}".strip())
        elif tag == "AK5":
            inner += [one for code in row[2:7] for one in _said(_MESSAGE, code.strip())]
            told.append(_message(row, name, reference, number, inner))
        elif tag == "AK9":
            state = _STATES.get(_at(row, 1), state)
            reasons = [one for code in row[5:10] for one in _said(_GROUP, code.strip())]
    return Acknowledgement(
        kind=message.name,
        state=state,
        group_reference=number or None,
        messages=tuple(told),
        reasons=tuple(reasons),
        issued_at=message.envelope.sent_at,
        test=message.envelope.test,
    )


def _message(
    row: Row, name: str, reference: str, group: str, reasons: list[str]
) -> AcknowledgedMessage:
    return AcknowledgedMessage(
        reference=reference,
        state=_STATES.get(_at(row, 1), AcknowledgedState.RECEIVED),
        name=name or None,
        group=group or None,
        reasons=tuple(reasons),
    )
