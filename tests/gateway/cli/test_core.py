"""`gateway core check` says of each promise whether the core keeps it, and ends accordingly."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gateway.connectors.conformance import SCENARIOS

ROOT = Path(__file__).parents[3]
Gateway = Callable[..., Result]
NEW = ("--supplier", "DUNS:9", "--secret-stdin", "--identity", "NetworkId:1")


@pytest.fixture
def workspace(gateway: Gateway, tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples/demo/core", tmp_path / "core")
    gateway("partner", "new", "acme", "--customer", "10001", *NEW, given="x")
    return tmp_path


@pytest.mark.usefixtures("workspace")
def test_only_questions_are_asked_unless_writing_is_wished(gateway: Gateway) -> None:
    result = gateway("core", "check", "--json")
    assert result.exit_code == 0, result.output
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["scenario"] for one in told] == [one.name for one in SCENARIOS if not one.writes]
    assert all(one["kept"] for one in told)


@pytest.mark.usefixtures("workspace")
def test_orders_are_tried_when_wished(gateway: Gateway) -> None:
    result = gateway("core", "check", "--write")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("kept") == len(SCENARIOS)
    assert "kept    equal orders at once make exactly one" in result.stdout


@pytest.mark.usefixtures("workspace")
def test_a_broken_promise_is_told_and_ends_with_1(gateway: Gateway) -> None:
    result = gateway("core", "check", "--customer", "nobody")
    assert result.exit_code == 1
    assert "broken  every identifier leads to the customer" in result.stdout
    assert "customer nobody is not known; name one that is" in result.stdout


def test_without_partners_a_customer_must_be_named(gateway: Gateway) -> None:
    result = gateway("core", "check")
    assert result.exit_code == 2
    assert "--customer" in result.stderr
