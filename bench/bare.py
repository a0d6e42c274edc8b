"""Serve the least that could be called a setup handler: parse, check the DTD, insert one row.

The physical limit that `bench.setup` compares with: a plain Flask handler without a product in it.
Run as `python -m bench.bare PORT PROCESSES DATABASE [DTD]`.
"""

import io
import sqlite3
import sys
import threading
from pathlib import Path

import flask
from granian import Granian
from granian.constants import Interfaces
from lxml import etree

ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<cXML payloadID="1" timestamp="2026-11-22T12:00:00+00:00">'
    '<Response><Status code="200" text="OK"/><PunchOutSetupResponse><StartPage><URL>'
    "http://127.0.0.1/s/x</URL></StartPage></PunchOutSetupResponse></Response></cXML>"
)


def application(database: str, dtd_file: str | None) -> flask.Flask:
    """Return the bare handler."""
    app = flask.Flask(__name__)
    dtd = etree.DTD(io.BytesIO(Path(dtd_file).read_bytes())) if dtd_file else None
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(database, isolation_level=None, timeout=30)
            local.connection.execute("PRAGMA synchronous=FULL")
        return local.connection  # type: ignore[no-any-return]

    @app.post("/cxml")
    def cxml() -> flask.Response:
        content = flask.request.get_data()
        tree = etree.fromstring(  # noqa: TID251 -- this is the bare rival
            content,
            etree.XMLParser(resolve_entities=False, no_network=True),  # noqa: TID251
        )
        valid = dtd is None or dtd.validate(tree)
        cookie = tree.findtext("Request/PunchOutSetupRequest/BuyerCookie")
        connection().execute(
            "INSERT INTO session (cookie, body) VALUES (?, ?)", (f"{cookie}{valid}", content)
        )
        return flask.Response(ANSWER, content_type="text/xml; charset=UTF-8")

    return app


def prepare(database: str) -> None:
    """Make the file, its log and its table, before any process serves."""
    setup = sqlite3.connect(database)
    setup.execute("PRAGMA journal_mode=WAL")
    setup.execute(
        "CREATE TABLE IF NOT EXISTS session (id INTEGER PRIMARY KEY, cookie TEXT, body BLOB)"
    )
    setup.close()


def load() -> flask.Flask:
    """Return the application that the command line describes."""
    return application(sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else None)


if __name__ == "__main__":
    prepare(sys.argv[3])
    Granian(
        "bench.bare:load",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        factory=True,
        workers=int(sys.argv[2]),
        blocking_threads=16,
        log_enabled=False,
    ).serve()
