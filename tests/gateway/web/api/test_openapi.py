"""`/api/openapi.json` is valid and names every route below `/api` with the bodies it has."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from gateway.app import open_gateway
from gateway.punchout.external import ExternalCart
from gateway.web.api.punchout import TITLES, Problem, SessionView, Transfer

BODIES = (SessionView, ExternalCart, Transfer, Problem)
FOR_PEOPLE = {"title", "description"}
READ = {
    "ExternalCart", "ExternalFile", "ExternalLine", "ExternalPrice", "ExternalTax",
    "Classification", "Identifier", "Property",
}  # fmt: skip
"""What is read: here an unknown field is an error, elsewhere fields may be added."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Give the whole application of an empty workspace."""
    gateway = open_gateway(tmp_path_factory.mktemp("workspace"))
    application = gateway.application()
    gateway.close()
    return application.test_client(use_cookies=False)


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/api/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    return json.loads(response.data)


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    validate(document, cls=OpenAPIV31SpecValidator)


def test_it_describes_every_route_below_api_and_no_other(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    served = {
        (method, re.sub(r"<[^>]+>", "{}", rule.rule))
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (method.upper(), re.sub(r"{\w+}", "{}", path))
        for path, operations in document["paths"].items()
        for method in operations.keys() - {"parameters"}
    }
    assert described == served


def test_its_schemas_are_those_of_the_bodies(document: dict[str, Any]) -> None:
    template = "#/components/schemas/{name}"
    _, bodies = msgspec.json.schema_components(BODIES, ref_template=template)
    bodies = msgspec.json.decode(msgspec.json.encode(bodies))  # tuples are lists in JSON
    written = document["components"]["schemas"]
    assert written.keys() == bodies.keys()
    assert {name: shape(schema) for name, schema in written.items()} == {
        name: shape(schema) for name, schema in bodies.items()
    }


def shape(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without the words for people, and without what it forbids."""
    kept = {key: schema[key] for key in schema.keys() - FOR_PEOPLE - {"additionalProperties"}}
    kept["required"] = sorted(schema.get("required", ()))
    if "properties" in schema:
        kept["properties"] = {name: shape(one) for name, one in schema["properties"].items()}
    return kept


def test_unknown_fields_are_forbidden_in_what_is_read_and_nowhere_else(
    document: dict[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    closed = {name for name, one in schemas.items() if one.get("additionalProperties") is False}
    assert closed == READ


def test_every_refusal_of_the_routes_is_described(document: dict[str, Any]) -> None:
    described = {
        int(status)
        for operations in document["paths"].values()
        for operation in operations.values()
        if isinstance(operation, dict)
        for status in operation["responses"]
    }
    assert described == {200, *TITLES}


def test_it_is_a_file_that_people_can_read_in_the_repository(document: dict[str, Any]) -> None:
    folder = Path(__file__).parents[4] / "gateway" / "web" / "api"
    assert json.loads((folder / "openapi.json").read_text(encoding="utf-8")) == document
