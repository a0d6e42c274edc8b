"""An envelope is believed if identity, proof and addressee fit; no answer tells which did not."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from canonical.wire import Envelope, MessageAuthentication, Verdict
from gateway.partners.directory import Identified, Partners, Refused
from gateway.partners.loader import load_partners
from protocols.cxml import credentials as cxml
from tests.gateway.partners.conftest import NOW, PARTNER, credential

ROOT = Path(__file__).parents[3]
Claim = Callable[..., Envelope]
Write = Callable[..., Path]


@pytest.fixture
def partners(write: Write, workspace: Path) -> Partners:
    write("acme")
    return load_partners(workspace)


def with_text(write: Write, workspace: Path, addition: str, text: str = PARTNER) -> Partners:
    write("acme", text + addition)
    return load_partners(workspace)


GOOD: list[dict[str, object]] = [
    {},
    {"origin": ("networkid", "AN01")},
    {"origin": ("NetworkId", "  AN01 ")},
    {"origin": ("duns", "111")},
    {"origin": [("DUNS", "111"), ("NetworkId", "AN01")]},
    {"origin": [("internal", "whoever"), ("NetworkId", "AN01")]},
    {"to": [("internalsupplierid", "S-1"), ("duns", "999")]},
    {"sender": ("DUNS", "111")},
    {"sender": [("Other", "x"), ("NetworkId", "AN01")]},
]


@pytest.mark.parametrize("how", GOOD, ids=str)
def test_every_way_that_buyers_name_themselves_is_known(
    partners: Partners, claim: Claim, how: dict[str, object]
) -> None:
    found = partners.identify(claim(**how), NOW)
    assert isinstance(found, Identified)
    assert (found.partner.id, found.test, found.slot, found.proof) == (
        "acme", False, "current", "secret",
    )  # fmt: skip


BAD: list[dict[str, object]] = [
    {"secret": "the wrong secret"},
    {"secret": ""},
    {"secret": None},
    {"secret": "the current secre"},
    {"secret": "the current secret "},
    {"secret": "the current secret\n"},
    {"secret": "the other secret"},
    {"secret": "x" * 100_000},
    {"secret": "\ud800"},
    {"origin": ("NetworkId", "AN99")},
    {"origin": ("NetworkId", "an01")},
    {"origin": ("Other", "AN01")},
    {"origin": ("NetworkId", "-T")},
    {"origin": ("DUNS", "111-T")},
    {"origin": []},
    {"to": ("DUNS", "998")},
    {"to": []},
    {"sender": ("NetworkId", "AN99")},
    {"sender": []},
    {"origin": [], "to": [], "sender": []},
    {"origin": ("NetworkId", "AN99"), "secret": "wrong"},
]


@pytest.mark.parametrize("how", BAD, ids=lambda how: str(how)[:60])
def test_every_wrong_credential_gets_the_same_verdict(
    partners: Partners, claim: Claim, how: dict[str, object]
) -> None:
    found = partners.identify(claim(**how), NOW)
    assert isinstance(found, Refused)
    assert found.verdict is Verdict.UNAUTHENTICATED
    assert found.reason


def test_no_reason_repeats_a_secret(partners: Partners, claim: Claim) -> None:
    found = partners.identify(claim(secret="canary-4711"), NOW)
    assert "canary-4711" not in repr(found)
    assert "the current secret" not in repr(found)


def test_the_other_slot_is_taken_and_reported(write: Write, workspace: Path, claim: Claim) -> None:
    text = PARTNER.replace(
        "{current: file:secrets/current}",
        "{current: file:secrets/current, previous: file:secrets/previous}",
    )
    partners = with_text(write, workspace, "", text)
    for slot in ("current", "previous"):
        found = partners.identify(claim(secret=f"the {slot} secret"), NOW)
        assert isinstance(found, Identified)
        assert found.slot == slot


def test_an_empty_slot_matches_nothing(partners: Partners, claim: Claim) -> None:
    for nothing in ("", "None", "null"):
        assert isinstance(partners.identify(claim(secret=nothing), NOW), Refused)


@pytest.mark.parametrize(
    ("how", "test"),
    [
        ({"origin": ("NetworkId", "AN01-T")}, True),
        ({"origin": ("NetworkId", "AN01-T"), "sender": ("NetworkId", "AN01-T")}, True),
        ({"origin": [("DUNS", "111"), ("networkid", "AN01-T")]}, True),
        ({"test": True}, True),
        ({}, False),
    ],
)
def test_test_ids_and_test_documents_are_marked(
    partners: Partners, claim: Claim, how: dict[str, object], test: bool
) -> None:
    found = partners.identify(claim(**how), NOW)
    assert isinstance(found, Identified)
    assert found.test is test


def test_a_partner_in_testing_sends_tests_only(write: Write, workspace: Path, claim: Claim) -> None:
    partners = with_text(write, workspace, "", PARTNER.replace("state: live", "state: testing"))
    found = partners.identify(claim(), NOW)
    assert isinstance(found, Identified)
    assert found.test


def test_a_blocked_partner_hears_so_only_with_the_right_secret(
    write: Write, workspace: Path, claim: Claim
) -> None:
    partners = with_text(write, workspace, "", PARTNER.replace("state: live", "state: blocked"))
    right, wrong = partners.identify(claim(), NOW), partners.identify(claim(secret="x"), NOW)
    assert isinstance(right, Refused)
    assert isinstance(wrong, Refused)
    assert (right.verdict, wrong.verdict) == (Verdict.FORBIDDEN, Verdict.UNAUTHENTICATED)


def test_a_network_may_send_for_a_partner_that_says_so(
    write: Write, workspace: Path, claim: Claim
) -> None:
    network = ("AribaNetworkUserId", "sysadmin@ariba.com")
    partners = with_text(
        write, workspace, "senders: [{domain: AribaNetworkUserId, identity: sysadmin@ariba.com}]\n"
    )
    assert isinstance(partners.identify(claim(sender=network), NOW), Identified)
    # A network proves nothing about who a document is from.
    assert isinstance(partners.identify(claim(origin=network, sender=network), NOW), Refused)


@pytest.mark.parametrize(
    ("check", "how", "believed"),
    [
        ("[from, sender]", {"to": ("DUNS", "998")}, True),
        ("[from, to]", {"sender": ("Other", "x")}, True),
        ("[sender, to]", {"origin": ("Other", "x")}, True),
        ("[sender, to]", {"origin": []}, True),
        ("[sender]", {"origin": [], "to": []}, True),
        ("[from, to]", {"origin": ("Other", "x")}, False),
        ("[sender, to]", {"sender": ("Other", "x")}, False),
        ("[from, sender]", {"secret": "wrong"}, False),
    ],
)
def test_what_a_partner_leaves_unchecked_may_be_anything(
    write: Write,
    workspace: Path,
    claim: Claim,
    check: str,
    how: dict[str, object],
    believed: bool,
) -> None:
    partners = with_text(write, workspace, f"cxml: {{check: {check}}}\n")
    assert isinstance(partners.identify(claim(**how), NOW), Identified) is believed


def test_from_that_names_two_partners_is_refused(
    write: Write, workspace: Path, claim: Claim
) -> None:
    write("acme")
    write("bolt", PARTNER.replace("AN01", "AN02").replace("111", "222"))
    partners = load_partners(workspace)
    both = claim(origin=[("NetworkId", "AN01"), ("NetworkId", "AN02")])
    assert isinstance(partners.identify(both, NOW), Refused)
    # One partner's secret says nothing for another, even if it is the same.
    crossed = claim(origin=("NetworkId", "AN02"), sender=("NetworkId", "AN01"))
    assert isinstance(partners.identify(crossed, NOW), Refused)


def test_a_signature_is_refused_alike_for_everybody(partners: Partners, claim: Claim) -> None:
    signed = credential("sender", "NetworkId", "AN01", "the current secret", signed=True)
    whole = claim(signed=True)
    stranger = claim(origin=("NetworkId", "AN99"), signed=True)
    part = Envelope(message_id="1", credentials=(*whole.credentials[:2], signed))
    for envelope in (whole, stranger, part):
        found = partners.identify(envelope, NOW)
        assert isinstance(found, Refused)
        assert found.verdict is Verdict.SIGNATURE_UNACCEPTABLE


def coded(claim: Claim, secret: str, *, hours: int = 1, **mac: str) -> Envelope:
    """Make an envelope whose Sender holds a CredentialMac made with `secret`."""
    plain = claim(secret=None)
    origin, to, sender = plain.credentials
    created = NOW.isoformat()
    expires = (NOW + timedelta(hours=hours)).isoformat()
    empty = MessageAuthentication(
        algorithm="HMAC-SHA1-96",
        kind=cxml.MAC_KIND,
        created_at=created,
        expires_at=expires,
        digest="",
    )
    digest = cxml.compute(empty, sender, origin, secret=secret)
    authentication = msgspec.structs.replace(empty, **{"digest": digest, **mac})
    proven = msgspec.structs.replace(sender, authentication=authentication)
    return msgspec.structs.replace(plain, credentials=(origin, to, proven))


def test_a_code_made_with_the_secret_proves_like_the_secret(
    partners: Partners, claim: Claim
) -> None:
    found = partners.identify(coded(claim, "the current secret"), NOW)
    assert isinstance(found, Identified)
    assert (found.slot, found.proof) == ("current", "mac")


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        (lambda claim: coded(claim, "wrong"), "is wrong"),
        (lambda claim: coded(claim, "the current secret", hours=-1), "expired"),
        (lambda claim: coded(claim, "the current secret", digest="AAAAAAAAAAAAAAAA"), "is wrong"),
        (lambda claim: coded(claim, "the current secret", algorithm="none"), "do not read"),
        (lambda claim: coded(claim, "the current secret", expires_at="never"), "do not read"),
    ],
)
def test_a_code_that_proves_nothing_is_refused_with_a_reason_for_us(
    partners: Partners, claim: Claim, envelope: Callable[[Claim], Envelope], reason: str
) -> None:
    found = partners.identify(envelope(claim), NOW)
    assert isinstance(found, Refused)
    assert found.verdict is Verdict.UNAUTHENTICATED
    assert reason in found.reason


def test_a_proof_that_the_partner_does_not_use_is_refused(
    write: Write, workspace: Path, claim: Claim
) -> None:
    partners = with_text(write, workspace, "cxml: {authenticate: [mac]}\n")
    assert isinstance(partners.identify(claim(), NOW), Refused)
    assert isinstance(partners.identify(coded(claim, "the current secret"), NOW), Identified)


@pytest.mark.parametrize(
    ("remote", "secret", "believed"),
    [
        ("203.0.113.7", None, True),
        ("::ffff:203.0.113.7", None, True),
        ("2001:db8::1", None, True),
        ("203.0.114.7", None, False),
        ("", None, False),
        ("nonsense", None, False),
        ("203.0.113.7", "wrong", False),
        ("203.0.113.7", "", False),
        ("203.0.114.7", "the current secret", True),
    ],
)
def test_an_address_proves_only_documents_without_a_secret(
    write: Write, workspace: Path, claim: Claim, remote: str, secret: str | None, believed: bool
) -> None:
    partners = with_text(
        write,
        workspace,
        "cxml: {authenticate: [secret, address], addresses: [203.0.113.0/24, '2001:db8::/32']}\n",
    )
    found = partners.identify(claim(secret=secret), NOW, remote=remote)
    assert isinstance(found, Identified) is believed


def test_no_address_proves_anything_for_partners_that_do_not_say_so(
    partners: Partners, claim: Claim
) -> None:
    assert isinstance(partners.identify(claim(secret=None), NOW, remote="127.0.0.1"), Refused)


def test_secrets_outside_sender_prove_nothing(partners: Partners, claim: Claim) -> None:
    origin, to, sender = claim(secret=None).credentials
    secretive = msgspec.structs.replace(origin, secret="the current secret")
    envelope = Envelope(message_id="1", credentials=(secretive, to, sender))
    assert isinstance(partners.identify(envelope, NOW), Refused)


def test_a_flood_of_credentials_is_not_compared_to_its_end(
    partners: Partners, claim: Claim
) -> None:
    plain = claim()
    flood = tuple(credential("from", "x", str(number)) for number in range(10_000))
    envelope = Envelope(message_id="1", credentials=flood + plain.credentials)
    assert isinstance(partners.identify(envelope, NOW), Refused)


def test_after_too_many_wrong_secrets_even_the_right_one_waits_but_only_from_there(
    partners: Partners, claim: Claim
) -> None:
    verdicts = []
    for _ in range(12):
        found = partners.identify(claim(secret="guess"), NOW, remote="198.51.100.1")
        assert isinstance(found, Refused)
        verdicts.append(found.verdict)
    assert verdicts == [Verdict.UNAUTHENTICATED] * 10 + [Verdict.THROTTLED] * 2
    here = partners.identify(claim(), NOW, remote="198.51.100.1")
    assert isinstance(here, Refused)
    assert here.verdict is Verdict.THROTTLED
    assert isinstance(partners.identify(claim(), NOW, remote="203.0.113.1"), Identified)
    later = NOW + timedelta(minutes=1)
    assert isinstance(partners.identify(claim(), later, remote="198.51.100.1"), Identified)


def test_an_unknown_identity_is_slowed_down_like_a_known_one(
    partners: Partners, claim: Claim
) -> None:
    def verdicts(identity: str, remote: str) -> list[Verdict]:
        envelope = claim(origin=("NetworkId", identity), secret="guess")
        found = [partners.identify(envelope, NOW, remote=remote) for _ in range(12)]
        return [each.verdict for each in found if isinstance(each, Refused)]

    assert verdicts("AN01", "198.51.100.1") == verdicts("AN99", "198.51.100.2")


def test_a_refusal_of_one_partner_shows_in_its_log_only(partners: Partners, claim: Claim) -> None:
    known = partners.identify(claim(secret="x"), NOW)
    unknown = partners.identify(claim(origin=("NetworkId", "AN99"), secret="x"), NOW)
    assert isinstance(known, Refused)
    assert isinstance(unknown, Refused)
    assert (known.partner_id, unknown.partner_id) == ("acme", None)
    assert replace(known, reason="", partner_id=None) == replace(unknown, reason="")


SECRET_NAME = re.compile(r"(^|_)(secret|password|token|digest|mac|signature)s?$", re.IGNORECASE)

NO_SECRETS = {
    "gateway/catalogue/search.py": "tokens are the words of a search",
    "gateway/punchout/service.py": "the digest is of a body whose sender has proven himself",
}


def secret_comparisons(tree: ast.AST) -> Iterator[ast.Compare]:
    """Walk comparisons by value with an operand whose name says that it is a secret."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        if not any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops):
            continue
        operands = [node.left, *node.comparators]
        names = [getattr(each, "attr", getattr(each, "id", "")) for each in operands]
        if any(SECRET_NAME.search(name) for name in names):
            yield node


