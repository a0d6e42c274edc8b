"""What is written into a workspace is whole or not there; an edit changes only what it is for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.errors import ConfigurationError
from gateway.partners.files import Draft, create_partner, quoted, reseal, set_secret, write_file
from gateway.partners.loader import load_partners
from gateway.partners.marked import read_marked
from gateway.partners.vault import Vault
from gateway.settings import load_settings
from gateway.settings.model import Identity

Write = Callable[..., Path]


def draft(**changes: object) -> Draft:
    return Draft(
        **{
            "id": "acme",
            "name": "Acme",
            "profile": "generic",
            "customer": "10001",
            "identities": (Identity(domain="NetworkId", identity="AN01"),),
            "supplier": (Identity(domain="DUNS", identity="999"),),
            "secret": "hemlig\n",
            **changes,
        }  # type: ignore[arg-type]  # a test's words
    )


def create(workspace: Path, **changes: object) -> Path:
    return create_partner(workspace, draft(**changes), Vault(workspace), load_settings(workspace))


def test_a_new_partner_works_at_once(workspace: Path) -> None:
    file = create(workspace, return_hosts=("buyer.example.com", "localhost:3000"))
    partners = load_partners(workspace)
    partner = partners.get("acme")
    assert file.read_text().count("hemlig") == 0
    assert partners.keyring("acme").ours.reveal() == "hemlig"
    assert partner.punchout.return_hosts == ("buyer.example.com", "localhost:3000")
    assert [path.name for path in (workspace / "partners").iterdir()] == ["acme"]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"id": "../acme"}, "cannot be the id"),
        ({"id": "Acme"}, "cannot be the id"),
        ({"id": ""}, "cannot be the id"),
        ({"secret": "\n"}, "the secret is empty"),
        ({"profile": "coupas"}, "would not work"),
        ({"supplier": ()}, "would not work"),
        ({"name": ""}, "would not work"),
        ({"return_hosts": ("https://x/y",)}, "would not work"),
    ],
)
def test_one_that_would_not_work_leaves_nothing_behind(
    workspace: Path, changes: dict[str, object], finding: str
) -> None:
    with pytest.raises(ConfigurationError, match=finding):
        create(workspace, **changes)
    assert not list(workspace.glob("partners/*"))
    assert not list(workspace.glob("partners/.*"))


def test_nothing_is_overwritten_and_no_identity_taken(workspace: Path) -> None:
    before = create(workspace).read_bytes()
    with pytest.raises(ConfigurationError, match="exists already"):
        create(workspace, customer="2")
    with pytest.raises(ConfigurationError) as caught:
        create(workspace, id="bolt")
    assert "belongs to acme" in caught.value.findings[0]
    assert (workspace / "partners/acme/partner.yaml").read_bytes() == before
    assert [path.name for path in (workspace / "partners").iterdir()] == ["acme"]


def test_a_broken_neighbour_does_not_stand_in_the_way(workspace: Path) -> None:
    (workspace / "partners" / "bolt").mkdir(parents=True)
    (workspace / "partners" / "bolt" / "partner.yaml").write_text("name: [")
    assert create(workspace).exists()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_survives_its_quotes(text: str) -> None:
    marked = read_marked(f"a: {quoted(text)}\n".encode(), "x")
    assert not marked.findings
    assert marked.data == {"a": text or None}


@pytest.mark.parametrize(
    "block",
    [
        "secrets:\n  # how it came\n  current: file:secrets/current\n  outgoing: env:OUT\n\n"
        "state: live\n",
        "secrets: {current: file:secrets/current, outgoing: env:OUT}   # flow\nstate: live\n",
        "state: live\nsecrets:\n    current: 'file:secrets/current'\n    previous: env:OLDER\n"
        "    outgoing: env:OUT",
        '"secrets":\n  current: file:secrets/current\n  outgoing: env:OUT\nstate: live\n',
    ],
)
def test_a_new_secret_moves_the_present_one_back_and_touches_nothing_else(
    write: Write, workspace: Path, block: str
) -> None:
    head = "# kept\nname: Acme  # kept too\n"
    file = write("acme", head + block)
    vault = Vault(workspace)
    if block.startswith('"'):
        before = file.read_bytes()
        with pytest.raises(ConfigurationError, match="cannot be changed safely"):
            set_secret(workspace, "acme", "new", vault)
        assert file.read_bytes() == before
        return
    set_secret(workspace, "acme", "new", vault)
    after = read_marked(file.read_bytes(), "x").data
    held = after["secrets"]
    assert isinstance(held, dict)
    assert vault.resolve(str(held["current"])).reveal() == "new"
    assert (held["previous"], held["outgoing"]) == ("file:secrets/current", "env:OUT")
    assert after["state"] == "live"
    assert file.read_text().startswith(head)
    assert ("# how it came" in block) == ("# how it came" in file.read_text())


def test_a_partner_without_a_secret_gets_its_first(write: Write, workspace: Path) -> None:
    file = write("acme", "name: Acme")
    set_secret(workspace, "acme", "new", Vault(workspace))
    data = read_marked(file.read_bytes(), "x").data
    assert set(data) == {"name", "secrets"}
    assert set(data["secrets"]) == {"current"}


@pytest.mark.parametrize("content", [b"name: [", b"\xff"])
def test_a_file_that_is_not_in_order_is_left_alone(
    write: Write, workspace: Path, content: bytes
) -> None:
    file = write("acme")
    file.write_bytes(content)
    with pytest.raises(ConfigurationError):
        set_secret(workspace, "acme", "new", Vault(workspace))
    assert file.read_bytes() == content


def test_an_unknown_partner_has_no_secret_to_set(workspace: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such partner"):
        set_secret(workspace, "acme", "new", Vault(workspace))


def test_a_new_key_opens_everything_and_the_old_one_nothing(workspace: Path) -> None:
    create(workspace)
    vault = Vault(workspace)
    (workspace / "gateway.toml").write_text(
        f'[core]\nkind = "rest"\nurl = "https://x"\ntoken = "{vault.seal("token")}"  # kept\n'
    )
    old = vault.key_file.read_text()
    assert reseal(workspace, vault) == 2
    assert load_partners(workspace).keyring("acme").ours.reveal() == "hemlig"
    assert "# kept" in (workspace / "gateway.toml").read_text()
    vault.key_file.write_text(old)
    with pytest.raises(ConfigurationError):
        load_partners(workspace)


def test_a_new_key_is_not_made_while_something_does_not_open(workspace: Path) -> None:
    create(workspace)
    vault = Vault(workspace)
    key = vault.key_file.read_text()
    other = Vault(workspace / "elsewhere").seal("x")
    (workspace / "gateway.toml").write_text(f'[core]\nkind = "rest"\ntoken = "{other}"\n')
    with pytest.raises(ConfigurationError):
        reseal(workspace, vault)
    assert vault.key_file.read_text() == key


def test_a_file_is_replaced_whole_and_keeps_its_mode(workspace: Path) -> None:
    file = workspace / "x"
    write_file(file, "one")
    file.chmod(0o640)
    write_file(file, "two\r\n")
    assert file.read_bytes() == b"two\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in workspace.iterdir()] == ["x"]
