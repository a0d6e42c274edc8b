"""Show a page, not a line of text, where the shop has none or we fail: a buyer looks at it."""

import flask
import structlog
from werkzeug.exceptions import InternalServerError

from gateway.web.security import content_policy, protect
from gateway.web.shop.languages import speak
from gateway.web.shop.pages import Pages

_log = structlog.get_logger()


class LostPages(Pages):
    """Hold the pages of addresses that lead nowhere, and of our own failures."""

    def lost(self, token: str, below: str) -> flask.Response:
        """Say that a session has no such page, and lead back to those that it has."""
        _log.info("a page was not found", length=len(below))
        return self._within(token, lambda frame: self._page(frame, "lost", 404))

    def failed(self, error: InternalServerError) -> flask.Response:
        """Say that it was us; what happened stands in the log."""
        if "language" not in flask.g:
            speak()
        html = flask.render_template("shop/message.html", kind="failed", title=self._title)
        return protect(flask.Response(html, error.code), content_policy(anywhere=True))
