"""The virtual buyer of every shipped profile punches out, edits and orders at the real gateway."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.cli.demo_workspace import make_workspace
from gateway.partners.profile import profile_names
from tests.patience import STALLED
from tests.ports import free_port

SECRET = "a secret for tests"
OWN = {"ariba": "nordhamn-industri", "coupa": "region-sydlandet"}
"""Partners of the demo that use a profile already; the others are made here."""
USER = {"nordhamn-industri": "erik.sand@nordhamn.example"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Run a gateway with a partner for every shipped profile; give its workspace and address."""
    workspace = make_workspace(tmp_path_factory.mktemp("buyer") / "demo")
    for profile in profile_names():
        if profile not in OWN:
            add_partner(workspace, profile)
    with running(workspace) as url:
        yield workspace, url


@contextmanager
def running(workspace: Path) -> Iterator[str]:
    """Run the gateway of a workspace on a free port; give its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "GATEWAY_PORT": str(port), "GATEWAY_BASE_URL": url}
    words = [sys.executable, "-m", "gateway.cli", "run", "--workspace", str(workspace)]
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_ready(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(STALLED)


def add_partner(
    workspace: Path, profile: str, partner: str | None = None, *identities: str
) -> None:
    partner = partner or profile
    words = ["partner", "new", partner, "--profile", profile, "--customer", "10001"]
    for identity in identities or (f"NetworkId:{profile}-1",):
        words += ["--identity", identity]
    words += ["--secret-stdin"]
    result = CliRunner().invoke(main, [*words, "--workspace", str(workspace)], input=SECRET)
    assert result.exit_code == 0, result.output


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STALLED
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("the gateway did not become ready")


def buyer(served: tuple[Path, str], *words: str, stdin: str | None = None) -> Result:
    workspace, url = served
    more = ["--workspace", str(workspace), "--url", url]
    return CliRunner().invoke(main, ["buyer", *words, *more], input=stdin)


def partner_of(profile: str) -> tuple[str, str]:
    partner = OWN.get(profile, profile)
    return partner, USER.get(partner, "karin.holm@region-sydlandet.example")


@pytest.mark.parametrize("profile", profile_names())
def test_a_buyer_of_each_profile_shops_and_edits_without_findings(served, profile):
    partner, user = partner_of(profile)
    result = buyer(served, "punchout", partner, "--user", user, "--pick", "4", "--json")
    report = json.loads(result.stdout)
    findings = [found for step in report["steps"] for found in step["findings"]]
    assert findings == []
    assert result.exit_code == 0
    names = [step["name"] for step in report["steps"]]
    assert names == ["punchout", "pick", "transfer", "punchout", "transfer", "punchout", "cancel"]


@pytest.mark.parametrize("profile", profile_names())
def test_an_order_of_each_profile_is_taken_once_changed_and_taken_back(served, profile):
    partner, user = partner_of(profile)
    words = ("--user", user, "--update", "--delete", "--json")
    result = buyer(served, "order", partner, *words)
    report = json.loads(result.stdout)
    assert report["passed"], result.stdout
    assert result.exit_code == 0
    names = [step["name"] for step in report["steps"]]
    assert names[-5:] == ["order", "repeat", "conflict", "order", "order"]


def test_named_goods_come_home_in_the_quantities_named(served):
    result = buyer(
        served, "punchout", "generic", "--add", "PA-10010=7", "--no-edit", "--json",
        "--user", "karin.holm@region-sydlandet.example",
    )  # fmt: skip
    report = json.loads(result.stdout)
    assert report["passed"], result.stdout
    assert report["steps"][-1]["facts"]["lines"] == "1"


def test_goods_that_are_not_offered_end_the_journey_with_a_finding(served):
    result = buyer(served, "punchout", "generic", "--add", "NO-SUCH-PART", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [found["code"] for found in report["steps"][-1]["findings"]] == ["BUYER-016"]


def test_a_wrong_secret_is_answered_401_in_cxml_and_judged_blocking(served):
    result = buyer(served, "punchout", "generic", "--secret-stdin", "--json", stdin="wrong\n")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    (finding,) = report["steps"][0]["findings"]
    assert finding["code"] == "BUYER-004"
    assert finding["found"].startswith("401")


def test_a_script_plays_its_steps_and_tells_what_was_not_as_expected(served, tmp_path):
    file = tmp_path / "journey.yaml"
    file.write_text(
        "journey: two parts, looked at twice\n"
        "partner: generic\n"
        "steps:\n"
        "  - punchout: create\n"
        "  - add: {sku: PA-10010, quantity: 2}\n"
        "  - transfer: cart\n"
        "  - expect: {lines: 1, skus: [PA-10010], blocking: 0}\n"
        "  - punchout: edit\n"
        "  - cancel: session\n"
        "  - expect: {lines: 2}\n"
    )
    result = buyer(served, "script", str(file), "--json")
    report = json.loads(result.stdout)
    findings = [found for step in report["steps"] for found in step["findings"]]
    assert [(found["code"], found["document"]) for found in findings] == [
        ("BUYER-070", "journey.yaml:10")
    ]
    assert result.exit_code == 1


def test_a_gateway_that_is_not_there_is_told_without_traceback(served):
    workspace, _ = served
    words = ["buyer", "punchout", "generic", "--workspace", str(workspace)]
    result = CliRunner().invoke(main, [*words, "--url", f"http://127.0.0.1:{free_port()}"])
    assert result.exit_code == 1
    assert "could not be reached" in result.output


def test_a_level_two_punchout_opens_at_the_chosen_product(served):
    words = ("nordhamn-industri", "--user", USER["nordhamn-industri"], "--no-edit")
    result = buyer(served, "punchout", *words, "--select", "LI-10120", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert [step["name"] for step in report["steps"]] == ["punchout", "add", "transfer"]
    assert [found for step in report["steps"] for found in step["findings"]] == []


def test_a_shop_that_opens_elsewhere_than_at_the_chosen_product_is_told(served):
    words = ("nordhamn-industri", "--user", USER["nordhamn-industri"], "--no-edit")
    result = buyer(served, "punchout", *words, "--select", "NO-SUCH", "--pick", "1", "--json")
    steps = json.loads(result.stdout)["steps"]
    codes = [found["code"] for step in steps for found in step["findings"]]
    assert codes == ["BUYER-016"]
    assert result.exit_code == 1


def test_files_travel_with_an_order_and_are_on_its_record(served, tmp_path):
    drawing, photo = tmp_path / "ritning å.pdf", tmp_path / "photo.png"
    drawing.write_bytes(b"%PDF-1.7\r\n--not a boundary\r\n" + bytes(range(256)))
    photo.write_bytes(b"\x89PNG\r\n\x1a\n")
    words = ["nordhamn-industri", "--user", USER["nordhamn-industri"], "--json"]
    result = buyer(served, "order", *words, "--attach", str(drawing), "--attach", str(photo))
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert [found for step in report["steps"] for found in step["findings"]] == []
    (order,) = [step for step in report["steps"] if step["name"] == "order"]
    workspace = ["--workspace", str(served[0])]
    listed = CliRunner().invoke(
        main, ["messages", "list", "--json", "--reference", order["message_ids"][0], *workspace]
    )
    message_id = next(
        one["id"] for one in json.loads(listed.stdout) if one["name"] == "OrderRequest.new"
    )
    asked = CliRunner().invoke(main, ["messages", "show", message_id, "--json", *workspace])
    shown = json.loads(asked.stdout)["attachments"]
    assert [(one["file_name"], one["media_type"], one["size"]) for one in shown] == [
        ("ritning å.pdf", "application/pdf", 284),
        ("photo.png", "image/png", 8),
    ]
    told = CliRunner().invoke(main, ["messages", "show", message_id, *workspace]).output
    assert "ritning å.pdf  application/pdf  284 bytes" in told
