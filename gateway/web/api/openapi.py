"""Describe `/api/v1` to programs: the OpenAPI document beside this module, at `/api/openapi.json`.

It is written by hand and held to the routes and to the bodies they read and write by
tests/gateway/web/api/test_openapi.py.
"""

from importlib import resources

import flask


def create_description() -> flask.Blueprint:
    """Return the route."""
    blueprint = flask.Blueprint("description", __name__)
    content = resources.files(__package__).joinpath("openapi.json").read_bytes()

    @blueprint.get("/api/openapi.json")
    def openapi() -> flask.Response:
        """Describe what `/api/v1` offers, as an OpenAPI document."""
        return flask.Response(content, content_type="application/json")

    return blueprint
