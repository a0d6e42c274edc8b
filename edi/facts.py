"""Read a directory from lines of facts: `*.facts`, our own format for the tables of a standard.

    facts 1 D.96A
    source UN/EDIFACT D.96A
    element 1004 an..35
    element 1225 an..3 = 1 4 5 9
    composite C002 1001 1131 3055 1000
    segment BGM C002 1004 1225 4343
    segment EQN 6350! 4493 | C0201
    service UNT 0074! 0062!
    message ORDERS BGM! DTM!*35 1(RFF! DTM*5)*10 25(LIN! 28(PRI! CUX)*25)!*200000

A line is a kind, a name and words. `!` means mandatory, `-` that it must stay empty, `*n` that it
repeats up to n times and `*` alone without limit. `25(...)` is a group with its trigger first.
After `|` stand the notes in the letters of `edi.schema.Dependency`, two digits a position. A
message says nothing of its header and trailer. `#` begins a line that is a comment. What has no
effect has no place here: no names, no descriptions.

A format is `an..35` (up to), `n3` (exactly) or `an2..3` (from, to); `n2:1..10` is a number with two
implied decimals. Directories hold far more than one partner uses, so a line is taken apart when
it is first asked for; `check_facts` takes all apart and tells everything that is wrong.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, TypeVar

from edi.schema import (
    UNLIMITED,
    Composite,
    Dependency,
    Directory,
    Element,
    Entry,
    Format,
    MessageTable,
    Note,
    Segment,
    Use,
)

VERSION: Final = "1"
MAX_DEPTH: Final = 20
KINDS: Final = ("element", "composite", "segment", "service", "message")

_FORMAT: Final = re.compile(r"([a-z]+)(?:(\d):)?(\d+)?(\.\.)?(\d+)?")
_USE: Final = re.compile(r"(\w+)([!-]?)(?:\*(\d*))?")
_NOTE: Final = re.compile(r"(\w)((?:\d\d){2,})")
_TABLE: Final = re.compile(r"\s*(?:(?P<open>\w+)\(|(?P<tag>\w+)(?P<tail>!?(?:\*\d*)?)|"
                           r"(?P<close>\))(?P<end>!?(?:\*\d*)?))(?=\s|\)|$|(?<=\())")  # fmt: skip

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Report one thing that is wrong with a text that a user hands in."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """Return `path:line: message`."""
        return f"{self.path}:{self.line}: {self.message}"


class FactsError(ValueError):
    """Report facts that cannot be used; `findings` say where and why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(map(str, findings[:3])))
        self.findings: Final = findings


@dataclass(frozen=True, slots=True)
class _Line:
    """Hold the words of a line after its name."""

    number: int
    words: str


class _WrongError(Exception):
    """Stop reading one line: what is wrong with it."""


@dataclass(slots=True)
class _File:
    """Hold a text of facts cut into its lines, by kind and name."""

    path: str
    name: str = ""
    source: str = ""
    lines: dict[str, dict[str, _Line]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    findings: list[Finding] = field(default_factory=list)

    def report(self, number: int, message: str) -> None:
        self.findings.append(Finding(self.path, number, message))


class _Table(Mapping[str, Made]):
    """Make the values of one kind when they are asked for, once each."""

    def __init__(
        self, file: _File, lines: Mapping[str, _Line], make: Callable[[str, str], Made]
    ) -> None:
        self._file = file
        self._lines = lines
        self._make = make
        self._made: dict[str, Made] = {}

    def __getitem__(self, name: str) -> Made:
        made = self._made.get(name)
        if made is None:
            line = self._lines[name]
            try:
                made = self._make(name, line.words)
            except _WrongError as wrong:
                raise FactsError((Finding(self._file.path, line.number, str(wrong)),)) from wrong
            self._made[name] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, name: object) -> bool:
        return name in self._lines


