"""A cart is posted only where the address says it goes, whoever reads the address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Fault
from gateway.punchout.return_url import (
    SAPEVENT_ORIGIN,
    ReturnAddress,
    ReturnRules,
    check_return_url,
    is_frame,
)

OURS = ReturnRules(hosts=("buyer.example", "*.norr.example"))

FRIENDLY = [
    ("https://buyer.example", "https://buyer.example"),
    ("https://buyer.example/", "https://buyer.example"),
    ("https://buyer.example/in?x=a@b&y=%20", "https://buyer.example"),
    ("https://Buyer.Example:443/in", "https://buyer.example"),
    ("HTTPS://BUYER.EXAMPLE/IN", "https://buyer.example"),
    ("https://buyer.example:8443/", "https://buyer.example:8443"),
    ("https://buyer.example:/", "https://buyer.example"),
    ("https://buyer.example:0443/", "https://buyer.example"),
    ("  https://buyer.example/in\n", "https://buyer.example"),
    ("\thttps://buyer.example/in", "https://buyer.example"),
    ("https://buyer.example./in", "https://buyer.example"),
    ("https://[2001:db8::1]:8443/in", "https://[2001:db8::1]:8443"),
    ("https://[::1]/in", "https://[::1]"),
    ("https://[::ffff:192.0.2.1]/in", "https://[::ffff:192.0.2.1]"),
    ("https://192.0.2.1/in", "https://192.0.2.1"),
    ("https://my_host.buyer.example/", "https://my_host.buyer.example"),
    ("https://srm/sap(bD1lbiZjPTEwMA==)/bc/bsp/oci.htm", "https://srm"),
    ("https://intranet:44300/sap/bc/oci?sap-client=100", "https://intranet:44300"),
    ("https://xn--bcher-kva.example/in", "https://xn--bcher-kva.example"),
    ("https://0buyer.example/in", "https://0buyer.example"),
    ("https://1.buyer.example/in", "https://1.buyer.example"),
    ("https://buyer.example/in?~OkCode=ADDI&~target=_top&~caller=CTLG", "https://buyer.example"),
    ("https://buyer.example/in?next=https%3A%2F%2Fbuyer.example%2Fhome", "https://buyer.example"),
    ("https://buyer.example/in?next=https%253A%252F%252Fx", "https://buyer.example"),
    ("https://buyer.example/a//b", "https://buyer.example"),
    ("https://buyer.example/in;jsessionid=0A1B2C", "https://buyer.example"),
    ("https://buyer.example/in?", "https://buyer.example"),
    ("https://buyer.example?@evil.example/", "https://buyer.example"),
    ("https://buyer.example/@evil.example/", "https://buyer.example"),
    ("https://buyer.example#@evil.example/", "https://buyer.example"),
    ("https://buyer.example/%C3%A5%C3%A4%C3%B6", "https://buyer.example"),
    ("https://buyer.example/in?q=caf%E9", "https://buyer.example"),
    ("https://buyer.example/in?a=[1]&b={2}|3", "https://buyer.example"),
    ("https://buyer.example/%2e%2e/in", "https://buyer.example"),
    ("https://buyer.example/in?name=O'Brien", "https://buyer.example"),
]

HOSTILE = [
    # another scheme, or none
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript://buyer.example/%0aalert(1)",
    "javascript:https://buyer.example/",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "DATA:,buyer.example",
    "vbscript:msgbox(1)",
    "view-source:https://buyer.example/",
    "blob:https://buyer.example/1",
    "filesystem:https://buyer.example/1",
    "file:///etc/passwd",
    "ftp://buyer.example/",
    "ws://buyer.example/",
    "wss://buyer.example/",
    "mailto:buyer@buyer.example",
    "intent://buyer.example#Intent;end",
    "about:blank",
    "ms-help://buyer.example/",
    "jar:https://buyer.example!/x",
    "httpss://buyer.example/",
    "http://buyer.example/",
    "HTTP://buyer.example/",
    "buyer.example",
    "buyer.example/in",
    "www.buyer.example",
    "in",
    "/in",
    "?x=1",
    "#x",
    "../in",
    "SAPEVENT:POST",
    "sapevent:post",
    "SAPEVENT:GET",
    "SAPEVENT:POST?x=1",
    # no scheme, but a host to a browser
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "//evil.example/%2f..",
    "//buyer.example@evil.example/",
    "//https://evil.example/",
    # slashes that are none, or too few
    "/\\evil.example",
    "\\\\evil.example",
    "\\/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:////evil.example",
    "https:\\\\evil.example",
    "https:/\\evil.example",
    "https:\\/evil.example",
    "https://\\evil.example",
    "https:%2f%2fevil.example/",
    "https%3a//evil.example/",
    "https:?buyer.example",
    "https:#buyer.example",
    "https:",
    "https://",
    "https:///",
    "https://?x",
    "https://#x",
    # a user before the host
    "https://evil.example\\@buyer.example/",
    "https://buyer.example\\@evil.example/",
    "https://buyer.example@evil.example/",
    "https://buyer.example:443@evil.example/",
    "https://buyer.example%2f@evil.example/",
    "https://buyer.example%40evil.example/",
    "https://user@buyer.example/",
    "https://user:secret@buyer.example/",
    "https://:secret@buyer.example/",
    "https://@buyer.example/",
    "https://a@b@buyer.example/",
    "https://buyer.example;@evil.example/",
    "https://buyer.example&@evil.example/",
    # characters that move the end of the host
    "https://buyer.example\t.evil.example/",
    "https://buyer.example\n.evil.example/",
    "https://buyer.example .evil.example/",
    "https://buyer.example\x0b.evil.example/",
    "https://buyer.example\x7f.evil.example/",
    "https://evil.example\\.buyer.example/",
    "https://evil.example\\buyer.example/",
    "https://evil.example%00.buyer.example/",
    "https://evil.example%2f.buyer.example/",
    "https://evil.example%5c.buyer.example/",
    "https://evil.example%23.buyer.example/",
    "https://evil.example%3f.buyer.example/",
    "https://evil%2eexample/",
    "https://evil.example|.buyer.example/",
    "https://evil.example^.buyer.example/",
    "https://evil.example`.buyer.example/",
    "https://evil.example{.buyer.example/",
    "https://evil.example,buyer.example/",
    "https://evil.example;buyer.example/",
    "https://evil.example!buyer.example/",
    "https://evil.example*/",
    "https://*.example/",
    "https://<evil.example>/",
    "https://evil.example:80:443/",
    # letters that are folded to others
    "https://büyer.example/",
    "https://buyer\u3002example/",
    "https://buyer\uff0eexample/",
    "https://buyer.example\uff0f.evil.example/",
    "https://evil.example\uff03.buyer.example/",
    "https://buyer.example\u2044evil.example/",
    "https://ⓔⓥⓘⓛ.example/",
    "https://buyer.exa\u00admple/",
    "https://buyer.example\u200b/",
    "https://\u202eelpmaxe.reyub/",
    "https\uff1a//buyer.example/",
    "https://①②⑦.⓪.⓪.①/",
    # hosts that a browser takes for a number
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.256/",
    "https://127.0.0.1.1/",
    "https://127.0.0.01/",
    "https://buyer.123/",
    "https://buyer.example.0x1/",
    "https://1/",
    # no host at all
    "https://.buyer.example/",
    "https://-buyer.example/",
    "https://buyer-.example/",
    "https://buyer..example/",
    "https://./",
    "https://../",
    "https://buyer.example../",
    "https://:443/",
    "https://[::1/",
    "https://::1]/",
    "https://[]/",
    "https://[:::::]/",
    "https://[1:2]/",
    "https://[cafe.bad]/",
    "https://[::1%25eth0]/",
    "https://[buyer.example]/",
    "https://[::1]evil.example/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 127 + "example/",
    # ports
    "https://buyer.example:99999/",
    "https://buyer.example:-1/",
    "https://buyer.example:port/",
    "https://buyer.example:0/",
    "https://buyer.example:44 3/",
    # what breaks out of a page, a header or a log line
    "https://buyer.example/\nx",
    "https://buyer.example/\r\nSet-Cookie:x",
    "https://buyer.example/ x",
    "https://buyer.example/\x00",
    "https://buyer.example/%00",
    "https://buyer.example/%0d%0aLocation:x",
    "https://buyer.example/%0D%0ALocation:x",
    "https://buyer.example/%250d%250aLocation:x",
    "https://buyer.example/%25250a",
    "https://buyer.example/%09",
    "https://buyer.example/%1b[31m",
    "https://buyer.example/%7f",
    'https://buyer.example/"onmouseover=alert(1)',
    "https://buyer.example/<script>alert(1)</script>",
    "https://buyer.example/`",
    "https://buyer.example/\\x",
    "https://buyer.example/å",
    "https://buyer.example/\u2028",
    "https://buyer.example/\ud800",
    "https://buyer.example/" + "a" * 2000,
]


def test_the_lists_are_long_and_say_nothing_twice() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) >= 120
    assert len(FRIENDLY) >= 30


@pytest.mark.parametrize(("url", "origin"), FRIENDLY)
def test_addresses_of_buyers_are_taken(url: str, origin: str) -> None:
    found = check_return_url(url, ReturnRules())
    assert isinstance(found, ReturnAddress), found
    assert found.origin == origin
    assert found.url == url.strip()


@pytest.mark.parametrize("url", HOSTILE)
def test_what_two_readers_could_read_in_two_ways_is_refused(url: str) -> None:
    found = check_return_url(url, ReturnRules())
    assert isinstance(found, Fault), found
    assert found.code == "PUNCHOUT-002"
    assert found.expected


@pytest.mark.parametrize("url", HOSTILE)
def test_neither_plain_http_nor_sap_gui_opens_a_way_for_the_others(url: str) -> None:
    rules = ReturnRules(hosts=OURS.hosts, allow_http=True, allow_sapevent=True)
    found = check_return_url(url, rules)
    if isinstance(found, ReturnAddress):
        assert url.upper() in {"HTTP://BUYER.EXAMPLE/", "SAPEVENT:POST"}


@pytest.mark.parametrize("url", [None, "", "  "])
def test_no_address_is_told_apart(url: str | None) -> None:
    found = check_return_url(url, ReturnRules())
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-001"


def test_plain_http_is_for_those_who_allow_it() -> None:
    allowed = check_return_url("http://127.0.0.1:9/in", ReturnRules(allow_http=True))
    assert isinstance(allowed, ReturnAddress)
    assert allowed.origin == "http://127.0.0.1:9"


@pytest.mark.parametrize("url", ["SAPEVENT:POST", "sapevent:post", " SAPEVENT:POST "])
def test_sap_gui_is_for_those_who_allow_it(url: str) -> None:
    allowed = check_return_url(url, ReturnRules(allow_sapevent=True, hosts=("buyer.example",)))
    assert isinstance(allowed, ReturnAddress)
    assert (allowed.url, allowed.origin) == (url.strip(), SAPEVENT_ORIGIN)


@pytest.mark.parametrize("url", ["SAPEVENT:GET", "SAPEVENT:POST?x", "SAPEVENT:", "SAPEVENT:POST#"])
def test_nothing_else_of_sap_gui_is_taken(url: str) -> None:
    assert isinstance(check_return_url(url, ReturnRules(allow_sapevent=True)), Fault)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("buyer.example", True),
        ("BUYER.example", True),
        ("buyer.example.", True),
        ("p2p.norr.example", True),
        ("a.p2p.norr.example", True),
        ("norr.example", False),
        ("evilnorr.example", False),
        ("xnorr.example", False),
        ("buyer.example.evil.example", False),
        ("evil-buyer.example", False),
        ("sub.buyer.example", False),
        ("buyer.example:8443", True),
        ("192.0.2.1", False),
        ("[::1]", False),
    ],
)
def test_a_list_of_hosts_is_kept(host: str, allowed: bool) -> None:
    found = check_return_url(f"https://{host}/", OURS)
    assert isinstance(found, ReturnAddress) is allowed
    assert allowed or (isinstance(found, Fault) and found.code == "PUNCHOUT-003")


def test_a_port_may_be_part_of_a_host_on_the_list() -> None:
    rules = ReturnRules(hosts=("buyer.example:8443",))
    assert isinstance(check_return_url("https://buyer.example:8443/", rules), ReturnAddress)
    assert isinstance(check_return_url("https://buyer.example/", rules), Fault)


@pytest.mark.parametrize(
    ("url", "charset", "pairs"),
    [
        ("https://b.example/in", "utf-8", ()),
        ("https://b.example/in?a=1&b=&a=2", "utf-8", (("a", "1"), ("b", ""), ("a", "2"))),
        ("https://b.example/?~OkCode=ADDI#x=1", "utf-8", (("~OkCode", "ADDI"),)),
        ("https://b.example/?q=%E5", "cp1252", (("q", "å"),)),
        ("https://b.example/?q=%C3%A5", "utf-8", (("q", "å"),)),
        (
            "https://b.example/?q=%E2%82%AC",
            "ISO-8859-1",
            (("q", "€".encode().decode("cp1252")),),
        ),
    ],
)
def test_the_parameters_of_an_address_can_be_sent_again_as_fields(
    url: str, charset: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    found = check_return_url(url, ReturnRules())
    assert isinstance(found, ReturnAddress)
    assert found.parameters(charset) == pairs


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("_top", True),
        ("_PARENT", True),
        ("_self", True),
        ("_blank", True),
        ("cartFrame-1", True),
        ("_evil", False),
        ("", False),
        ('x" onload="alert(1)', False),
        ("a b", False),
        ("a\nb", False),
        ("å", False),
        ("x" * 101, False),
    ],
)
def test_a_frame_is_named_by_safe_characters(name: str, allowed: bool) -> None:
    assert is_frame(name) is allowed


@given(st.text())
def test_no_text_raises_and_what_is_taken_has_one_host(text: str) -> None:
    for url in (text, f"https://{text}", f"https://buyer.example/{text}"):
        found = check_return_url(url, ReturnRules())
        if isinstance(found, ReturnAddress):
            assert found.url.isascii()
            assert found.url.startswith(("https://", "HTTPS://")) or "://" in found.url
            assert "@" not in found.origin


SIGNS = ["https:", "http:", "/", "//", "\\", "@", ":", "?", "#", "%", "%2f", "%00", ".", "\t"]
WORDS = ["buyer.example", "evil.example", "127.1", "0x7f", "443", "javascript:", "user", "[", "]"]
PIECES = st.sampled_from([*SIGNS, *WORDS, "\u3002"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_taken_is_on_the_list_however_it_is_put_together(url: str) -> None:
    found = check_return_url(url, OURS)
    if isinstance(found, ReturnAddress):
        host = found.host.partition(":")[0]
        assert host == "buyer.example" or host.endswith(".norr.example")
        assert found.origin == f"https://{found.host}"
