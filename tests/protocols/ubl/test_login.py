"""A login is read whatever its parameters are called, and no password of it is ever kept."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import has_errors
from protocols.form import MEDIA_TYPE
from protocols.ubl.codec import UblCodec
from protocols.ubl.dialect import PARAMETERS, PunchoutDialect

CODEC = UblCodec()
LOGIN = {"username": "ann", "password": "s3cret", "returnurl": "https://buyer.example/cart?id=1"}
NAMES = st.sampled_from([name for names in PARAMETERS.values() for name in names] + ["x", "", "~"])


def read(fields: dict[str, str], dialect: PunchoutDialect | None = None):
    return CODEC.read(urlencode(fields).encode(), MEDIA_TYPE, dialect=dialect)


def said(reading) -> dict[str, str | None]:
    return {node.get("name") or node.tag: node.text for node in reading.messages[0].element}


def codes(reading) -> list[str]:
    return [fault.code for fault in reading.faults]


def test_a_login_claims_an_identity_and_says_where_the_cart_goes():
    reading = read(LOGIN | {"language": "sv", "costcentre": "42"})
    assert reading.faults == ()
    envelope = reading.messages[0].envelope
    (claim,) = envelope.credentials
    assert (claim.domain, claim.identity, claim.secret) == ("PEPPOL", "ann", "s3cret")
    assert (envelope.anew, envelope.language) == (True, "sv")
    assert said(reading) == {
        "return_url": "https://buyer.example/cart?id=1", "language": "sv", "costcentre": "42",
    }  # fmt: skip


@pytest.mark.parametrize("spelling", [str.upper, str.title, "~{}".format])
def test_names_come_in_any_case_and_with_a_tilde(spelling):
    assert read({spelling(name): value for name, value in LOGIN.items()}).faults == ()


def test_a_partners_own_names_replace_the_known_ones():
    dialect = PunchoutDialect(parameters={"username": "LoginId", "password": "pin"})
    fields = {"loginid": "ann", "pin": "1", "returnurl": "https://b", "username": "shop"}
    reading = read(fields, dialect)
    assert reading.faults == ()
    assert reading.messages[0].envelope.credentials[0].identity == "ann"
    assert said(reading)["username"] == "shop"


def test_a_password_keeps_the_blanks_around_it():
    reading = read(LOGIN | {"password": " s3cret "})
    assert reading.messages[0].envelope.credentials[0].secret == " s3cret "


@pytest.mark.parametrize(
    ("left_out", "code"),
    [("username", "UBL-001"), ("password", "UBL-002"), ("returnurl", "UBL-004")],
)
def test_what_a_login_needs_is_missed_by_name(left_out, code):
    for fields in (
        {name: value for name, value in LOGIN.items() if name != left_out},
        LOGIN | {left_out: "  "},
    ):
        reading = read(fields)
        assert codes(reading) == [code]
        assert has_errors(reading.faults)


@pytest.mark.parametrize("twice", ["username=bob", "USERNAME=bob", "login=bob", "returnurl=x"])
def test_two_answers_to_one_question_are_refused(twice):
    reading = CODEC.read(f"{urlencode(LOGIN)}&{twice}".encode(), MEDIA_TYPE)
    assert codes(reading) in (["UBL-003"], ["FORM-008"])


def test_a_control_character_is_refused():
    assert "FORM-007" in codes(read(LOGIN | {"returnurl": "https://b\x00.example"}))


def test_more_fields_than_a_login_has_are_refused():
    assert codes(read(LOGIN | {f"f{n}": "" for n in range(300)})) == ["FORM-003"]


def test_no_secret_is_in_the_tree_or_the_archive():
    fields = LOGIN | {"pin": "0815", "passwd": "s3cret"}
    content = urlencode(fields).encode()
    reading = CODEC.read(
        content, MEDIA_TYPE, dialect=PunchoutDialect(parameters={"password": "pin"})
    )
    assert "0815" not in said(reading).values()
    kept = CODEC.redacted(content, MEDIA_TYPE).decode()
    assert "s3cret" not in kept
    assert "0815" not in kept
    assert "ann" in kept
    assert "buyer.example" in kept


@pytest.mark.parametrize("content", [b"", b"&&", b"a=1&" * 500])
def test_a_form_that_cannot_be_taken_apart_is_withheld_whole(content):
    assert b"withheld" in CODEC.redacted(content, MEDIA_TYPE)


@given(st.lists(st.tuples(NAMES, st.text(max_size=12)), max_size=8))
def test_any_form_is_read_without_raising_and_without_leaking(pairs):
    secret = "\u2020password\u2020"
    content = urlencode([*pairs, ("password", secret)], errors="replace").encode()
    reading = CODEC.read(content, MEDIA_TYPE)
    assert reading.messages or has_errors(reading.faults)
    shown = [fault.found or "" for fault in reading.faults]
    assert not any(secret in text for text in shown)
    assert secret.encode() not in CODEC.redacted(content, MEDIA_TYPE)
