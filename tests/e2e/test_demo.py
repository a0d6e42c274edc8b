"""`gateway demo --once` ends well only with every order in the core, on a new and a used folder."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from gateway.cli.demo_workspace import make_workspace
from gateway.connectors.embedded import EmbeddedCore
from gateway.settings import load_settings
from gateway.store.database import open_database
from tests.ports import free_port

COMMAND = (sys.executable, "-m", "gateway.cli", "demo")
SECONDS = 600
ORDERS = 4
"""What one run orders: Nordhamn by cXML, Sydlandet by cXML, OCI and Peppol."""


def play_once(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = [*COMMAND, "--once", "--directory", str(folder), *more]
    return subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)


def orders_in_core(folder: Path) -> set[str]:
    database = open_database(load_settings(folder).database_url)
    try:
        return {order.order_number for order in EmbeddedCore(database).orders().items}
    finally:
        database.close()


def test_each_printed_order_is_in_the_core_and_a_second_run_goes_on(tmp_path):
    folder, port = tmp_path / "demo", str(free_port())
    printed: list[str] = []
    for run in (1, 2):
        result = play_once(folder, "--port", port)
        assert result.returncode == 0, result.stdout + result.stderr
        printed += re.findall(r"in the core as (\S+)", result.stdout)
        assert len(printed) == run * ORDERS
        assert "payloadID" in result.stdout
        assert re.search(r"receive → .*deliver", result.stdout)
    assert len(set(printed)) == 2 * ORDERS
    assert orders_in_core(folder) == set(printed)


def test_a_taken_port_that_was_named_is_told(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = play_once(tmp_path / "demo", "--port", str(other.getsockname()[1]))
    assert result.returncode == 1
    assert "cannot be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_order_that_cannot_arrive_fails_the_demo(tmp_path):
    folder = make_workspace(tmp_path / "demo")
    customers = folder / "core" / "customers.json"
    text = customers.read_text("utf-8")
    customers.write_text(
        text.replace('"customer_id": "10001",', '"customer_id": "10001", "credit_hold": true,'),
        "utf-8",
    )
    result = play_once(folder, "--port", str(free_port()))
    assert result.returncode == 1, result.stdout + result.stderr
    assert "not in the core" in result.stdout
    assert len(re.findall(r"in the core as (\S+)", result.stdout)) == 1


def until_explained(process: subprocess.Popen[str]) -> str:
    """Return what the demo says until it has said everything."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            return "".join(said)
    pytest.fail("the demo ended before it had explained itself:\n" + "".join(said))


def test_the_demo_serves_the_buyers_side_until_it_is_stopped(tmp_path):
    words = [*COMMAND, "--directory", str(tmp_path / "demo"), "--port", str(free_port())]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as it:
        try:
            said = until_explained(it)
            desk = re.search(r"http://127\.0\.0\.1:\d+/console/buyer/", said)
            assert desk is not None, said
            assert said.count("buyer order region-sydlandet --face") == 3
            with httpx.Client(trust_env=False, timeout=SECONDS) as person:
                home = person.get(desk[0])
                foreign = person.get(desk[0], headers={"Host": "evil.example.com"})
        finally:
            it.send_signal(signal.SIGTERM)
            rest = it.communicate(timeout=SECONDS)[0]
    assert it.returncode == 0, rest
    assert home.status_code == 200
    assert "Region Sydlandet" in home.text
    assert foreign.status_code == 403
