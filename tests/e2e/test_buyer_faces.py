"""The virtual buyer of every shipped profile shops and orders over each of its faces."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.cli.demo import FINAL_STATES
from gateway.cli.demo_workspace import make_workspace
from gateway.partners.marked import read_marked
from gateway.partners.profile import load_profile, profile_names
from tests.e2e.test_buyer import SECRET, add_partner, buyer, running
from tests.mappings.profiles.replay import SYNTAXES, samples
from tests.patience import wait_until

KARIN = ("--user", "karin.holm@region-sydlandet.example", "--ship-to", "7350000000122")
DOMAINS = {"cxml": "NetworkId", "oci": "OCI", "ubl": "PEPPOL"}
MAIL = "-mail"
"""Ending of the partners that have their own faces alone: nothing to send an order by."""
FROM_HERE = "\ncxml:\n  authenticate: [secret, mac, address]\n  addresses: [127.0.0.0/8]\n"


def faces_of(profile: str) -> tuple[str, ...]:
    """Return the faces of a profile's recorded sessions; one that others lie over speaks cXML."""
    found = {
        SYNTAXES.get(identity["domain"], "cxml"): None
        for sample in samples()
        if sample.parent.name == f"{profile}.samples"
        for identity in read_marked((sample / "partner.yaml").read_bytes(), "").data["identities"]
    }
    return tuple(found) or ("cxml",)


