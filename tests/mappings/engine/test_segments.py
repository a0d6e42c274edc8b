"""Promise: a document becomes the segments that the mapping names, each value at its place."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.identifiers import Property
from canonical.order import Item
from canonical.punchout import Cart, CartLine, StatusUpdate
from canonical.rows import PROTECTED, SEPARATORS
from mappings.engine.library import Library, MappingError, Source, Written
from tests.mappings.segments import NEW, OLD, layouts, message, reader, writer


def line(**item: str) -> CartLine:
    return CartLine(
        line_id="1", item=Item(**item), quantity=Quantity(value=Decimal("2.50"), unit="EA"),
        description="d",
        properties=(Property(name="a", value="b"), Property(name="x", value="y")),
    )  # fmt: skip


def cart(*lines: CartLine, **fields: object) -> Cart:
    values: dict[str, object] = {
        "cart_id": "C1", "currency": "SEK", "buyer_cookie": "x", "lines": lines,
    }  # fmt: skip
    return Cart(**{**values, **fields})  # type: ignore[arg-type]


def written(body: str, document: Document, **context: str) -> Written:
    return writer(body, type(document).__name__).write(document, **context)


def text_of(body: str, document: Document, **context: str) -> str:
    result = written(body, document, **context)
    assert result.markup is not None, result.faults
    return result.markup.text


STATUS = """
segments:
  FTX: {4451: "'AAI'", "4440[2]": src.comment, "4440[4]": src.payload_id}
