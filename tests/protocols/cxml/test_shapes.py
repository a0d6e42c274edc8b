"""Looking at one document of each shape finds what looking at all of them would find."""

from hypothesis import given
from hypothesis import strategies as st

from canonical.wire import Dialect, Payload
from protocols.cxml.codec import CxmlCodec
from protocols.cxml.schemas import Schemas
from protocols.cxml.shapes import MAX_BYTES, shape_of

DTD = b"""
<!ELEMENT cXML (Response, Item*)>
<!ATTLIST cXML payloadID CDATA #REQUIRED timestamp %s version CDATA #IMPLIED>
<!ELEMENT Response (Status)>
<!ELEMENT Status (#PCDATA)>
<!ATTLIST Status code CDATA #REQUIRED>
<!ELEMENT Item (#PCDATA | URL)*>
<!ATTLIST Item kind (a | b) "a">
<!ELEMENT URL (#PCDATA)>
"""
FREE, FIXED = DTD % b"CDATA #REQUIRED", DTD % b'CDATA #FIXED "now"'
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">\n'
)
TYPE = "text/xml; charset=UTF-8"
PIECES = (
    *("x", "words and more", " ", "\n", "\t", "å", "\ufffd", "\U0001f600", "\x00", "\x0b", "\x7f"),
    *(
        "<",
        ">",
        "&",
        "&amp;",
        "&#13;",
        "&gone;",
        "'",
        '"',
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?p ?>",
    ),
    *(
        "<Item>",
        "</Item>",
        '<Item kind="a">',
        '<Item kind="b">',
        '<Item kind="c">',
        "<URL>",
        "</URL>",
    ),
    *("cid:1", "CID:1", 'payloadID="1"', ' payloadID="1" timestamp="2"', "</cXML>"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)


def codec(dtd: bytes = FREE) -> CxmlCodec:
    return CxmlCodec(Schemas({("1.2.071", "cXML"): lambda: dtd}))


def document(said: str, items: str = "", payload_id: str = "1", at: str = "now") -> Payload:
    text = (
        f'{HEAD}<cXML payloadID="{payload_id}" timestamp="{at}"><Response>'
        f'<Status code="200">{said}</Status></Response>{items}</cXML>'
    )
    return Payload(content=text.encode(), media_type=TYPE)


@given(st.lists(st.builds(document, texts, texts, texts, texts), min_size=1, max_size=6))
def test_what_was_seen_before_changes_no_judgement(documents: list[Payload]) -> None:
    used = codec()
    used.check(document("OK", "<Item>one</Item>"), "Response", Dialect())
    for each in documents:
        judged = used.check(each, "Response", Dialect())
        assert judged == codec().check(each, "Response", Dialect())


@given(texts, texts, texts)
def test_documents_of_one_shape_are_judged_alike(said: str, items: str, payload_id: str) -> None:
    first, second = document(said, items, payload_id), document("OK", items, "2")
    if shape_of(first) is not None and shape_of(first) == shape_of(second):
        judged = [codec().check(each, "Response", Dialect()) == () for each in (first, second)]
        assert judged[0] == judged[1]


def test_replies_that_differ_in_words_and_ids_have_one_shape() -> None:
    one = document("OK", "<Item>one</Item>", "a@b", "2026-11-22T12:00:00+01:00")
    other = document("Fine", "<Item>two</Item>", "c@d", "2026-11-23T12:00:00+01:00")
    assert shape_of(one) is not None
    assert shape_of(one) == shape_of(other)


def test_what_a_fault_may_depend_on_belongs_to_the_shape() -> None:
    shapes = {
        shape_of(document("OK", items))
        for items in ("", " ", "x", "<Item/>", "<Item>1</Item>", '<Item kind="b">1</Item>')
    }
    assert len(shapes) == 6
    assert None not in shapes


def test_a_document_that_may_hide_markup_or_names_a_file_has_no_shape() -> None:
    for items in ("<!-- -->", "<?p ?>", "<![CDATA[x]]>", "<Item kind='a'/>", "<URL>cid:1</URL>"):
        assert shape_of(document("OK", items)) is None
    assert shape_of(document("x" * MAX_BYTES)) is None
    latin = Payload(content=document("OK").content, media_type="text/xml; charset=ISO-8859-1")
    assert shape_of(latin) is None


def test_an_attribute_that_the_dtd_does_not_leave_free_is_looked_at_each_time() -> None:
    strict = codec(FIXED)
    for at, sound in (("now", True), ("then", False), ("now", True), ("later", False)):
        assert (strict.check(document("OK", at=at), "Response", Dialect()) == ()) is sound
