"""Whatever a request is made of is read as one form, and no bytes make the door fail."""

import io
import itertools
from urllib.parse import parse_qsl, urlencode

import flask
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.web.faces import login_of, urlencoded
from tests.gateway.web.faces.visiting import FORM, recorded
from tests.gateway.web.house import House, call


def test_what_stands_in_several_places_of_a_request_is_one_form(house: House) -> None:
    with house.application.test_request_context(
        "/oci/acme?a=%E5&b", method="POST", data=b"c=1&c=2", content_type=FORM["Content-Type"]
    ):
        assert login_of(flask.request, 1000) == b"a=%E5&b&c=1&c=2"


def test_a_multipart_form_is_read_byte_for_byte_and_files_are_left_out() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a b"\r\n\r\n\xe5&=\r\n'
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nsecret\r\n'
        b'--x\r\nContent-Disposition: form-data; name="empty"\r\n\r\n\r\n--x--\r\n'
    )
    found = urlencoded(body, "multipart/form-data; boundary=x")
    assert found == b"a+b=%E5%26%3D&empty="
    assert parse_qsl(found.decode(), keep_blank_values=True, encoding="latin-1") == [
        ("a b", "å&="), ("empty", ""),
    ]  # fmt: skip


MANY = b"".join(b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n\r\n' for _ in range(2000))


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        (b"", ""),
        (b"--x\r\n", "; boundary=x"),
        (b"--x\r\nnonsense", "; boundary=y"),
        (b"\xff" * 99, "; boundary=\u00ff"),
        (MANY + b"--x--", "; boundary=x"),
    ],
    ids=["nothing", "no end", "another boundary", "no ASCII", "too many"],
)
def test_a_broken_multipart_form_has_no_fields(body: bytes, parameters: str) -> None:
    assert urlencoded(body, f"multipart/form-data{parameters}") == b""


def test_too_much_is_not_looked_at(house: House, browser: httpx.Client) -> None:
    before = len(recorded(house))
    limit = house.gateway.settings.limits.body
    body = urlencode(call()).encode() + b"&x=" + b"y" * limit

    environ = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    chunked = house.application.test_client().post(
        "/oci/acme", environ_overrides=environ, content_type=FORM["Content-Type"]
    )
    whole = browser.post("/oci/acme", content=body, headers=FORM)
    for status, text in ((whole.status_code, whole.text), (chunked.status_code, chunked.text)):
        assert status == 413
        assert "That was too much at once" in text
    assert len(recorded(house)) == before


def test_many_strange_parameters_are_refused_and_never_an_error(browser: httpx.Client) -> None:
    for body in (
        "&".join(f"x{n}=1" for n in range(5000)),
        urlencode(call()) + "&password=other",
        "%00=%ff&%zz&&&===&~~~~=~",
        "login=%C3%28&PASSWORD=%ff%fe&HOOK_URL=%00",
    ):
        answer = browser.post("/oci/acme", content=body.encode(), headers=FORM)
        assert 400 <= answer.status_code < 500, body[:40]


REMOTES = itertools.count(1)


PIECES = st.sampled_from(
    [
        *(f"{name}={value}".encode() for name, value in call().items()),
        *(f"~{name.lower()}={value}".encode() for name, value in call().items()),
        b"FUNCTION=VALIDATE", b"FUNCTION=DOWNLOADJSON", b"FUNCTION=%00", b"PRODUCTID=PA-10010",
        b"QUANTITY=-1", b"QUANTITY=1e999", b"QUANTITY=NaN", b"PAGESIZE=99999999999999999999",
        b"REQUESTEDPAGE=-1", b"HOOK_URL=//evil", b"returntarget=%22%3E", b"language=%ff",
        b"http_content_charset=utf-7", b"OCI_VERSION=9", b"xmltype=1", b"%", b"=", b"&&",
        b"\xff=\xfe",
    ]
)  # fmt: skip


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(content=st.lists(PIECES | st.binary(max_size=30), max_size=12).map(b"&".join))
def test_no_bytes_make_the_door_fail(house: House, content: bytes) -> None:
    for path in ("/oci/acme", "/peppol/punchout/acme"):
        # Whoever guesses from one address is told to wait, which is no failure but stops the look.
        elsewhere = {"REMOTE_ADDR": f"2001:db8::{next(REMOTES):x}"}
        answer = house.application.test_client().post(
            path, data=content, content_type=FORM["Content-Type"], environ_overrides=elsewhere
        )
        assert answer.status_code < 500, (path, content)
        answer.close()
