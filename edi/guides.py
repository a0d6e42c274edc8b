"""Read a partner's guide: data that says what one partner wants otherwise than the directory.

    guide: Region X orders 1.2
    edition: D.96A
    codes:
      4233: {add: [33E]}                     wherever the element stands
    severities: {EDIFACT-116: ignore}
    messages:
      ORDERS:
        severities: {EDIFACT-126: warning}
        rules:
          BGM/1001: {only: ["220"]}          paths as faults name them, composites left out at will
          "*/NAD/3164": {longest: 25}        wherever NAD stands
          SG2: {repeats: 20}
          PAI: forbidden
          SG25/QTY/6411: {required: yes, severity: warning}
          NAD[3035='BY']: required           only where a qualifier says so
          DTM[2005='2']/2380: {format: n8}

Everything is text, as configuration is read here; who reads the file says where each key stands.
All mistakes are told at once. `edi.overlay` puts a guide over a directory.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from canonical.faults import Severity
from edi.schema import Format
from edi.weighing import IGNORED

Value = str | list["Value"] | dict[str, "Value"] | None
Keys = tuple[str | int, ...]

WEIGHTS: Final = (*(str(each) for each in Severity), IGNORED)
_TOP: Final = ("guide", "edition", "codes", "severities", "messages")
_MESSAGE: Final = ("severities", "rules")
_CODES: Final = ("add", "remove", "only")
_RULE: Final = (
    "required", "forbidden", "repeats", "shortest", "longest", "format", *_CODES, "severity",
)  # fmt: skip
_WORDS: Final = {"required": {"required": "yes"}, "forbidden": {"forbidden": "yes"}}
_FORMAT: Final = re.compile(r"(an|a|n)(\.\.)?(\d{1,5})")
_CODE: Final = re.compile(r"(EDIFACT|X12|FLAT)-\d{3}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Report one mistake in a guide: at which key, what, and the way out."""

    keys: Keys
    what: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Say what a partner wants of one place; `at` is the `file:line` that says so."""

    path: str
    at: str = ""
    keys: Keys = ()
    required: bool = False
    forbidden: bool = False
    repeats: int | None = None
    shortest: int | None = None
    longest: int | None = None
    format: Format | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    severity: str | None = None

    @property
    def of_element(self) -> bool:
        """Tell whether it says what only an element can have."""
        return any((self.shortest, self.longest, self.format, self.add, self.remove, self.only))


@dataclass(frozen=True, slots=True)
class MessageGuide:
    """Hold what a guide says of one message."""

    rules: tuple[Rule, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """Hold a partner's guide over one edition of a standard."""

    name: str
    edition: str
    codes: tuple[Rule, ...] = ()
    """What becomes of code lists wherever an element stands; the path is its id."""
    severities: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, MessageGuide] = field(default_factory=dict)

    def speaks_of(self, message: str) -> bool:
        """Tell whether it is made for a message: one that names none is for all of them."""
        return message in self.messages or not self.messages


def read_guide(
    data: Mapping[str, Value], where: Callable[[Keys], str]
) -> tuple[Guide, tuple[Wrong, ...]]:
    """Return the guide that `data` says and all that is wrong with it; `where` gives `file:line`.

    A guide with mistakes holds what could be read; it is not for use.
    """
    reader = _Reader(where)
    guide = reader.guide(data)
    return guide, tuple(reader.wrong)


