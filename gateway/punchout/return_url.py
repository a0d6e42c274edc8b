r"""Judge the address that a cart is to be posted to: it comes from outside.

The buyer's browser sends prices there, so the address must be where it seems to be. Browsers and
Python read odd addresses differently (`https://evil.example\@buyer.example/` is a page of
evil.example in a browser), so whatever two readers could read in two ways is refused before it is
read at all.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from canonical.faults import Fault
from gateway.punchout.faults import fault
from protocols import form

MAX_LENGTH: Final = 2000
_HOST: Final = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?"
    r"|\[[0-9a-f:.]{2,45}\]"
)
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\<>\"`]|%(?:25)*(?:[01][0-9a-f]|7f)", re.IGNORECASE)
"""What moves a reader to another place, control characters behind escapes of escapes too."""
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_QUAD: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|\Z)){4}", re.ASCII)
MAX_HOST: Final = 253
SAPEVENT: Final = "SAPEVENT:POST"
"""What a catalogue is called with from inside SAP GUI, whose browser takes the form itself."""
SAPEVENT_ORIGIN: Final = "sapevent:"
SAP_GUI: Final = "SAP GUI"
KEYWORDS: Final = frozenset({"_self", "_parent", "_top", "_blank"})
_FRAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")
_USER: Final = re.compile(r"//[^/]*@")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """Hold what a partner's file says of return addresses; no hosts means any host."""

    hosts: tuple[str, ...] = ()
    allow_http: bool = False
    allow_sapevent: bool = False


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Hold an address that may be posted to, its origin and its host for people to read."""

    url: str
    origin: str
    host: str

    def parameters(self, charset: str) -> tuple[tuple[str, str], ...]:
        """Return the parameters in the address itself, in order.

        Decoded as a browser encodes a form that accepts `charset`, so that they leave as the same
        bytes that they came as.
        """
        query = self.url.partition("?")[2].partition("#")[0]
        return form.read(query.encode(), charset=charset).pairs if query else ()


NOWHERE: Final = ReturnAddress(url="", origin="", host="")
"""Stands for the address of a question whose answer is only read."""


@lru_cache(maxsize=1024)
def check_return_url(text: str | None, rules: ReturnRules) -> ReturnAddress | Fault:
    """Return the address that `text` spells, or the fault that speaks against it."""
    url = (text or "").strip(" \t\r\n")
    if not url:
        return fault("PUNCHOUT-001")
    trouble = _unreadable(url)
    if trouble:
        return _refused(url, trouble)
    if rules.allow_sapevent and url.upper() == SAPEVENT:
        return ReturnAddress(url=url, origin=SAPEVENT_ORIGIN, host=SAP_GUI)
    return _located(url, rules)


def _located(url: str, rules: ReturnRules) -> ReturnAddress | Fault:
    """Return an address of the web that two readers read alike, by where it leads."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _refused(url, "an address that can be read")
    trouble = _unusable(parts, rules)
    if trouble or port == 0:
        return _refused(url, trouble or "an address with a port that can be reached")
    host = (parts.hostname or "").rstrip(".")
    shown = _with_port(parts, host, port)
    if rules.hosts and not any(_matches(pattern, host, shown) for pattern in rules.hosts):
        return fault("PUNCHOUT-003", found=shown, expected=" or ".join(rules.hosts))
    return ReturnAddress(url=url, origin=f"{parts.scheme}://{shown}", host=shown)


def origin_of(url: str) -> str:
    """Return the origin of an address that was checked before, or nothing."""
    found = checked_before(url)
    return "" if found is None else found.origin


def checked_before(url: str | None) -> ReturnAddress | None:
    """Return the address that a partner's own rules let pass when the session was opened."""
    found = check_return_url(url, ReturnRules(allow_http=True, allow_sapevent=True))
    return found if isinstance(found, ReturnAddress) else None


def is_frame(name: str) -> bool:
    """Tell whether a buyer may name this frame as the target of a form: safe characters only.

    Names that begin with an underscore are keywords of HTML, in any case.
    """
    return name.lower() in KEYWORDS or _FRAME.fullmatch(name) is not None


def _unreadable(url: str) -> str:
    if len(url) > MAX_LENGTH:
        return f"at most {MAX_LENGTH} characters"
    if _UNSAFE.search(url):
        return "an address without blanks, control characters, quotes or backslashes"
    if not url.isascii():
        return "plain ASCII, other characters percent-encoded"
    return ""


def _unusable(parts: SplitResult, rules: ReturnRules) -> str:
    schemes = ("https", "http") if rules.allow_http else ("https",)
    if parts.scheme not in schemes:
        return " or ".join(schemes)
    if "@" in parts.netloc:
        return "an address without user name"
    if not _is_host(_host_text(parts)):
        return "an address with a host name"
    return ""


def _is_host(text: str) -> bool:
    """Tell whether a host is one that every reader finds in the same place.

    A host that ends in a number is an address of IPv4 to a browser, whatever it looks like: `127.1`
    and `2130706433` are this machine (WHATWG URL standard, "ends in a number").
    """
    if not _HOST.fullmatch(text) or len(text) > MAX_HOST:
        return False
    if text.startswith("["):
        return _is_ipv6(text[1:-1])
    if _NUMBER.fullmatch(text.rstrip(".").rpartition(".")[2]):
        return _QUAD.fullmatch(text.rstrip(".")) is not None
    return True


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _host_text(parts: SplitResult) -> str:
    return re.sub(r":[0-9]*\Z", "", parts.netloc.lower())


def _with_port(parts: SplitResult, host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{name}:{port}"


def _matches(pattern: str, host: str, shown: str) -> bool:
    wanted = pattern.lower().rstrip(".")
    if wanted.startswith("*."):
        return host.endswith(wanted[1:])
    return wanted in {host, shown}


def shown_address(url: str) -> str:
    """Return what may be kept of an address that is not used: no user, no parameters."""
    return _USER.sub("//", re.split(r"[?#]", url, maxsplit=1)[0])[:200]


def _refused(url: str, expected: str) -> Fault:
    return fault("PUNCHOUT-002", found=shown_address(url), expected=expected)
