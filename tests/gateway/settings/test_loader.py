"""Settings come from environment over file over defaults; all mistakes are told at once."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import ConfigurationError
from gateway.settings import Settings, load_settings
from gateway.settings.model import Identity, RestCoreSettings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("GATEWAY_")]:
        monkeypatch.delenv(name)


def refused(workspace: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(workspace)
    return caught.value.findings


def test_an_empty_workspace_has_usable_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/data/gateway.sqlite"
    assert settings.core_folder == tmp_path / "core"
    assert (settings.limits.body, settings.limits.body_with_attachments) == (2 << 20, 25 << 20)


def test_the_file_is_read_with_sizes_and_tables(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        'base_url = "https://punchout.example.com/"\n'
        'identities = [{domain = "DUNS", identity = "123456789"}]\n'
        '[limits]\nbody = "4 MB"\n[core]\nkind = "rest"\nurl = "https://core.example.com"\n'
        'token = "env:CORE_TOKEN"\n'
    )
    settings = load_settings(tmp_path)
    assert settings.base_url == "https://punchout.example.com"
    assert settings.secure
    assert settings.limits.body == 4 << 20
    assert settings.identities == (Identity(domain="DUNS", identity="123456789"),)
    assert isinstance(settings.core, RestCoreSettings)
    assert settings.core.token == "env:CORE_TOKEN"
    assert settings.core_folder is None


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gateway.toml").write_text(
        "port = 1\n[limits]\nbody = 1\nrequests_per_minute = 7\n"
    )
    monkeypatch.setenv("GATEWAY_PORT", "9000")
    monkeypatch.setenv("GATEWAY_LIMITS__BODY", "3 kB")
    settings = load_settings(tmp_path)
    assert (settings.port, settings.limits.body) == (9000, 3072)
    assert settings.limits.requests_per_minute == 7


def test_the_workspace_asked_for_is_the_one_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_WORKSPACE", "/somewhere/else")
    settings = load_settings(tmp_path)
    assert settings.workspace == tmp_path
    assert settings.data_folder == tmp_path / "data"


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        'nme = "x"\nbase_url = "ftp://x"\nport = "many"\n\n[limits]\nbody = "2 apples"\nbodyy = 3\n'
    )
    assert set(refused(tmp_path)) == {
        "gateway.toml:1: nme: this key is not known here -- did you mean name?",
        'gateway.toml:2: base_url: expected an address such as https://punchout.example.com, found "ftp://x"',
        'gateway.toml:3: port: expected a whole number, found "many"',
        'gateway.toml:6: limits.body: expected a size such as 2 MB, found "2 apples"',
        "gateway.toml:7: limits.bodyy: this key is not known here -- did you mean body?",
    }


def test_a_mistake_in_the_environment_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gateway.toml").write_text("[retry]\nattempts = 3\n")
    monkeypatch.setenv("GATEWAY_RETRY__ATTEMPTS", "no")
    assert refused(tmp_path) == (
        'environment GATEWAY_RETRY__ATTEMPTS: retry.attempts: expected a whole number, found "no"',
    )


def test_a_misspelt_variable_is_told_but_foreign_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_LIMTS__BODY", "1")
    monkeypatch.setenv("GATEWAY_SERVICE_HOST", "10.0.0.1")
    assert refused(tmp_path) == (
        "environment: GATEWAY_LIMTS__BODY: no setting has this name"
        " -- did you mean GATEWAY_LIMITS?",
    )


def test_a_variable_that_is_no_table_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_LIMITS", "4 MB")
    assert "limits" in refused(tmp_path)[0]


def test_the_kind_of_core_does_not_show_in_paths(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text('[core]\nkind = "rest"\nurll = "https://x"\n')
    assert set(refused(tmp_path)) == {
        "gateway.toml:1: core.url: this key is missing",
        "gateway.toml:3: core.urll: this key is not known here -- did you mean url?",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[core]\nkind = "sap"\n', "2: core.kind: expected 'embedded' or 'rest', found \"sap\""),
        ('[core]\nfolder = "x"\n', "1: core.kind: this key is missing"),
        (
            '[core]\nkind = "rest"\nurl = "https://x"\nfolder = "core"\n',
            "4: core.folder: this key is not known here -- known here: connect_timeout_seconds, "
            "kind, sync_seconds, timeout_seconds, token, url",
        ),
        ('[limits]\nbody = "4 apples"\n',
         '2: limits.body: expected a size such as 2 MB, found "4 apples"'),
        ('[database]\nurl = "postgres://u:hunter2@h/n"\n',
         "2: database.url: expected postgresql+psycopg://user@host/name or sqlite:///file"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_the_words_of_who_made_it(
    tmp_path: Path, text: str, line: str
) -> None:
    (tmp_path / "gateway.toml").write_text(text)
    assert refused(tmp_path) == (f"gateway.toml:{line}",)


def test_a_secret_in_the_place_of_its_reference_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        '[core]\nkind = "rest"\nurl = "https://x"\ntoken = "hunter2"\n[database]\nurl = 3\n'
    )
    findings = refused(tmp_path)
    assert len(findings) == 2
    assert not any("hunter2" in finding for finding in findings)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            "[web]\nworkers = 2\nbuyer_console = true\n",
            "gateway.toml:3: web.buyer_console: the virtual buyer keeps its requisitions",
        ),
        ('base_url = "http://shop.example.com"', "gateway.toml:1: base_url: secrets and carts"),
        ("[retry]\ncap_seconds = 1\n", "gateway.toml:2: retry.cap_seconds: is less than"),
    ],
)
def test_values_that_contradict_each_other_are_told(
    tmp_path: Path, text: str, finding: str
) -> None:
    (tmp_path / "gateway.toml").write_text(text)
    findings = refused(tmp_path)
    assert len(findings) == 1
    assert findings[0].startswith(finding)


@pytest.mark.parametrize(
    "text",
    [
        "[web]\nworkers = 4\n",
        'base_url = "http://localhost:9"',
        'base_url = "http://[::1]:9"',
        'base_url = "http://shop.example.com"\nallow_insecure = true',
    ],
)
def test_what_looks_alike_but_is_sound_is_taken(tmp_path: Path, text: str) -> None:
    (tmp_path / "gateway.toml").write_text(text)
    assert load_settings(tmp_path)


def test_a_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("port = 1\nname = \n")
    assert refused(tmp_path)[0].startswith("gateway.toml:2: not readable as TOML")


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_bytes('port = 1\nname = "Näs"\n'.encode("latin-1"))
    assert refused(tmp_path) == ("gateway.toml:2: expected UTF-8, found another byte",)


def test_workspace_is_no_setting(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text('workspace = "/elsewhere"\n')
    assert refused(tmp_path) == ("gateway.toml: workspace: this key is not known here",)


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/gateway-toml.md").read_text()
    missing = [
        f"{section}{name}"
        for section, model in sections().items()
        for name in model
        if f"`{section}{name}`" not in page
    ]
    assert not missing


def sections() -> dict[str, list[str]]:
    tables = {
        name: list(type(field.default).model_fields)
        for name, field in Settings.model_fields.items()
        if hasattr(type(field.default), "model_fields")
    }
    tables["core"] = sorted({*tables["core"], *RestCoreSettings.model_fields})
    plain = [name for name in Settings.model_fields if name not in {*tables, "workspace"}]
    return {"": plain, **{f"{name}.": fields for name, fields in tables.items()}}


@given(st.binary(max_size=200))
def test_reading_the_file_only_ever_refuses(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    workspace = tmp_path_factory.getbasetemp()
    (workspace / "gateway.toml").write_bytes(content)
    with suppress(ConfigurationError):
        assert isinstance(load_settings(workspace), Settings)
