"""Characters are read by the set that is declared, and right even where it is the wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.edifact.charsets import REPERTOIRES, allowed, decide, named
from edi.text import EDIFACT


def decided(raw: bytes, name: str = "UNOC") -> tuple[str, list[tuple[str, int]]]:
    repertoire = REPERTOIRES[name]
    found = decide(raw, repertoire, allowed(repertoire, EDIFACT))
    return found.codec, [(stray.code, stray.at) for stray in found.strays]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("UNOA", "ABC 1"),
        ("UNOB", "Abc 1"),
        ("UNOC", "Abc@ åÅ"),
        ("UNOD", "Łódź"),
        ("UNOE", "Ж"),
        ("UNOF", "Ω"),
        ("UNOK", "ğ"),
        ("UNOL", "€"),
        ("UNOW", "Łż Ω"),
        ("UNOY", "你好"),
        ("KECA", "안녕"),
    ],
)
def test_text_in_the_declared_set_is_read_without_a_word(name: str, text: str) -> None:
    codec, strays = decided(text.encode(REPERTOIRES[name].codec), name)
    assert strays == []
    assert text.encode(REPERTOIRES[name].codec).decode(codec) == text


@pytest.mark.parametrize(
    ("name", "raw", "codec", "strays"),
    [
        ("UNOC", "blå".encode(), "utf-8", [("EDIFACT-028", 2)]),
        ("UNOA", "BLÅ".encode(), "utf-8", [("EDIFACT-028", 2)]),
        ("UNOC", "5 €".encode("cp1252"), "cp1252", [("EDIFACT-029", 2)]),
        ("UNOA", b"ABc", "latin-1", [("EDIFACT-030", 2)]),
        ("UNOB", b"a@b", "latin-1", [("EDIFACT-030", 1)]),
        ("UNOB", b"bl\xe5", "latin-1", [("EDIFACT-030", 2)]),
        ("UNOY", b"bl\xe5", "latin-1", [("EDIFACT-031", 2)]),
        ("UNOF", b"\xff\xe1", "latin-1", [("EDIFACT-031", 0)]),
        ("UNOC", b"a\x00", "latin-1", [("EDIFACT-032", 1)]),
        ("UNOC", b"a\tb\x7f", "latin-1", [("EDIFACT-032", 1)]),
        ("UNOC", "å\x01".encode(), "utf-8", [("EDIFACT-028", 0), ("EDIFACT-032", 2)]),
        ("UNOC", b"a\x81", "latin-1", [("EDIFACT-030", 1)]),
    ],
)
def test_what_does_not_fit_is_told_once_a_kind(
    name: str, raw: bytes, codec: str, strays: list[tuple[str, int]]
) -> None:
    assert decided(raw, name) == (codec, strays)


def test_separators_and_line_ends_fit_every_set() -> None:
    assert decided(b"UNH+1:A*B?'\r\n", "UNOA") == ("latin-1", [])


@pytest.mark.parametrize(
    ("name", "codec"),
    [("unoy", "utf-8"), ("UTF8", "utf-8"), ("cp865", "cp865"), ("cp1252", "cp1252")],
)
def test_a_profile_may_name_any_set_that_holds_ascii(name: str, codec: str) -> None:
    found = named(name)
    assert found is not None
    assert found.codec == codec


@pytest.mark.parametrize("name", ["", "UNOQ", "utf-16", "cp037", "rot13", "base64", "\x00"])
def test_other_names_are_none(name: str) -> None:
    assert named(name) is None


@given(st.binary(), st.sampled_from(sorted(REPERTOIRES)))
def test_any_bytes_can_be_decoded_by_what_is_decided(raw: bytes, name: str) -> None:
    codec, _ = decided(raw, name)
    raw.decode(codec)
