"""Acknowledge what was received: TA1 for the interchange, 997 or 999 for its groups and messages.

All are made from the faults themselves: each knows its place and its code (`standard`), after the
element that says it (`AK304:3`, `AK403:1`, `AK502:4`, `AK905:5`, `TA1:021`). 999 has the same codes
in IK3, IK4 and IK5 and takes the place of 997 since 005010. A segment is counted from ST as 1; what
is missing is reported at the last segment processed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from canonical.faults import Fault, Severity, has_errors
from canonical.wire import Markup, Receipt
from edi.acknowledging import Report
from edi.x12.dialect import GROUPS, IMPLEMENTATION, USUAL, X12Dialect
from edi.x12.writer import data, number_of, segment

_NEVER_ACKNOWLEDGED: Final = frozenset({"997", "999", "TA1"})
"""An acknowledgement is not acknowledged, or two systems would never come to rest."""

_WITH_ELEMENTS: Final = "8"
"""AK304: the segment has elements in error."""
_IN_ERROR: Final = "5"
"""AK502, AK905: one or more segments or messages in error."""
_UNSPECIFIED: Final = "024"
"""TA105: the content of the interchange is invalid."""

_REPEATING: Final = "004020"
_OLDER: Final = {"12": "3", "13": "3"}
"""AK403: too many repetitions or components have codes of their own since this version."""

_TOLD: Final = 999
_ELEMENTS: Final = 99
_SHORTEST: Final = 2
_BLANK: Final = "."
"""What fills a tag that is shorter than any may be (AK301)."""
_COPIED: Final = 99
"""How long the copy of bad data may be (AK404)."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Name the segments of an acknowledgement: 997 and 999 differ in nothing else that is told."""

    name: str
    segment: str
    element: str
    message: str


_WORDS: Final = {
    "997": _Words("997", "AK3", "AK4", "AK5"),
    "999": _Words("999", "IK3", "IK4", "IK5"),
}


@dataclass(frozen=True, slots=True)
class Rejected:
    """Say that nothing of a group was taken in; `codes` are the reasons (AK905), where known."""

    codes: Sequence[str]


def told(report: Report, dialect: X12Dialect) -> bool:
    """Tell whether TA1 is agreed for this interchange, which itself is more than one."""
    answers = report.receipts and all(one.name == "TA1" for one in report.receipts)
    wanted = report.wanted("TA1", dialect.acknowledge, USUAL, bad=report.bad)
    return not answers and wanted


def functional(report: Report, dialect: X12Dialect) -> tuple[Markup, ...]:
    """Return a 997 or 999 for each group as agreed; none for a group of acknowledgements.

    Which of the two is the version's choice, unless only the other one is agreed. An interchange
    that is refused is told of by TA1; where none is agreed, by rejecting each of its groups.
    """
    refused = _refused(report.faults)
    if refused and told(report, dialect):
        return ()
    bodies = []
    for _, run in groupby(report.receipts, key=lambda one: one.group):
        receipts = tuple(one for one in run if one.name not in _NEVER_ACKNOWLEDGED)
        if receipts:
            usual = "999" if receipts[0].version[:6] >= IMPLEMENTATION else "997"
            agreed = [name for name in ("997", "999") if name in dialect.acknowledge]
            name = usual if usual in agreed or not agreed else agreed[0]
            if report.wanted(name, dialect.acknowledge, USUAL, bad=report.bad):
                bodies.append((_WORDS[name], receipts))
    codes = _around(report.faults)
    rejected = Rejected(codes if len(bodies) == 1 else ()) if refused or codes else None
    return tuple(_group(words, receipts, rejected) for words, receipts in bodies)


def _refused(faults: tuple[Fault, ...]) -> bool:
    """Tell whether the interchange as a whole is refused: then nothing in it is spoken of."""
    return any(one.severity is Severity.ERROR and _code(one, "TA1") for one in faults)


def _around(faults: tuple[Fault, ...]) -> list[str]:
    """Return the codes of AK905 for the faults around the messages of a group."""
    errors = [one for one in faults if one.severity is Severity.ERROR]
    return [code for one in errors if (code := _code(one, "AK905"))]


