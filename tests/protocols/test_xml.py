"""XML from strangers becomes a tree, or a fault with a code: no attack opens or reads anything."""

import codecs
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Severity
from protocols import xml

DOCTYPES = xml.Doctypes(frozenset({"cXML"}), re.compile(r"http://[\w.]+/cXML\.dtd"))
CANARY = "canary-7b1e-never-read"
DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/cXML.dtd"{}>'


def codes(parsed: xml.Parsed) -> list[str]:
    return [fault.code for fault in parsed.faults]


def subset(declarations: str, body: str = "<cXML/>") -> bytes:
    return (DOCTYPE.format(f" [{declarations}]") + body).encode()


def nested_entities(count: int) -> str:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, count)]
    return "".join(lines)


ATTACKS = {
    "billion laughs": (subset(nested_entities(10), "<cXML>&a9;</cXML>"), "XML-008"),
    "billion laughs in an attribute": (
        subset(nested_entities(10), '<cXML a="&a9;"/>'),
        "XML-008",
    ),
    "quadratic blow-up": (
        subset(f'<!ENTITY a "{"x" * 100_000}">', f"<cXML>{'&a;' * 10_000}</cXML>"),
        "XML-008",
    ),
    "cyclic entities": (
        subset('<!ENTITY a "&b;"><!ENTITY b "&a;">', "<cXML>&a;</cXML>"),
        "XML-008",
    ),
    "entity from a file": (
        subset('<!ENTITY f SYSTEM "file://{file}">', "<cXML>&f;</cXML>"),
        "XML-008",
    ),
    "entity from the network": (
        subset('<!ENTITY f SYSTEM "http://127.0.0.1:{port}/x">', "<cXML>&f;</cXML>"),
        "XML-008",
    ),
    "parameter entity from a file": (
        subset('<!ENTITY % p SYSTEM "file://{file}"> %p;', "<cXML/>"),
        "XML-008",
    ),
    "parameter entity from the network": (
        subset('<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/x"> %p;', "<cXML/>"),
        "XML-008",
    ),
    "attribute injected by a subset": (subset('<!ATTLIST cXML admin CDATA "yes">'), "XML-008"),
    "subset behind a comment": (
        b"<!-- x --><?y?>\n" + subset('<!ENTITY a "b">', "<cXML>&a;</cXML>"),
        "XML-008",
    ),
    "DTD from a file": (b'<!DOCTYPE cXML SYSTEM "file://{file}"><cXML/>', "XML-007"),
    "DTD from the network": (
        b'<!DOCTYPE cXML SYSTEM "http://127.0.0.1:{port}/evil.dtd"><cXML/>',
        "XML-007",
    ),
    "public identifier with an unknown system": (
        b'<!DOCTYPE cXML PUBLIC "-//x" "file://{file}"><cXML/>',
        "XML-007",
    ),
    "DOCTYPE in lower case": (b"<!doctype html><html/>", "XML-007"),
    "entity that only a DTD could know": (
        (DOCTYPE.format("") + "<cXML>caf&eacute;</cXML>").encode(),
        "XML-009",
    ),
    "such an entity in an attribute": (
        (DOCTYPE.format("") + '<cXML a="caf&eacute;"/>').encode(),
        "XML-009",
    ),
    "depth of 200,000": (b"<a>" * 200_000 + b"</a>" * 200_000, "XML-012"),
    "2,000,000 empty elements": (b"<a>" + b"<b/>" * 2_000_000 + b"</a>", "XML-010"),
    "300,000 attributes": (
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(300_000)) + b"/>",
        "XML-011",
    ),
    "text of more than 10 MB": (b"<a>" + b"x" * 11_000_000 + b"</a>", "XML-012"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?><a>+ADw-b/+AD4-</a>', "XML-003"),
    "EBCDIC": (b'<?xml version="1.0" encoding="IBM037"?><a/>', "XML-003"),
    "UTF-16 without mark": ("<a/>".encode("utf-16-le"), "XML-003"),
    "UTF-32": ("<a/>".encode("utf-32"), "XML-003"),
    "a mark of UTF-16 before 8-bit text": (codecs.BOM_UTF16_LE + b"<a>text</a>", "XML-003"),
    "Latin-1 bytes called UTF-8": (b'<?xml version="1.0" encoding="UTF-8"?><a>\xe9</a>', "XML-004"),
    "overlong UTF-8": (b"<a>\xc0\xbc</a>", "XML-004"),
    "empty": (b" \n", "XML-001"),
    "no XML": (b"hello", "XML-013"),
    "cut off": (b"<a><b>", "XML-013"),
    "two roots": (b"<a/><b/>", "XML-013"),
    "a null": (b"<a>\0</a>", "XML-013"),
    "a bare ampersand": (b"<a>B&Q</a>", "XML-013"),
    "only comments that never end, behind an ampersand": (b"<a>&" + b"<!--" * 400_000, "XML-013"),
}


