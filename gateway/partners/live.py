"""Follow the partners' folders while the gateway runs: what `partner new` makes works at once.

At most once in `LOOK_EVERY` seconds the folders are looked at; when a name, time or size has
changed, all partners are read again. A mistake changes nothing: the last good ones stay, and the
log says what is wrong.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

import structlog

from canonical.wire import Envelope
from gateway.errors import ConfigurationError
from gateway.partners.directory import Identified, Partners, Refused
from gateway.partners.keyring import Keyring
from gateway.partners.library import PartnerLibraries, shipped_library, workspace_library
from gateway.partners.loader import FOLDER
from gateway.partners.model import Partner
from mappings.engine.library import Library

LOOK_EVERY: Final = 1.0

_log: Final = structlog.get_logger(__name__)

Edition = tuple[tuple[str, int, int], ...]


class LivePartners:
    """Be `Partners` that are read again when their folders change.

    `edition` names the state of the folders that the present partners were read from: what is
    derived from them may be kept as long as it stays the same.
    """

    def __init__(
        self,
        workspace: Path,
        load: Callable[[], Partners],
        *,
        watched: tuple[str, ...] = (FOLDER, "secrets", "tables"),
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._folders = tuple(workspace / name for name in watched)
        self._load = load
        self._now = now
        self._lock = threading.Lock()
        self._looked = now()
        self.edition = edition_of(self._folders)
        self._partners = load()

    def current(self) -> Partners:
        """Return the partners as their folders say now."""
        if self._now() - self._looked >= LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._partners

    def get(self, partner_id: str) -> Partner:
        """Return a partner; raises `NotFoundError`."""
        return self.current().get(partner_id)

    def keyring(self, partner_id: str) -> Keyring:
        """Return the secrets of a partner."""
        return self.current().keyring(partner_id)

    def identify(
        self, envelope: Envelope, now: datetime, *, remote: str = "", addressee: str = ""
    ) -> Identified | Refused:
        """Return who an envelope comes from, or how to refuse it."""
        return self.current().identify(envelope, now, remote=remote, addressee=addressee)

    def identify_exchange(
        self,
        envelope: Envelope,
        now: datetime,
        *,
        remote: str = "",
        addressee: str = "",
        trusted: bool = False,
    ) -> Identified | Refused:
        """Return whose interchange of EDI this is, or how to refuse it."""
        return self.current().identify_exchange(
            envelope, now, remote=remote, addressee=addressee, trusted=trusted
        )

    def __iter__(self) -> Iterator[Partner]:
        """Walk the partners by id."""
        return iter(self.current())

    def __len__(self) -> int:
        """Return how many partners there are."""
        return len(self.current())

    def _look(self) -> None:
        self._looked = self._now()
        found = edition_of(self._folders)
        if found == self.edition:
            return
        self.edition = found
        try:
            self._partners = self._load()
        except ConfigurationError as error:
            _log.error("partners not read again", findings=error.findings, error=str(error))
        else:
            _log.info("partners read again", partners=len(self._partners))


class LiveLibraries:
    """Give each partner its mappings: the shipped ones, its profile's and its own, compiled once.

    They are made again when the folders have changed; a mistake leaves the last good ones.
    """

    def __init__(self, workspace: Path, partners: LivePartners) -> None:
        self._workspace = workspace
        self._partners = partners
        self._shipped = shipped_library()
        self._layers: tuple[Edition, PartnerLibraries] | None = None
        self._kept: dict[str, tuple[Edition, Library]] = {}
        self._lock = threading.Lock()

    def __call__(self, partner: Partner) -> Library:
        """Return a partner's mappings; raises `ConfigurationError` when it never had good ones."""
        edition, made = self._kept.get(partner.id, (None, None))
        if made is not None and edition is self._partners.edition:
            return made
        with self._lock:
            edition = self._partners.edition
            try:
                layers = self._layered(edition)
                made = layers.sound(self._workspace / FOLDER / partner.id)
            except ConfigurationError as error:
                if made is None:
                    raise
                _log.error("mappings not read again", partner=partner.id, findings=error.findings)
            self._kept[partner.id] = (edition, made)
            return made

    def _layered(self, edition: Edition) -> PartnerLibraries:
        """Return what lays partners over profiles, made anew when the supplier's tables change."""
        if self._layers is not None and self._layers[0] is edition:
            return self._layers[1]
        base = workspace_library(self._shipped, self._workspace)
        kept = None if self._layers is None else self._layers[1]
        if kept is None or kept.base.tables != base.tables:
            kept = PartnerLibraries(base)
        self._layers = (edition, kept)
        return kept

    def check(self) -> None:
        """Raise `ConfigurationError` with everything that is wrong with any partner's mappings."""
        findings: list[str] = []
        for partner in self._partners:
            try:
                self(partner)
            except ConfigurationError as error:
                findings += error.findings
        if findings:
            message = "the mappings of some partners cannot be used"
            raise ConfigurationError(message, tuple(findings))


def edition_of(folders: tuple[Path, ...]) -> Edition:
    """Return name, time and size of every file below `folders`."""
    found: list[tuple[str, int, int]] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            try:
                state = path.stat()
            except OSError:
                continue  # gone between the listing and the look
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)
