"""Promise: of several paths to a company the first that is there is read, and only that one."""

import pytest

from canonical.order import OrderCancellation
from canonical.party import Party
from mappings.engine.library import MappingError
from tests.mappings.segments import message, reader

FIELDS = """
let: {{seller: "src.NAD[3035='SU'] ?? src.NAD[3035='SE'] ?? src.NAD[3035='VN']"}}
fields:
  order_id: {{const: PO-1}}
  issued_at: src.DTM | dated
  buyer:
    with: {path}
    fields: {{name: it.@3039, contact: {{with: it.CTA, fields: {{name: it.@3412}}}}}}
"""
HEAD = "UNH+1\nDTM+137:20261122:102\n"
PATHS = ("seller", "\"src.NAD[3035='SU'] ?? src.NAD[3035='SE'] ?? src.NAD[3035='VN']\"")
PARTIES = {
    "NAD+SU+1": "1",
    "NAD+SE+2\nNAD+SU+1": "1",
    "NAD+VN+3\nCTA+OC+:Bo\nNAD+SE+2": "2",
    "NAD+VN+3": "3",
    "NAD+BY+4": None,
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("segments", "name"), PARTIES.items())
def test_the_first_that_is_there_is_read(path: str, segments: str, name: str | None) -> None:
    found = reader(FIELDS.format(path=path), "OrderCancellation")
    assert found.warnings == ()
    document = found.read(message(HEAD + segments)).document
    assert isinstance(document, OrderCancellation)
    assert document.buyer == (Party(name=name) if name else None)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("city", "name"), [("Y", "1"), ("X", None)])
def test_one_that_is_there_and_not_wanted_lets_no_other_in(
    path: str, city: str, name: str | None
) -> None:
    conditional = f"{path}\n    when: \"it.@3164 != 'X'\""
    found = reader(FIELDS.format(path=conditional), "OrderCancellation")
    document = found.read(message(f"{HEAD}NAD+SU+1++++{city}\nNAD+SE+2")).document
    assert isinstance(document, OrderCancellation)
    assert document.buyer == (Party(name=name) if name else None)


def test_what_stands_below_is_of_the_one_that_is_read() -> None:
    found = reader(FIELDS.format(path="seller"), "OrderCancellation")
    document = found.read(message(f"{HEAD}NAD+VN+3\nCTA+OC+:Bo")).document
    assert isinstance(document, OrderCancellation)
    assert document.buyer is not None
    assert document.buyer.contact is not None
    assert document.buyer.contact.name == "Bo"


@pytest.mark.parametrize("path", ["src.NAD ?? 'x'", "src.NAD.@3039 ?? src.NAD", "src.NAD ?? ("])
def test_what_is_no_choice_of_paths_is_a_mistake(path: str) -> None:
    fields = FIELDS.format(path=f'"{path}"')
    with pytest.raises(MappingError, match="with"):
        reader(fields, "OrderCancellation")


def test_a_group_that_must_be_there_names_one_path() -> None:
    fields = """
fields:
  lines:
    each: src.LIN
    fields:
      line_id: it.@1082
      quantity: {with: "it.QTY ?? it.MOA", fields: {value: it.@6060, unit: {const: EA}}}
      item: {fields: {}}
"""
    with pytest.raises(MappingError, match="name one path"):
        reader(fields, "Cart")
