"""Give the tables of X12 transaction sets: our own minimal ones, or those that a user supplies.

`tables/` holds facts (`edi.facts`) of the sets that this product maps, written by us: the order of
segments, loops, types, lengths and syntax notes, as far as goods trade uses them, and no code
lists. X12 is not ours, so the folder may be left out of an installation: then nothing is
built in, and what asks for an edition is told the way out. 999 came with later releases and is in
005010 only.
"""

from functools import cache
from importlib.resources import files
from typing import Final

from edi.facts import read_facts
from edi.layout import DirectoryLayout, by_position
from edi.schema import Directory

BUILT_IN: Final = ("004010", "005010")
"""The releases of our own tables."""


class NoTablesError(LookupError):
    """Report that there are no tables for a release; the message tells the way out."""


def release_of(version: str) -> str:
    """Return the release that GS08 names: `005010` of `005010X231A1`, `004010` of `004010VICS`."""
    return version.strip()[:6]


def available() -> tuple[str, ...]:
    """Return the releases whose tables are there."""
    folder = files(__package__).joinpath("tables")
    return tuple(name for name in BUILT_IN if folder.joinpath(f"{name}.facts").is_file())


@cache
def edition(version: str) -> Directory:
    """Return the tables of a release, named as in GS08; raises NoTablesError without them."""
    release = release_of(version)
    if release not in available():
        built_in = " and ".join(available()) or "none: edi/x12/tables was left out"
        message = (
            f"no X12 tables of {release or 'an unnamed release'}; built in are {built_in}. Import "
            "your own with `gateway edi directory import FILE.facts`"
        )
        raise NoTablesError(message)
    file = files(__package__).joinpath("tables", f"{release}.facts")
    return read_facts(file.read_text("utf-8"), f"{release}.facts")


@cache
def layout(version: str) -> DirectoryLayout:
    """Return where the elements of a release stand: by position, `02` and `01-2`."""
    return layout_of(edition(version))


def layout_of(directory: Directory) -> DirectoryLayout:
    """Return where the elements of any X12 tables stand."""
    return DirectoryLayout(directory, by_position)