"""


@pytest.mark.parametrize(
    ("comment", "payload_id", "expected"),
    [
        (None, None, ""),
        ("a", None, "FTX+AAI+++:a'"),
        (None, "b", "FTX+AAI+++:::b'"),
        ("a", "b", "FTX+AAI+++:a::b'"),
        ("", "", ""),
    ],
)
def test_empty_values_are_left_out_and_constants_alone_say_nothing(
    comment: str | None, payload_id: str | None, expected: str
) -> None:
    document = StatusUpdate(code=1, text="x", comment=comment, payload_id=payload_id)
    assert text_of(STATUS, document) == expected


CASES = {
    "UNS: {0081: \"'S'\"}": "UNS+S'",
    "UNS: {keep: yes}": "UNS'",
    "BGM: {1001: \"'220'\", 1004: src.text}": "BGM+220+x'",
    "BGM: {1001: \"'220'\", 1004: src.comment}": "",
    "BGM: {1001: src.code, 1004: src.comment, 1225: src.payload_id}": "BGM+1'",
    "LIN: {1082: src.code, 7140: src.comment, 7143: \"'EN'\"}": "LIN+1'",
    "LIN: {1082: src.code, 7140: src.text, 7143: \"'EN'\", 3055: src.comment}": "LIN+1++x:EN'",
    "LIN: {1082: src.code, 7140: src.comment, 7143: src.payload_id, 3055: \"'9'\"}": "LIN+1'",
    "LIN: {1082: src.code, 7140: src.comment, 7143: src.text, 1131: src.payload_id}": "LIN+1++:x'",
    "LIN: {7140: src.comment, 7143: \"'EN'\", 1229: src.text}": "LIN++x'",
    "LIN: {7143: \"'EN'\", 1229: src.text}": "LIN++x+:EN'",
    "QTY: {6063: \"'21'\", 6060: src.code, 6411: {from: src.comment, default: PCE}}": "QTY+21:1:PCE'",  # noqa: E501
    "QTY: {6063: \"'21'\", 6411: {from: src.comment, default: PCE}}": "",
    "BGM: {1004: {from: src.text, when: src.code == 2}}": "",
    "BGM: {1004: {from: src.text, max: 1}, when: src.code == 1}": "BGM++x'",
    "BGM: {1004: src.text, when: src.code == 2}": "",
    "one: {tag: BGM, 1004: src.text, segments: {UNS: {0081: \"'S'\"}}}": "BGM++x'UNS+S'",
    "one: {tag: BGM, 1004: src.comment, segments: {UNS: {0081: \"'S'\"}}}": "",
    "both: {segments: {BGM: {1004: src.text}, UNS: {0081: \"'S'\"}}}": "BGM++x'UNS+S'",
    "BGM: {with: src.payload_id, 1004: it}": "",
    "DTM: {2380: src.code, since: D.01B}": "",
    "DTM: {2380: src.code, until: D.96A}": "DTM+:1'",
}


@pytest.mark.parametrize(("entry", "expected"), CASES.items())
def test_a_segment_is(entry: str, expected: str) -> None:
    assert text_of(f"segments: {{{entry}}}", StatusUpdate(code=1, text="x")) == expected


def test_rows_groups_and_counts() -> None:
    document = cart(
        line(gtin="7350053850019", sku="A", buyer_sku="B"), line(sku="A+B"),
        total=Money(amount=Decimal("1E+3"), currency="SEK"),
    )  # fmt: skip
    body = """
    let: {currency: src.total.currency}
    groups:
      line:
        7140: line.item.gtin
        7143: "'SRV'"
        segments:
          PIA: {4347: "'1'", 7140: line.item.sku, 7143: "'SA'", "7140[2]": line.item.buyer_sku, "7143[2]": "'BP'"}
      end:
        UNS: {0081: "'S'"}
        CNT: {6069: "'2'", 6066: count(src.lines)}
    segments:
      MOA: {5025: "'86'", 5004: src.total.amount, 6345: currency}
      LIN:
        each: src.lines
        as: line
        use: line
        1082: string(row)
        segments:
          QTY: {6063: "'21'", 6060: line.quantity.value, 6411: line.quantity.unit}
          text: {tag: FTX, each: line.properties, as: one, where: one.name != 'x', 4451: one.name, 4440: one.value}
      end: {group: end}
    """  # noqa: E501
    assert text_of(body, document) == (
        "MOA+86:1000:SEK'"
        "LIN+1++7350053850019:SRV'PIA+1+A:SA+B:BP'QTY+21:2.50:EA'FTX+a+++b'"
        "LIN+2'PIA+1+A\x0fB:SA'QTY+21:2.50:EA'FTX+a+++b'"
        "UNS+S'CNT+2:2'"
    )


def test_an_element_stands_where_the_edition_has_it() -> None:
    body = "segments: {BGM: {1001: \"'220'\", 1004: src.text, 1056: src.comment}}"
    document = StatusUpdate(code=1, text="x", comment="2")
    found = writer(body)
    assert [found.write(document, version=name).markup.text for name in ("D.96A", "D.01B")] == [  # type: ignore[union-attr]
        "BGM+220+x'", "BGM+220+x:2'",
    ]  # fmt: skip
    assert found.write(document, layout=NEW).markup == found.write(document, version="D.01B").markup
    assert found.write(document).markup == found.write(document, layout=OLD).markup


def test_a_stream_may_use_a_group() -> None:
    body = """
    groups: {line: {1082: string(row), segments: {PIA: {4347: "'1'", 7140: line.item.sku}}}}
    segments:
      LIN: {each: src.lines, as: line, stream: yes, use: line, segments: {QTY: {6063: "'21'", 6060: line.quantity.value}}}
    """  # noqa: E501
    assert text_of(body, cart(line(sku="A"))) == "LIN+1'PIA+1+A'QTY+21:2.50'"


def test_rows_can_be_added_up() -> None:
    body = 'segments: {MOA: {5025: "\'79\'", 5004: "sum(src.lines, it.quantity.value)"}}'
    assert text_of(body, cart(line(), line())) == "MOA+79:5.00'"


def test_an_element_may_have_another_value_in_another_edition() -> None:
    body = """
    segments:
      LIN: {7140: src.text, 7143: {from: "'EN'", until: D.96A}, "7143[1]": {from: "'SRV'", since: D.01B}}
    """  # noqa: E501
    found = writer(body)
    document = StatusUpdate(code=1, text="x")
    assert [found.write(document, version=name).markup.text for name in ("D.96A", "D.01B")] == [  # type: ignore[union-attr]
        "LIN+++x:EN'", "LIN+++x:SRV'",
    ]  # fmt: skip


def test_a_segment_that_only_an_element_unknown_here_would_fill_is_left_out() -> None:
    body = "segments: {BGM: {1001: \"'220'\", 1056: src.comment}}"
    assert text_of(body, StatusUpdate(code=1, text="x", comment="2"), version="D.96A") == ""


def test_an_edition_that_nobody_knows_is_a_fault() -> None:
    result = written(
        "segments: {UNS: {0081: src.text}}", StatusUpdate(code=1, text="x"), version="D.10B"
    )
    assert result.markup is None
    assert [(fault.code, fault.found) for fault in result.faults] == [("MAP-018", "D.10B")]


@pytest.mark.parametrize(
    "entry",
    ["BGM: {1004: {from: src.comment, required: yes}}", "BGM: {1004: src.comment, required: yes}"],
)
def test_a_required_value_that_is_missing_is_an_error(entry: str) -> None:
    result = written(f"segments: {{{entry}}}", StatusUpdate(code=1, text="x"))
    assert result.markup is None
    assert [(fault.code, fault.source) for fault in result.faults] == [("MAP-001", "test.yaml:3")]


ROUND = 'segments: {BGM: {1004: src.text}, FTX: {4451: src.comment, "4440[2]": src.payload_id}}'
BACK = """
fields: {code: {const: 1}, text: src.BGM.@1004, comment: src.FTX.@4451, payload_id: "src.FTX.@4440[2]"}
"""  # noqa: E501
TEXTS = st.text(max_size=12)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
@example("+:'?*", "??'", "a\nb\x00")
@example("", "", "")
def test_every_text_reads_back_the_same(text: str, comment: str, payload_id: str) -> None:
    document = StatusUpdate(code=1, text=text or "x", comment=comment, payload_id=payload_id)
    result = written(ROUND, document)
    assert result.markup is not None
    lines = "UNH+1\n" + result.markup.text.replace("'", "\n")
    back = reader(BACK).read(message(lines, restored=RESTORED)).document
    expected = [shown(each) for each in (text or "x", comment, payload_id)]
    if expected[0] is not None:
        assert back is not None
        assert [back.text, back.comment, back.payload_id] == expected  # type: ignore[attr-defined]


RESTORED = {
    ord(control): sign for control, sign in zip(PROTECTED, SEPARATORS["edifact"], strict=True)
}


def shown(text: str) -> str | None:
    """Return what is left of a text: control characters are none, line ends are blanks."""
    blank = text.translate(dict.fromkeys(map(ord, "\t\n\v\f\r\x85"), " "))
    return "".join(c for c in blank if c >= " " and not "\x7f" <= c < "\xa0").strip() or None


def test_control_characters_are_left_out_and_reported() -> None:
    result = written(ROUND, StatusUpdate(code=1, text="a\x07b", comment="c\nd"))
    assert result.markup is not None
    assert result.markup.text == "BGM++ab'FTX+c d'"
    assert [fault.code for fault in result.faults] == ["MAP-012"]


STREAM = """
let: {name: src.cart_id, count: count(src.lines)}
segments:
  BGM: {1004: name}
  LIN: {each: src.lines, as: line, stream: yes, where: line.item.sku, 1082: string(row), segments: {PIA: {7140: line.item.sku}}}
  CNT: {6069: "'2'", 6066: count(src.lines)}
  end: {tag: UNS, 0081: name}
