"""Items go home in numbered fields without holes, and come back the same however they are spelt."""

import base64
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.faults import has_errors
from canonical.wire import Envelope, Markup, Node, Reading
from protocols import form
from protocols.oci.codec import OciCodec
from protocols.oci.dialect import LongText, OciDialect, Variant
from protocols.oci.fields import FIELDS, NUMBERS
from protocols.xml import escape_text
from tests.reference import reference_folder

CODEC = OciCodec()
FORM = "application/x-www-form-urlencoded"
UTF8 = OciDialect(charset="UTF-8")
Item = dict[str, str]


def body(*items: Item, name: str = "Cart") -> Markup:
    """Return what a mapping would have written."""
    lines = "".join(
        "<NEW_ITEM>"
        + "".join(f"<{key}>{escape_text(value)}</{key}>" for key, value in item.items())
        + "</NEW_ITEM>"
        for item in items
    )
    return Markup(name, f"<{name}>{lines}</{name}>")


def written(*items: Item, dialect: OciDialect = UTF8) -> list[tuple[str, str]]:
    payload = CODEC.write(body(*items), Envelope(message_id=""), dialect)
    return list(CODEC.form(payload, dialect).fields)


def lines(reading: Reading) -> list[Item]:
    return [
        {str(field.tag): field.text or "" for field in node if field.tag != "FIELD"}
        for node in reading.messages[0].element
        if node.tag == "NEW_ITEM"
    ]


def read(content: str, dialect: OciDialect = UTF8) -> Reading:
    return CODEC.read(content.encode(), FORM, dialect=dialect)


def codes(reading: Reading) -> list[str]:
    return [fault.code for fault in reading.faults]


def test_items_are_numbered_from_one_in_the_order_of_the_mapping() -> None:
    assert written({"DESCRIPTION": "a", "QUANTITY": "1"}, {"DESCRIPTION": "b"}) == [
        ("NEW_ITEM-DESCRIPTION[1]", "a"),
        ("NEW_ITEM-QUANTITY[1]", "1"),
        ("NEW_ITEM-DESCRIPTION[2]", "b"),
    ]


def test_a_buyer_may_count_from_nought() -> None:
    names = [
        name
        for name, _ in written({"MATNR": "a"}, {"MATNR": "b"}, dialect=OciDialect(first_index=0))
    ]
    assert names == ["NEW_ITEM-MATNR[0]", "NEW_ITEM-MATNR[1]"]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        (LongText.EMPTY, "NEW_ITEM-LONGTEXT_1:132[]"),
        (LongText.ONE, "NEW_ITEM-LONGTEXT_1:132[1]"),
        (LongText.NUMBER, "NEW_ITEM-LONGTEXT_1:132[1]"),
    ],
)
def test_the_long_text_has_an_index_of_its_own(spelling: LongText, name: str) -> None:
    assert written({"LONGTEXT": "x" * 5_000}, dialect=OciDialect(longtext=spelling)) == [
        (name, "x" * 5_000)
    ]


def test_the_long_text_of_the_second_item_may_carry_its_number() -> None:
    dialect = OciDialect(longtext=LongText.NUMBER)
    pairs = written({"MATNR": "a"}, {"LONGTEXT": "b"}, dialect=dialect)
    assert pairs[-1] == ("NEW_ITEM-LONGTEXT_2:132[2]", "b")


def test_a_price_that_does_not_fit_is_written_for_more_of_them() -> None:
    assert written({"PRICE": "0.00123", "PRICEUNIT": "10"}) == [
        ("NEW_ITEM-PRICE[1]", "0.123"),
        ("NEW_ITEM-PRICEUNIT[1]", "1000"),
    ]


def test_a_field_of_another_name_leaves_only_where_the_buyer_takes_it() -> None:
    text = (
        '<Cart><NEW_ITEM><FIELD name="additional_cost">5</FIELD><FIELD name="NEW_ITEM_CERT">x'
        '</FIELD><FIELD name="CUST_FIELD5">y</FIELD><FIELD name="Colour">red</FIELD>'
        "</NEW_ITEM></Cart>"
    )
    dialect = OciDialect(custom_fields=("NEW_ITEM-ADDITIONAL_COST", "NEW_ITEM_CERT"))
    payload = CODEC.write(Markup("Cart", text), Envelope(message_id=""), dialect)
    assert list(CODEC.form(payload, dialect).fields) == [
        ("NEW_ITEM-ADDITIONAL_COST[1]", "5"),
        ("NEW_ITEM_CERT[1]", "x"),
        ("NEW_ITEM-CUST_FIELD5[1]", "y"),
    ]
    assert CODEC.check(payload, "Cart", dialect)[0].code == "OCI-034"


