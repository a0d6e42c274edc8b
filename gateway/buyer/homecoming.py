"""Receive a cart the way a procurement system does: from a form that the browser posts.

Decoded here and not with the product's own form writer, so that a mistake there is seen.
"""

import base64
import binascii
from typing import Final

from gateway.buyer.browser import Form
from gateway.buyer.findings import Finding
from gateway.buyer.shopper import CART_FIELDS

_FORM: Final = "return form"


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


def decode_cart(form: Form) -> tuple[bytes | None, tuple[Finding, ...]]:
    """Return the document that the form carries, or why there is none."""
    name = next((name for name in CART_FIELDS if form.value(name) is not None), None)
    if name is None:
        names = ", ".join(field for field, _ in form.fields)
        found = Finding(
            "BUYER-011", "no cXML", _FORM, found=names, expected=" or ".join(CART_FIELDS)
        )
        return None, (found,)
    value = form.value(name) or ""
    if name == "cxml-base64":
        try:
            return base64.b64decode("".join(value.split()), validate=True), ()
        except binascii.Error as error:
            wrong = Finding("BUYER-012", f"not base64: {error}", _FORM, path=name)
            return None, (wrong,)
    try:
        return value.encode("ascii"), ()
    except UnicodeEncodeError as error:
        wrong = Finding(
            "BUYER-012",
            f"not US-ASCII at character {error.start + 1}",
            _FORM,
            path=name,
            found=value[error.start : error.end],
            expected="a character reference such as &#228;",
        )
        return value.encode(), (wrong,)
