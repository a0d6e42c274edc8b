"""Receive a cart the way a procurement system does: from a form that the browser posts.

The form's decoder mends the damage that browsers and proxies do and says so; every such word is a
finding here, as other systems do not mend it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from canonical.document import Document
from canonical.punchout import Cart
from canonical.wire import Message, Posted
from gateway.buyer.account import Account
from gateway.buyer.browser import Form
from gateway.buyer.differ import judge_edit
from gateway.buyer.exchange import Tools, judge_validity
from gateway.buyer.findings import Finding
from gateway.buyer.judge import Wanted, judge_cart
from gateway.buyer.keeping import judge_keeping
from gateway.buyer.places import PLACES
from gateway.settings.model import Identity
from protocols.form import python_charset

CLOSED: Final = 204
"""Status that ends a session and leaves the buyer's earlier cart as it was."""
_WORDLESS: Final = frozenset({PLACES[syntax].document for syntax in ("oci", "ubl")})
_REPEATING: Final = frozenset({"oci"})
"""Faces whose form repeats the return address's own parameters, for servers that lose its query."""
_FORM: Final = "return form"


@dataclass(frozen=True, slots=True)
class Awaited:
    """Say what is expected home: the cookie of the setup, and what happened in the shop.

    `brought` is the cart that an edit or inspect took along; `goods` what was put in; without
    any, an edited cart must come back as it went.
    """

    cookie: str
    brought: Cart | None = None
    goods: tuple[tuple[str, Decimal], ...] = ()
    cancelled: bool = False
    shopped_by_hand: bool = False
    """A person shopped: what they did to the cart is not known here."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold what came home: no cart when the session was closed, or nothing is readable."""

    message_id: str
    cart: Cart | None
    findings: tuple[Finding, ...]
    closed: bool = False


def receive(posted: Posted, awaited: Awaited, account: Account, tools: Tools) -> Arrival:
    """Read and judge the document that came home through the browser.

    `posted` holds a document: nothing else is worth asking about.
    """
    if posted.content is None:
        nothing = "nothing was posted that could be received"
        raise ValueError(nothing)
    syntax = account.syntax
    name = PLACES[syntax].document
    message, faults = tools.read(posted.content, posted.media_type, syntax)
    findings = list(judge_validity(name, faults))
    if message is None:
        findings.append(Finding("BUYER-028", "unreadable", name))
        return Arrival("", None, tuple(findings))
    document, reading = tools.document(message, syntax)
    findings.extend(judge_validity(name, reading))
    closed = _closes(message, document)
    wanted = Wanted(
        buyer_cookie=awaited.cookie,
        sender=_pair(account.buyer),
        receiver=_pair(account.supplier),
        goods=awaited.goods if awaited.brought is None else (),
        cancelled=awaited.cancelled or (awaited.shopped_by_hand and closed),
    )
    findings.extend(judge_cart(message, wanted, account.limits, syntax))
    cart = document if isinstance(document, Cart) and not closed else None
    if cart is not None:
        findings.extend(judge_keeping(cart, account.limits, name))
    untouched = not awaited.goods and not awaited.shopped_by_hand
    if cart is not None and awaited.brought is not None and untouched:
        findings.extend(judge_edit(awaited.brought, cart)[1])
    return Arrival(message.envelope.message_id, cart, tuple(findings), closed)


def _closes(message: Message, document: Document | None) -> bool:
    """Tell whether a message ends the visit without a cart: by its status, or empty-handed.

    A protocol without a word for "no change" sends no lines, and adds them to nothing.
    """
    if message.status is not None:
        return message.status.code == CLOSED
    if not isinstance(document, Cart):
        return False
    return document.cancelled or (not document.lines and message.name in _WORDLESS)


def _pair(identity: Identity) -> frozenset[tuple[str, str]]:
    return frozenset({(identity.domain, identity.identity)})


def judge_form(form: Form, return_url: str, account: Account) -> tuple[Finding, ...]:
    """Return what would keep this form from bringing the cart to `return_url`, whole."""
    found: list[Finding] = []
    if form.spelt_action != return_url:
        found.append(
            Finding(
                "BUYER-010",
                "another address",
                _FORM,
                found=form.spelt_action,
                expected=repr(return_url),
            )
        )
    if form.method != "post":
        found.append(Finding("BUYER-013", "method", _FORM, found=form.method, expected="post"))
    if not any(not button.disabled for button in form.buttons):
        found.append(Finding("BUYER-014", "nothing to press", _FORM))
    if account.login is not None:
        found += _carried(form, return_url, account)
    return tuple(found)


def _carried(form: Form, return_url: str, account: Account) -> Iterator[Finding]:
    """Yield what a system that takes the cart out of fields would miss or misread."""
    charset = account.theirs.charset
    encoding = python_charset(charset) or "utf-8"
    posted = {_posted(name, value, encoding) for name, value in form.fields}
    own = parse_qsl(urlsplit(return_url).query, keep_blank_values=True, encoding="latin-1")
    missing = [name for name, value in own if _posted(name, value, "latin-1") not in posted]
    if missing and account.syntax in _REPEATING:
        named = ", ".join(missing)
        yield Finding("BUYER-018", "parameters of the return address", _FORM, expected=named)
    if (form.charset or "").lower() != charset.lower():
        yield Finding("BUYER-019", "charset", _FORM, found=form.charset, expected=charset)


def _posted(name: str, value: str, encoding: str) -> tuple[bytes, bytes]:
    """Return a field as the bytes that a browser sends for it."""
    return name.encode(encoding, "xmlcharrefreplace"), value.encode(encoding, "xmlcharrefreplace")


def decode_cart(
    fields: Iterable[tuple[str, str]], account: Account, tools: Tools
) -> tuple[Posted, tuple[Finding, ...]]:
    """Return the document that a form's fields carry, and what a buyer's system has against it."""
    fields = list(fields)
    posted = tools.faces[account.syntax].posted(fields, account.theirs)
    if posted.name is None and posted.content is None:
        names = ", ".join(name for name, _ in fields)
        said = "no field with a cart"
        return posted, (Finding("BUYER-011", said, _FORM, found=names),)
    return posted, tuple(
        Finding("BUYER-012", fault.message, _FORM, path=posted.name, found=fault.found)
        for fault in posted.faults
    )
