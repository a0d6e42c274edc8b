"""The virtual buyer's pages answer to this machine alone, and only when they are switched on."""

from collections.abc import Iterator
from pathlib import Path

import flask.testing
import pytest

from gateway.app import open_gateway, prepare
from gateway.cli.demo_workspace import make_workspace

CONSOLE = "/console/buyer/"
HERE = "http://127.0.0.1:8080"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = make_workspace(tmp_path / "demo")
    prepare(folder)
    return folder


@pytest.fixture
def client(workspace: Path) -> Iterator[flask.testing.FlaskClient]:
    gateway = open_gateway(workspace)
    yield gateway.application().test_client()
    gateway.close()


def test_every_face_of_every_partner_has_an_office(client):
    page = client.get(CONSOLE, base_url=HERE)
    assert page.status_code == 200
    for office in ("region-sydlandet-cxml", "region-sydlandet-oci", "region-sydlandet-ubl"):
        assert f'action="{CONSOLE}punchout/{office}"' in page.text


def test_another_name_and_another_machine_are_refused(client):
    assert client.get(CONSOLE, base_url="https://shop.example.com").status_code == 403
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get(CONSOLE, base_url=HERE, environ_base=elsewhere).status_code == 403


def test_a_login_is_shown_without_its_password(client, workspace):
    secret = (workspace / "secrets" / "region-sydlandet").read_text().strip()
    begun = client.post(f"{CONSOLE}punchout/region-sydlandet-oci", base_url=HERE)
    key = begun.headers["location"].rpartition("/")[2]
    assert secret in client.get(f"{CONSOLE}visit/{key}/login", base_url=HERE).text
    page = client.get(f"{CONSOLE}requisitions/{key}", base_url=HERE).text
    assert "PASSWORD=***" in page
    assert secret not in page


def test_it_is_off_unless_it_is_switched_on(workspace):
    settings = workspace / "gateway.toml"
    settings.write_text(settings.read_text().replace("buyer_console = true", ""))
    gateway = open_gateway(workspace)
    try:
        assert gateway.application().test_client().get(CONSOLE, base_url=HERE).status_code == 404
    finally:
        gateway.close()
