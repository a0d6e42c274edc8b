"""A form says what its fields say, whatever its bytes: never one of two readings in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import has_errors
from protocols import form
from protocols.form import FormNode, Limits


def codes(read: form.Fields) -> list[str]:
    return [fault.code for fault in read.faults]


@pytest.mark.parametrize(
    ("content", "pairs"),
    [
        (b"a=1&b=2", (("a", "1"), ("b", "2"))),
        (b"?a=1", (("a", "1"),)),
        (b"  a=1\r\n", (("a", "1"),)),
        (b"a=1&&b=2&", (("a", "1"), ("b", "2"))),
        (b"a", (("a", ""),)),
        (b"=1", (("", "1"),)),
        (b"a=b=c", (("a", "b=c"),)),
        (b"a+b=c+d%2B", (("a b", "c d+"),)),
        (b"%7Ea=%26%3D", (("~a", "&="),)),
        (b"a=%C3%A5", (("a", "å"),)),
        ("a=å".encode(), (("a", "å"),)),
    ],
)
def test_fields_are_read_in_order_with_their_escapes(content: bytes, pairs: object) -> None:
    read = form.read(content)
    assert (read.pairs, read.faults, read.charset) == (pairs, (), "utf-8")


@pytest.mark.parametrize(
    ("content", "declared", "value", "charset", "found"),
    [
        (b"a=%E5%80", None, "å€", "cp1252", []),
        (b"a=%E5", "ISO-8859-1", "å", "cp1252", []),
        (b"a=%C3%A5", "ISO-8859-1", "Ã¥", "cp1252", []),
        (b"a=%E5", "utf-8", "å", "cp1252", ["FORM-006"]),
        (b"a=%C3%A5", "UTF8", "å", "utf-8", []),
        (b"a=%C3%A5", "4110", "å", "utf-8", []),
        (b"a=%81%8D", "1100", "\x81\x8d", "cp1252", []),
        (b"a=%C3%A5", "klingon", "å", "utf-8", ["FORM-006"]),
    ],
)
def test_the_charset_is_the_declared_one_where_the_bytes_allow(
    content: bytes, declared: str | None, value: str, charset: str, found: list[str]
) -> None:
    read = form.read(content, charset=declared)
    assert (read.pairs[0][1], read.charset, codes(read)) == (value, charset, found)


@pytest.mark.parametrize("content", [b"", b"  \r\n", b"?", b"&&&"])
def test_a_form_without_fields_is_told(content: bytes) -> None:
    assert codes(form.read(content)) == ["FORM-001"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a=" + b"x" * 99, "FORM-002"),
        (b"a&" * 12, "FORM-003"),
        (b"a" * 11 + b"=1", "FORM-004"),
        (b"a=" + b"x" * 31, "FORM-004"),
    ],
)
def test_what_is_too_much_is_not_read_at_all(content: bytes, code: str) -> None:
    read = form.read(content, limits=Limits(size=80, fields=10, name=10, value=30))
    assert codes(read) == [code]
    assert has_errors(read.faults)
    assert read.pairs == ()


def test_a_loose_percent_sign_stands_as_it_is_and_is_told_without_its_value() -> None:
    read = form.read(b"PASSWORD=100%&b=%zz&c=%4")
    assert [value for _, value in read.pairs] == ["100%", "%zz", "%4"]
    assert codes(read) == ["FORM-005"] * 3
    assert "100" not in repr(read.faults)


@pytest.mark.parametrize("content", [b"a=%00", b"a%00=1", b"a=%1B", b"a=%7f", b"a=x\x00y"])
def test_control_characters_are_an_error(content: bytes) -> None:
    read = form.read(content)
    assert codes(read) == ["FORM-007"]
    assert has_errors(read.faults)


def test_tabs_and_line_breaks_are_none() -> None:
    assert form.read(b"a=1%09%0D%0A2").faults == ()


def test_two_values_are_an_error_where_the_field_decides() -> None:
    faults: list[form.Fault] = []
    pairs = [("HOOK_URL", "a"), ("~hook_url", "b"), ("x", "1"), ("X", "1"), ("x", "2")]
    values = form.once(pairs, faults, frozenset({"HOOK_URL"}))
    assert values == {"HOOK_URL": "a", "X": "1"}
    assert [fault.code for fault in faults] == ["FORM-008", "FORM-009", "FORM-009"]


def test_the_same_value_twice_is_only_told() -> None:
    faults: list[form.Fault] = []
    form.once([("HOOK_URL", "a"), ("hook_url", "a")], faults, frozenset({"HOOK_URL"}))
    assert [fault.code for fault in faults] == ["FORM-009"]


def test_line_breaks_and_lost_characters_leave_as_browsers_send_them() -> None:
    pairs = [("text", "one\ntwo\r\nthree\rfour"), ("sign", "€ ☃")]
    assert form.read(form.write(pairs, "cp1252"), charset="iso-8859-1").pairs == (
        ("text", "one\r\ntwo\r\nthree\r\nfour"),
        ("sign", "€ &#9731;"),
    )


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8))
def test_what_is_written_is_read_back(pairs: list[tuple[str, str]]) -> None:
    assert form.read(form.write(pairs)).pairs == tuple(pairs)


ODD = st.text("a\x00\x1e\x1f\x7f%+ =&~å€", max_size=6)
RAW = st.text("a\x00+", max_size=4)


@given(st.lists(st.tuples(ODD, ODD), min_size=1))
def test_no_character_is_taken_for_a_separator(pairs: list[tuple[str, str]]) -> None:
    assert form.read(form.write(pairs)).pairs == tuple(pairs)


@given(st.lists(st.tuples(RAW, RAW), min_size=1))
def test_raw_null_bytes_move_no_field(pairs: list[tuple[str, str]]) -> None:
    content = "&".join(f"{name}={value}" for name, value in pairs).encode()
    read = form.read(b"x=1&" + content).pairs
    assert [value for _, value in read[1:]] == [value.replace("+", " ") for _, value in pairs]


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=20)))
def test_reading_never_raises(content: bytes, charset: str | None) -> None:
    read = form.read(content, charset=charset)
    assert read.pairs or has_errors(read.faults)
    form.once(read.pairs, [], frozenset({"A"}))


PIECES = st.sampled_from(
    [
        b"a=1",
        b"HOOK_URL=",
        b"%",
        b"%4",
        b"%00",
        b"%ff",
        b"&",
        b"=",
        b"~",
        b"+",
        b"?",
        b"\xe5",
        b"A=2",
    ]
)


@given(st.lists(PIECES, max_size=40))
def test_malformed_forms_never_raise_and_say_nothing_twice(pieces: list[bytes]) -> None:
    read = form.read(b"".join(pieces))
    assert len(read.faults) <= form.MAX_FAULTS
    assert {fault.code for fault in read.faults} <= set(form.fault.kinds)


def test_a_node_has_the_members_that_mappings_walk() -> None:
    node = FormNode("a", None, [FormNode("b", "1", attrib={"name": "x"})])
    (child,) = node
    assert (child.tag, child.text, child.tail, child.sourceline) == ("b", "1", None, None)
    assert (child.get("name"), child.get("other"), list(child)) == ("x", None, [])


@pytest.mark.parametrize(
    ("media_type", "charset"),
    [
        ("application/x-www-form-urlencoded; charset=ISO-8859-1", "ISO-8859-1"),
        ('application/x-www-form-urlencoded;Charset="utf-8"', "utf-8"),
        ("application/x-www-form-urlencoded", None),
        ("charset", None),
    ],
)
def test_the_media_type_may_name_the_charset(media_type: str, charset: str | None) -> None:
    assert form.charset_of(media_type) == charset
