"""Define what one running gateway can be told: addresses, storage, core, limits, patience.

What belongs to one buyer stands in his `partner.yaml`; here is only what holds for the process.
Every value has a default that is right for one machine with the embedded core.
"""

import re
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

_SIZE: Final = re.compile(r"(\d+)\s*(B|kB|MB|GB)?", re.IGNORECASE)
_UNITS: Final = {"": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
_REFERENCE: Final = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|sealed:[A-Za-z0-9_=-]+)")


def read_size(value: object) -> object:
    """Return bytes for `2 MB` (1 kB = 1024 bytes), and anything else as it is."""
    if isinstance(value, str) and (match := _SIZE.fullmatch(value.strip())):
        return int(match[1]) * _UNITS[(match[2] or "").upper()]
    return value


def expect_size(value: object) -> object:
    """Return bytes for a size in words; what is no text is left to the type."""
    size = read_size(value)
    if isinstance(size, str):
        message = "expected a size such as 2 MB"
        raise ValueError(message)  # noqa: TRY004 -- pydantic tells a ValueError as a finding
    return size


def read_url(value: str) -> str:
    """Return an absolute http(s) address without a closing slash."""
    message = "expected an address such as https://punchout.example.com"
    try:
        parts = urlsplit(value)
        absolute = parts.hostname and parts.port != 0
    except ValueError:  # a port above 65535, brackets that do not close
        raise ValueError(message) from None
    if parts.scheme not in {"http", "https"} or not absolute:
        raise ValueError(message)
    return value.rstrip("/")


def read_database(value: str) -> str:
    """Return an address that one of our two databases answers at."""
    if not re.fullmatch(r"(sqlite:///|postgresql\+psycopg://).+", value):
        message = "expected postgresql+psycopg://user@host/name or sqlite:///file"
        raise ValueError(message)
    return value


def read_reference(value: str) -> str:
    """Return a reference to a secret; the secret itself never stands in a configuration."""
    if not _REFERENCE.fullmatch(value):
        message = (
            "expected a reference to a secret (env:NAME, file:PATH or sealed:TOKEN); "
            "`gateway secrets seal` makes a sealed one"
        )
        raise ValueError(message)
    return value


Size = Annotated[int, BeforeValidator(expect_size), Field(ge=1)]
Url = Annotated[str, AfterValidator(read_url)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
SecretReference = Annotated[str, AfterValidator(read_reference)]


class Section(BaseModel):
    """Be the base of every part of a configuration: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Identity(Section):
    """Name a party in a trading network's terms: `DUNS` and `123456789`."""

    domain: Text
    identity: Text


class DatabaseSettings(Section):
    """Say where the truth is kept; without `url`, in one SQLite file of the data folder."""

    url: Annotated[str, AfterValidator(read_database)] | None = None
    """SQLAlchemy address: `postgresql+psycopg://user@host/name` or `sqlite:///file`."""
    pool_size: Annotated[int, Field(ge=1, le=200)] = 16


class EmbeddedCoreSettings(Section):
    """Use the core that comes with the gateway, filled from a folder of CSV and JSON files."""

    kind: Literal["embedded"] = "embedded"
    folder: Path = Path("core")
    """Relative to the workspace."""
    sync_seconds: Annotated[int, Field(ge=5)] = 60
    """How often products and stock are copied for the search."""


class RestCoreSettings(Section):
    """Use a core that offers `core-api/v1` over HTTP."""

    kind: Literal["rest"]
    url: Url
    token: SecretReference | None = None
    """Sent as `Authorization: Bearer`."""
    connect_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 5.0
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30.0
    sync_seconds: Annotated[int, Field(ge=5)] = 60
    """How often products and stock are fetched."""


class Limits(Section):
    """Say how much of anything is taken in."""

    body: Size = 2 << 20
    """Largest request body; a larger one is refused with 413 before it is parsed."""
    body_with_attachments: Size = 25 << 20
    """Largest body that comes as MIME multipart."""
    interchange: Size = 64 << 20
    """Largest interchange of EDI that is posted; files in folders may be larger, up to 256 MB."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 6000
    """Documents posted from one remote address; a network sends many buyers' from a few."""
    wrong_secrets_per_minute: Annotated[int, Field(ge=1)] = 10
    """For one identity from one remote address; more than these are not even compared."""


class Retry(Section):
    """Say how patiently a failed delivery is tried again, with growing pauses."""

    attempts: Annotated[int, Field(ge=1, le=1000)] = 20
    """Then the message is held for a person."""
    base_seconds: Annotated[float, Field(gt=0)] = 2.0
    cap_seconds: Annotated[float, Field(gt=0)] = 3600.0
    jitter: Annotated[float, Field(ge=0, le=1)] = 0.2
    """Share of each pause that is left to chance, so that waiting messages do not come at once."""


class Retention(Section):
    """Say how many days things are kept; 0 keeps them for ever."""

    payload_days: Annotated[int, Field(ge=0)] = 400
    session_days: Annotated[int, Field(ge=0)] = 30


class Web(Section):
    """Say how requests are served."""

    threads: Annotated[int, Field(ge=1, le=512)] = 16
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes behind the one port; each has its own threads, memory and limits per minute."""
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    """Reverse proxies in front, whose X-Forwarded-For entries are believed."""
    buyer_console: bool = False
    """Serve the virtual buyer at `/console/buyer`, to this machine only: whoever opens it shops as
    any partner."""


class Worker(Section):
    """Say how jobs are worked off."""

    concurrency: Annotated[int, Field(ge=1, le=256)] = 12
    """Jobs at once of each step; a process looks for new ones five times a second, so this times
    five is the most that it begins in a second."""
    adoptions: Annotated[int, Field(ge=1)] = 5
    """Workers that a job may outlive; one that was running when more of them died is given up."""
