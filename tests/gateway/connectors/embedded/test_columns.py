"""The reference page of the data files names every file and column, and no other."""

import re
from pathlib import Path

from gateway.connectors.embedded.columns import TABLES

PAGE = Path(__file__).resolve().parents[4] / "docs/reference/core-data.md"


def test_the_page_lists_the_columns_of_every_file() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        assert f"| `{name}.csv` | {'yes ' if table.required else ''}|" in text
        item = re.search(rf"^- {name}: ((?:.|\n  )*)", text, re.MULTILINE)
        assert item is not None, name
        listed = re.sub(r"\([^)]*\)", "", item[1])
        columns = {word.strip(" *\n") for word in listed.split(",")}
        assert columns == set(table.columns), name
        required = set(re.findall(r"\*\*(\w+)\*\*", listed))
        assert required == {column for column, of in table.columns.items() if of.required}, name
