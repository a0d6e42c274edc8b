"""Read and write the instants of a cXML envelope.

cXML wants ISO 8601 with an offset and forbids `Z`. Met in practice and understood: `Z`, no zone at
all (Oracle), a blank inside (BuyerQuest), `Mon May 19 18:29:48 +0000 2008` (Coupa), a bare date;
met and not to be understood: `--T+00:00` (Coupa).
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_EXACT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d:\d\d", re.ASCII)
_ISO: Final = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:T?(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r"(?P<zone>Z|[+-]\d\d:?(?:\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_UNIX: Final = re.compile(
    r"[A-Za-z]{3} (?P<name>[A-Za-z]{3}) +(?P<day>\d\d?) (?P<hour>\d\d):(?P<minute>\d\d):"
    r"(?P<second>\d\d) (?:(?P<zone>[+-]\d\d:?\d\d|Z|UTC|GMT) )?(?P<year>\d{4})",
    re.ASCII,
)
_BLANKS: Final = re.compile(r"\s+")
_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"

WRITERS: Final[dict[str, Callable[[datetime], str]]] = {
    "offset": lambda moment: moment.isoformat(timespec="seconds"),
    "zulu": lambda moment: f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    "bare": lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}",
}
"""How `Dialect.timestamp` spells an instant."""


def read(text: str) -> tuple[datetime | None, bool]:
    """Return the instant that `text` names, if any, and whether it is spelt as cXML wants.

    Without a zone it is read as UTC.
    """
    text = text.strip()
    try:
        if _EXACT.fullmatch(text):
            return datetime.fromisoformat(text), True
        match = _ISO.fullmatch(_BLANKS.sub("", text)) or _UNIX.fullmatch(text)
        return (_moment(match.groupdict()) if match else None), False
    except (ValueError, OverflowError):
        return None, False


def write(moment: datetime, style: str) -> str:
    """Return `moment`, an aware instant, in one of the styles of a dialect."""
    return WRITERS[style](moment)


def _moment(parts: dict[str, str | None]) -> datetime:
    """Return the instant of the parts of a match; ValueError when there is no such day."""
    name = parts.get("name")
    month = _MONTHS.index(name.lower()) // 3 + 1 if name else int(parts["month"] or 0)
    return datetime(
        int(parts["year"] or 0),
        month,
        int(parts["day"] or 0),
        int(parts["hour"] or 0),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        int((parts.get("fraction") or "0").ljust(6, "0")[:6]),
        tzinfo=_zone(parts["zone"]),
    )


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset)
