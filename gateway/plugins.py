"""List what the product is made of: codecs, ways to move bytes, cores; then what others add.

Reading these three tables is reading the product. Another distribution adds to them by entry
points in the groups `gateway.codecs`, `gateway.transports` and `gateway.connectors`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final, TypeVar

from canonical.wire import Codec, EdiCodec, Face
from edi.edifact.codec import EdifactCodec
from edi.flatfile.codec import FlatCodec
from edi.x12.codec import X12Codec
from gateway.ambient import Ambient
from gateway.catalogue import Catalogue
from gateway.connectors.contract import Core
from gateway.connectors.embedded import EmbeddedCore
from gateway.connectors.rest import RestCore, RestSettings
from gateway.errors import ConfigurationError
from gateway.partners.flatfiles import shipped_schemas
from gateway.settings import Settings
from gateway.settings.model import RestCoreSettings
from gateway.standards import Official
from gateway.store.database import Database
from gateway.transports.contract import Sender
from gateway.transports.folder import FolderSender
from gateway.transports.http import HttpSender
from protocols.cxml.codec import CxmlCodec
from protocols.oci.codec import OciCodec
from protocols.ubl.codec import UblCodec

MakerT = TypeVar("MakerT")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Hold what a connector may be built with; `reveal` turns a reference into the secret."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    ambient: Ambient
    reveal: Callable[[str], str]


def embedded(given: Surroundings) -> Core:
    """Return the core that lives in our own database."""
    return EmbeddedCore(given.database, given.ambient.now)


def rest(given: Surroundings) -> Core:
    """Return the supplier's core behind `core-api/v1`."""
    core = given.settings.core
    if not isinstance(core, RestCoreSettings):
        message = f"core.kind is {core.kind}, not rest"
        raise ConfigurationError(message)
    return RestCore(
        RestSettings(
            base_url=core.url,
            token=None if core.token is None else given.reveal(core.token),
            connect_timeout=core.connect_timeout_seconds,
            timeout=core.timeout_seconds,
        ),
        given.ambient.now,
    )


FACES: Final[Mapping[str, Callable[[Official], Face]]] = {
    "cxml": lambda official: CxmlCodec(official.cxml),
    "oci": lambda _: OciCodec(),
    "ubl": lambda official: UblCodec(official.ubl),
}
"""Every punchout protocol: a codec whose carts go home through the shopper's browser."""

EDI: Final[Mapping[str, Callable[[Official], EdiCodec]]] = {
    "edifact": lambda official: EdifactCodec(official.edifact, official.guides),
    "x12": lambda official: X12Codec(official.x12, official.guides),
    "flat": lambda official: FlatCodec(official.flat or shipped_schemas(), official.guides),
}
"""Every syntax whose interchanges hold many messages."""

CODECS: Final[Mapping[str, Callable[[Official], Codec]]] = {**FACES, **EDI}
"""Every syntax that is read and written; made with the official schemas that are installed."""


def http(_: Path) -> Sender:
    """Return what posts."""
    return HttpSender()


TRANSPORTS: Final[Mapping[str, Callable[[Path], Sender]]] = {
    "http": http,
    "https": http,
    "folder": FolderSender,
}
"""Every way to send, by the scheme of the endpoint; made for a workspace."""

CONNECTORS: Final[Mapping[str, Callable[[Surroundings], Core]]] = {
    "embedded": embedded,
    "rest": rest,
}
"""Every core, by `core.kind` of gateway.toml."""


def codecs(official: Official | None = None) -> dict[str, Codec]:
    """Return all codecs by syntax."""
    given = official or Official()
    return {name: make(given) for name, make in _all("gateway.codecs", CODECS).items()}


def faces(official: Official | None = None) -> dict[str, Face]:
    """Return the punchout protocols by syntax."""
    given = official or Official()
    return {name: make(given) for name, make in _all("gateway.faces", FACES).items()}


def exchanges(official: Official | None = None) -> dict[str, EdiCodec]:
    """Return the codecs of EDI by syntax."""
    given = official or Official()
    return {name: make(given) for name, make in _all("gateway.edi", EDI).items()}


def senders(workspace: Path) -> dict[str, Sender]:
    """Return all senders by scheme; schemes of one transport share one sender."""
    makers = _all("gateway.transports", TRANSPORTS)
    made = {make: make(workspace) for make in set(makers.values())}
    return {scheme: made[make] for scheme, make in makers.items()}


def core(given: Surroundings) -> Core:
    """Return the core that the settings name."""
    return _all("gateway.connectors", CONNECTORS)[given.settings.core.kind](given)


def _all(group: str, ours: Mapping[str, MakerT]) -> dict[str, MakerT]:
    return {**ours, **{point.name: point.load() for point in entry_points(group=group)}}