class _Reader:
    """Read the parts of one guide, noting every mistake."""

    def __init__(self, where: Callable[[Keys], str]) -> None:
        self.where: Final = where
        self.wrong: Final[list[Wrong]] = []

    def guide(self, data: Mapping[str, Value]) -> Guide:
        self.known((), data, _TOP)
        for key in ("guide", "edition"):
            if not isinstance(data.get(key), str):
                self.wrong.append(Wrong((key,), "this key is missing; it names the " + key))
        messages = self.table(("messages",), data.get("messages"))
        return Guide(
            str(data.get("guide") or ""),
            str(data.get("edition") or ""),
            tuple(
                self.rule(("codes", id_), id_, value, _CODES)
                for id_, value in self.table(("codes",), data.get("codes")).items()
            ),
            self.severities(("severities",), data.get("severities")),
            {name: self.message(("messages", name), value) for name, value in messages.items()},
        )

    def message(self, keys: Keys, value: Value) -> MessageGuide:
        data = self.table(keys, value)
        self.known(keys, data, _MESSAGE)
        within = (*keys, "rules")
        rules = tuple(
            self.rule((*within, path), path, rule, _RULE)
            for path, rule in self.table(within, data.get("rules")).items()
        )
        return MessageGuide(rules, self.severities((*keys, "severities"), data.get("severities")))

    def severities(self, keys: Keys, value: Value) -> Mapping[str, str]:
        found = {}
        for code, weight in self.table(keys, value).items():
            if not _CODE.fullmatch(code):
                what = f'"{code}" is no fault code'
                self.wrong.append(Wrong((*keys, code), what, "write one such as EDIFACT-126"))
            found[code] = self.word((*keys, code), weight, WEIGHTS)
        return found

    def rule(self, keys: Keys, path: str, value: Value, allowed: tuple[str, ...]) -> Rule:
        if isinstance(value, str):
            value = self.said(keys, value, allowed)
        data = self.table(keys, value)
        self.known(keys, data, allowed)
        if value is None or value == {}:
            self.wrong.append(Wrong(keys, "says nothing", f"write one of {', '.join(allowed)}"))
        format_, length = self.format((*keys, "format"), data.get("format"))
        weight = data.get("severity")
        return Rule(
            path,
            self.where(keys),
            keys,
            required=self.yes((*keys, "required"), data.get("required")),
            forbidden=self.yes((*keys, "forbidden"), data.get("forbidden")),
            repeats=self.number((*keys, "repeats"), data.get("repeats")),
            shortest=self.number((*keys, "shortest"), data.get("shortest")) or length[0],
            longest=self.number((*keys, "longest"), data.get("longest")) or length[1],
            format=format_,
            add=self.words((*keys, "add"), data.get("add")),
            remove=self.words((*keys, "remove"), data.get("remove")),
            only=self.words((*keys, "only"), data.get("only")),
            severity=None if weight is None else self.word((*keys, "severity"), weight, WEIGHTS),
        )

    def said(self, keys: Keys, word: str, allowed: tuple[str, ...]) -> dict[str, Value]:
        """Return the rule that one word says."""
        words = [one for one in _WORDS if one in allowed]
        if word in words:
            return dict(_WORDS[word])
        near = get_close_matches(word, words, n=1)
        hint = f"did you mean {near[0]}?" if near else f"write keys, {{{allowed[0]}: ...}}"
        what = f'expected {" or ".join([*words, "keys and values"])}, found "{word[:40]}"'
        self.wrong.append(Wrong(keys, what, hint))
        return {allowed[0]: None}

    def known(self, keys: Keys, data: Mapping[str, Value], allowed: tuple[str, ...]) -> None:
        for key in data:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(allowed)}"
                self.wrong.append(Wrong((*keys, key), "this key is not known here", hint))

    def table(self, keys: Keys, value: Value) -> dict[str, Value]:
        if value is None or isinstance(value, dict):
            return value or {}
        self.wrong.append(Wrong(keys, f"expected keys and values, found {_shown(value)}"))
        return {}

    def words(self, keys: Keys, value: Value) -> tuple[str, ...]:
        listed = [value] if isinstance(value, str) else value
        if listed is None:
            return ()
        if not isinstance(listed, list) or not all(
            each and isinstance(each, str) for each in listed
        ):
            self.wrong.append(Wrong(keys, f"expected a list of codes, found {_shown(value)}"))
            return ()
        return tuple(str(each) for each in listed)

    def word(self, keys: Keys, value: Value, allowed: tuple[str, ...]) -> str:
        if value in allowed:
            return str(value)
        self.wrong.append(
            Wrong(keys, f"expected one of {', '.join(allowed)}, found {_shown(value)}")
        )
        return allowed[0]

    def yes(self, keys: Keys, value: Value) -> bool:
        if value not in {None, "yes"}:
            what = f"expected yes, found {_shown(value)}"
            self.wrong.append(Wrong(keys, what, "a guide tightens; leave the key out"))
        return value == "yes"

    def number(self, keys: Keys, value: Value) -> int | None:
        if value is None:
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and int(value[:9]) > 0:
            return int(value[:9])
        self.wrong.append(Wrong(keys, f"expected a whole number from 1, found {_shown(value)}"))
        return None

    def format(
        self, keys: Keys, value: Value
    ) -> tuple[Format | None, tuple[int | None, int | None]]:
        """Return a format and, from `an..17` or `n6`, the lengths in it."""
        if value is None:
            return None, (None, None)
        match = _FORMAT.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.wrong.append(Wrong(keys, f"expected a format such as n..6, found {_shown(value)}"))
            return None, (None, None)
        longest = int(match[3])
        return Format(match[1]), (None if match[2] else longest, longest)


def _shown(value: Value) -> str:
    if value is None:
        return "nothing"
    return (
        f'"{value[:40]}"'
        if isinstance(value, str)
        else f"a {'list' if isinstance(value, list) else 'table'}"
    )
