"""No secret of a call reaches the archive, whatever the partner calls it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.oci.codec import OciCodec
from protocols.oci.redaction import redacted

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"USERNAME=anna&PASSWORD=canary", b"USERNAME=anna&PASSWORD=***"),
        (b"~pAssWord=canary&function=DETAIL", b"~pAssWord=***&function=DETAIL"),
        (b"%7EPASSWORD=canary", b"%7EPASSWORD=***"),
        (b"PASS%57ORD=canary", b"PASS%57ORD=***"),
        (b"pin=canary&USERNAME=a", b"pin=***&USERNAME=a"),
        (b"USERNAME=a&PASSWORD=x&canary", b"USERNAME=a&PASSWORD=***&***"),
        (b"?PASSWORD=canary=1", b"?PASSWORD=***"),
        (b"PASSWORD=", b"PASSWORD="),
        (b"canary", b"***"),
        (b"HOOK_URL=https://b.example/?token=canary", b"HOOK_URL=***"),
        (b"HOOK_URL=https%3A%2F%2Fb.example%2Fin", b"HOOK_URL=https%3A%2F%2Fb.example%2Fin"),
    ],
)
def test_only_what_is_known_to_be_harmless_stays(content: bytes, kept: bytes) -> None:
    assert redacted(content, FORM) == kept


@pytest.mark.parametrize("name", [b"PASSWORD", b"password", b"~Password", b"pin", b"geheim", b"k"])
@given(
    secret=st.text(st.characters(min_codepoint=48, max_codepoint=122), min_size=1).map(
        lambda text: b"CANARY" + text.encode().replace(b"=", b"").replace(b"?", b"") + b"CANARY"
    )
)
def test_no_canary_survives_under_any_name(name: bytes, secret: bytes) -> None:
    kept = redacted(b"USERNAME=a&" + name + b"=" + secret + b"&FUNCTION=DETAIL", FORM)
    assert secret not in kept
    assert kept.endswith(b"&FUNCTION=DETAIL")


def test_a_cart_stays_as_it_is() -> None:
    content = b"HEADER-PAGE=1&NEW_ITEM-DESCRIPTION%5B1%5D=Password+safe&%7ExmlDocument=PEE%2B"
    assert redacted(content, FORM) == content


def test_json_that_is_not_ours_is_withheld() -> None:
    assert b"canary" not in redacted(b'{"PASSWORD": "canary"}', "application/json")
    assert redacted(b'{"Items": []}', "application/json") == b'{"Items": []}'


@given(st.binary(max_size=200), st.text(max_size=20))
def test_redacting_never_raises(content: bytes, media_type: str) -> None:
    assert isinstance(OciCodec().redacted(content, media_type), bytes)
