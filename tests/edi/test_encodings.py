"""A file is read by no character set that its separators could be lost in."""

import pytest

from edi.encodings import encoding_named


@pytest.mark.parametrize(
    "name", ["latin-1", "iso8859-15", "cp1252", "cp865", "koi8-r", "cp949", "gb18030", "ascii"]
)
def test_sets_that_keep_ascii_are_taken_by_their_names(name: str) -> None:
    assert encoding_named(name) == name


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "utf_8", "U8"])
def test_utf8_has_one_name(name: str) -> None:
    assert encoding_named(name) == "utf-8"


@pytest.mark.parametrize(
    "name", ["", "utf-16", "utf-32", "utf-7", "cp037", "cp500", "rot13", "hex", "idna", "punycode",
             "base64", "undefined", "unicode_escape", "raw_unicode_escape", "UNOC", "a\x00b", "å"],
)  # fmt: skip
def test_nothing_else_is_a_set_to_cut_segments_in(name: str) -> None:
    assert encoding_named(name) is None
