"""Receive a cart the way a procurement system does: from a form that the browser posts.

The form's decoder mends the damage that browsers and proxies do and says so; every such word is a
finding here, as other systems do not mend it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from canonical.punchout import Cart
from gateway.buyer.account import Account
from gateway.buyer.browser import Form
from gateway.buyer.differ import judge_edit
from gateway.buyer.exchange import Tools, judge_validity
from gateway.buyer.findings import Finding
from gateway.buyer.judge import Wanted, judge_cart
from protocols.cxml.forms import FIELDS, from_form

CLOSED: Final = 204
"""Status that ends a session and leaves the buyer's earlier cart as it was."""
_DOCUMENT: Final = "PunchOutOrderMessage"
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


def receive(content: bytes, awaited: Awaited, account: Account, tools: Tools) -> Arrival:
    """Read and judge the document that came home through the browser."""
    message, faults = tools.read(content, "application/xml")
    findings = list(judge_validity(_DOCUMENT, faults))
    if message is None:
        findings.append(Finding("BUYER-028", "unreadable", _DOCUMENT))
        return Arrival("", None, tuple(findings))
    closed = message.status is not None and message.status.code == CLOSED
    wanted = Wanted(
        buyer_cookie=awaited.cookie,
        sender=frozenset({(account.buyer.domain, account.buyer.identity)}),
        receiver=frozenset({(account.supplier.domain, account.supplier.identity)}),
        goods=awaited.goods if awaited.brought is None else (),
        cancelled=awaited.cancelled or (awaited.shopped_by_hand and closed),
    )
    findings.extend(judge_cart(message, wanted, account.limits))
    document, reading = tools.document(message)
    findings.extend(judge_validity(_DOCUMENT, reading))
    cart = document if isinstance(document, Cart) and not document.cancelled else None
    untouched = not awaited.goods and not awaited.shopped_by_hand
    if cart is not None and awaited.brought is not None and untouched:
        findings.extend(judge_edit(awaited.brought, cart)[1])
    return Arrival(message.envelope.message_id, cart, tuple(findings), closed)


def judge_form(form: Form, return_url: str) -> tuple[Finding, ...]:
    """Return what would keep this form from bringing the cart to `return_url`."""
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
    return tuple(found)


def decode_cart(
    fields: Iterable[tuple[str, str]],
) -> tuple[bytes | None, tuple[Finding, ...]]:
    """Return the document that a form's fields carry, and what a buyer's system has against it."""
    fields = list(fields)
    posted = from_form(fields)
    if posted.name is None:
        names = ", ".join(name for name, _ in fields)
        expected = " or ".join(FIELDS.values())
        return None, (Finding("BUYER-011", "no cXML", _FORM, found=names, expected=expected),)
    return posted.content, tuple(
        Finding("BUYER-012", fault.message, _FORM, path=posted.name, found=fault.found)
        for fault in posted.faults
    )
