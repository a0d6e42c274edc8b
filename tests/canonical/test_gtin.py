"""A GTIN is right when its check digit is, and any single wrong digit is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.gtin import LENGTHS, check_digit, is_gtin


@pytest.mark.parametrize("text", ["4006381333931", "96385074", "036000291452", "10012345678902"])
def test_published_numbers_are_right(text: str) -> None:
    assert is_gtin(text)


@pytest.mark.parametrize("text", ["", "4006381333930", "123", "400638133393X", "٤٠٠٦٣٨١٣٣٣٩٣١"])
def test_other_text_is_not(text: str) -> None:
    assert not is_gtin(text)


@given(st.sampled_from(sorted(LENGTHS)), st.data())
def test_a_wrong_digit_is_found(length: int, data: st.DataObject) -> None:
    body = data.draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    right = body + check_digit(body)
    place = data.draw(st.integers(0, length - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != right[place]]))
    assert is_gtin(right)
    assert not is_gtin(right[:place] + digit + right[place + 1 :])
