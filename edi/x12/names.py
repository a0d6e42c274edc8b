"""Hold our names of what stands in X12 messages: `names.tsv`, read by `edi.naming`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from edi.naming import Names, read_names

MAIN: Final[Mapping[str, str]] = {
    "DTM": "373", "N1": "93", "PER": "93", "QTY": "380", "REF": "127", "ZA": "380",
}  # fmt: skip
"""The element that bears the value of a segment."""


@cache
def names(language: str = "en") -> Names:
    """Return our names in a language; any that is not there speaks English."""
    table = files(__package__).joinpath("names.tsv").read_text("utf-8")
    return read_names(table, language, MAIN)
