"""No secret reaches the archive: not through encodings, packages, comments or broken documents."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.identifiers import Attachment
from canonical.wire import Part, Payload
from protocols import xml
from protocols.cxml import mime
from protocols.cxml.redaction import redacted

SECRET = "canary-5f1c"
START = '<Credential domain="D"><Identity>Müller</Identity>'


def leaks(content: bytes) -> bool:
    """Look for the canary in any spelling an archive could hold it in."""
    squeezed = content.replace(b"\0", b"").replace(b"=\r\n", b"").replace(b"\r\n", b"")
    spellings = [SECRET.encode()]
    spellings += [base64.b64encode(b" " * pad + SECRET.encode())[4:-4] for pad in range(3)]
    return any(spelling in squeezed for spelling in spellings)


def document(inside: str) -> str:
    return f"<cXML>{START}{inside}</Credential><After>kept ü</After></cXML>"


WELL_FORMED = {
    "plain": f"<SharedSecret>{SECRET}</SharedSecret>",
    "with attributes": f'<SharedSecret a="x>y" b=\'"\'>{SECRET}</SharedSecret>',
    "in lines": f"<SharedSecret\n >\n{SECRET}\n</SharedSecret\n>",
    "in CDATA": f"<SharedSecret><![CDATA[{SECRET}]]></SharedSecret>",
    "behind an end tag in CDATA": (
        f"<SharedSecret><![CDATA[</SharedSecret>]]>{SECRET}</SharedSecret>"
    ),
    "behind an end tag in a comment": (
        f"<SharedSecret><!-- </SharedSecret> -->{SECRET}</SharedSecret>"
    ),
    "behind an end tag in an instruction": (
        f"<SharedSecret><?x </SharedSecret> ?>{SECRET}</SharedSecret>"
    ),
    "with a comment inside": f"<SharedSecret>{SECRET[:4]}<!-- -->{SECRET}</SharedSecret>",
    "in an element inside": f"<SharedSecret><Password>{SECRET}</Password></SharedSecret>",
    "nested in itself": (
        f"<SharedSecret><SharedSecret>x</SharedSecret>{SECRET}</SharedSecret>"
    ),
    "as a code": f'<CredentialMac type="t" algorithm="a">{SECRET}</CredentialMac>',
    "as a signature": f'<DigitalSignature type="PK7">{SECRET}</DigitalSignature>',
    "with a prefix": f'<x:SharedSecret xmlns:x="y">{SECRET}</x:SharedSecret>',
    "on a card": f'<PCard expiration="2030-01-31" number = "{SECRET}"/>',
    "on a card with single quotes": f"<PCard a='>' number='{SECRET}'><Name/></PCard>",
    "escaped": f"<Extrinsic>&lt;SharedSecret&gt;{SECRET}&lt;/SharedSecret&gt;</Extrinsic>",
    "in a comment": f"<!-- <SharedSecret>{SECRET}</SharedSecret> -->",
    "twice": f"<SharedSecret>x</SharedSecret><SharedSecret>{SECRET}</SharedSecret>",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("name", WELL_FORMED)
def test_a_secret_is_blanked_and_the_rest_stays_readable(name, encoding):
    content = document(WELL_FORMED[name]).encode(encoding)
    clean = redacted(content, "text/xml")
    assert not leaks(clean)
    root = xml.parse(clean, charset="latin-1" if encoding == "latin-1" else None).root
    assert root is not None
    assert root.findtext("After") == "kept ü"
    assert root.findtext("Credential/Identity") == "Müller"


def test_only_the_secret_changes():
    content = document(WELL_FORMED["plain"]).encode()
    assert redacted(content, "text/xml") == content.replace(SECRET.encode(), b"***")


def test_a_document_without_secrets_stays_as_it_is(sample):
    content = sample("cart")
    assert redacted(content, "text/xml") == content


def test_redacting_twice_changes_nothing_more(sample):
    once = redacted(sample("setup-create"), "text/xml")
    assert redacted(once, "text/xml") == once


@pytest.mark.parametrize(
    "broken",
    [
        f"<SharedSecret>{SECRET}",
        f"<SharedSecret>{SECRET}</sharedsecret><a/>",
        f"<SHAREDSECRET>{SECRET}",
        f"<SharedSecret a='{SECRET}<b/>",
        f"<SharedSecret {SECRET}",
        f"<SharedSecret><!-- {SECRET}</SharedSecret>",
        f"<SharedSecret><![CDATA[{SECRET}</SharedSecret>",
        f"SharedSecret>{SECRET}</SharedSecret>",
        f"</Identity>{SECRET}</SharedSecret>",
        f"<!-- <SharedSecret>{SECRET}",
        f"<PCard number={SECRET}>",
        f'<PCard a="x number="{SECRET}"><b/>',
        f"<PCard number='{SECRET}",
        f"&lt;SharedSecret&gt;{SECRET}",
    ],
)
def test_in_a_broken_document_more_is_blanked(broken):
    for text in (broken, START + broken, document(broken)):
        assert not leaks(redacted(text.encode(), "text/xml"))


def test_nothing_leaks_wherever_a_document_is_cut_off():
    content = document(WELL_FORMED["behind an end tag in CDATA"]).encode()
    for end in range(len(content)):
        assert not leaks(redacted(content[:end], "text/xml"))


@pytest.mark.parametrize(
    "content",
    [
        document(WELL_FORMED["plain"]).encode("utf-16-le"),
        document(WELL_FORMED["plain"]).encode("utf-32"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-SharedSecret+AD4-' + SECRET.encode(),
        b"\xff\xfe" + document(WELL_FORMED["plain"]).encode("utf-16-le") + b"x",
        base64.b64encode(document(WELL_FORMED["plain"]).encode()),
        f"SharedSecret={SECRET}".encode(),
        document("<SharedSecret/>" * 1100 + SECRET).encode(),
    ],
)
def test_what_cannot_be_understood_is_withheld(content):
    clean = redacted(content, "text/xml")
    assert not leaks(clean)
    assert clean.startswith(b"[%d bytes withheld" % len(content))


@pytest.mark.parametrize("encoding", ["binary", "base64", "quoted-printable"])
@pytest.mark.parametrize("media_type", ["text/xml", "application/octet-stream"])
def test_every_part_of_a_package_is_blanked(encoding, media_type):
    content = document(WELL_FORMED["plain"]).encode()
    files = [
        Part(Attachment(content_id="a", media_type=media_type, size=len(content)), content),
        Part(Attachment(content_id="b", media_type="image/png", size=4), b"\x89PNG"),
    ]
    packed = mime.pack(Payload(content, "text/xml"), files, encoding=encoding)
    clean = redacted(packed.content, packed.media_type)
    assert not leaks(clean)
    opened = mime.unpack(clean, packed.media_type)
    assert opened.root == content.replace(SECRET.encode(), b"***")
    assert opened.parts[1].content == b"\x89PNG"


def test_a_package_that_cannot_be_taken_apart_is_withheld():
    packed = mime.pack(Payload(document(WELL_FORMED["plain"]).encode(), "text/xml"), [])
    for media_type in ("multipart/mixed", "multipart/mixed; boundary=other", "text/xml"):
        clean = redacted(packed.content, media_type)
        assert not leaks(clean)
        assert b"withheld" in clean


def test_a_part_in_an_unknown_transfer_encoding_is_withheld():
    body = f"--b\r\nContent-Transfer-Encoding: x-odd\r\n\r\n{SECRET}\r\n--b--".encode()
    assert not leaks(redacted(body, "multipart/mixed; boundary=b"))


@given(st.binary(max_size=300), st.sampled_from(["text/xml", "multipart/mixed; boundary=b", ""]))
def test_redacting_never_raises(content, media_type):
    redacted(content, media_type)
    redacted(b"--b\r\n" + content, media_type)


@given(st.data())
def test_damage_elsewhere_does_not_uncover_a_secret(data):
    before, after = START, f"<SharedSecret>{SECRET}</SharedSecret></Credential></cXML>"
    at = data.draw(st.integers(0, len(before)))
    noise = data.draw(st.text(alphabet="<>/!-[]'\"&;?= CDATA\0", max_size=12))
    damaged = before[:at] + noise + before[at:] + after
    assert not leaks(redacted(damaged.encode(), "text/xml"))
