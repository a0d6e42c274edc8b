"""List what can be wrong around and between messages: once, for EDIFACT and X12.

A kind has one number in both syntaxes: `EDIFACT-017` and `X12-017` are the same thing, a trailer
that names another interchange than its header. What only one of them knows (UNA, character sets,
HL) stands in its own table beside these. Numbers to `-049` are found on reading, `-050` to `-099`
on writing and in acknowledgements; from `-100` on they are those of tables (`edi.faults`).

What real senders do every day without harm is a warning or a note; a count or reference that does
not match is an error, as the standards say, until a partner's profile lowers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Unpack

from canonical.faults import Fault, FaultKind, FaultTable, Severity, Told


@dataclass(frozen=True, slots=True)
class Names:
    """Name the segments of an envelope, and what else the syntaxes call otherwise."""

    interchange: str
    interchange_end: str
    group: str
    group_end: str
    message: str
    message_end: str
    counted: str
    """What the trailer of an interchange counts."""
    beginning: str
    """What an interchange begins with, as a hint."""
    unique: str
    """What of a message may stand once only, and in what."""
    charset: str
    """Who said in which characters the bytes are."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Hold what is said of one kind; `edifact` and `x12` are the standards' codes for it.

    EDIFACT's are those of list 0085 in CONTRL; X12's stand after the element that says them: TA1
    where the interchange is wrong (I18), AK905 where the group is, AK502 where the message is.
    """

    number: str
    title: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    edifact: str = ""
    x12: str = ""


_WARNING: Final = Severity.WARNING
_NOTE: Final = Severity.NOTE

_LINES: Final = (
    _Line("001", "nothing was received", edifact="18", x12="TA1:022"),
    _Line("002", "no interchange here", "{beginning}", edifact="18", x12="TA1:022"),
    _Line("003", "text between messages belongs to none and was skipped",
          severity=_WARNING, edifact="33", x12="TA1:024"),
    _Line("004", "a byte order mark stands before the interchange", severity=_NOTE),
    _Line("006", "the interchange ends without {interchange_end}", edifact="13", x12="TA1:023"),
    _Line("007", "the group ends without {group_end}", edifact="13", x12="AK905:3"),
    _Line("008", "the message ends without {message_end}",
          "it may have been cut off: ask for it again", edifact="13", x12="AK502:2"),
    _Line("009", "{message_end} ends a message that never began", edifact="33", x12="TA1:022"),
    _Line("010", "{group_end} ends a group that never began", edifact="33", x12="TA1:022"),
    _Line("011", "{interchange_end} ends an interchange that never began",
          edifact="33", x12="TA1:022"),
    _Line("012", "{interchange} lacks what every interchange must tell",
          edifact="13", x12="TA1:024"),
    _Line("015", "a group or message without interchange around it", severity=_NOTE),
    _Line("016", "the number of {counted} in {interchange_end} is not that sent",
          edifact="29", x12="TA1:021"),
    _Line("017", "{interchange_end} names another interchange than {interchange}",
          edifact="28", x12="TA1:001"),
    _Line("018", "the number of messages in {group_end} is not that sent",
          edifact="29", x12="AK905:5"),
    _Line("019", "{group_end} names another group than {group}", edifact="28", x12="AK905:4"),
    _Line("020", "the number of segments in {message_end} is not that sent",
          edifact="29", x12="AK502:4"),
    _Line("021", "{message_end} names another message than {message}",
          edifact="28", x12="AK502:3"),
    _Line("022", "{message} lacks what every message must tell", edifact="13", x12="AK502:6"),
    _Line("023", "{unique}", severity=_WARNING, edifact="26", x12="AK502:23"),
    _Line("025", "the date or time of preparation is none",
          severity=_WARNING, edifact="12", x12="TA1:014"),
    _Line("026", "a segment is longer than any can be and was left out",
          "a segment terminator seems to be missing", edifact="39", x12="AK502:5"),
    _Line("027", "the last segment has no terminator",
          severity=_WARNING, edifact="13", x12="TA1:004"),
    _Line("031", "bytes are no characters of the set {charset}",
          "they were read as Latin-1; the partner's profile may name the character set",
          edifact="21", x12="AK502:5"),
    _Line("032", "a control character stands in the data",
          severity=_WARNING, edifact="21", x12="AK502:5"),
    _Line("034", "the interchange holds no message", edifact="32", x12="TA1:024"),
    _Line("036", "{group} lacks what every group must tell", edifact="13", x12="AK905:6"),
    _Line("039", "more messages than are taken in at once",
          "send them in several interchanges of less than 50,000 messages",
          edifact="36", x12="TA1:024"),
    _Line("040", "more is wrong around the messages than is told here",
          "mend what is told and send it again", edifact="18", x12="TA1:024"),
    _Line("041", "the message is too long to be taken in",
          "send it in several messages, or let the partner's profile take longer ones "
          "(edi.message_limit)", edifact="39", x12="AK502:5"),
    _Line("042", "the message is of another type than its group",
          severity=_WARNING, edifact="31", x12="AK502:6"),
    _Line("043", "an interchange of another syntax stands here and was skipped",
          "send it in a file of its own", edifact="33", x12="TA1:024"),
    _Line("044", "the partner's guide is made for another edition and did nothing",
          "make a guide for this edition (edi.guide); edi.severities silences this where both "
          "editions are meant", severity=_NOTE),
)  # fmt: skip


class EnvelopeFaults(FaultTable):
    """Make faults that know their code in the syntax's own acknowledgements."""

    def __init__(self, kinds: tuple[FaultKind, ...], codes: Mapping[str, str]) -> None:
        super().__init__(kinds)
        self._codes = codes

    def __call__(self, code: str, message: str = "", **told: Unpack[Told]) -> Fault:
        """Return the fault with this code."""
        word = self._codes.get(code)
        if word is not None and "standard" not in told:
            told["standard"] = word
        return super().__call__(code, message, **told)


def kinds_around(prefix: str, names: Names, *own: FaultKind) -> tuple[FaultKind, ...]:
    """Return the table of a syntax in its own words, with what only it knows, by their codes."""
    words = {field: getattr(names, field) for field in names.__slots__}
    shared = (
        FaultKind(
            code=f"{prefix}-{line.number}",
            title=line.title.format_map(words),
            severity=line.severity,
            hint=line.hint.format_map(words),
        )
        for line in _LINES
    )
    return tuple(sorted((*shared, *own), key=lambda kind: kind.code))


def codes_in_contrl() -> dict[str, str]:
    """Return the code of each kind in CONTRL, after its list's name."""
    return {f"EDIFACT-{line.number}": f"0085:{line.edifact}" for line in _LINES if line.edifact}


def codes_in_acknowledgements() -> dict[str, str]:
    """Return the code of each kind in TA1, 997 or 999, after the element that says it."""
    return {f"X12-{line.number}": line.x12 for line in _LINES if line.x12}
