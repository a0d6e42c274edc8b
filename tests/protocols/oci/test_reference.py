"""The page about OCI names every parameter, function and field, with the length that is checked."""

import re
from pathlib import Path

import pytest

from protocols.oci.fields import FIELDS
from protocols.oci.parameters import FUNCTIONS, NAMES

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "oci.md").read_text(encoding="utf-8")


def test_every_field_is_listed_with_its_length() -> None:
    told = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| (\d+) \|", PAGE, re.MULTILINE))
    assert told == {name: str(field.length) for name, field in FIELDS.items()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_needs(name: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| ") and spelt(name) in line]
    function = FUNCTIONS[name]
    needs = row.split("|")[2]
    assert re.findall(r"`([A-Z_]+)`", needs) == [
        *(["HOOK_URL"] if function.returns else []),
        *function.needs,
    ]


def spelt(name: str) -> str:
    return f"`{name}`" if name else "| none,"


def test_every_parameter_is_listed_with_its_other_spellings() -> None:
    named = set(re.findall(r"`([A-Z0-9_-]+)`", PAGE.partition("## The cart")[0]))
    assert {name for name, others in NAMES.items() for name in (name, *others)} <= named