class _Parts:
    """Make elements, composites and segments, each of which is made of the ones before."""

    def __init__(self, file: _File, service: Mapping[str, Segment]) -> None:
        self.known = service
        self.elements = _Table(file, file.lines["element"], _element)
        self.composites = _Table(file, file.lines["composite"], self._composite)
        self.segments = _Table(file, file.lines["segment"], self._segment)
        self.service = _Table(file, file.lines["service"], self._segment)
        self.messages = _Table(file, file.lines["message"], self._message)

    def _composite(self, name: str, words: str) -> Composite:
        uses, notes = self._uses(words, self.elements)
        return Composite(name, uses, notes)

    def _segment(self, name: str, words: str) -> Segment:
        uses, notes = self._uses(words, self.composites, self.elements)
        return Segment(name, uses, notes)

    def _message(self, name: str, words: str) -> MessageTable:
        table = MessageTable(name, _Tables(words).read())
        tables = (self.segments, self.service, self.known)
        for entry in table.walk():
            if not any(entry.tag in known for known in tables):
                raise _WrongError(
                    _unknown("segment", entry.tag, [tag for each in tables for tag in each])
                )
        return table

    def _uses(
        self, words: str, *tables: Mapping[str, Element] | Mapping[str, Composite]
    ) -> tuple[tuple[Use, ...], tuple[Note, ...]]:
        found, _, noted = words.partition("|")
        uses = tuple(self._use(word, tables) for word in found.split())
        notes = tuple(_note(word, len(uses)) for word in noted.split())
        return uses, notes

    @staticmethod
    def _use(word: str, tables: tuple[Mapping[str, Element] | Mapping[str, Composite], ...]) -> Use:
        match = _USE.fullmatch(word)
        if match is None:
            message = f'"{word}": expected an id, then ! or -, then *repeats, as 3055!*5'
            raise _WrongError(message)
        for table in tables:
            if match[1] in table:
                return Use(table[match[1]], match[2] == "!", _repeats(match[3]), match[2] == "-")
        raise _WrongError(
            _unknown("element", match[1], [name for table in tables for name in table])
        )


def read_facts(
    text: str, path: str = "facts", service: Mapping[str, Segment] | None = None
) -> Directory:
    """Return the directory that `text` describes; `path` is the name that findings give it.

    `service` are segments that its tables may name although the text does not describe them.
    Raises FactsError at once for lines that are none, and when a table is first used for what is
    wrong inside of a line: text of others goes through `check_facts` before.
    """
    file = _cut(text, path)
    if file.findings:
        raise FactsError(tuple(file.findings))
    parts = _Parts(file, service or {})
    return Directory(file.name, parts.messages, parts.segments, file.source, parts.service)


def check_facts(
    text: str, path: str = "facts", service: Mapping[str, Segment] | None = None
) -> tuple[Finding, ...]:
    """Return everything that is wrong with `text`, in the order of its lines."""
    file = _cut(text, path)
    parts = _Parts(file, service or {})
    findings = list(file.findings)
    tables: tuple[Mapping[str, object], ...] = (
        parts.elements, parts.composites, parts.segments, parts.service, parts.messages,
    )  # fmt: skip
    for table in tables:
        for name in table:
            try:
                table[name]
            except FactsError as error:
                findings += error.findings
    return tuple(sorted(set(findings)))


def _cut(text: str, path: str) -> _File:
    """Cut a text into lines by kind and name; note what cannot be one."""
    file = _File(path)
    lines = text.splitlines()
    head = lines[0].split() if lines else []
    if len(head) != 3 or head[:2] != ["facts", VERSION]:  # noqa: PLR2004 -- facts, version, name
        file.report(1, f'expected "facts {VERSION} NAME", found "{" ".join(head)[:60]}"')
        return file
    file.name = head[2]
    for number, line in enumerate(lines[1:], start=2):
        kind, _, rest = line.partition(" ")
        name, _, words = rest.strip().partition(" ")
        if kind in file.lines:
            if name in file.lines[kind]:
                file.report(number, f"{kind} {name} stands here a second time; leave one out")
            file.lines[kind][name] = _Line(number, words)
        elif kind == "source":
            file.source = rest.strip()
        elif line.strip() and not line.startswith("#"):
            file.report(number, _unknown("kind of line", kind, KINDS))
    return file


