"""A message is checked by the tables of its own edition, syntax version and partner."""

import pytest

from edi.edifact.directory.editions import bare_edition
from edi.edifact.tables import Tables, edition_of
from edi.validation import Profile


@pytest.mark.parametrize(
    ("version", "edition"),
    [
        ("D:96A:UN:EAN008", "D.96A"),
        ("S:93A:UN", "S.93A"),
        ("1:911:UN", "1.911"),
        ("", ""),
        ("D", "D"),
    ],
)
def test_the_identifier_of_a_message_names_its_edition(version: str, edition: str) -> None:
    assert edition_of(version) == edition


def test_what_was_compiled_is_kept() -> None:
    tables = Tables()
    first = tables.validation(("ORDERS", "D.96A"), 3)
    assert first is not None
    assert tables.validation(("ORDERS", "D.96A"), 1) is first
    assert tables.validation(("ORDERS", "D.96A"), 4) is not first
    lowered = Profile(severities=(("EDIFACT-126", "note"),))
    assert tables.validation(("ORDERS", "D.96A"), 3, lowered) is not first


def test_control_messages_need_no_directory() -> None:
    assert Tables().validation(("CONTRL", "D.3"), 3) is not None
    layout = Tables().layout("", 4)
    assert layout is not None
    assert layout.position("UCI", "0083") == (4, None)


def test_what_is_not_there_is_none() -> None:
    assert Tables().validation(("ORDERS", "D.77Z"), 3) is None
    assert Tables().validation(("IFTMIN", "D.96A"), 3) is None
    assert Tables().layout("D.77Z", 3) is None


def test_imported_editions_stand_beside_ours() -> None:
    tables = Tables({"D.10B": bare_edition("D.01B")})
    assert tables.names == ("D.01B", "D.10B", "D.96A")
    assert tables.validation(("ORDERS", "D.10B"), 3) is not None
