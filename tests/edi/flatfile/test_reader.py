"""A flat file becomes messages of rows, each with all that is wrong with it and where."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from canonical.faults import Fault, Severity
from canonical.wire import Message
from edi.flatfile.dialect import FlatDialect
from edi.speaking import rendered
from tests.edi.flatfile.making import (
    DIALECT,
    FIXED,
    GOOD,
    LIST,
    all_codes,
    codec,
    read,
    schema,
)
from tests.memory import measured

LINE = "L;1;SKU1;1,5;ST\r\n"
HEAD = "H;PO-1;2026-11-22\r\n"


def test_records_stand_below_their_parents_in_our_spelling() -> None:
    messages, found = read(GOOD)
    assert found == []
    assert [message.faults for message in messages] == [(), ()]
    assert [message.tree.root for message in messages] == [
        [
            [""],
            [
                ["head", "PO-1", "2026-11-22", ""],
                [["line", "1", "SKU1", "1.5", "ST", ""], [["text", "Blå"]]],
                [["line", "2", "SKU2", "10", "KG", ""]],
            ],
        ],
        [[""], [["head", "PO-2", "2026-11-23", ""], [["line", "1", "SKU3", "3", "ST", ""]]]],
    ]
    assert [message.name for message in messages] == ["orders", "orders"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("T;Blå", "X;Blå", ["FLAT-101"]),
        ("L;2;SKU2;10;KG\r\n", "L;2;SKU2;10;KG\r\nE;2\r\n", ["FLAT-103", "FLAT-107"]),
        ("L;1;SKU3;3;ST\r\nE;3", "E;2", ["FLAT-105"]),
        ("T;Blå\r\n", "L;8;SKU8;1\r\nL;9;SKU9;1\r\n", ["FLAT-107", "FLAT-009"]),
        ("2026-11-23", "", ["FLAT-110"]),
        ("2026-11-23", "2026-11-23;abc", ["FLAT-112"]),
        ("2;SKU2;10;KG", "2;SKU2;10;KG;;more", ["FLAT-113"]),
        ("SKU2", "S", ["FLAT-120"]),
        ("SKU2", "SKU2-and-more", ["FLAT-121"]),
        ("10;KG", "1O;KG", ["FLAT-122"]),
        ("10;KG", "10.5;KG", ["FLAT-122"]),
        ("10;KG", "10,5555;KG", ["FLAT-122"]),
        ("10;KG", "1234567890;KG", ["FLAT-121"]),
        ("10;KG", "10;KG;A1", ["FLAT-123"]),
        ("2026-11-22", "2026-11-31", ["FLAT-124"]),
        ("2026-11-22", "22.11.2026", ["FLAT-124"]),
        ("KG", "kg", ["FLAT-126"]),
        ("Blå", '"Blå', ["FLAT-005"]),
        ("E;3", "E;4", ["FLAT-009"]),
        ("\r\nE;3", "", ["FLAT-105"]),
    ],
)
def test_every_mistake_has_its_code(old: str, new: str, codes: list[str]) -> None:
    assert GOOD.count(old) >= 1
    assert all_codes(GOOD.replace(old, new, 1)) == codes


def test_a_fault_is_shown_with_its_line_and_a_caret() -> None:
    unlimited = schema(**{'    repeats: "3"\n': ""})
    (message, _), _ = read(GOOD.replace("1,5", "1O,5"), unlimited)
    (fault,) = message.faults
    assert rendered(fault).splitlines() == [
        "FLAT-122: a value is not a number",
        "  line 2, column 10, byte 28; message 1",
        "  orders/head/line[1]/quantity · ordered quantity of line 1",
        "    L;1;SKU1;1O,5;ST",
        "             ^^^^",
        "  found “1O,5”, expected n..9 with at most 3 decimals behind ',', by s.yaml:23",
        "  → letter O instead of 0?",
    ]


def test_records_that_are_expected_are_named_by_their_types_too() -> None:
    (message, _), _ = read(GOOD.replace("T;Blå", "X;Blå"))
    assert [(one.code, one.expected) for one in message.faults] == [
        ("FLAT-101", "text (T), line (L)")
    ]


def test_a_bad_message_does_not_sink_its_neighbour() -> None:
    (bad, good), found = read(GOOD.replace("2026-11-22", "soon").encode("cp1252"))
    assert [one.code for one in bad.faults] == ["FLAT-124"]
    assert (good.faults, found) == ((), [])


def test_a_record_before_any_message_belongs_to_the_file() -> None:
    messages, found = read(LINE + GOOD)
    assert [one.code for one in found] == ["FLAT-102", "FLAT-009"]
    assert len(messages) == 2


def test_a_file_without_a_record_is_a_mistake_or_an_empty_list() -> None:
    assert all_codes("\r\n") == ["FLAT-001"]
    lenient = schema(flat="empty: list\nflat")
    assert read("", lenient) == ([], [])
    (message,), found = read("", schema(LIST, flat="empty: list\nflat"))
    assert (message.tree.root, found) == ([[""]], [])


def test_bytes_that_are_no_characters_are_told() -> None:
    content = GOOD.encode("cp1252").replace(b"Bl\xe5", b"Bl\x81")
    (message, _), _ = read(content)
    (fault,) = message.faults
    assert (fault.code, fault.found, fault.place.column) == ("FLAT-003", "0x81", 5)


def test_a_byte_order_mark_goes_before_the_agreed_charset() -> None:
    messages, found = read(b"\xef\xbb\xbf" + GOOD.encode("utf-8"))
    assert [(one.code, one.severity) for one in found] == [("FLAT-002", Severity.NOTE)]
    assert messages[0].tree.root[1][1][1] == [["text", "Blå"]]


def test_a_line_that_never_ends_is_told_and_the_next_is_read() -> None:
    endless = "T;" + "x" * 1_000_000
    messages, found = read(GOOD.replace("T;Blå", endless))
    assert [one.code for one in messages[0].faults] == ["FLAT-004", "FLAT-121"]
    assert found == []
    assert messages[1].faults == ()


def test_more_faults_than_anybody_reads_are_cut_off() -> None:
    wrong = "".join(f"L;{n};SKU;x\r\n" for n in range(2_000))
    assert "FLAT-199" in all_codes(HEAD + wrong + "E;2000")


def test_the_partner_says_how_much_a_fault_weighs() -> None:
    content = GOOD.replace("KG", "kg").replace("E;3", "E;9").encode("cp1252")
    weights = {"FLAT-126": "note", "FLAT-009": "ignore"}
    agreed = FlatDialect(schema="orders", severities=weights)
    reading = codec().read(content, "", dialect=agreed)
    assert [one.severity for one in reading.messages[0].faults] == [Severity.NOTE]
    assert reading.faults == ()


def test_a_field_may_weigh_less_than_others() -> None:
    lenient = schema(**{"codes: [ST, KG]": "codes: [ST, KG], severity: warning"})
    messages, _ = read(GOOD.replace("KG", "kg"), lenient)
    assert [one.severity for one in messages[0].faults] == [Severity.WARNING]


def test_fixed_positions_zeros_and_implied_decimals() -> None:
    text = (
        "HPO-1      20261122\r\nLSKU-1     000012300042\r\nLSKU-2     \r\nHPO-2      00000000\x1a"
    )
    messages, found = read(text, schema(FIXED))
    assert found == []
    assert [message.tree.root[1:] for message in messages] == [
        [
            [
                ["head", "PO-1", "2026-11-22"],
                [["line", "SKU-1", "1.23", "42"]],
                [["line", "SKU-2", "", ""]],
            ]
        ],
        [[["head", "PO-2", ""]]],
    ]


def test_the_place_of_a_fixed_field_is_its_value() -> None:
    (message,), _ = read("HPO-1      20261131\n", schema(FIXED))
    (fault,) = message.faults
    assert (fault.code, fault.place.column, fault.place.mark) == ("FLAT-124", 12, (11, 19))


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    text = 'extra,price,"article  no"\n1,"2.50",A1\n2,,A2\n'
    (message,), found = read(text, schema(LIST))
    assert message.faults == ()
    assert message.tree.root[1:] == [[["item", "A1", "2.50", ""]], [["item", "A2", "", ""]]]
    assert [(one.code, one.found) for one in found] == [("FLAT-007", "extra")]


def test_headings_that_are_missing_or_twice_are_told() -> None:
    assert all_codes("Price,price\n1,2\n", schema(LIST)) == ["FLAT-110", "FLAT-008", "FLAT-006"]


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends() -> None:
    (message,), found = read('Article No,Name\nA1,"a ""b"",\nc"\nA2,d\n', schema(LIST))
    assert (message.faults, found) == ((), [])
    assert message.tree.root[1][0] == ["item", "A1", "", 'a "b",\nc']
    assert message.tree.root[2][0] == ["item", "A2", "", "d"]


def test_opening_records_stand_in_every_message() -> None:
    opened = "records:\n  start:\n    type: F\n    fields: {sender: an..10}\n"
    messages, found = read("F;ACME\r\n" + GOOD, schema(**{"records:\n": opened}))
    assert found == []
    assert [message.tree.root[1] for message in messages] == [[["start", "ACME"]]] * 2


def test_several_records_may_make_one_message() -> None:
    together = schema(**{"message: head": 'message: head\ntogether: "2"'})
    messages, found = read(GOOD, together)
    assert (len(messages), messages[0].faults, found) == (1, (), [])


def test_where_a_row_stood_is_found_again() -> None:
    (_, message), _ = read(GOOD)
    line = message.tree.root[1][1][0]
    place = message.tree.place(line, 3, None)
    assert (place.line, place.column, place.offset) == (6, 10, GOOD.index("3;ST"))


def test_an_unknown_schema_is_told() -> None:
    reading = codec().read(b"x", "text/plain; schema=other")
    assert [one.code for one in reading.faults] == ["FLAT-010"]


@given(st.binary() | st.text(alphabet='HLTE;"\r\n1,-PO').map(str.encode))
@example(b'H;"\n"\n')
def test_reading_never_raises_on_any_bytes(content: bytes) -> None:
    for made in (schema(), schema(FIXED), schema(LIST)):
        reading = codec(made).read(content, "", dialect=DIALECT)
        for fault in reading.faults:
            assert rendered(fault)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 20), st.text(max_size=3))
def test_a_mutant_is_read_with_faults_in_its_bounds(at: int, size: int, put: str) -> None:
    content = (GOOD[:at] + put + GOOD[at + size :]).encode("cp1252", "replace")
    messages, found = read(content)
    for fault in [*found, *(one for message in messages for one in message.faults)]:
        assert fault.place is None or (fault.place.offset or 0) <= len(content)


@given(st.lists(st.integers(1, 40), max_size=20))
def test_pieces_of_any_size_give_the_same(sizes: list[int]) -> None:
    content, pieces, at = GOOD.encode("cp1252"), [], 0
    for size in sizes:
        pieces.append(content[at : at + size])
        at += size
    units = list(codec().messages([*pieces, content[at:]], DIALECT))
    assert [unit.tree.root for unit in units if isinstance(unit, Message)] == [
        message.tree.root for message in read(content)[0]
    ]


def test_a_large_file_is_streamed_in_bounded_memory() -> None:
    def chunks() -> Iterator[bytes]:
        for number in range(4_000):
            lines = "".join(f"L;{n};SKU{n};1,5;ST\r\n" for n in range(3))
            yield f"H;PO-{number};2026-11-22\r\n{lines}".encode()
        yield b"E;12000\r\n"

    reader = codec()
    list(reader.messages((GOOD.encode("cp1252"),), DIALECT))
    with measured() as memory:
        count, found = 0, []
        for unit in reader.messages(chunks(), DIALECT):
            if isinstance(unit, Fault):
                found.append(unit)
            else:
                count += not unit.faults
    assert (count, found) == (4_000, [])
    assert memory.most < 4_000_000