def _element(name: str, words: str) -> Element:
    spelt, _, codes = words.partition("=")
    match = _FORMAT.fullmatch(spelt.strip())
    limits = match and _limits(match[3], match[4], match[5])
    if match is None or not limits or match[1] not in _FORMATS:
        message = f'"{spelt.strip()}": expected a format such as an..35, n3, an2..3 or n2:1..10'
        raise _WrongError(message)
    format_ = _FORMATS[match[1]] if match[2] is None else Format.IMPLIED
    listed = frozenset(codes.split()) or None
    return Element(name, format_, *limits, listed, int(match[2] or 0))


_FORMATS: Final = {str(each): each for each in Format if each is not Format.IMPLIED}


def _limits(first: str | None, dots: str | None, last: str | None) -> tuple[int, int] | None:
    """Return the shortest and longest of `3`, `..35` and `2..3`."""
    if not dots:
        return (int(first), int(first)) if first and not last else None
    if not last or int(first or 1) > int(last):
        return None
    return int(first or 1), int(last)


def _note(word: str, uses: int) -> Note:
    match = _NOTE.fullmatch(word)
    kinds = "".join(Dependency)
    if match is None or match[1] not in kinds:
        message = f'"{word}": expected a note, one of {" ".join(kinds)} and positions, as C0302'
        raise _WrongError(message)
    positions = tuple(int(match[2][at : at + 2]) for at in range(0, len(match[2]), 2))
    if not all(1 <= position <= uses for position in positions):
        message = f'"{word}": there are the positions 1 to {uses} only'
        raise _WrongError(message)
    return Note(Dependency(match[1]), positions)


def _repeats(digits: str | None) -> int:
    return 1 if digits is None else int(digits or UNLIMITED)


def _unknown(what: str, name: str, known: "tuple[str, ...] | list[str]") -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f'there is no {what} "{name[:40]}" here{hint}'


class _Tables:
    """Read the table of a message from its words."""

    def __init__(self, words: str) -> None:
        self.words = words.strip()
        self.at = 0

    def read(self) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        while self.at < len(self.words):
            entries.append(self._entry(self._next(), 0))
        return tuple(entries)

    def _entry(self, match: re.Match[str], depth: int) -> Entry:
        if match["close"]:
            message = f'a bracket too many before "{self.words[self.at :][:20].strip()}"'
            raise _WrongError(message)
        if match["open"]:
            return self._group(match["open"], depth + 1)
        return Entry(match["tag"], match["tail"].startswith("!"), _tail(match["tail"]))

    def _group(self, name: str, depth: int) -> Entry:
        if depth > MAX_DEPTH:
            message = f"group {name}( is more than {MAX_DEPTH} deep"
            raise _WrongError(message)
        entries: list[Entry] = []
        while not (match := self._next())["close"]:
            entries.append(self._entry(match, depth))
        trigger = entries[0] if entries else Entry("", group=name)
        if trigger.group is not None or not trigger.mandatory or trigger.repeats != 1:
            message = f"group {name}( must begin with its trigger: a segment, mandatory and once"
            raise _WrongError(message)
        end = match["end"]
        return Entry(trigger.tag, end.startswith("!"), _tail(end), name, tuple(entries[1:]))

    def _next(self) -> re.Match[str]:
        match = _TABLE.match(self.words, self.at)
        if match is None:
            found = self.words[self.at : self.at + 20].strip() or "the end of the line"
            message = f'"{found}": expected a segment as DTM!*35, or a group as 1(RFF! DTM)*9'
            raise _WrongError(message)
        self.at = match.end()
        return match


def _tail(text: str) -> int:
    return _repeats(text.partition("*")[2] if "*" in text else None)
