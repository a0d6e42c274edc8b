"""From the command line a person sees what came, where it stands and why, and decides."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gateway.app import open_gateway
from gateway.pipeline.contract import Arrival
from gateway.pipeline.operations import INTERCHANGE
from gateway.pipeline.states import State
from gateway.store.messages import message
from tests.builders import NOON, make_order_request

Gateway = Callable[..., Result]
NEW = ("partner", "new", "buyer", "--customer", "C1", "--identity", "NetworkId:BUYER")


@pytest.fixture
def received(gateway: Gateway, tmp_path: Path) -> str:
    """Give the id of an order in a workspace that works."""
    assert gateway("db", "upgrade").exit_code == 0
    words = (*NEW, "--supplier", "DUNS:SUPPLIER", "--name", "Buyer Ltd", "--secret-stdin")
    assert gateway(*words, given="abracadabra-42\n").exit_code == 0
    house = open_gateway(tmp_path)
    answer = house.pipeline.receive(Arrival("cxml", make_order_request(), "text/xml", NOON))
    house.close()
    assert answer.message_id is not None
    return answer.message_id


def hold(workspace: Path, message_id: str, **values: str) -> None:
    house = open_gateway(workspace)
    held = message.update().where(message.c.id == message_id).values(state=State.HELD, **values)
    house.database.write(lambda c: c.execute(held))
    house.close()


def test_the_list_shows_the_order(
    gateway: Gateway, received: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = gateway("messages", "list").output.splitlines()
    assert lines[0].split()[:3] == ["state", "partner", "name"]
    assert "PO-1" in lines[1]
    assert received in lines[1]
    assert "no messages" in gateway("messages", "list", "--state", "held").output


def test_a_narrow_terminal_gets_two_lines_a_message(
    gateway: Gateway, received: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = gateway("messages", "list").output.splitlines()
    assert len(lines) == 2
    assert lines[0].split() == ["accepted", "<-", "OrderRequest.new", "PO-1"]
    assert lines[1].split()[0] == received
    assert all(len(line) <= 80 for line in lines)
    monkeypatch.setenv("COLUMNS", "200")
    assert gateway("messages", "list").output.startswith("state ")


def test_who_waits_is_said_with_the_way_out(
    gateway: Gateway, received: str, tmp_path: Path
) -> None:
    assert "waits" not in gateway("messages", "list").stderr
    assert "waits" not in gateway("messages", "show", received).output
    hold(tmp_path, received)
    assert f"gateway messages show {received}" in gateway("messages", "list").stderr
    assert json.loads(gateway("messages", "list", "--json").stdout)[0]["state"] == "held"
    shown = gateway("messages", "show", received).output
    for way in ("release", "--reject", "replay"):
        assert way in shown


def test_a_held_interchange_is_released_or_refused_and_not_replayed(
    gateway: Gateway, received: str, tmp_path: Path
) -> None:
    hold(tmp_path, received, kind=INTERCHANGE)
    shown = gateway("messages", "show", received).output
    assert f"gateway messages release {received} --reason TEXT --reject\n" in shown
    assert "take its messages out" in shown
    assert "replay" not in shown


def test_a_held_message_of_ours_is_sent_again_and_nothing_else(
    gateway: Gateway, received: str, tmp_path: Path
) -> None:
    hold(tmp_path, received, direction="out", kind="order-response")
    shown = gateway("messages", "show", received).output
    (way,) = [line for line in shown.splitlines() if "  gateway messages " in line]
    assert way.endswith(f"release {received} --reason TEXT")
    assert "send it again" in shown
    refused = gateway("messages", "release", received, "--reject", "--reason", "no")
    assert refused.exit_code == 1
    assert "it is not refused but sent again: gateway messages release" in refused.stderr
    assert gateway("messages", "release", received, "--reason", "they mended it").exit_code == 0
    assert gateway("messages", "list", "--state", "prepared").output.count(received) == 1
    again = gateway("messages", "release", received, "--reason", "once more")
    assert again.exit_code == 1
    assert "only a held one can be decided about" in again.stderr


def test_who_owes_an_acknowledgement_is_said_and_listed(
    gateway: Gateway, received: str, tmp_path: Path
) -> None:
    assert "no messages" in gateway("messages", "list", "--acknowledgement", "overdue").output
    house = open_gateway(tmp_path)
    late = message.update().where(message.c.id == received).values(acknowledgement="overdue")
    house.database.write(lambda c: c.execute(late))
    house.close()
    told = gateway("messages", "list").output
    assert "acknowledgements are overdue: gateway messages list --acknowledgement overdue" in told
    assert received in gateway("messages", "list", "--acknowledgement", "overdue").output
    assert "no messages" in gateway("messages", "list", "--acknowledgement", "pending").output


def test_a_state_that_does_not_exist_is_wrong_usage(gateway: Gateway) -> None:
    result = gateway("messages", "list", "--state", "hold")
    assert result.exit_code == 2
    assert "held" in result.output


def test_the_list_is_there_for_programs(gateway: Gateway, received: str) -> None:
    (one,) = json.loads(gateway("messages", "list", "--reference", "PO-1", "--json").output)
    assert (one["id"], one["state"], one["partner"]) == (received, "accepted", "buyer")


def test_a_message_shows_its_timeline_and_on_request_its_bytes(
    gateway: Gateway, received: str
) -> None:
    plain = gateway("messages", "show", received).output
    assert "receive -> accepted" in plain
    assert "<OrderRequest" not in plain
    whole = gateway("messages", "show", received, "--payload").output
    assert "<OrderRequest" in whole
    assert "abracadabra" not in whole
    shown = json.loads(gateway("messages", "show", received, "--json", "--payload").output)
    assert shown["timeline"][0]["step"] == "receive"
    assert "<OrderRequest" in shown["payload"]


def test_only_a_held_message_can_be_released(
    gateway: Gateway, received: str, tmp_path: Path
) -> None:
    refused = gateway("messages", "release", received, "--reason", "ok")
    assert refused.exit_code == 1
    hold(tmp_path, received)
    assert gateway("messages", "release", received, "--reason", "ok").exit_code == 0
    assert gateway("messages", "list", "--state", "accepted").output.count(received) == 1


def test_a_held_message_can_be_refused_or_replayed(
    gateway: Gateway, received: str, tmp_path: Path
) -> None:
    hold(tmp_path, received)
    assert gateway("messages", "replay", received, "--current-mapping").exit_code == 0
    hold(tmp_path, received)
    assert gateway("messages", "release", received, "--reject", "--reason", "no").exit_code == 0
    assert gateway("messages", "list", "--state", "rejected").output.count(received) == 1


def test_an_unknown_message_is_an_error_with_a_way_out(gateway: Gateway, received: str) -> None:
    result = gateway("messages", "show", f"{received}x")
    assert result.exit_code == 1
    assert "gateway messages list" in result.output


def test_a_second_upgrade_says_that_there_is_nothing_to_do(gateway: Gateway) -> None:
    assert "nothing to" in gateway("db", "upgrade").output
    assert "already" in gateway("db", "upgrade").output


def test_files_of_an_order_and_of_its_lines_are_named(gateway: Gateway, tmp_path: Path) -> None:
    assert gateway("db", "upgrade").exit_code == 0
    words = (*NEW, "--supplier", "DUNS:SUPPLIER", "--name", "Buyer Ltd", "--secret-stdin")
    assert gateway(*words, given="abracadabra-42\n").exit_code == 0
    file = "<Comments><Attachment><URL>https://b.example/{}.pdf</URL></Attachment></Comments>"
    order = make_order_request().decode()
    order = order.replace("</OrderRequestHeader>", f"{file.format('terms')}</OrderRequestHeader>")
    order = order.replace("</ItemOut>", f"{file.format('drawing')}</ItemOut>", 1)
    house = open_gateway(tmp_path)
    answer = house.pipeline.receive(Arrival("cxml", order.encode(), "text/xml", NOON))
    house.close()
    shown = gateway("messages", "show", str(answer.message_id)).output
    named = [line.split()[1] for line in shown.splitlines() if line.startswith("  attachment")]
    assert named == ["https://b.example/terms.pdf", "https://b.example/drawing.pdf"]
