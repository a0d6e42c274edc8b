"""A partner's dialect says which directory and association a message names."""

import pytest

from canonical.wire import Dialect
from edi.edifact.dialect import EdifactDialect, dialect_of, identifier_of, separators_of, version_of

VERSIONS = {"ORDRSP": "D.01B EAN010", "ORDERS.cancellation": "D.93A", "*": "D.96A EAN005"}


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("ORDRSP", "ORDRSP:D:01B:UN:EAN010"),
        ("INVOIC", "INVOIC:D:96A:UN:EAN005"),
        ("ORDERS", "ORDERS:D:96A:UN:EAN005"),
        ("ORDERS.cancellation", "ORDERS:D:93A:UN"),
        ("CONTRL", "CONTRL:D:3:UN"),
    ],
)
def test_a_message_names_what_is_agreed_for_it(name: str, identifier: str) -> None:
    assert identifier_of(name, EdifactDialect(versions=VERSIONS)) == identifier


def test_control_messages_follow_the_syntax_unless_agreed_otherwise() -> None:
    assert identifier_of("CONTRL", EdifactDialect(syntax=4)) == "CONTRL:4:1:UN"
    agreed = EdifactDialect(versions={"CONTRL": "D.3 EAN002"})
    assert identifier_of("CONTRL", agreed) == "CONTRL:D:3:UN:EAN002"
    assert version_of("CONTRL", agreed) == "D.3"


def test_a_dialect_of_another_syntax_gives_its_versions() -> None:
    assert dialect_of(Dialect(versions={"*": "D.01B"})).versions == {"*": "D.01B"}
    assert dialect_of(None) == EdifactDialect()


def test_repetition_needs_version_4() -> None:
    assert separators_of(EdifactDialect(separators=":+.?*'")).repetition is None
    assert separators_of(EdifactDialect(separators=":+.?*'", syntax=4)).repetition == "*"
