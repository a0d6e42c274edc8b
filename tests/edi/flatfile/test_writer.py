"""What mappings write leaves as the schema says; nothing is cut off or lost in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.wire import Envelope, Markup
from edi.bodies import Long
from edi.flatfile.dialect import FlatDialect
from edi.flatfile.schema import Schema
from edi.flatfile.writer import UNWRITABLE, Writer
from tests.edi.flatfile.making import FIXED, LIST, codec, read, schema

ENVELOPE = Envelope(message_id="")


def body(*rows: tuple[str, ...]) -> Markup:
    return Markup("orders", "".join("\x1f".join(row) + "\x1e" for row in rows))


ORDER = body(
    ("head", "PO-1", "2026-11-22"), ("line", "1", "SKU1", "1.5", "ST"), ("text", "Blå; \"x\""),
    ("end",),
)  # fmt: skip


def written(*bodies: Markup | Long, made: Schema | None = None) -> str:
    made = made or schema()
    return b"".join(Writer(made).file(bodies)).decode(made.charset)


def codes(one: Markup, made: Schema, **dialect: str) -> tuple[list[str], list[str]]:
    """Return what the writer says and what the check of its file says."""
    agreed = FlatDialect(schema="orders", **dialect)
    writer = Writer(made, agreed.substitute)
    list(writer.file((one,)))
    payload = codec(made).write(one, ENVELOPE, agreed)
    found = codec(made).check(payload, "orders", agreed)
    return [each.code for each in writer.faults], [each.code for each in found]


def test_a_delimited_file_is_quoted_and_counted() -> None:
    assert written(ORDER) == 'H;PO-1;2026-11-22;\r\nL;1;SKU1;1,5;ST;\r\nT;"Blå; ""x"""\r\nE;1\r\n'


def test_what_is_written_is_read_back() -> None:
    messages, found = read(written(ORDER))
    assert found == []
    assert messages[0].faults == ()
    assert messages[0].tree.root[1] == [
        ["head", "PO-1", "2026-11-22", ""],
        [["line", "1", "SKU1", "1.5", "ST", ""], [["text", 'Blå; "x"']]],
    ]


@pytest.mark.parametrize(
    ("says", "codec"),
    [
        ("cp1252", "cp1252"), ("iso-8859-1", "latin-1"), ("iso-8859-15", "iso8859-15"),
        ("cp850", "cp850"), ("UTF-8", "utf-8"), ("UTF-8\nbyte_order_mark: yes", "utf-8-sig"),
    ],
)  # fmt: skip
def test_letters_go_out_and_come_back_in_the_agreed_charset(says: str, codec: str) -> None:
    made = schema(LIST, delimiter=f"charset: {says}\ndelimiter")
    content = b"".join(Writer(made).file((body(("item", "A1", "", "Blå kätting")),)))
    assert content == "Article No,Price,Name\nA1,,Blå kätting\n".encode(codec)
    (message,) = read(content, made)[0]
    assert message.tree.root[1][0] == ["item", "A1", "", "Blå kätting"]


def test_a_fixed_file_is_filled_up() -> None:
    rows = body(("head", "PO-1", ""), ("line", "SKU-1", "12.3", "42"))
    assert written(rows, made=schema(FIXED)) == "HPO-1              \r\nLSKU-1     000123000042\r\n"


def test_headings_stand_first_even_in_an_empty_list() -> None:
    made = schema(LIST)
    assert written(body(), made=made) == "Article No,Price,Name\n"
    assert written(body(("item", "A,1", "2")), made=made) == 'Article No,Price,Name\n"A,1",2.00,\n'


def test_quotes_marks_and_ends_are_as_agreed() -> None:
    made = schema(
        LIST, **{"headings: yes": "byte_order_mark: yes\nquoting: all\ntrailing_delimiter: yes"}
    )
    assert written(body(("item", "A1", "", "x")), made=made) == '\ufeff"A1",,"x",\n'


def test_a_long_body_is_written_as_it_is_made() -> None:
    def items() -> list[str]:
        return [f"item\x1fA{number}\x1f{number}\x1e" for number in range(3)]

    text = written(Long("orders", "", items(), lambda _: ""), made=schema(LIST))
    assert text == "Article No,Price,Name\nA0,0.00,\nA1,1.00,\nA2,2.00,\n"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("line", "1", "SKU", "1", "ST", "EU"), None),
        (("line", "1", "S\u0142", "1", "ST"), "FLAT-050"),
        (("line", "1", "SKU-TOO-LONG", "1", "ST"), "FLAT-051"),
        (("line", "1", "SKU", "1.55555", "ST"), "FLAT-051"),
        (("line", "1", "SKU", "1", "BOX"), "FLAT-052"),
    ],
)
def test_what_cannot_be_written_is_told_by_writer_and_check(
    row: tuple[str, ...], code: str | None
) -> None:
    one = body(("head", "PO-1", "2026-11-22"), row, ("end",))
    by_writer, by_check = codes(one, schema())
    assert by_check == ([code] if code else [])
    assert len(by_writer) == len(by_check)


def test_what_stands_for_a_character_is_no_fault() -> None:
    one = body(("head", "PO-1", "2026-11-22"), ("line", "1", "S\u0142", "1", "ST"), ("end",))
    assert codes(one, schema(), substitute="?") == ([], [])


def test_a_file_without_quotes_cannot_hold_its_delimiter() -> None:
    made = schema(LIST, **{"headings: yes": "quote: none"})
    assert codes(body(("item", "A,1")), made) == (["FLAT-050"], ["FLAT-050"])


def test_a_fixed_field_is_never_cut_in_silence() -> None:
    one = body(("head", "PO-1234567890", ""))
    text = written(one, made=schema(FIXED))
    assert text == f"HPO-123456{UNWRITABLE}        \r\n"
    assert codes(one, schema(FIXED)) == (["FLAT-051"], ["FLAT-051"])


def test_a_record_that_the_schema_lacks_is_our_mistake() -> None:
    with pytest.raises(LookupError, match="no record 'nothing'"):
        written(body(("nothing", "x")))


TEXT = st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Zs", "Zl"]), max_size=10)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXT.filter(lambda text: len(text) > 1), TEXT), max_size=5))
def test_any_texts_come_back(pairs: list[tuple[str, str]]) -> None:
    made = schema(LIST, delimiter="charset: cp1252\ndelimiter")
    rows = body(*(("item", sku, "", name) for sku, name in pairs))
    (message,) = read(written(rows, made=made), made)[0] or [None]
    if not pairs:
        assert message is None
        return
    assert message is not None
    assert [branch[0][1::2] for branch in message.tree.root[1:]] == [list(one) for one in pairs]
