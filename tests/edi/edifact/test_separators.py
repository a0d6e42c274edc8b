"""An interchange separates with what UNA announces, where that can be used, or by the standard."""

import pytest

from edi.edifact.separators import announced, effective, written
from edi.text import EDIFACT, Separators


def test_the_string_of_the_standard_announces_its_separators() -> None:
    assert announced(b"UNA:+.?*'") == EDIFACT


def test_a_space_means_that_there_is_no_such_separator() -> None:
    assert announced(b"UNA:+.  '") == Separators("'", "+", ":", None, None, ".")


@pytest.mark.parametrize(
    "una", [b"UNA::.? '", b"UNA:+.?  ", b"UNAA+.? '", b"UNA:+.?+'", b"UNA:1.? '", b"UNA:+.?\x0e'"]
)
def test_separators_that_are_equal_letters_or_blank_cannot_be_used(una: bytes) -> None:
    assert announced(una) is None


def test_nothing_is_repeated_before_version_4() -> None:
    assert effective(None, 3).repetition is None
    assert effective(announced(b"UNA:+.?*'"), 3).repetition is None
    assert effective(None, 4) == EDIFACT
    assert effective(announced(b"UNA:+.? '"), 4).repetition is None


@pytest.mark.parametrize("una", ["UNA:+.? '", "UNA|,,!*\n", "UNA:+.  ~"])
def test_what_is_announced_is_written_again(una: str) -> None:
    own = announced(una.encode())
    assert own is not None
    assert written(own) == una