PLAYED = [(profile, face) for profile in profile_names() for face in faces_of(profile)]
LOGINS_ALONE = [name for name in profile_names() if "cxml" not in faces_of(name)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Run a gateway with a partner for every shipped profile, with all faces that it has."""
    workspace = make_workspace(tmp_path_factory.mktemp("faces") / "demo")
    for profile in profile_names():
        add(workspace, profile, faces_of(profile), profile)
    for profile in LOGINS_ALONE:
        add(workspace, profile, faces_of(profile), f"{profile}{MAIL}", orders=False)
    with running(workspace) as url:
        yield workspace, url


def add(
    workspace: Path, profile: str, faces: tuple[str, ...], partner: str, *, orders: bool = True
) -> None:
    """Make a partner; with `orders` it has an identity in cXML, whatever it shops by."""
    identities = [f"{DOMAINS[face]}:{partner}" for face in faces]
    if orders and "cxml" not in faces:
        identities.append(f"DUNS:{partner}")
    add_partner(workspace, profile, partner, *identities)
    file = workspace / "partners" / partner / "partner.yaml"
    text = file.read_text("utf-8")
    if "ubl" in faces:
        text += "\nubl:\n  tax_percent: 25\n"
    if not load_profile(profile).buyer.order_secret:
        text += FROM_HERE
    file.write_text(text, "utf-8")


def play(served: tuple[Path, str], *words: str, code: int = 0) -> dict[str, Any]:
    """Return the report of a journey that ends with `code`."""
    result = buyer(served, *words, *KARIN, "--json")
    assert result.exit_code == code, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def state_of(served: tuple[Path, str], payload_id: str) -> str:
    """Return the state that an order comes to rest in."""
    words = ["messages", "list", "--json", "--reference", payload_id]

    def state() -> str:
        listed = CliRunner().invoke(main, [*words, "--workspace", str(served[0])])
        states = {one["state"] for one in json.loads(listed.stdout) if "Order" in one["name"]}
        (found,) = states - {"refused"}
        return str(found)

    wait_until(lambda: state() in FINAL_STATES)
    return state()


def findings_in(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [found for step in report["steps"] for found in step["findings"]]


def names_in(report: dict[str, Any]) -> list[str]:
    return [step["name"] for step in report["steps"]]


@pytest.mark.parametrize(("profile", "face"), PLAYED)
def test_a_cart_of_each_profile_and_face_is_ordered_as_it_came_home(served, profile, face):
    report = play(served, "order", profile, "--face", face, "--pick", "3")
    assert findings_in(report) == []
    assert report["face"] == face
    assert names_in(report) == ["punchout", "pick", "transfer", "order", "repeat", "conflict"]
    cart, order = report["steps"][2:4]
    assert cart["facts"]["lines"] == "3"
    assert order["facts"]["sent as"].startswith("cXML, from ")
    kinds = Counter(one["kind"] for one in order["differences"])
    assert set(kinds) == {"preserved"}
    lines = {one["line"] for one in order["differences"]}
    assert len(lines) == 3
    assert kinds["preserved"] >= 8 * len(lines)
    assert state_of(served, order["message_ids"][0]) == "delivered"


@pytest.mark.parametrize(
    ("profile", "face"),
    [("jaggaer", "cxml"), ("ariba", "cxml"), ("sap-srm", "oci"), ("visma-proceedo", "ubl")],
)
def test_a_cart_split_over_orders_is_taken_whole_and_is_the_cart_together(served, profile, face):
    words = ("--add", "PA-10010=10", "--add", "PA-10020=6", "--add", "PA-10030=4")
    report = play(served, "order", profile, "--face", face, *words, "--split", "2")
    assert findings_in(report) == []
    order = next(step for step in report["steps"] if step["name"] == "order")
    assert {one["kind"] for one in order["differences"]} == {"preserved"}
    amounts = [one["after"] for one in order["differences"] if one["field"] == "quantity"]
    assert amounts == ["10", "6", "4"]
    assert len(order["message_ids"]) == 2
    states = [state_of(served, payload_id) for payload_id in order["message_ids"]]
    assert states == ["delivered", "delivered"]


def test_files_do_not_travel_with_a_split_cart(served, tmp_path):
    file = tmp_path / "drawing.pdf"
    file.write_bytes(b"%PDF")
    result = buyer(served, "order", "ariba", "--split", "2", "--attach", str(file))
    assert result.exit_code == 2
    assert "--split" in result.output


@pytest.mark.parametrize("profile", LOGINS_ALONE)
def test_a_buyer_without_a_way_to_order_says_so_and_compares_the_order(served, profile):
    report = play(served, "order", f"{profile}{MAIL}", "--update", "--delete")
    assert report["passed"]
    assert names_in(report) == ["punchout", "pick", "transfer", "order"]
    order = report["steps"][-1]
    assert (order["message_ids"], order["facts"]["sent as"]) == ([], "nothing")
    assert {one["kind"] for one in order["differences"]} == {"preserved"}
    (why,) = [said for said in report["unchecked"] if said.startswith("order: not sent")]
    assert "identities in partner.yaml" in why


@pytest.mark.parametrize("face", ["oci", "ubl"])
def test_a_face_that_takes_no_cart_back_says_so(served, face):
    report = play(served, "punchout", "visma-proceedo", "--face", face)
    assert names_in(report) == ["punchout", "pick", "transfer"]
    assert [said for said in report["unchecked"] if said.startswith("edit and inspect:")]


def test_the_first_face_of_the_partner_is_taken_when_none_is_named(served):
    assert play(served, "punchout", "visma-proceedo", "--no-edit")["face"] == "oci"
    assert play(served, "punchout", "ariba", "--no-edit")["face"] == "cxml"


def test_a_face_that_the_partner_lacks_is_told_with_those_it_has(served):
    result = buyer(served, "punchout", "basware", "--face", "ubl")
    assert result.exit_code == 3
    for part in ("basware has no identity for Peppol", "oci (OCI), cxml (cXML)", "domain: PEPPOL"):
        assert part in result.output


def test_an_oci_login_opens_at_the_chosen_product(served):
    report = play(served, "punchout", "sap-srm", "--face", "oci", "--select", "LI-10120")
    assert findings_in(report) == []
    assert names_in(report) == ["punchout", "add", "transfer"]


def test_a_peppol_login_cannot_choose_a_product_and_says_so(served):
    words = ("--face", "ubl", "--select", "LI-10120")
    report = play(served, "punchout", "visma-proceedo", *words)
    assert findings_in(report) == []
    assert [said for said in report["unchecked"] if said.startswith("to open the shop at LI-10120")]


@pytest.mark.parametrize("face", ["oci", "ubl"])
def test_a_wrong_password_keeps_the_shop_shut_and_is_judged_blocking(served, face):
    words = ("punchout", "visma-proceedo", "--face", face, "--secret-stdin", "--json")
    result = buyer(served, *words, stdin="wrong\n")
    assert result.exit_code == 1
    (step,) = json.loads(result.stdout)["steps"]
    assert [found["code"] for found in step["findings"]] == ["BUYER-009"]
    assert "password" in step["findings"][0]["fix"]
    assert step["facts"]["http"] == "403"
    assert SECRET not in result.stdout


def test_a_script_says_its_face_and_the_option_overrides_it(served, tmp_path):
    file = tmp_path / "journey.yaml"
    file.write_text(
        "journey: one part by a login\n"
        "partner: visma-proceedo\n"
        "face: oci\n"
        "steps:\n"
        "  - punchout: create\n"
        "  - add: {sku: PA-10010, quantity: 2}\n"
        "  - transfer: cart\n"
        "  - expect: {lines: 1, total: 578, blocking: 0}\n"
        "  - order: new\n"
        "  - expect: {status: 200}\n"
    )
    assert play(served, "script", str(file))["face"] == "oci"
    assert play(served, "script", str(file), "--face", "ubl")["face"] == "ubl"


def test_the_report_for_people_shows_the_order_against_the_cart(served):
    result = buyer(served, "order", "sap-srm", "--face", "oci", "--pick", "1", *KARIN)
    assert result.exit_code == 0, result.output
    for part in ("Order against cart", "preserved", "classification", "by OCI", "sent as cXML"):
        assert part in result.output


def test_every_profile_is_played_over_its_own_face():
    assert {profile for profile, _ in PLAYED} == set(profile_names())
    assert Counter(face for _, face in PLAYED) == {"cxml": 15, "oci": 7, "ubl": 1}


def test_a_face_that_nobody_knows_is_refused_with_the_three_that_are():
    result = CliRunner().invoke(main, ["buyer", "punchout", "x", "--face", "edi"])
    assert result.exit_code == 2
    assert "'cxml', 'oci', 'ubl'" in result.output
