"""Promise: what a writer gives parses back to the same values, and what is null is left out."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from canonical.amounts import Money, Quantity
from canonical.identifiers import Property
from canonical.order import Item, LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from canonical.price import Price
from canonical.punchout import Cart, CartLine, Profile, StatusUpdate, Transaction
from mappings.engine.library import MappingError
from tests.mappings.workbench import SHIPPED, codes, message, writer

STATUS = """
element:
  Root:
    attributes: {code: src.code, text: src.text, comment: src.comment}
    children:
      Text: src.text
      Comment: src.comment
      Empty: {children: {Inner: src.payload_id}}
      Kept: {text: src.payload_id, keep: yes}
"""


def written(document: object, body: str = STATUS, **context: str) -> str:
    result = writer(body, type(document).__name__).write(document, **context)  # type: ignore[arg-type]
    assert result.markup is not None, result.faults
    return result.markup.text


def test_null_is_left_out_with_the_elements_that_would_hold_it() -> None:
    expected = '<Root code="1" text="x"><Text>x</Text><Kept></Kept></Root>'
    assert written(StatusUpdate(code=1, text="x")) == expected


XML_TEXT = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30
)
ODD_TEXT = st.text(max_size=20)


@settings(max_examples=200, deadline=None)
@given(XML_TEXT, XML_TEXT)
@example("a&b<c>\"d'", "]]>&amp;")
@example("\u00a0\u2028 x", "{} {{x}} \\ '")
def test_every_value_reads_back_the_same(text: str, comment: str) -> None:
    root = message(written(StatusUpdate(code=1, text=text, comment=comment))).element
    clean = text.translate({0xFFFE: None, 0xFFFF: None})
    assert root.get("text") == clean
    assert next(child.text or "" for child in root) == clean
    assert root.get("comment") == comment.translate({0xFFFE: None, 0xFFFF: None})


@settings(max_examples=100, deadline=None)
@given(ODD_TEXT)
@example("\x00\x0b\ud800\ufffe")
@example("line\r\nline\ttab")
def test_any_text_gives_well_formed_markup(text: str) -> None:
    result = writer(STATUS).write(StatusUpdate(code=1, text=text))
    assert result.markup is not None
    root = message(result.markup.text).element
    kept = "".join(
        c
        for c in text
        if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    assert root.get("text") == kept
    assert next(child.text or "" for child in root) == kept
    assert ("MAP-012" in codes(result)) == (kept != text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "expected"),
    [("10.00", "10.00"), ("1E+3", "1000"), ("1E-9", "0.000000001"), ("-0.5", "-0.5")],
)
def test_numbers_are_written_plainly(number: str, expected: str) -> None:
    cart = Cart(cart_id="c", currency="SEK", lines=(), buyer_cookie="x",
                total=Money(amount=Decimal(number), currency="SEK"))  # fmt: skip
    assert written(cart, "element: {T: src.total.amount}") == f"<T>{expected}</T>"


def test_times_are_written_in_iso_form() -> None:
    profile = Profile(effective_at=datetime(2026, 11, 22, tzinfo=UTC), transactions=())
    assert written(profile, "element: {T: src.effective_at}") == "<T>2026-11-22T00:00:00+00:00</T>"


def test_since_and_until_follow_the_version() -> None:
    body = "element: {R: {keep: yes, children: {A: {text: src.text, since: 1.2.050}, B: {text: src.text, until: 1.2.049}}}}"  # noqa: E501
    document = StatusUpdate(code=1, text="x")
    assert written(document, body, version="1.2.014") == "<R><B>x</B></R>"
    assert written(document, body, version="1.2.050") == "<R><A>x</A></R>"
    assert written(document, body) == "<R><A>x</A></R>"


def test_a_required_value_that_is_missing_is_an_error() -> None:
    result = writer("element: {R: {text: src.comment, required: yes}}").write(
        StatusUpdate(code=1, text="x")
    )
    assert result.markup is None
    assert [(fault.code, fault.target, fault.source) for fault in result.faults] == [
        ("MAP-001", "R", "cxml/test.yaml:3")
    ]


def test_rows_follow_each_and_where() -> None:
    profile = Profile(
        effective_at=datetime(2026, 1, 1, tzinfo=UTC),
        transactions=(
            Transaction(name="a", url="u&1"),
            Transaction(name="b", url="u2"),
            Transaction(name="c", url="u3"),
        ),
    )
    body = "element: {T: {each: src.transactions, as: t, where: t.name != 'b', attributes: {n: t.name}, text: t.url}}"  # noqa: E501
    assert written(profile, body) == '<T n="a">u&amp;1</T><T n="c">u3</T>'


def test_tables_are_used_the_other_way_round() -> None:
    table = "from,to\nEACH,x\nPCE,x\n"
    compiled = writer("element: {T: {text: src.text, table: units}}", units=table)
    result = compiled.write(StatusUpdate(code=1, text="x"))
    assert result.markup is not None
    assert result.markup.text == "<T>EACH</T>"
    assert codes(compiled.write(StatusUpdate(code=1, text="y"))) == ["MAP-006"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cookie", "inside", "faults"),
    [
        ("plain", "plain", []),
        ("a &amp; b", "a &amp; b", []),
        ("x<m a='1'/>y", "x<m a='1'/>y", []),
        ("</BuyerCookie><Evil/>", "&lt;/BuyerCookie&gt;&lt;Evil/&gt;", ["MAP-016"]),
        ("a & b", "a &amp; b", ["MAP-016"]),
        ("&undeclared;", "&amp;undeclared;", ["MAP-016"]),
        ("<p:x/>", "&lt;p:x/&gt;", ["MAP-016"]),
        ("<!DOCTYPE x>", "&lt;!DOCTYPE x&gt;", ["MAP-016"]),
    ],
)
def test_markup_is_written_back_only_when_it_is_markup(
    cookie: str, inside: str, faults: list[str]
) -> None:
    cart = Cart(cart_id="c", currency="SEK", lines=(), buyer_cookie=cookie)
    result = writer("element: {R: {raw: src.buyer_cookie}}", "Cart").write(cart)
    assert result.markup is not None
    assert result.markup.text == f"<R>{inside}</R>"
    assert codes(result) == faults  # type: ignore[arg-type]


def make_cart(**fields: object) -> Cart:
    line = CartLine(
        line_id="1",
        item=Item(sku="A", auxiliary_id="aux"),
        quantity=Quantity(value=Decimal(2), unit="EA"),
        description="Bolt",
        price=Price(amount=Decimal("100.00"), currency="SEK", base_quantity=Decimal(3)),
        properties=(Property(name="p", value="v"),),
    )
    values = {"cart_id": "c", "currency": "SEK", "lines": (line,), "buyer_cookie": "x"}
    return Cart(**{**values, **fields})  # type: ignore[arg-type]


def cart_text(cart: Cart, **context: str) -> tuple[str, list[str]]:
    found = SHIPPED.writer("cxml", Cart)
    assert found is not None
    result = found.write(cart, **context)
    assert result.markup is not None, result.faults
    return result.markup.text, codes(result)  # type: ignore[arg-type]


def test_a_price_per_several_units_is_divided_for_old_versions_and_said() -> None:
    text, faults = cart_text(make_cart(), version="1.2.014")
    assert '<Money currency="SEK">33.333333</Money>' in text
    assert "PriceBasisQuantity" not in text
    assert faults == ["MAP-011"]
    text, faults = cart_text(make_cart(), version="1.2.071")
    assert '<PriceBasisQuantity quantity="3" conversionFactor="1">' in text
    assert faults == []


def test_a_cart_without_total_gets_the_sum_of_its_lines() -> None:
    text, _ = cart_text(make_cart())
    assert '<Total><Money currency="SEK">66.67</Money></Total>' in text


def test_a_cancelled_cart_says_status_204() -> None:
    text, _ = cart_text(make_cart(lines=(), cancelled=True))
    assert text.startswith('<Status code="204" text="No Content"/><PunchOutOrderMessage>')


@pytest.mark.parametrize(
    ("status", "delivery", "header"),
    [
        ("accepted", None, "accept"),
        ("accepted", date(2026, 1, 2), "detail"),
        ("changed", None, "detail"),
        ("rejected", None, "reject"),
    ],
)
def test_confirmation_types_follow_the_table(
    status: str, delivery: date | None, header: str
) -> None:
    line = OrderResponseLine(
        line_id="1",
        status=LineStatus.ACCEPTED,
        quantity=Quantity(value=Decimal(1), unit="EA"),
        delivery=delivery,
    )
    response = OrderResponse(
        response_id="r", order_id="o", issued_at=datetime(2026, 1, 1, tzinfo=UTC), status=ResponseStatus(status),  # noqa: E501
        currency="SEK", lines=(line,), order_payload_id="p",
    )  # fmt: skip
    found = SHIPPED.writer("cxml", "OrderResponse")
    assert found is not None
    result = found.write(response)
    assert result.markup is not None
    assert f' type="{header}"' in result.markup.text
    assert ("<ConfirmationItem" in result.markup.text) == (header == "detail")


WRONG: Mapping[str, str] = {
    "element: {R: src.texty}": "StatusUpdate has no field 'texty'; did you mean 'text'?",
    "element: {'R x': src.text}": "is no element name",
    "element: {R: {attributes: {'a b': src.text}}}": "expected an attribute's name",
    "element: {R: {txt: src.text}}": "unknown key 'txt'; did you mean 'text'?",
    "element: {R: {text: src.text, since: soon}}": "since: expected a version",
    "element: {R: {each: src.text}}": "`each` needs a list",
    "element: {R: src.identifiers}": "expected a text",
    "element: {R: src.code == 1}": "say which text",
    "element: {R: {use: none}}": "unknown group 'none'",
    "fields: {}": "needs `element`",
}


@pytest.mark.parametrize(("body", "words"), WRONG.items())
def test_a_wrong_mapping_is_refused_with_its_place(body: str, words: str) -> None:
    with pytest.raises(MappingError) as caught:
        writer(body)
    assert words in str(caught.value)


def test_a_comparison_with_what_an_enumeration_never_is_is_refused() -> None:
    with pytest.raises(MappingError, match="is never 'acepted'"):
        writer("element: {R: {when: src.status == 'acepted', text: src.order_id}}", "OrderResponse")
