"""Promise: a document is written by the mapping that says it is for it, else by one for any."""

import pytest

from canonical.punchout import StatusUpdate
from mappings.engine.library import Library, MappingError
from tests.mappings.workbench import SHIPPED, library

ANY = "mapping: StatusUpdate -> cxml/Any\nelement: {A: src.text}\n"
REFUSAL = "mapping: StatusUpdate -> cxml/Refusal\nwhen: src.code >= 400\nelement: {R: src.text}\n"
NEVER = "mapping: StatusUpdate -> cxml/Asked\nwhen: 'false'\nelement: {N: src.text}\n"


def written(found: Library, code: int) -> str | None:
    """Return the name of the message that a status becomes."""
    writer = found.writer_for("cxml", StatusUpdate(code=code, text="x"))
    return None if writer is None else writer.message


def test_the_mapping_whose_condition_holds_comes_first_wherever_it_stands() -> None:
    for mappings in ({"a": ANY, "r": REFUSAL}, {"r": REFUSAL, "z": ANY}):
        found = library(mappings)
        assert (written(found, 200), written(found, 400)) == ("Any", "Refusal")


def test_a_mapping_that_chooses_is_not_taken_for_documents_of_a_class() -> None:
    found = library({"a": NEVER, "r": REFUSAL, "z": ANY})
    writer = found.writer("cxml", StatusUpdate)
    assert writer is not None
    assert writer.message == "Any"
    asked = found.writer("cxml", StatusUpdate, "Asked")
    assert asked is not None
    assert asked.write(StatusUpdate(code=1, text="x")).markup is not None


def test_without_a_mapping_for_any_there_may_be_none() -> None:
    found = library({"r": REFUSAL})
    assert (written(found, 200), written(found, 400)) == (None, "Refusal")
    assert SHIPPED.writer_for("csv", StatusUpdate(code=1, text="x")) is None


@pytest.mark.parametrize("condition", ["src.unheard", "src.code >=", "{a: b}"])
def test_a_mistake_in_a_condition_is_found(condition: str) -> None:
    found = library({"r": REFUSAL.replace("src.code >= 400", condition)})
    with pytest.raises(MappingError):
        written(found, 400)
    assert found.lint()


def test_a_condition_says_nothing_where_a_message_is_read() -> None:
    text = "mapping: cxml/T -> StatusUpdate\nwhen: 'true'\nfields: {code: src.a, text: src.b}\n"
    (finding,) = library({"t": text}).lint()
    assert "when" in finding.message
