"""Be a supplier's own shop, as small as one can be: the example of docs/how-to/external-shop.md.

It knows nothing of the gateway's code: a signed link comes in, the session is read over HTTP, a
cart is posted, and the browser is sent where the answer says.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final

import flask
import httpx
from markupsafe import escape

CALL: Final[Mapping[str, Any]] = {"trust_env": False, "timeout": 60.0}


def link_is_genuine(secret: str, arguments: Mapping[str, str], now: float) -> bool:
    """Tell whether the gateway made this link, for this session, not long ago."""
    text = f"link:{arguments.get('punchout', '')}:{arguments.get('expires', '')}"
    expected = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    genuine = hmac.compare_digest(expected, arguments.get("signature", ""))
    return genuine and now < int(arguments["expires"])


def create_tiny_shop(gateway: Callable[[], str], secret: str, now: float) -> flask.Flask:
    """Return a shop that sells one thing to whoever comes with a good link."""
    shop = flask.Flask("tiny-shop")
    headers = {"Authorization": f"Bearer {secret}"}

    def api(session: str) -> str:
        return f"{gateway()}/api/v1/punchout/{session}"

    @shop.get("/enter")
    def enter() -> flask.typing.ResponseReturnValue:
        if not link_is_genuine(secret, flask.request.args, now):
            return "this link is not from our gateway, or too old", 403
        session = flask.request.args["punchout"]
        seen = httpx.get(api(session), headers=headers, **CALL).raise_for_status().json()
        return (
            f"<!doctype html><h1>Welcome, {escape(seen['buyer'])}</h1>"
            f"<form method=post action='/checkout/{escape(session)}'><button>Done</button></form>"
        )

    @shop.post("/checkout/<session>")
    def check_out(session: str) -> flask.typing.ResponseReturnValue:
        cart = {
            "lines": [
                {
                    "sku": "CONFIG-17",
                    "name": "Shelf, made to measure",
                    "quantity": "2",
                    "unit": "C62",
                    "price": {"amount": "1249.50"},
                }
            ]
        }
        answer = httpx.post(f"{api(session)}/cart", json=cart, headers=headers, **CALL)
        return flask.redirect(answer.raise_for_status().json()["transfer_url"], 303)

    return shop
