"""Lend a shop with goods, and a client that keeps no cookies."""

import pytest
from flask.testing import FlaskClient

from gateway.store.database import Database
from tests.gateway.punchout.world import World, make_world
from tests.gateway.web.shop.serving import make_application


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return make_application(world).test_client(use_cookies=False)
