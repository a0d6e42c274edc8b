"""Lend a house with an open door, one a module, and a browser in front of it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.gateway.web.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    built = House(tmp_path_factory.mktemp("faces") / "workspace")
    yield built
    built.gateway.close()


@pytest.fixture
def browser(house: House) -> Iterator[httpx.Client]:
    with house.client() as client:
        yield client