def _group(words: _Words, receipts: tuple[Receipt, ...], rejected: Rejected | None) -> Markup:
    """Return what is told of a group: of a rejected one only the messages that are wrong too."""
    first = receipts[0]
    head = ["AK1", data(first.group_kind or GROUPS.get(first.name, "")), data(first.group or "0")]
    if words.name == "999":
        head.append(data(first.version))
    refused = [one for one in receipts if has_errors(one.faults)]
    named = receipts if rejected is None else refused
    text = segment(*head) + "".join("".join(_message(words, one)) for one in named)
    accepted = 0 if rejected is not None else len(receipts) - len(refused)
    verdict = _verdict(receipts, len(refused)) if rejected is None else "R"
    count, codes = str(len(receipts)), () if rejected is None else rejected.codes[:5]
    return Markup(words.name, text + segment("AK9", verdict, count, count, str(accepted), *codes))


def _verdict(receipts: tuple[Receipt, ...], refused: int) -> str:
    """Return AK901: accepted, with errors noted, partially accepted, or rejected."""
    if refused == len(receipts):
        return "R"
    if refused:
        return "P"
    return "E" if any(_noted(one) for one in receipts) else "A"


def _noted(receipt: Receipt) -> list[Fault]:
    """Return the faults of a message that are told: all but notes."""
    return [one for one in receipt.faults if one.severity is not Severity.NOTE]


def _message(words: _Words, receipt: Receipt) -> Iterator[str]:
    """Give AK2, the segments and elements in error, and AK5."""
    told = _noted(receipt)
    yield segment("AK2", data(receipt.name), data(receipt.reference))
    inner = [one for one in told if _code(one, "AK304") or _code(one, "AK403")]
    inner.sort(key=_number)
    yield from _segments(words, inner, receipt.version)
    codes = list(dict.fromkeys(code for one in told if (code := _code(one, "AK502"))))
    if inner and _IN_ERROR not in codes:
        codes.append(_IN_ERROR)
    verdict = "R" if has_errors(receipt.faults) else "E" if told else "A"
    if verdict == "R" and not codes:
        codes = [_IN_ERROR]
    yield segment(words.message, verdict, *codes[:5])


def _segments(words: _Words, inner: list[Fault], version: str) -> Iterator[str]:
    older = _OLDER if version[:6] < _REPEATING else {}
    for told, (number, found) in enumerate(groupby(inner, key=_number)):
        if told == _TOLD:
            return
        faults = list(found)
        whole = [one for one in faults if _code(one, "AK304")]
        elements = [one for one in faults if _code(one, "AK403")]
        code = _code(whole[0], "AK304") if whole else _WITH_ELEMENTS
        yield segment(words.segment, data(_tag(faults[0])), str(number), "", code)
        for one in elements[:_ELEMENTS]:
            bad = data((one.found or "")[:_COPIED])
            code = _code(one, "AK403")
            yield segment(words.element, _position(one), "", older.get(code, code), bad)


def _tag(one: Fault) -> str:
    """Return the tag of the segment that a fault is about: the first part of its path's end."""
    path = (one.place.path if one.place is not None else None) or ""
    element = one.place is not None and one.place.element is not None
    parts = path.split("/")
    tag = (parts[-2] if element and len(parts) > 1 else parts[-1])[:3]
    return tag.ljust(_SHORTEST, _BLANK)


def _position(one: Fault) -> str:
    """Return the position of an element, and of a component in it."""
    if one.place is None or one.place.element is None:
        return ""
    component = f":{one.place.component}" if one.place.component is not None else ""
    return f"{one.place.element}{component}"


def _number(one: Fault) -> int:
    return (one.place.segment if one.place is not None else None) or 1


def _code(one: Fault, element: str) -> str:
    """Return the code of a fault in one element of the acknowledgements, empty for none."""
    name, _, code = (one.standard or "").partition(":")
    return code if name == element else ""


def ta1(report: Report) -> str:
    """Return TA1: whether the interchange is accepted, and the first reason against it."""
    theirs = report.theirs
    around = [one for one in report.faults if _code(one, "TA1")]
    errors = [one for one in around if one.severity is Severity.ERROR]
    noted = [one for one in around if one.severity is Severity.WARNING]
    verdict = "R" if errors else "E" if noted else "A"
    code = next((_code(one, "TA1") or _UNSPECIFIED for one in (*errors, *noted)), "000")
    moment = theirs.sent_at
    day, time = (f"{moment:%y%m%d}", f"{moment:%H%M}") if moment is not None else ("", "")
    return segment("TA1", number_of(theirs.message_id), day, time, verdict, code)
