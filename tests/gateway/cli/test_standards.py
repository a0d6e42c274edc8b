"""The command installs, lists and says what is missing, for people and as JSON."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli.commands import main

DTD = """<!ENTITY cxml.version "1.2.050">
<!ENTITY % cxml.requests "(ProfileRequest)">
<!ELEMENT ProfileRequest EMPTY>
"""


@pytest.fixture
def run(tmp_path):
    """Run the command in an empty workspace."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()

    def call(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["standards", *arguments, "--workspace", str(workspace)])
        assert result.exit_code == code, result.output
        return result.output

    return call


@pytest.fixture
def source(tmp_path):
    """Give a folder with one DTD and one file that is not official."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "some.dtd").write_text(DTD)
    (folder / "page.xsd").write_text("<html/>")
    return str(folder)


def test_an_installation_is_reported(run, source):
    output = run("install", source)
    assert "cxml/1.2.050/cXML.dtd" in output
    assert "page.xsd: unknown root element html" in output
    assert "1 added, 0 replaced, 0 unchanged, 1 skipped" in output


def test_an_installation_is_reported_as_json(run, source):
    report = json.loads(run("install", source, "--json"))
    assert [item["name"] for item in report["added"]] == ["cXML"]


def test_a_source_without_anything_official_is_said_so(run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "Nothing official was found" in run("install", str(tmp_path / "empty"), code=1)


def test_the_list_shows_state_and_what_is_missing(run, source):
    assert "Nothing is installed" in run("list")
    run("install", source)
    output = run("list")
    assert output.startswith("ok ")
    assert "missing: cXML Fulfill.dtd" in output


def test_the_list_as_json_has_the_same(run, source):
    run("install", source)
    listed = json.loads(run("list", "--json"))
    assert [item["state"] for item in listed["installed"]] == ["ok"]
    assert len(listed["missing"]) == 1


def test_the_list_names_what_a_partner_needs_further(run, tmp_path):
    folder = tmp_path / "workspace" / "partners" / "acme"
    folder.mkdir(parents=True)
    words = "profile: coupa\ncustomer: 1\nname: Acme\n"
    identities = "identities: [{domain: DUNS, identity: 1}]\n"
    (folder / "partner.yaml").write_text(words + identities)
    output = run("list")
    assert "1.2.023 (PunchOutOrderMessage to acme): not installed" in output
