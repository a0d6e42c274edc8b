"""A call is read in any spelling, proves one user, and no malformed one is read in two ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import has_errors
from canonical.wire import CredentialRole, Reading
from protocols import form
from protocols.oci.codec import OciCodec
from protocols.oci.dialect import OciDialect
from protocols.oci.parameters import FUNCTIONS

CODEC = OciCodec()
FORM = "application/x-www-form-urlencoded"
LOGIN = b"USERNAME=anna&PASSWORD=canary&HOOK_URL=https%3A%2F%2Fbuyer.example%2Fin%3Fsid%3D1"


def read(content: bytes, dialect: OciDialect | None = None) -> Reading:
    return CODEC.read(content, FORM, dialect=dialect)


def codes(reading: Reading) -> list[str]:
    return [fault.code for fault in reading.faults]


def values(reading: Reading) -> dict[str, str]:
    return {
        str(node.get("name") or node.tag): node.text or "" for node in reading.messages[0].element
    }


@pytest.mark.parametrize(
    "content",
    [
        LOGIN,
        LOGIN.lower().replace(b"%3a", b"%3A"),
        b"~USERNAME=anna&~PASSWORD=canary&~HOOK_URL=https://buyer.example/in%3Fsid%3D1",
        b"Username=anna&passWORD=canary&%7Ehook_url=https://buyer.example/in%3Fsid=1",
        b"?USERNAME=+anna+&PASSWORD=canary&HOOK_URL=https://buyer.example/in%3Fsid=1",
    ],
)
def test_names_come_in_any_case_with_or_without_a_tilde(content: bytes) -> None:
    reading = read(content)
    (message,) = reading.messages
    (credential,) = message.envelope.credentials
    assert (message.name, reading.faults, message.envelope.anew) == ("Login", (), True)
    assert credential.role is CredentialRole.SENDER
    assert (credential.domain, credential.identity, credential.secret) == ("OCI", "anna", "canary")
    assert values(reading)["HOOK_URL"] == "https://buyer.example/in?sid=1"


def test_a_partner_may_call_the_parameters_otherwise() -> None:
    dialect = OciDialect(parameters={"USERNAME": "login", "PASSWORD": "pin", "HOOK_URL": "back"})
    reading = read(b"Login=anna&PIN=canary&~back=https://buyer.example/&dept=7", dialect)
    (credential,) = reading.messages[0].envelope.credentials
    assert (credential.identity, credential.secret) == ("anna", "canary")
    assert values(reading) == {
        "USERNAME": "anna",
        "HOOK_URL": "https://buyer.example/",
        "DEPT": "7",
    }


@pytest.mark.parametrize("name", ["PASSWORD", "~password", "sap-password", "ACCESS_TOKEN", "pwd"])
def test_no_secret_is_in_the_tree(name: str) -> None:
    reading = read(LOGIN + f"&{name}=canary".encode())
    assert "canary" not in repr(values(reading))
    assert "canary" not in repr(reading.faults)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_a_message_of_its_own(name: str) -> None:
    extra = f"&FUNCTION={name.lower()}&PRODUCTID=A&SEARCHSTRING=b".encode()
    reading = read(LOGIN + extra)
    assert reading.messages[0].name == FUNCTIONS[name].message
    assert reading.faults == ()


def test_an_unknown_function_is_told_with_the_nearest_that_there_is() -> None:
    reading = read(LOGIN + b"&FUNCTION=VALIDTE")
    (fault,) = reading.faults
    assert (fault.code, fault.found, fault.hint) == ("OCI-003", "VALIDTE", "did you mean VALIDATE?")
    assert reading.messages[0].envelope.credentials


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        (b"PASSWORD=x&HOOK_URL=y", "OCI-001", "USERNAME"),
        (b"USERNAME=x&PASSWORD=y", "OCI-002", "HOOK_URL"),
        (LOGIN + b"&FUNCTION=DETAIL", "OCI-004", "PRODUCTID"),
        (LOGIN + b"&FUNCTION=BACKGROUND_SEARCH&SEARCHSTRING=", "OCI-004", "SEARCHSTRING"),
    ],
)
def test_what_is_missing_is_named(content: bytes, code: str, path: str) -> None:
    (fault,) = read(content).faults
    assert (fault.code, fault.place and fault.place.path) == (code, path)


def test_a_catalogue_download_needs_no_address_to_return_to() -> None:
    assert read(b"USERNAME=a&PASSWORD=b&FUNCTION=DOWNLOADJSON").faults == ()


def test_a_call_without_user_proves_nobody() -> None:
    assert read(b"USERNAME=&PASSWORD=x&HOOK_URL=y").messages[0].envelope.credentials == ()


@pytest.mark.parametrize(
    "twice", [b"&hook_url=https://evil.example/", b"&~PASSWORD=b", b"&USERNAME=c"]
)
def test_what_decides_must_not_come_twice(twice: bytes) -> None:
    reading = read(LOGIN + twice)
    assert codes(reading) == ["FORM-008"]
    assert has_errors(reading.faults)


def test_a_renamed_parameter_and_the_usual_name_are_one_parameter() -> None:
    dialect = OciDialect(parameters={"HOOK_URL": "back"})
    reading = read(LOGIN + b"&back=https://evil.example/", dialect)
    assert codes(reading) == ["FORM-008"]


def test_thousands_of_repetitions_hide_no_contradiction() -> None:
    reading = read(LOGIN + b"&x=1" * 900 + b"&HOOK_URL=https://evil.example/")
    assert "FORM-008" in codes(reading)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LOGIN + b"&a=1" * 2_000, "FORM-003"),
        (LOGIN + b"&a=" + b"x" * 9_000, "FORM-004"),
    ],
)
def test_too_much_is_no_message(content: bytes, code: str) -> None:
    reading = read(content)
    assert code in codes(reading)
    assert reading.messages == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LOGIN + b"&x=%00", "FORM-007"),
        (LOGIN + b"&x=5%", "FORM-005"),
        (LOGIN + b"&OCI_VERSION=7.5", "OCI-006"),
    ],
)
def test_what_is_odd_is_told(content: bytes, code: str) -> None:
    assert code in codes(read(content))


def test_language_and_version_are_in_the_envelope() -> None:
    envelope = read(LOGIN + b"&sap-language=DE&OCI_VERSION=5.0").messages[0].envelope
    assert (envelope.language, envelope.version) == ("DE", "5.0")


def test_a_vendor_in_the_call_makes_no_cart_of_it() -> None:
    reading = read(LOGIN + b"&NEW_ITEM-VENDOR=100234")
    assert reading.messages[0].name == "Login"
    assert values(reading)["VENDOR"] == "100234"


NAMES = st.sampled_from(
    ["USERNAME", "~password", "HOOK_URL", "function", "PRODUCTID", "NEW_ITEM-PRICE[1]", "x", ""]
)
VALUES = st.one_of(st.text(max_size=10), st.sampled_from(["VALIDATE", "%", "\x00", "1,5"]))


@given(st.lists(st.tuples(NAMES, VALUES), max_size=12), st.booleans())
def test_no_form_raises_and_each_is_a_message_or_a_fault(
    pairs: list[tuple[str, str]], raw: bool
) -> None:
    text = "&".join(f"{name}={value}" for name, value in pairs).encode("utf-8", "replace")
    content = (
        text if raw else form.write((n, v.encode("utf-8", "replace").decode()) for n, v in pairs)
    )
    reading = read(content)
    assert reading.messages or has_errors(reading.faults)
