"""The published document is valid, is what the client speaks and names all paths of the server."""

import re
from pathlib import Path

import flask
import yaml
from openapi_spec_validator import validate

from examples.reference_core.server import create_server
from gateway.connectors.contract import Core
from gateway.connectors.rest.openapi import OPERATIONS, document, published
from gateway.connectors.rest.wire import schemas

PUBLISHED = Path(__file__).resolve().parents[4] / "docs/reference/core-api.yaml"


def test_the_published_file_is_what_the_table_says() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == published(), (
        "run `python -m gateway.connectors.rest.openapi > docs/reference/core-api.yaml`"
    )


def test_the_published_file_is_valid_openapi() -> None:
    validate(yaml.safe_load(PUBLISHED.read_text(encoding="utf-8")))


def test_its_schemas_are_those_of_the_bodies() -> None:
    assert document()["components"]["schemas"] == dict(schemas())


def test_every_verb_of_the_contract_is_an_operation() -> None:
    verbs = {name for name in vars(Core) if not name.startswith("_")}
    assert {operation.name for operation in OPERATIONS} == verbs


def test_the_reference_server_answers_every_path_and_no_other() -> None:
    app: flask.Flask = create_server(None)  # type: ignore[arg-type]  # never asked
    served = {
        (method.lower(), re.sub(r"<path:\w+>", "{}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "PUT", "POST"}
        if rule.endpoint != "static"
    }
    described = {(one.method, re.sub(r"\{\w+\}", "{}", one.path)) for one in OPERATIONS}
    assert served == described
