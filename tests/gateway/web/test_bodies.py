"""A body is taken whole up to a limit, however it is sent, and refused beyond."""

import io

import flask
import pytest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import EnvironBuilder

from gateway.web.bodies import read_body


def chunked(content: bytes) -> flask.Request:
    """Return a request whose body tells no length."""
    environ = EnvironBuilder(method="POST", input_stream=io.BytesIO(content)).get_environ()
    environ["wsgi.input_terminated"] = True
    return flask.Request(environ)


def plain(content: bytes) -> flask.Request:
    return flask.Request(EnvironBuilder(method="POST", data=content).get_environ())


@pytest.mark.parametrize("made", [plain, chunked])
@pytest.mark.parametrize("content", [b"", b"x" * 99, b"x" * 100])
def test_a_body_within_the_limit_comes_whole(made, content) -> None:
    assert read_body(made(content), 100) == content


@pytest.mark.parametrize("made", [plain, chunked])
def test_a_body_over_the_limit_is_refused(made) -> None:
    with pytest.raises(RequestEntityTooLarge):
        read_body(made(b"x" * 101), 100)


def test_who_hangs_up_before_the_end_has_sent_nothing() -> None:
    environ = EnvironBuilder(method="POST", input_stream=io.BytesIO(b"half")).get_environ()
    environ["CONTENT_LENGTH"] = "50"
    assert read_body(flask.Request(environ), 100) == b""