def test_constants_go_home_with_every_cart_and_instead_of_a_cancelled_one() -> None:
    dialect = OciDialect(constants={"~OkCode": "ADDI"}, cancelled={"OCICANCEL": "X"})
    assert written({"MATNR": "a"}, dialect=dialect)[0] == ("~OkCode", "ADDI")
    cancelled = Markup("Cart", '<Cart cancelled="X"><NEW_ITEM><MATNR>a</MATNR></NEW_ITEM></Cart>')
    payload = CODEC.write(cancelled, Envelope(message_id=""), dialect)
    assert CODEC.form(payload, dialect).fields == (("OCICANCEL", "X"),)


@pytest.mark.parametrize("text", ["<Cart/>", '<Cart cancelled="X"/>'])
def test_a_cart_that_brings_nothing_is_a_form_all_the_same(text: str) -> None:
    payload = CODEC.write(Markup("Cart", text), Envelope(message_id=""), UTF8)
    fields = CODEC.form(payload, UTF8).fields
    assert fields == (("~caller", "CTLG"),)
    reading = CODEC.read(payload.content, payload.media_type)
    assert (reading.messages[0].name, lines(reading), reading.faults) == ("Cart", [], ())


def test_a_form_without_any_field_is_an_empty_cart_to_who_waits_for_one() -> None:
    posted = CODEC.posted((), UTF8)
    assert posted.content is not None
    assert lines(CODEC.read(posted.content, posted.media_type)) == []


def test_the_charset_is_that_of_the_dialect_or_of_the_call() -> None:
    item = body({"DESCRIPTION": "Räksmörgås för 5 €"})
    western = OciDialect()
    payload = CODEC.write(item, Envelope(message_id=""), western)
    assert b"R%E4ksm%F6rg%E5s+f%F6r+5+%80" in payload.content
    asked = CODEC.adapted(western, {"HTTP_CONTENT_CHARSET": "utf-8"})
    payload = CODEC.write(item, Envelope(message_id=""), asked)
    assert b"R%C3%A4ksm" in payload.content
    assert CODEC.form(payload, asked).charset == "UTF-8"
    assert CODEC.adapted(western, {"HTTP_CONTENT_CHARSET": "1100"}) == western
    assert CODEC.adapted(western, {"HTTP_CONTENT_CHARSET": "klingon", "x": "y"}) == western


def test_a_charset_that_browsers_do_not_know_is_our_own_mistake() -> None:
    with pytest.raises(LookupError, match="use UTF-8"):
        written({"MATNR": "a"}, dialect=OciDialect(charset="EBCDIC"))


def test_markup_that_is_none_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="Cart"):
        CODEC.write(Markup("Cart", "<Cart>"), Envelope(message_id=""), UTF8)


def test_the_xml_variant_holds_the_same_items_in_one_field() -> None:
    dialect = CODEC.adapted(UTF8, {"XMLTYPE": "ESAPO"})
    assert isinstance(dialect, OciDialect)
    assert dialect.variant is Variant.XML
    item = {"DESCRIPTION": "<b>å & €</b>", "PRICE": "0.00123", "LONGTEXT": "x\ny"}
    payload = CODEC.write(body(item), Envelope(message_id=""), dialect)
    names = [name for name, _ in CODEC.form(payload, dialect).fields]
    assert names == ["~xmlType", "~xmlDocument"]
    reading = CODEC.read(payload.content, payload.media_type, dialect=dialect)
    assert lines(reading) == [{**item, "PRICE": "0.123", "PRICEUNIT": "100"}]
    assert [fault.code for fault in CODEC.check(payload, "Cart", dialect)] == [
        "OCI-034",
        "OCI-034",
        "OCI-034",
    ]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("!!!", "OCI-011"),
        (base64.b64encode(b"<Order/>").decode(), "OCI-012"),
        (base64.b64encode(b"<Cart>").decode(), "XML-013"),
    ],
)
def test_a_document_that_is_no_cart_is_told(document: str, code: str) -> None:
    content = form.write([("~xmlDocument", document)])
    reading = CODEC.read(content, FORM)
    assert codes(reading)[-1] == code
    assert has_errors(reading.faults)


