"""Serve `core-api/v1` as a core that fails before and after its effects, in a process of its own.

    python -m tests.e2e.crash_core PORT FILE SEED

Three calls in a hundred fail before their effect and three after it. Every second failure is
answered with an error; at the others the connection just ends.
"""

import os
import random
import socket
import sys
from pathlib import Path

import flask
from werkzeug.serving import WSGIRequestHandler, make_server

from examples.reference_core.server import create_server
from gateway.cli.processes import exit_with_parent
from gateway.errors import CoreError
from tests.scripted_core import Failing, ScriptedCore, sometimes

SHARE = 0.03


class Handler(WSGIRequestHandler):
    """Keep connections open between calls, as a real core does, and write no log."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        return


def cutting(seed: int) -> Failing:
    """Return failures of which every second one ends the connection without an answer."""
    chance, failing = random.Random(seed), sometimes(seed, SHARE)

    def fail(moment: str, verb: str) -> CoreError | None:
        error = failing(moment, verb)
        if error is not None and chance.random() < 0.5:
            flask.request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return error

    return fail


if __name__ == "__main__":
    port, file, seed = sys.argv[1:]
    exit_with_parent(os.getppid())
    app = create_server(ScriptedCore(Path(file), cutting(int(seed))))
    server = make_server("127.0.0.1", int(port), app, threaded=True, request_handler=Handler)
    server.serve_forever()
