"""Call segments, elements and what they stand for by names of our own, in English and Swedish.

`names.tsv` has a line a name: a segment (`LIN`), composite (`C186`), element (`6060`), or a
segment by its qualifier (`QTY+21`: ordered quantity), as people in business say. What it does not
know is called by its id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from canonical.rows import Row

LANGUAGES: Final = ("en", "sv")

MAIN: Final[Mapping[str, str]] = {
    "ALC": "1230", "CNT": "6066", "CTA": "3413", "DTM": "2380", "FTX": "4440", "LOC": "3225",
    "MOA": "5004", "NAD": "3039", "PRI": "5118", "QTY": "6060", "RFF": "1154", "TAX": "5278",
}  # fmt: skip
"""The element that bears the value of a segment: what its name by qualifier is the name of."""

_JOINTS: Final = {"en": ("{} of {}", "{} of line {}"), "sv": ("{} för {}", "{} på rad {}")}


@dataclass(frozen=True, slots=True)
class Names:
    """Name things in one language; the ones of a partner's segments would stand in `known` too."""

    known: Mapping[str, str]
    language: str = "en"

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
        elif element in ("", MAIN.get(tag)) or part is None:
            name = whole
        else:
            name = inner.format(part, whole)
        return name if name is None or line is None else outer.format(name, line)


@cache
def names(language: str = "en") -> Names:
    """Return our names in a language; any that is not there speaks English."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    text = files(__package__).joinpath("names.tsv").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines())
    return Names({key: told[column] for key, *told in lines}, LANGUAGES[column])