@pytest.mark.parametrize(
    "spelling",
    [
        "NEW_ITEM-LONGTEXT_1:132[]",
        "NEW_ITEM-LONGTEXT_1:132[1]",
        "new_item-longtext_1:132[]",
        "~NEW_ITEM-LONGTEXT_1:132[]",
    ],
)
def test_every_spelling_of_the_long_text_is_read(spelling: str) -> None:
    assert lines(read(f"{spelling}=text")) == [{"LONGTEXT": "text"}]


def test_a_long_text_in_pieces_is_one() -> None:
    reading = read("NEW_ITEM-LONGTEXT_1:132[1]=a&NEW_ITEM-LONGTEXT_1:132[2]=b")
    assert lines(reading) == [{"LONGTEXT": "a\nb"}]


@pytest.mark.parametrize(
    ("content", "found", "items"),
    [
        ("NEW_ITEM-MATNR[0]=a&NEW_ITEM-MATNR[1]=b", ["OCI-021"], ["a", "b"]),
        ("NEW_ITEM-MATNR[3]=c&NEW_ITEM-MATNR[1]=a", ["OCI-021"], ["a", "c"]),
        ("NEW_ITEM-MATNR[2]=b&NEW_ITEM-MATNR[1]=a", [], ["a", "b"]),
        ("NEW_ITEM-MATNR[1]=a&NEW_ITEM-MATNR[1]=b", ["OCI-023"], ["a"]),
        ("NEW_ITEM-MATNR[1]=a&NEW_ITEM-MATNR=b", ["OCI-020"], ["a"]),
        ("NEW_ITEM-MATNR[1]=a&NEW_ITEM-MATNR[9999999]=b", ["OCI-020"], ["a"]),
        ("NEW_ITEM-MATNR[1]=a&NEW_ITEM-MATNR[²]=b", ["OCI-020"], ["a"]),
    ],
)
def test_odd_numbering_is_read_and_told(content: str, found: list[str], items: list[str]) -> None:
    reading = read(content)
    assert codes(reading) == found
    assert not has_errors(reading.faults)
    assert [item["MATNR"] for item in lines(reading)] == items


def test_numbers_with_a_comma_are_read_and_told() -> None:
    reading = read("NEW_ITEM-PRICE[1]=1.730,90&NEW_ITEM-QUANTITY[1]=1,x&NEW_ITEM-MATNR[1]=1,5")
    assert lines(reading) == [{"PRICE": "1730.90", "QUANTITY": "1,x", "MATNR": "1,5"}]
    assert [(f.code, f.found) for f in reading.faults] == [("OCI-022", "1.730,90")]


def test_a_field_of_the_underscore_kind_belongs_to_its_item() -> None:
    reading = read("NEW_ITEM-MATNR[1]=a&NEW_ITEM_CERT[1]=ISO")
    assert lines(reading) == [{"MATNR": "a", "NEW_ITEM_CERT": "ISO"}]


def test_a_form_with_nothing_of_oci_is_refused() -> None:
    reading = read("hello=world")
    assert (codes(reading), reading.messages) == (["OCI-005"], ())