def test_the_search_for_comparisons_finds_one() -> None:
    assert list(secret_comparisons(ast.parse("given.secret == held")))
    assert list(secret_comparisons(ast.parse("x != expected_digest")))
    assert not list(secret_comparisons(ast.parse("secret is None or kind == 'secret'")))


def test_no_secret_is_compared_in_a_way_that_takes_telling_time() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("gateway", "protocols")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in NO_SECRETS
        for node in secret_comparisons(ast.parse(path.read_text()))
    ]
    assert not found, f"use hmac.compare_digest on digests of fixed length: {found}"


LOGIN_PARTNERS = """\
name: Acme
customer: 10001
state: live
identities:
  - {domain: NetworkId, identity: AN01}
  - {domain: OCI, identity: catalogue}
supplier:
  - {domain: DUNS, identity: 999}
secrets: {current: file:secrets/current, previous: file:secrets/previous}
"""
OTHER_PARTNER = """\
name: Other
customer: 10002
state: live
identities: [{domain: OCI, identity: elsewhere}]
supplier: [{domain: DUNS, identity: 999}]
secrets: {current: file:secrets/other}
"""


@pytest.fixture
def logins(write: Write, workspace: Path) -> Partners:
    write("acme", LOGIN_PARTNERS)
    write("other", OTHER_PARTNER)
    return load_partners(workspace)


