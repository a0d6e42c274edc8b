"""Only who is proven by the way it came may hand an interchange in, and its envelope must agree."""

from pathlib import Path

import pytest

from canonical.wire import Verdict
from gateway.pipeline.arriving import syntax_in
from gateway.store.database import Database
from tests.builders import SECRET, make_partner
from tests.gateway.pipeline.conftest import House, build_house
from tests.gateway.pipeline.interchanges import PARTNER_FIELDS, interchange, order_message

CONTENT = interchange("42", [order_message("PO-1")])


@pytest.fixture
def edi(database: Database, tmp_path: Path) -> House:
    other = make_partner(
        "other",
        customer="C1",
        identities=[{"domain": "EDI-14", "identity": "7300000000000"}],
        supplier=[{"domain": "EDI-14", "identity": "7309876543210"}],
    )
    return build_house(database, tmp_path, make_partner(**PARTNER_FIELDS), other)


def test_the_password_proves_who_posts(edi: House) -> None:
    for password in (None, "", "wrong"):
        answer = edi.take(CONTENT, trusted=False, password=password)
        assert answer.verdict is Verdict.UNAUTHENTICATED
        assert answer.detail == "the sender is not recognised"
    good = edi.take(CONTENT, trusted=False, password=SECRET)
    assert good.verdict is Verdict.RECEIVED


def test_an_address_proves_only_where_that_is_agreed(database: Database, tmp_path: Path) -> None:
    agreed = {"authenticate": ["address"], "addresses": ["192.0.2.0/24"]}
    partner = make_partner(**{**PARTNER_FIELDS, "edi": agreed})
    house = build_house(database, tmp_path, partner)
    there = house.take(CONTENT, trusted=False, remote="192.0.2.9")
    elsewhere = house.take(CONTENT, trusted=False, remote="198.51.100.9")
    assert there.verdict is Verdict.RECEIVED
    assert elsewhere.verdict is Verdict.UNAUTHENTICATED


def test_another_partners_folder_is_the_wrong_way(edi: House) -> None:
    assert edi.take(CONTENT, addressee="other").verdict is Verdict.UNAUTHENTICATED
    assert edi.take(CONTENT, addressee="buyer").verdict is Verdict.RECEIVED


@pytest.mark.parametrize(
    "envelope",
    [
        "UNB+UNOC:3+999:14+7309876543210:14+261122:1159+1'",
        "UNB+UNOC:3+7301234567890:14+1:14+261122:1159+1'",
    ],
)
def test_strangers_and_what_is_meant_for_others_are_refused(edi: House, envelope: str) -> None:
    answer = edi.take(f"{envelope}UNZ+0+1'".encode())
    assert answer.verdict is Verdict.UNAUTHENTICATED


@pytest.mark.parametrize(
    ("envelope", "secret", "code"),
    [
        ("UNB+UNOC:3+999:14+7309876543210:14+261122:1159+1+LetMeIn1234567890'", "etMeIn", "121"),
        ("UNB+UNOC:3+999:14+7309876543210:14+269922:1159+1+LetMeIn'", "etMeIn", "025"),
    ],
)
def test_faults_of_an_envelope_are_kept_without_its_password(
    edi: House, envelope: str, secret: str, code: str
) -> None:
    answer = edi.take(f"{envelope}UNZ+0+1'".encode())
    assert f"EDIFACT-{code}" in edi.codes(answer.message_id)
    assert secret not in repr(edi.shown(answer.message_id))


@pytest.mark.parametrize("damage", [(b"UNB", b"UNA:*.? ~UNB"), (b"UNB", b"unb"), (b"+", b"*")])
def test_what_cannot_be_read_is_kept_without_its_password(
    edi: House, damage: tuple[bytes, bytes]
) -> None:
    content = CONTENT.replace(b":1159+42'", b":1159+42+LetMeIn'").replace(*damage)
    assert b"LetMeIn" in content
    shown = edi.shown(edi.take(content).message_id)
    assert b"LetMeIn" not in (shown.payload or b"LetMeIn")
    assert "LetMeIn" not in repr(shown)


@pytest.mark.parametrize("content", [b"", b"hello", b"UNB", b"UNA:+.? '", b"\x00\xff" * 50])
def test_what_has_no_envelope_cannot_be_read(edi: House, content: bytes) -> None:
    answer = edi.take(content)
    assert answer.verdict in (Verdict.UNREADABLE, Verdict.UNAUTHENTICATED)


@pytest.mark.parametrize(
    ("content", "media_type", "syntax"),
    [
        (b"UNA:+.? '", "", "edifact"),
        (b"\xef\xbb\xbf\r\nUNB+", "application/edi-x12", "edifact"),
        (b"  ISA*00*", "application/edifact", "x12"),
        (b"garbage", "application/EDI-X12; charset=us-ascii", "x12"),
        (b"garbage", "text/plain", "edifact"),
    ],
)
def test_the_first_segment_names_the_syntax(content: bytes, media_type: str, syntax: str) -> None:
    assert syntax_in(content, media_type) == syntax
