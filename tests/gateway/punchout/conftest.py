"""Lend a gateway's punchout with goods to buy, on either database."""

import pytest

from gateway.store.database import Database
from tests.gateway.punchout.world import World, make_world


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)