"""  # noqa: E501


class Once:
    """Give lines one by one, and never twice."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.held = 0

    def __iter__(self) -> Iterator[CartLine]:
        assert self.count
        count, self.count = self.count, 0
        for number in range(count):
            yield line(sku=f"S{number}") if number else line()


def test_a_stream_is_written_row_by_row_and_counts_what_it_wrote() -> None:
    document = cart()
    endless = Cart(cart_id="C1", currency="SEK", buyer_cookie="x", lines=Once(4))  # type: ignore[arg-type]
    stream = writer(STREAM, "Cart").stream(endless)
    assert stream is not None
    assert stream.head() == "BGM++C1'"
    items = stream.items()
    assert next(items) == "LIN+1'PIA++S1'"
    assert list(items) == ["LIN+2'PIA++S2'", "LIN+3'PIA++S3'"]
    assert stream.tail(2) == "CNT+2:2'UNS+C1'"
    assert (stream.faults, stream.stopped) == ((), False)
    whole = cart(line(), line(sku="S1"))
    assert text_of(STREAM, whole) == "BGM++C1'LIN+1'PIA++S1'CNT+2:1'UNS+C1'"
    assert text_of(STREAM, document) == "BGM++C1'CNT+2:0'UNS+C1'"
    assert writer(STREAM, "Cart").stream(document, version="D.10B") is None