@pytest.fixture
def listener():
    """Listen on loopback: whoever fetched anything would have to connect."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused_and_touches_neither_file_nor_network(name, listener, tmp_path: Path):
    document, code = ATTACKS[name]
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    document = document.replace(b"{file}", str(secret).encode())
    document = document.replace(b"{port}", str(listener.getsockname()[1]).encode())

    parsed = xml.parse(document, doctypes=DOCTYPES)

    assert parsed.root is None
    assert codes(parsed)[-1] == code
    assert parsed.faults[-1].severity is Severity.ERROR
    assert CANARY not in repr(parsed.faults)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_known_doctype_is_recognised_and_not_fetched(listener):
    port = listener.getsockname()[1]
    doctypes = xml.Doctypes(frozenset({"cXML"}), re.compile(r"http://127\.0\.0\.1:\d+/cXML\.dtd"))
    system = f"http://127.0.0.1:{port}/cXML.dtd"

    parsed = xml.parse(f'<!DOCTYPE cXML SYSTEM "{system}"><cXML/>'.encode(), doctypes=doctypes)

    assert parsed.root is not None
    assert parsed.doctype == system
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_xinclude_is_not_followed(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'

    parsed = xml.parse(f"<a>{include}</a>".encode())

    assert parsed.root is not None
    assert CANARY not in "".join(parsed.root.itertext())


def test_without_doctypes_none_is_allowed():
    assert codes(xml.parse(DOCTYPE.format("").encode() + b"<cXML/>")) == ["XML-006"]


def test_a_body_over_the_limit_is_refused_before_anything_else():
    limits = xml.Limits(size=100)
    assert codes(xml.parse(b"\xff" * 101, limits=limits)) == ["XML-002"]
    assert xml.parse(b"<a/>" + b" " * 96, limits=limits).root is not None


@pytest.mark.parametrize("between", ["<!-- -->", "<?p i?>", "<![CDATA[]]>", "<!-- --><?p?><!---->"])
def test_comments_and_instructions_do_not_cut_a_text(between):
    parsed = xml.parse(f"<Identity>admin@x.com{between}.evil.com</Identity>".encode())
    assert parsed.root is not None
    assert parsed.root.text == "admin@x.com.evil.com"
    assert len(parsed.root) == 0


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8", "utf8"),
        ("utf-8-sig", "UTF-8"),
        ("latin-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16", None),
        ("utf-8", None),
    ],
)
def test_every_allowed_encoding_gives_the_same_text(encoding, declared):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    parsed = xml.parse(f"{declaration}<a>Müller &amp; Åse</a>".encode(encoding))
    assert parsed.root is not None
    assert parsed.root.text == "Müller & Åse"
    assert codes(parsed) == []


def test_the_transport_may_name_the_encoding_when_the_document_does_not():
    parsed = xml.parse("<a>é</a>".encode("latin-1"), charset="ISO-8859-1")
    assert parsed.root is not None
    assert parsed.root.text == "é"


def test_the_transport_must_not_contradict_the_declaration():
    document = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    assert codes(xml.parse(document, charset="UTF-8")) == ["XML-005"]
    assert codes(xml.parse(document, charset="UTF-7")) == ["XML-003"]
    assert xml.parse(document, charset="iso-8859-1").root is not None


def test_a_contradiction_without_effect_is_forgiven():
    document = b'<?xml version="1.0" encoding="ISO-8859-1"?><a>e</a>'
    assert xml.parse(document, charset="UTF-8").root is not None


def test_us_ascii_from_the_transport_is_nobodys_word():
    document = '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode()
    assert xml.parse(document, charset="us-ascii").root is not None


def test_eight_bit_text_that_declares_utf_16_is_read_with_a_warning():
    parsed = xml.parse('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode())
    assert parsed.root is not None
    assert parsed.root.text == "é"
    assert codes(parsed) == ["XML-014"]


def test_white_space_before_the_declaration_is_a_warning_and_keeps_line_numbers():
    parsed = xml.parse(b'\n \n<?xml version="1.0"?>\n<a>\n<b/></a>')
    assert parsed.root is not None
    assert codes(parsed) == ["XML-015"]
    assert xml.line_of(parsed.root[0]) == 5


def test_a_fault_names_line_column_and_byte():
    (fault,) = xml.parse(b'<?xml version="1.0"?>\n<a>\n  <b>\xe9</b></a>').faults
    assert fault.place is not None
    assert (fault.place.line, fault.place.column, fault.place.offset) == (3, 6, 31)
    (fault,) = xml.parse(b"<a>\n  <b c=1/></a>").faults
    assert fault.place is not None
    assert fault.place.line == 2
    assert fault.place.offset == 11


def test_references_hidden_in_cdata_and_comments_are_text():
    parsed = xml.parse(b"<a><!-- &foo; --><![CDATA[&foo;]]></a>")
    assert parsed.root is not None
    assert parsed.root.text == "&foo;"


@given(st.binary(max_size=400))
def test_reading_never_raises_on_any_bytes(content):
    parsed = xml.parse(content, doctypes=DOCTYPES)
    assert parsed.root is not None or parsed.faults


@given(st.sampled_from([entry[0][:2000] for entry in ATTACKS.values()]), st.data())
def test_reading_never_raises_on_damaged_documents(document, data):
    at = data.draw(st.integers(0, len(document)))
    length = data.draw(st.integers(0, 20))
    damaged = document[:at] + data.draw(st.binary(max_size=10)) + document[at + length :]
    charset = data.draw(st.sampled_from([None, "utf-8", "utf-16", "latin-1", "x\0y"]))
    xml.parse(damaged, doctypes=DOCTYPES, charset=charset)


@given(st.text())
def test_escaped_text_comes_back(value):
    kept = xml.clean(value)
    document = f'<a b="{xml.escape_attribute(value)}">{xml.escape_text(value)}</a>'
    parsed = xml.parse(document.encode())
    assert parsed.root is not None
    assert (parsed.root.text or "") == kept
    assert parsed.root.get("b") == kept


@pytest.mark.parametrize("value", ["\0", "\x1b[0m", "\ud800", "\ufffe", "]]>\x08"])
def test_what_xml_cannot_hold_is_replaced_when_escaped(value):
    document = f'<a b="{xml.escape_attribute(value)}">{xml.escape_text(value)}</a>'
    parsed = xml.parse(document.encode())
    assert parsed.root is not None
    assert "\ufffd" in (parsed.root.text or "")
    assert "\ufffd" in (parsed.root.get("b") or "")


def test_fault_codes_are_unique():
    assert len({kind.code for kind in xml.FAULTS}) == len(xml.FAULTS)