class Hidden(HTMLParser):
    """Gather the hidden fields of a page, as a browser would post them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields.append((given.get("name") or "", given.get("value") or ""))


def test_a_real_reply_to_a_background_search_is_read() -> None:
    path = reference_folder("oci") / "samples" / "background-search-result-page.html"
    page = Hidden()
    page.feed(path.read_text(encoding="utf-8"))
    posted = CODEC.posted(page.fields, OciDialect())
    assert posted.content is not None
    reading = CODEC.read(posted.content, posted.media_type)
    assert not has_errors(reading.faults)
    items = lines(reading)
    assert len(items) == 10
    assert items[0]["PRICE"] == "00000001730.900"
    assert items[9]["LONGTEXT"]
    header: dict[str, str] = {}
    for node in reading.messages[0].element:
        if node.tag == "HEADER":
            header = {str(field.tag): field.text or "" for field in node}
    assert header == {
        "PAGE": "1",
        "PER_PAGE": "10",
        "TOTAL_PAGES": "109",
        "TOTAL_RESULTS": "1081",
    }


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12
).map(lambda text: re.sub("[\ufdd0-\ufdef]", "", text))
NUMBER = st.decimals(min_value=0, max_value=10**8, places=2).map(lambda value: format(value, "f"))
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"DESCRIPTION": TEXT, "QUANTITY": NUMBER, "PRICE": NUMBER},
        optional={
            **{name: TEXT for name in FIELDS if name not in {*NUMBERS, "DESCRIPTION"}},
            "LONGTEXT": TEXT,
            "PRICEUNIT": st.sampled_from(["1", "10", "100"]),
            "NEW_ITEM_CERT": TEXT,
        },
    ),
    min_size=1,
    max_size=4,
)
DIALECTS = st.builds(
    OciDialect,
    charset=st.just("UTF-8"),
    first_index=st.sampled_from([0, 1]),
    longtext=st.sampled_from(LongText),
    variant=st.sampled_from(Variant),
    custom_fields=st.just(("NEW_ITEM_CERT",)),
)


@settings(max_examples=60)
@given(ITEMS, DIALECTS)
def test_what_is_written_is_read_back(items: list[Item], dialect: OciDialect) -> None:
    payload = CODEC.write(body(*items), Envelope(message_id=""), dialect)
    posted = CODEC.posted(CODEC.form(payload, dialect).fields, dialect)
    assert posted.content is not None
    reading = CODEC.read(posted.content, posted.media_type, dialect=dialect)
    assert not has_errors(reading.faults)
    assert lines(reading) == items


def test_the_elements_of_the_document_are_those_agreed_on() -> None:
    agreed = OciDialect(variant=Variant.XML, xml_root="Basket", xml_item="Line", charset="UTF-8")
    item = {"DESCRIPTION": "a", "QUANTITY": "1", "UNIT": "PCE"}
    payload = CODEC.write(body(item), Envelope(message_id=""), agreed)
    fields = dict(CODEC.form(payload, agreed).fields)
    document = base64.b64decode(fields["~xmlDocument"]).decode()
    assert "<Basket><Line><DESCRIPTION>a</DESCRIPTION>" in document
    read = CODEC.read(payload.content, payload.media_type, dialect=agreed)
    assert lines(read) == [item]
    assert CODEC.check(payload, "Cart", agreed) == ()
    other = CODEC.read(payload.content, payload.media_type, dialect=OciDialect())
    assert [fault.code for fault in other.faults] == ["OCI-012"]


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=10)), max_size=10))
def test_any_form_is_a_cart_or_a_fault(pairs: list[tuple[str, str]]) -> None:
    clean = [
        (n.encode("utf-8", "replace").decode(), v.encode("utf-8", "replace").decode())
        for n, v in pairs
    ]
    posted = CODEC.posted(clean, OciDialect())
    assert posted.content is not None
    reading = CODEC.read(posted.content, posted.media_type)
    assert reading.messages or has_errors(reading.faults)


def nodes(node: Node) -> int:
    return 1 + sum(nodes(child) for child in node)


def test_a_tree_is_not_larger_than_its_form() -> None:
    reading = read("&".join(f"NEW_ITEM-MATNR[{n}]=x" for n in range(1, 500)))
    assert nodes(reading.messages[0].element) == 1 + 2 * 499


def test_each_item_has_the_buyers_constants_unless_it_says_another() -> None:
    dialect = OciDialect(item_constants={"VENDOR": "100234", "MATGROUP": "01"})
    fields = dict(written({"MATNR": "a"}, {"MATNR": "b", "MATGROUP": "99"}, dialect=dialect))
    assert (fields["NEW_ITEM-VENDOR[1]"], fields["NEW_ITEM-VENDOR[2]"]) == ("100234", "100234")
    assert (fields["NEW_ITEM-MATGROUP[1]"], fields["NEW_ITEM-MATGROUP[2]"]) == ("01", "99")


@pytest.mark.parametrize(
    ("asked", "vendor"), [("4711", "4711"), ("", "100234"), ("longer than ten", "100234")]
)
def test_a_call_with_a_vendor_gets_it_back_on_each_item(asked: str, vendor: str) -> None:
    known = OciDialect(item_constants={"VENDOR": "100234"})
    dialect = CODEC.adapted(known, {"VENDOR": asked})
    assert isinstance(dialect, OciDialect)
    assert dict(written({"MATNR": "a"}, dialect=dialect))["NEW_ITEM-VENDOR[1]"] == vendor
