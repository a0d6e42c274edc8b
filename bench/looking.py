"""Serve the least that could be called a catalogue: one indexed query, one line of text.

The physical limit that `bench.oci` compares with, on the same server and over the same loopback.
Run as `python -m bench.looking PORT DATABASE`.
"""

import sqlite3
import sys
import threading
from pathlib import Path

import flask
from granian import Granian
from granian.constants import Interfaces


def make_database(database: Path, products: int) -> None:
    """Write that many products into a new database."""
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE product (sku TEXT PRIMARY KEY, name TEXT)")
    named = ((f"SKU-{number}", f"Bolt {number}") for number in range(products))
    connection.executemany("INSERT INTO product VALUES (?, ?)", named)
    connection.commit()
    connection.close()


def application(database: str) -> flask.Flask:
    """Return the bare handler."""
    app = flask.Flask(__name__)
    local = threading.local()

    @app.get("/<sku>")
    def look(sku: str) -> str:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(database)
        found = local.connection.execute("SELECT name FROM product WHERE sku = ?", (sku,))
        return str(found.fetchone()[0])

    return app


def load() -> flask.Flask:
    """Return the application that the command line describes."""
    return application(sys.argv[2])


if __name__ == "__main__":
    Granian(
        "bench.looking:load",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=8,
        log_enabled=False,
    ).serve()
