"""Serve the shop for tests: as a Flask client, and for real on a loopback port."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from wsgiref.types import StartResponse, WSGIEnvironment

import flask
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from gateway.web.application import create_application
from gateway.web.shop.blueprint import create_shop
from tests.gateway.punchout.world import ASSETS, World


def make_application(world: World, *more: flask.Blueprint) -> flask.Flask:
    """Return the whole web application around a world's shop."""
    shop = create_shop(
        world.service,
        world.catalogue,
        images=ASSETS / "images",
        title="Bergström Supply",
    )
    return create_application([shop, *more], {})


@contextmanager
def served(make: Callable[[str], flask.Flask], host: str = "127.0.0.1") -> Iterator[str]:
    """Serve what `make` gives for the address it is told, on a free port, and give that address."""
    made: list[flask.Flask] = []

    def late(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Read to its end here: the server does not close a file whose reader has gone away.
        with closing(ClosingIterator(made[0](environ, start_response))) as parts:
            return list(parts)

    server = make_server(host, 0, late, threaded=True)
    url = f"http://{host}:{server.server_port}"
    made.append(make(url))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
