"""Know the headers that protect pages, and tell our own forms from foreign ones.

No page of ours holds inline script or style, so the policy needs no `unsafe-*`. The shop is shown
in frames of procurement systems, hence `frame-ancestors` per session and never X-Frame-Options,
which knows no list.
"""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import flask

from gateway.partners.model import Punchout

_ORIGIN: Final = re.compile(
    r"https?://(?:\*\.)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5}|:\*)?"
)
_FIXED: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
)
SAPEVENT: Final = "sapevent:"
IMAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For pictures opened by themselves: an SVG may style itself and do nothing else."""


def content_policy(
    form_action: Iterable[str] = (),
    frame_ancestors: Iterable[str] = (),
    *,
    anywhere: bool = False,
) -> str:
    """Return the policy of a page that posts to `form_action` beside us, framed by some origins.

    A page without anything to press may be framed `anywhere`: a procurement system whose buyer is
    refused has to show why. Whatever is no plain origin is left out, so no configured text can
    widen the policy; `sapevent:` is what a form inside SAP GUI posts to.
    """
    targets = tuple(form_action)
    forms = ["'self'", *origins(targets), *(one for one in targets if one == SAPEVENT)]
    frames = origins(frame_ancestors)
    ancestors = " ".join(["'self'", *frames]) if frames else "'none'"
    ancestors = "*" if anywhere else ancestors
    lists = (f"form-action {' '.join(forms)}", f"frame-ancestors {ancestors}")
    return "; ".join((*_FIXED, *lists))


def homeward_policy(terms: Punchout | None, home: str) -> str:
    """Return the policy of a page for a partner's shopper, whose cart goes to the origin `home`."""
    hosts = [f"https://{host}" for host in (terms.return_hosts if terms else ())]
    frames = (terms.frame_ancestors if terms else ()) or (home,)
    return content_policy((home, *hosts), frames)


def origins(candidates: Iterable[str]) -> tuple[str, ...]:
    """Return those of `candidates` that are plain origins, once each, in order."""
    return tuple(dict.fromkeys(one for one in candidates if _ORIGIN.fullmatch(one)))


def protect(response: flask.Response, policy: str) -> flask.Response:
    """Set the headers of a page that nobody may store, sniff at, or learn the address of."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_own_form(request: flask.Request, base_url: str) -> bool:
    """Tell whether a POST comes from a page of ours.

    The path token is what protects a session; this is the second wall. Pages send no referrer, so
    browsers give `Origin: null` for our own forms, and Sec-Fetch-Site is the better witness. A
    client that sends neither is no browser.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None or origin == "null":
        return True
    parts = urlsplit(base_url)
    return origin in {f"{parts.scheme}://{parts.netloc}", request.host_url.rstrip("/")}
