"""Read the directory archives of the UN as they are published, D.93A to today.

An archive holds message types (EDMD, interactive ones in IDMD), segments (EDSD, IDSD), composites
(EDCD, IDCD), data elements (EDED, IDED) and code lists (UNCL, in D.96A in two files), each a text
for people, drawn with lines. Editions up to D.96B call the first four TR..; nothing but the names
of the files tells what is in them. Who opens the zip gives its members, nested zips opened too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from edi.edifact.directory.codes import read_codes
from edi.edifact.directory.parts import (
    read_composites,
    read_elements,
    read_segments,
)
from edi.edifact.directory.tables import read_table
from edi.facts import FactsError, Finding
from edi.schema import Directory, MessageTable, Segment

_MEMBER: Final = re.compile(
    r"(?:.*[/\\])?(?:(?:ED|TR|ID)(?P<part>[SCE]D)|UNCL(?:-\d)?|(?P<message>[A-Z]{6})_[DS])"
    r"\.(?:[DS]\.)?(?P<edition>\d\d[A-Z])(?:\.TXT)?",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(r"^ *Version *: *([A-Z])\b", re.MULTILINE)
_CODES: Final = "UNCL"
_NEEDED: Final = {"SD": "segments (EDSD)", "CD": "composites (EDCD)", "ED": "elements (EDED)"}


@dataclass(slots=True)
class _Texts:
    """Hold the texts of an archive by what is in them."""

    messages: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    editions: Counter[str] = field(default_factory=Counter)

    def lacking(self) -> list[str]:
        """Name what a directory cannot be without. Code lists are not: D.93A has none."""
        lacking = [name for part, name in _NEEDED.items() if part not in self.parts]
        return lacking if self.messages else ["message types (EDMD)", *lacking]


def read_archive(members: Mapping[str, bytes], path: str = "archive") -> Directory:
    """Return the directory that the members of an archive describe.

    Raises FactsError with everything that cannot be read, or when it is no such archive.
    """
    texts = _sorted(members)
    if lacking := texts.lacking():
        message = f"no archive of a UN/EDIFACT directory: it holds no {', no '.join(lacking)}"
        raise FactsError((Finding(path, 0, message),))
    segments = _segments(texts, path)
    tables = {name: read_table(text) for name, text in texts.messages.items()}
    wrong = [
        Finding(f"{path}/{name}", 0, why) for name, why in tables.items() if isinstance(why, str)
    ]
    if wrong:
        raise FactsError(tuple(wrong))
    messages = {table.name: table for table in tables.values() if isinstance(table, MessageTable)}
    version = _VERSION.search(next(iter(texts.messages.values())))
    edition = max(texts.editions, key=lambda each: texts.editions[each])
    name = f"{version[1] if version else 'D'}.{edition}"
    return Directory(name, messages, segments, f"UN/EDIFACT {name}")


def _segments(texts: _Texts, path: str) -> dict[str, Segment]:
    """Return the segments of an archive, made of what else is in it."""
    try:
        elements = read_elements(texts.parts["ED"], read_codes(texts.parts[_CODES]))
        composites = read_composites(texts.parts["CD"], elements)
        return read_segments(texts.parts["SD"], elements, composites)
    except KeyError as error:
        message = f"{error.args[0]} is used, but no file of the archive describes it"
        raise FactsError((Finding(path, 0, message),)) from error


def _sorted(members: Mapping[str, bytes]) -> _Texts:
    texts = _Texts()
    for name in sorted(members):
        match = _MEMBER.fullmatch(name)
        if match is None:
            continue
        texts.editions[match["edition"].upper()] += 1
        text = decoded(members[name])
        if match["message"]:
            texts.messages[name] = text
        else:
            texts.parts[match["part"].upper() if match["part"] else _CODES].append(text)
    return texts


def decoded(content: bytes) -> str:
    """Return the text of a file; lines are drawn in the characters of DOS where not in ASCII."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp437")
    return text.replace("\r", "").replace("\t", " ")