def test_an_overlay_changes_one_value_of_one_segment() -> None:
    base = (
        "mapping: StatusUpdate -> edifact/TEST\nsegments: {BGM: {1001: \"'220'\", 1004: src.text}}"
    )
    library = Library({"w": Source("w.yaml", base)}, layouts=layouts)
    own = "extends: w\nsegments: {BGM: {1001: \"'105'\", 1004: {max: 1, truncate: yes}}, UNS: {0081: src.text}}"  # noqa: E501
    found = library.with_overlay({"w": Source("o.yaml", own)}).writer("edifact", "StatusUpdate")
    assert found is not None
    result = found.write(StatusUpdate(code=1, text="xyz"))
    assert result.markup is not None
    assert result.markup.text == "BGM+105+x'UNS+xyz'"


def test_a_mapping_that_writes_segments_needs_some() -> None:
    with pytest.raises(MappingError, match="needs `segments`"):
        writer("element: {R: src.text}")


WRONG = {
    "segments: {BGM: src.text}": "expected the elements of a segment",
    "segments: {BGM: {1004: src.texty}}": "StatusUpdate has no field 'texty'",
    "segments: {BGM: {1024: src.text}}": "BGM has no element 1024 in D.96A, D.01B",
    "segments: {BGN: {1004: src.text}}": "there is no segment 'BGN' in D.96A, D.01B",
    "segments: {BGM: {1004: src.text, wehn: src.text}}": "unknown key 'wehn'; did you mean 'when'?",
    "segments: {BGM: {1004: {from: src.text, maxx: 3}}}": "unknown key 'maxx'; did you mean 'max'?",
    "segments: {BGM: {'1004[0]': src.text}}": "'1004[0]' is no name of an element",
    "segments: {BGM: {1004: [x]}}": "expected an expression",
    "segments: {LIN: {each: src.text, 1082: row}}": "`each` needs a list, found a text",
    "segments: {BGM: {use: none, 1004: src.text}}": "unknown group 'none'",
    "segments: {x: {group: none}}": "unknown group 'none'",
    "segments: {BGM: {1004: src.text, since: soon}}": "since: expected a version",
    "segments: {a: {tag: LIN, each: src.identifiers, stream: yes, 1082: row}, "
    "b: {tag: LIN, each: src.identifiers, stream: yes, 1082: row}}": "only one entry can be a stream",  # noqa: E501
}


@pytest.mark.parametrize(("body", "words"), WRONG.items())
def test_a_wrong_mapping_is_refused_with_its_place(body: str, words: str) -> None:
    with pytest.raises(MappingError) as caught:
        writer(body)
    assert words in str(caught.value)
    assert str(caught.value).startswith("test.yaml:3")
