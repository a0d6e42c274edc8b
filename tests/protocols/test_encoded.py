"""base64 that a form damaged is still the bytes that were meant; what is none is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.encoded import decode, encode


@given(st.binary(max_size=200))
def test_what_was_encoded_is_decoded(content):
    decoded = decode(encode(content))
    assert (decoded.content, decoded.mended, decoded.error) == (content, False, "")


@given(st.binary(max_size=200).map(b"<".__add__))
def test_damage_of_forms_is_mended(content):
    text = base64.b64encode(content).decode()
    damaged = [text.replace("+", " "), text.rstrip("="), text.replace("+", "-").replace("/", "_")]
    for one in damaged:
        assert decode(one).content == content
        assert decode(one).mended is (one != text)
    folded = "\r\n".join(text[place : place + 20] for place in range(0, len(text), 20))
    assert decode(folded).content == content


@pytest.mark.parametrize("text", ["<Catalogue/>", "abc\u00e9", "a===b", "abcde"])
def test_what_is_no_base64_is_refused_with_a_reason(text):
    decoded = decode(text)
    assert decoded.content is None
    assert decoded.error
