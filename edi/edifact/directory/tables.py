"""Read the segment table of a message type as the UN draws it.

    0110       ----- Segment group 2  ------------------ C   99----------+
    0120   NAD Name and address                          M   1           |
    0150       ----- Segment group 3  ------------------ C   10---------+|
    0160   RFF Reference                                 M   1          ||
    0170   DTM Date/time/period                          C   5----------++

The lines at the right say which groups are open: a group begins with one corner, and every corner
behind a segment ends a group, the innermost first. Numbers of repeats run into the lines, which is
how six digits became five elsewhere. Names may go on in a second line, before M or C.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from edi.schema import Entry, MessageTable

_NAME: Final = re.compile(r"Message Type *: *([A-Z]{6})")
_HEAD: Final = re.compile(r"4\.\d(?:\.\d)? +[Ss]egment [Tt]able *$", re.MULTILINE)
_DRAWN: Final = str.maketrans("─│┐┘┴┤├┬┼└┌", "-|+++++++++")
_MARGIN: Final = r" *+(?:\d{4,5} *+)?(?:[*+X#|-]{1,3} ++)?"
_GROUP: Final = re.compile(_MARGIN + r"-{3,} *[Ss]egment [Gg]roup *(\d+) *-+ *([MC]) +(\d{1,9})")
_ROW: Final = re.compile(_MARGIN + r"([A-Z]{3}) ++.*? ([MC]) ++(\d{1,9}+) *+([-|+ ]*+)$")
_CUT: Final = re.compile(_MARGIN + r"[A-Z]{3} ++[^-]*$")
"""A row whose name goes on in the next line, beside the lines of the groups that are open."""

_FRAME: Final = frozenset({"UNH", "UNT", "UIH", "UIT"})
_LAST: Final = frozenset({"UNT", "UIT"})


@dataclass(slots=True)
class _Group:
    """Hold a group while its entries come in; the outermost is the message itself."""

    name: str | None = None
    mandatory: bool = True
    repeats: int = 1
    entries: list[Entry] = field(default_factory=list)

    def entry(self) -> Entry | None:
        """Return the whole group as an entry; None when it is empty.

        Two old messages repeat a trigger inside of its group: `NAD M 9` is a NAD, then up to 8.
        """
        if not self.entries:
            return None
        trigger, *body = self.entries
        if trigger.repeats > 1:
            body.insert(0, replace(trigger, mandatory=False, repeats=trigger.repeats - 1))
        return Entry(trigger.tag, self.mandatory, self.repeats, self.name, tuple(body))


def read_table(text: str) -> MessageTable | str:
    """Return the table of a message type, or in words why it has none that can be read."""
    name, heads = _NAME.search(text), list(_HEAD.finditer(text))
    if name is None or not heads:
        return "no segment table was found"
    stack = [_Group()]
    lines = text[heads[-1].end() :].translate(_DRAWN).splitlines()
    for row in _rows(lines):
        if len(row.groups()) == 3:  # noqa: PLR2004 -- a group's number, status and repeats
            stack.append(_Group(row[1], row[2] == "M", int(row[3])))
        elif wrong := _take(row, stack):
            return wrong
    if len(stack) != 1:
        return f"group {stack[-1].name} is never closed"
    return MessageTable(name[1], tuple(stack[0].entries))


def _rows(lines: list[str]) -> Iterator[re.Match[str]]:
    """Give groups and segments up to the trailer of the message."""
    cut = ""
    for line in lines:
        row = _GROUP.match(line) or _ROW.match(cut + line)
        if row is not None:
            yield row
            if row[1] in _LAST:
                return
        cut = line.rstrip("| ") + " " if row is None and _CUT.match(line) else ""


def _take(row: re.Match[str], stack: list[_Group]) -> str:
    """Take one segment of the table; return what is wrong with it."""
    tag, status, repeats, drawn = row.groups()
    if tag not in _FRAME:
        stack[-1].entries.append(Entry(tag, status == "M", int(repeats)))
    for _ in range(drawn.count("+")):
        whole = stack.pop().entry() if len(stack) > 1 else None
        if whole is None:
            return f"{tag} closes a group that is not open"
        stack[-1].entries.append(whole)
    return ""
