"""A package is taken apart byte for byte, and each reference finds exactly one part."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.identifiers import Attachment
from canonical.wire import Part, Payload
from protocols.cxml import mime

ROOT = Payload(content=b"<cXML/>", media_type="text/xml; charset=UTF-8")
BINARY = b"\x00\r\n--x\r\n\r\r\n\n\xff\xfe line \n"


def part(content: bytes = BINARY, name: str = "drawing@buyer.example") -> Part:
    attachment = Attachment(
        content_id=name, file_name="Skizze ü.pdf", media_type="application/pdf", size=len(content)
    )
    return Part(attachment=attachment, content=content)


def package(*sections: str, kind: str = "mixed", end: str = "--b--\r\n") -> mime.Package:
    body = "".join(f"--b\r\n{section}\r\n" for section in sections) + end
    return mime.unpack(body.encode("latin-1"), f'multipart/{kind}; boundary="b"')


def codes(opened: mime.Package) -> list[str]:
    return [fault.code for fault in opened.faults]


XML = "Content-Type: text/xml; charset=UTF-8\r\nContent-ID: <root>\r\n\r\n<cXML/>"


@pytest.mark.parametrize("encoding", ["binary", "base64", "quoted-printable"])
@given(content=st.binary(max_size=300))
def test_what_is_packed_comes_out_unchanged(encoding, content):
    files = [part(content), part(b"second", "two@x")]
    packed = mime.pack(ROOT, files, encoding=encoding)
    opened = mime.unpack(packed.content, packed.media_type)
    assert opened.root == ROOT.content
    assert opened.charset == "UTF-8"
    assert opened.parts == tuple(files)
    assert opened.faults == ()


def test_the_same_package_has_the_same_bytes():
    assert mime.pack(ROOT, [part()]) == mime.pack(ROOT, [part()])
    assert mime.pack(ROOT, [part()]) != mime.pack(ROOT, [part(b"other")])


@pytest.mark.parametrize("kind", ["mixed", "related", "MIXED", "x-unheard-of"])
def test_kinds_of_multipart_are_treated_alike(kind):
    opened = package(XML, "Content-ID: <a>\r\n\r\nfile", kind=kind)
    assert opened.root == b"<cXML/>"
    assert [found.content for found in opened.parts] == [b"file"]


def test_the_document_need_not_be_the_first_part():
    opened = package("Content-ID: <a>\r\n\r\n<not it>", XML)
    assert opened.root == b"<cXML/>"


def test_start_names_the_document_among_several_of_its_type():
    other = XML.replace("<root>", "<other>").replace("<cXML/>", "<Attached/>")
    body = f"--b\r\n{other}\r\n--b\r\n{XML}\r\n--b--"
    opened = mime.unpack(body.encode(), 'multipart/related; boundary=b; start="<root>"')
    assert opened.root == b"<cXML/>"


def test_a_document_without_type_is_known_by_its_look():
    assert package("\r\n\ufeff"[:2] + "<?xml version='1.0'?><cXML/>").root is not None


def test_bare_line_feeds_are_accepted():
    body = "preamble\n--b\nContent-Type: text/xml\n\n<cXML/>\n--b\nContent-ID: <a>\n\nfile\n--b--\n"
    opened = mime.unpack(body.encode(), "multipart/mixed; boundary=b")
    assert opened.root == b"<cXML/>"
    assert [found.content for found in opened.parts] == [b"file"]


def test_a_boundary_inside_a_line_is_content():
    assert package(XML, "Content-ID: <a>\r\n\r\nx --b y").parts[0].content == b"x --b y"


def test_base64_of_the_document_is_decoded():
    head = "Content-Type: text/xml\r\nContent-Transfer-Encoding: BASE64\r\n\r\n"
    assert package(head + base64.b64encode(b"<cXML/>").decode()).root == b"<cXML/>"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Content-Disposition: attachment; filename=a.pdf", "a.pdf"),
        ('Content-Disposition: attachment; filename="a\\"b;c.pdf"', 'a"b;c.pdf'),
        ("Content-Disposition: attachment; filename*=UTF-8''%C3%BC.pdf", "ü.pdf"),
        ("Content-Disposition: attachment; filename*=x-odd''%C3%BC.pdf", "ü.pdf"),
        ('Content-Type: text/plain; name="=?utf-8?q?=C3=BC?="', "ü"),
        ('Content-Type: text/plain;\r\n name="folded.txt"', "folded.txt"),
        ('Content-Type: text/plain; name="=?x-odd?q?=FC?="', "=?x-odd?q?=FC?="),
        ("Content-Type: text/plain", None),
    ],
)
def test_a_file_keeps_the_name_its_sender_gave_it(head, name):
    opened = package(XML, f"{head}\r\nContent-ID: <a>\r\n\r\nfile")
    assert opened.parts[0].attachment.file_name == name


@pytest.mark.parametrize(
    ("media_type", "body", "code"),
    [
        ("multipart/mixed", b"--b\r\n\r\n<a/>\r\n--b--", "CXML-020"),
        ("multipart/mixed; boundary=other", b"--b\r\n\r\n<a/>\r\n--b--", "CXML-020"),
        ('multipart/mixed; boundary="b"', b"--b\r\n\r\nno xml\r\n--b--", "CXML-021"),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\n<a/>\r\n" * 202 + b"--b--", "CXML-027"),
    ],
)
def test_a_package_that_cannot_be_taken_apart_is_a_fault(media_type, body, code):
    opened = mime.unpack(body, media_type)
    assert opened.root is None
    assert codes(opened)[-1] == code


def test_a_part_without_content_id_is_a_warning_and_gets_a_name():
    opened = package(XML, "Content-Type: text/plain\r\n\r\nfile")
    assert codes(opened) == ["CXML-022"]
    assert opened.parts[0].attachment.content_id == "part-2"


def test_an_unknown_transfer_encoding_is_a_fault():
    opened = package(XML, "Content-ID: <a>\r\nContent-Transfer-Encoding: x-uue\r\n\r\nfile")
    assert codes(opened) == ["CXML-023"]


def test_broken_base64_is_a_fault():
    opened = package(XML, "Content-ID: <a>\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!")
    assert codes(opened) == ["CXML-024"]


def test_the_same_content_id_twice_is_a_fault():
    assert codes(package(XML, *["Content-ID: <a>\r\n\r\nfile"] * 2)) == ["CXML-026"]


def test_a_missing_closing_boundary_is_a_warning():
    opened = package(XML, "Content-ID: <a>\r\n\r\nfile", end="")
    assert codes(opened) == ["CXML-028"]
    assert opened.root == b"<cXML/>"


def test_a_reference_is_unquoted():
    assert mime.reference_of(" CID:a%40b ") == "a@b"
    assert mime.reference_of("https://x/") is None
    assert mime.reference_of(mime.cid("a b%ü@x")) == "a b%ü@x"


@given(st.binary(max_size=300), st.text(max_size=60))
def test_unpacking_never_raises(content, media_type):
    mime.unpack(content, media_type)
    mime.unpack(b"--b\r\n" + content + b"\r\n--b--", "multipart/mixed; boundary=b")
