"""Promise: a number that was met before is the number that its text spells, and few are kept."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.engine import conversions
from mappings.engine.conversions import kept_number


@given(st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,3})?", fullmatch=True))
def test_a_number_is_what_its_text_spells_each_time(text: str) -> None:
    for _ in range(2):
        assert kept_number(text).as_tuple() == Decimal(text).as_tuple()


def test_only_short_numbers_are_kept_and_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversions, "_KEPT", 10)
    for number in range(9000, 10100):
        kept_number(str(number))
    assert 0 < len(conversions._NUMBERS) <= 10
    assert "10099" not in conversions._NUMBERS
    assert conversions._NUMBERS["9999"] == Decimal(9999)