def login(name: str = "catalogue", secret: str | None = "the current secret") -> Envelope:
    return Envelope(message_id="", credentials=(credential("sender", "OCI", name, secret),))


@pytest.mark.parametrize("slot", ["current", "previous"])
def test_a_login_at_its_own_address_is_believed_without_from_and_to(
    logins: Partners, slot: str
) -> None:
    found = logins.identify(login(secret=f"the {slot} secret"), NOW, addressee="acme")
    assert isinstance(found, Identified)
    assert (found.partner.id, found.slot, found.proof) == ("acme", slot, "secret")


@pytest.mark.parametrize(
    ("envelope", "addressee"),
    [
        (login(), "other"),
        (login("elsewhere", "the other secret"), "acme"),
        (login("elsewhere", "the current secret"), "acme"),
        (login(), "nobody"),
        (login("nobody"), "acme"),
        (login(secret="wrong"), "acme"),
        (login(secret=""), "acme"),
        (login(secret=None), "acme"),
        (login("AN01"), "acme"),
        (Envelope(message_id=""), "acme"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_wrong_login_is_refused_alike(
    logins: Partners, envelope: Envelope, addressee: str
) -> None:
    found = logins.identify(envelope, NOW, addressee=addressee)
    assert isinstance(found, Refused)
    assert found.verdict is Verdict.UNAUTHENTICATED


def test_a_login_of_another_partner_is_named_in_the_log_only(logins: Partners) -> None:
    found = logins.identify(login("elsewhere", "the other secret"), NOW, addressee="acme")
    assert isinstance(found, Refused)
    assert "belongs to other" in found.reason


def test_a_login_without_an_address_of_its_own_is_no_document_of_the_partner(
    logins: Partners,
) -> None:
    assert isinstance(logins.identify(login(), NOW), Refused)


def test_an_address_is_no_proof_of_a_login(write: Write, workspace: Path) -> None:
    text = LOGIN_PARTNERS + "cxml: {authenticate: [address], addresses: [127.0.0.1]}\n"
    partners = with_text(write, workspace, "", text)
    found = partners.identify(login(secret=None), NOW, remote="127.0.0.1", addressee="acme")
    assert isinstance(found, Refused)
    assert isinstance(partners.identify(login(), NOW, addressee="acme"), Identified)


def test_a_document_at_a_partners_address_needs_its_own_proof_there(
    logins: Partners, claim: Claim
) -> None:
    assert isinstance(logins.identify(claim(), NOW, addressee="acme"), Identified)
    assert isinstance(logins.identify(claim(), NOW, addressee="other"), Refused)
