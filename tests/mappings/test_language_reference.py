"""Promise: the reference of the mapping language names every key and function that there is."""

from pathlib import Path

import pytest

from mappings.engine.codelists import DIRECTIVES
from mappings.engine.forms import FIELD_KEYS
from mappings.engine.functions import AGGREGATES, FUNCTIONS
from mappings.engine.library import TOP_KEYS
from mappings.engine.segments import SEGMENT_KEYS, SEGMENT_VALUE_KEYS
from mappings.engine.writing import ATTRIBUTE_KEYS, ELEMENT_KEYS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "mapping-language.md"
KEYS = sorted(
    {*TOP_KEYS, *FIELD_KEYS, *ELEMENT_KEYS, *ATTRIBUTE_KEYS, *SEGMENT_KEYS, *SEGMENT_VALUE_KEYS}
)


@pytest.mark.parametrize("key", KEYS)
def test_key_is_described(key: str) -> None:
    assert f"`{key}`" in PAGE.read_text(encoding="utf-8")


def test_every_function_is_described_as_in_its_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [
        name
        for name, entry in FUNCTIONS.items()
        if f"| `{name}` |" not in text or entry.says not in text
    ]
    missing += [name for name, says in AGGREGATES.items() if says.partition(":")[0] not in text]
    missing += [name for name in DIRECTIVES if name != "source" and f"# {name}:" not in text]
    assert missing == []
