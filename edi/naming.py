"""Call segments, elements and what they stand for by names of our own, in English and Swedish.

A table of names (`names.tsv` of each syntax) has a line a name: a segment (`LIN`), composite
(`C186`), element (`6060`), or a segment by its qualifier (`QTY+21`: ordered quantity), as people in
business say. What it does not know is called by its id.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from canonical.rows import Row

LANGUAGES: Final = ("en", "sv")

_JOINTS: Final = {"en": ("{} of {}", "{} of line {}"), "sv": ("{} för {}", "{} på rad {}")}


@dataclass(frozen=True, slots=True)
class Names:
    """Name things in one language.

    `main` is the element that bears the value of a segment, which is what its name by qualifier is
    the name of.
    """

    known: Mapping[str, str]
    language: str = "en"
    main: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Return what a segment, composite or element is called, its id when nothing is known."""
        return self.known.get(key, key)

    def subject(self, row: Row, element: str, line: int | None = None) -> str | None:
        """Return what an element of this segment is called: `ordered quantity of line 3`.

        `element` is its id, empty for the segment as a whole. None: there is no name for it.
        """
        tag = row[0]
        qualifier = row[1].partition(":")[0] if len(row) > 1 else ""
        whole = self.known.get(f"{tag}+{qualifier}")
        part = self.known.get(element) if element else self.known.get(tag)
        inner, outer = _JOINTS[self.language]
        if whole is None:
            name = part
        elif element in ("", self.main.get(tag)) or part is None:
            name = whole
        else:
            name = inner.format(part, whole)
        return name if name is None or line is None else outer.format(name, line)


class Retelling:
    """Say in another language what `Names.subject` said in English."""

    def __init__(self, english: Names, other: Names) -> None:
        self._words: Final = {
            text: other.known[key] for key, text in english.known.items() if key in other.known
        }
        self._inner, self._outer = _JOINTS[other.language]

    def __call__(self, subject: str) -> str:
        """Return a subject in the other language; what is not known there stays English."""
        text, _, line = subject.rpartition(" of line ")
        if text and line.isdecimal():
            return self._outer.format(self._name(text), line)
        return self._name(subject)

    def _name(self, text: str) -> str:
        known = self._words.get(text)
        if known is not None:
            return known
        for joint in re.finditer("(?= of )", text):
            part, whole = text[: joint.start()], text[joint.start() + len(" of ") :]
            if part in self._words and whole in self._words:
                return self._inner.format(self._words[part], self._words[whole])
        return text


def read_names(table: str, language: str, main: Mapping[str, str]) -> Names:
    """Return the names of a table in a language; any that is not there speaks English."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    lines = (line.split("\t") for line in table.splitlines())
    return Names({key: told[column] for key, *told in lines}, LANGUAGES[column], main)
