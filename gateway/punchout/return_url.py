r"""Judge the address that a cart is to be posted to: it comes from outside.

The buyer's browser sends prices there, so the address must be where it seems to be. Browsers and
Python read odd addresses differently (`https://evil.example\@buyer.example/` is a page of
evil.example in a browser), so whatever two readers could read in two ways is refused before it is
read at all.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, urlsplit

from canonical.faults import Fault
from gateway.punchout.faults import fault

MAX_LENGTH: Final = 2000
_HOST: Final = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?"
    r"|\[[0-9a-f:.]{2,45}\]"
)
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\<>\"`]|%00|%0[ad]", re.IGNORECASE)
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """Hold what a partner's file says of return addresses; no hosts means any host."""

    hosts: tuple[str, ...] = ()
    allow_http: bool = False


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Hold an address that may be posted to, its origin and its host for people to read."""

    url: str
    origin: str
    host: str


@lru_cache(maxsize=1024)
def check_return_url(text: str | None, rules: ReturnRules) -> ReturnAddress | Fault:
    """Return the address that `text` spells, or the fault that speaks against it."""
    url = (text or "").strip(" \t\r\n")
    if not url:
        return fault("PUNCHOUT-001")
    trouble = _unreadable(url)
    if trouble:
        return _refused(url, trouble)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _refused(url, "an address that can be read")
    trouble = _unusable(parts, rules)
    if trouble:
        return _refused(url, trouble)
    host = (parts.hostname or "").rstrip(".")
    shown = _with_port(parts, host, port)
    if rules.hosts and not any(_matches(pattern, host, shown) for pattern in rules.hosts):
        return fault("PUNCHOUT-003", found=shown, expected=" or ".join(rules.hosts))
    return ReturnAddress(url=url, origin=f"{parts.scheme}://{shown}", host=shown)


def origin_of(url: str) -> str:
    """Return the origin of an address that was checked before, or nothing."""
    found = check_return_url(url, ReturnRules(allow_http=True))
    return found.origin if isinstance(found, ReturnAddress) else ""


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
    if not _HOST.fullmatch(_host_text(parts)):
        return "an address with a host name"
    return ""


def _host_text(parts: SplitResult) -> str:
    netloc = parts.netloc.lower()
    if netloc.startswith("["):
        return netloc[: netloc.find("]") + 1]
    return netloc.partition(":")[0]


def _with_port(parts: SplitResult, host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{name}:{port}"


def _matches(pattern: str, host: str, shown: str) -> bool:
    wanted = pattern.lower().rstrip(".")
    if wanted.startswith("*."):
        return host.endswith(wanted[1:])
    return wanted in {host, shown}


def _refused(url: str, expected: str) -> Fault:
    return fault("PUNCHOUT-002", found=url[:200], expected=expected)
