"""Read the settings: `GATEWAY_*` of the environment over `gateway.toml` over the defaults.

`GATEWAY_LIMITS__BODY=4 MB` sets `body` in `[limits]`. All mistakes are reported at once, each with
the line of the file or the variable that it stands in. `GATEWAY_WORKSPACE` and `GATEWAY_KEY` are
not settings: the one finds this file, the other opens sealed secrets.
"""

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from gateway.errors import ConfigurationError
from gateway.settings.findings import Finding, dotted, explain, nearest
from gateway.settings.findings import Path as KeyPath
from gateway.settings.model import (
    DatabaseSettings,
    EmbeddedCoreSettings,
    Identity,
    Limits,
    RestCoreSettings,
    Retention,
    Retry,
    Url,
    Web,
    Worker,
)

FILE_NAME: Final = "gateway.toml"
PREFIX: Final = "GATEWAY_"
NOT_SETTINGS: Final = frozenset({"GATEWAY_WORKSPACE", "GATEWAY_KEY"})

_TABLE: Final = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?")
_KEY: Final = re.compile(r"""\s*([A-Za-z0-9_."'\s-]+?)\s*=""")


class _Environment(EnvSettingsSource):
    """Read the variables, but leave `GATEWAY_WORKSPACE` to whoever asks for the settings."""

    def __call__(self) -> dict[str, Any]:
        """Return the values by key."""
        values = super().__call__()
        values.pop("workspace", None)
        return values


class Settings(BaseSettings):
    """Hold everything that the process was told; paths are absolute after loading."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    workspace: Path
    """The folder that holds `gateway.toml`; not itself a setting."""
    name: str = "Supplier"
    """The supplier's name, as buyers see it in the shop."""
    identities: tuple[Identity, ...] = ()
    """Who the supplier is for buyers whose `partner.yaml` says nothing else."""
    base_url: Url = "http://127.0.0.1:8080"
    """How buyers reach this gateway; start pages and cart returns are built on it."""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """0 takes any free port."""
    data: Path = Path("data")
    """Folder of the database, the payloads and the workspace key; relative to the workspace."""
    allow_insecure: bool = False
    """Allow plain http and known secrets; for a demo on one's own machine only."""
    database: DatabaseSettings = DatabaseSettings()
    core: Annotated[EmbeddedCoreSettings | RestCoreSettings, Field(discriminator="kind")] = (
        EmbeddedCoreSettings()
    )
    limits: Limits = Limits()
    retry: Retry = Retry()
    retention: Retention = Retention()
    web: Web = Web()
    worker: Worker = Worker()

    @property
    def database_url(self) -> str:
        """Return the address of the database, the default one if none was given."""
        return self.database.url or f"sqlite:///{self.data_folder / 'gateway.sqlite'}"

    @property
    def data_folder(self) -> Path:
        """Return the absolute data folder."""
        return self.workspace / self.data

    @property
    def core_folder(self) -> Path | None:
        """Return the folder that the embedded core is filled from."""
        if isinstance(self.core, EmbeddedCoreSettings):
            return self.workspace / self.core.folder
        return None

    @property
    def secure(self) -> bool:
        """Tell whether buyers reach us over https."""
        return self.base_url.startswith("https://")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, and leave out pydantic's other sources."""
        _ = env_settings, dotenv_settings, file_secret_settings
        return _Environment(settings_cls), init_settings


def load_settings(workspace: Path) -> Settings:
    """Return the settings of `workspace`; without a `gateway.toml`, the defaults.

    Raises `ConfigurationError` with every mistake found.
    """
    workspace = workspace.resolve()
    file = workspace / FILE_NAME
    text = _text(file)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{FILE_NAME}:{line[1]}" if line else FILE_NAME
        raise _refusal([Finding(where, "", f"not readable as TOML: {error}")]) from error
    findings = _unknown_variables() + _reserved(values)
    try:
        environment = _Environment(Settings)()
        settings = Settings(**{**values, "workspace": workspace})
    except SettingsError as error:
        raise _refusal([*findings, Finding("environment", "", str(error))]) from None
    except ValidationError as error:
        lines = _lines(text)
        findings += explain(error, Settings, lambda path: _where(path, environment, lines))
        raise _refusal(findings) from None
    lines = _lines(text)
    findings += [
        Finding(_where(path, environment, lines), dotted(path), what, hint)
        for path, what, hint in _contradictions(settings)
    ]
    if findings:
        raise _refusal(findings)
    return settings


def _contradictions(settings: Settings) -> Iterator[tuple[KeyPath, str, str]]:
    """Walk what each value allows but the whole does not: path, what, and the way out."""
    if settings.web.workers > 1 and settings.web.buyer_console:
        what = "the virtual buyer keeps its requisitions in one process"
        yield ("web", "buyer_console"), what, "leave web.workers at 1 where it is served"
    host = urlsplit(settings.base_url).hostname or ""
    if not (settings.secure or settings.allow_insecure or _is_loopback(host)):
        what = "secrets and carts would travel in the open"
        yield ("base_url",), what, "use https, or set allow_insecure = true for a demo"
    if settings.retry.cap_seconds < settings.retry.base_seconds:
        yield ("retry", "cap_seconds"), "is less than retry.base_seconds", "make it the larger"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _refusal(findings: list[Finding]) -> ConfigurationError:
    return ConfigurationError(
        "the settings cannot be used", tuple(str(finding) for finding in findings)
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        what = "expected UTF-8, found another byte"
        raise _refusal([Finding(f"{FILE_NAME}:{line}", "", what)]) from error
    except OSError as error:
        raise _refusal([Finding(FILE_NAME, "", f"not readable: {error.strerror}")]) from error


def _reserved(values: Mapping[str, object]) -> list[Finding]:
    if "workspace" in values:
        return [Finding(FILE_NAME, "workspace", "this key is not known here")]
    return []


def _unknown_variables() -> list[Finding]:
    """Report misspelt variables; only those with `__`, since other tools set `GATEWAY_...` too."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    return [
        Finding(
            "environment", name, "no setting has this name", nearest(name.split("__")[0], known)
        )
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and "__" in name and name.split("__")[0] not in known
    ]


def _where(path: KeyPath, environment: Mapping[str, object], lines: Mapping[KeyPath, int]) -> str:
    """Return the variable or the line of the file that gave the value at `path`."""
    value: object = environment
    for step in path:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        else:
            break
    else:
        return f"environment {PREFIX}{'__'.join(str(step).upper() for step in path)}"
    keys = tuple(step for step in path if isinstance(step, str))
    candidates = [tuple(keys[:end]) for end in range(len(keys), 0, -1)]
    line = next((lines[keys] for keys in candidates if keys in lines), None)
    return f"{FILE_NAME}:{line}" if line else FILE_NAME


def _lines(text: str) -> dict[KeyPath, int]:
    """Return the line of each table and key; tomllib, which has read the text, keeps none.

    Keys inside inline tables and arrays share the line of the key that holds them.
    """
    lines: dict[KeyPath, int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _TABLE.fullmatch(line):
            table = _split(match[1])
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            lines.setdefault(table + _split(match[1]), number)
    return lines


def _split(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))
