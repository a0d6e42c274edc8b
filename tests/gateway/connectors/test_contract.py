"""Both connectors have every verb of the contract, with its parameters."""

import inspect

import pytest

from gateway.connectors.contract import Core
from gateway.connectors.embedded import EmbeddedCore
from gateway.connectors.rest import RestCore


@pytest.mark.parametrize("connector", [EmbeddedCore, RestCore])
def test_a_connector_has_every_verb(connector: type[Core]) -> None:
    for name, verb in inspect.getmembers(Core, inspect.isfunction):
        if not name.startswith("_"):
            ours = inspect.signature(getattr(connector, name))
            assert ours == inspect.signature(verb), name
