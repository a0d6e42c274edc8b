"""A cart is posted only where the address says it goes, whoever reads the address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Fault
from gateway.punchout.return_url import ReturnAddress, ReturnRules, check_return_url


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://buyer.example/in?x=a@b&y=%20", "https://buyer.example"),
        ("https://Buyer.Example:443/in", "https://buyer.example"),
        ("https://buyer.example:8443/", "https://buyer.example:8443"),
        ("  https://buyer.example/in\n", "https://buyer.example"),
        ("https://[2001:db8::1]:8443/in", "https://[2001:db8::1]:8443"),
        ("https://my_host.buyer.example/", "https://my_host.buyer.example"),
    ],
)
def test_addresses_of_buyers_are_taken(url: str, origin: str) -> None:
    found = check_return_url(url, ReturnRules())
    assert isinstance(found, ReturnAddress), found
    assert found.origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "https://evil.example\\@buyer.example/",
        "https://buyer.example@evil.example/",
        "https://user:secret@buyer.example/",
        "https://buyer.example\t.evil.example/",
        "https://buyer.example/\nx",
        "https://buyer.example/%00",
        "https://buyer.example/%0d%0aLocation:x",
        "https://büyer.example/",
        "https://buyer\u3002example/",
        "https://buyer.example:99999/",
        "https://buyer.example:port/",
        "https://-buyer.example/",
        "https://buyer..example/",
        'https://buyer.example/"onmouseover=alert(1)',
        "https://[::1/",
        "ftp://buyer.example/",
        "http://buyer.example/",
        "https://buyer.example/" + "a" * 2000,
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_refused(url: str) -> None:
    found = check_return_url(url, ReturnRules())
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-002"


@pytest.mark.parametrize("url", [None, "", "  "])
def test_no_address_is_told_apart(url: str | None) -> None:
    found = check_return_url(url, ReturnRules())
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-001"


def test_plain_http_is_for_those_who_allow_it() -> None:
    allowed = check_return_url("http://127.0.0.1:9/in", ReturnRules(allow_http=True))
    assert isinstance(allowed, ReturnAddress)
    assert allowed.origin == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("buyer.example", True),
        ("buyer.example.", True),
        ("p2p.norr.example", True),
        ("a.p2p.norr.example", True),
        ("norr.example", False),
        ("evilnorr.example", False),
        ("buyer.example.evil.example", False),
        ("buyer.example:8443", True),
    ],
)
def test_a_list_of_hosts_is_kept(host: str, allowed: bool) -> None:
    rules = ReturnRules(hosts=("buyer.example", "*.norr.example"))
    found = check_return_url(f"https://{host}/", rules)
    assert isinstance(found, ReturnAddress) is allowed
    assert allowed or (isinstance(found, Fault) and found.code == "PUNCHOUT-003")


@given(st.text())
def test_no_text_raises_and_what_is_taken_has_one_host(text: str) -> None:
    for url in (text, f"https://{text}", f"https://buyer.example/{text}"):
        found = check_return_url(url, ReturnRules())
        if isinstance(found, ReturnAddress):
            assert found.url.isascii()
            assert found.url.startswith(("https://", "HTTPS://")) or "://" in found.url
            assert "@" not in found.origin
