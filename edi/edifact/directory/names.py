"""Hold our names of what stands in EDIFACT messages: `names.tsv`, read by `edi.naming`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from edi.naming import Names, read_names

MAIN: Final[Mapping[str, str]] = {
    "ALC": "1230", "CNT": "6066", "CTA": "3413", "DTM": "2380", "FTX": "4440", "LOC": "3225",
    "MOA": "5004", "NAD": "3039", "PRI": "5118", "QTY": "6060", "RFF": "1154", "TAX": "5278",
}  # fmt: skip
"""The element that bears the value of a segment."""


@cache
def names(language: str = "en") -> Names:
    """Return our names in a language; any that is not there speaks English."""
    table = files(__package__).joinpath("names.tsv").read_text("utf-8")
    return read_names(table, language, MAIN)
