"""Hold the official DTDs by version and module, each loaded when it is first needed.

The modules are self-contained, and what an old version allows a newer one allows too (measured
from 1.1.010 to 1.2.071), so the next newer version stands in for one that is not installed.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from canonical.faults import Fault
from protocols.dtd import Dtd, load_dtd

Source = Callable[[], bytes]
"""Return the bytes of a DTD; the gateway reads its workspace, tests a folder."""

_EXACT: Final = 3
"""Numbers in a version that names one release, as 1.2.014 does."""


@lru_cache(maxsize=256)
def version_key(version: str) -> tuple[int, ...]:
    """Return what sorts versions: 1.2.5 before 1.2.014."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


class Schemas:
    """Give a validator for a version and module; safe to use from any number of threads.

    Two threads that need the same DTD first may both load it, and one of the two stays.
    """

    def __init__(self, sources: Mapping[tuple[str, str], Source]) -> None:
        """Take the sources by (version, module), e.g. `("1.2.071", "Fulfill")`."""
        self._sources = dict(sources)
        self._loaded: dict[tuple[str, str], tuple[Dtd | None, tuple[Fault, ...]]] = {}
        self._versions: dict[str, list[str]] = {}
        for version, module in sorted(self._sources, key=lambda key: version_key(key[0])):
            self._versions.setdefault(module, []).append(version)

    @property
    def installed(self) -> Iterable[tuple[str, str]]:
        """Return every (version, module) that can be asked for."""
        return self._sources.keys()

    def find(self, version: str | None, module: str) -> str | None:
        """Return the installed version that judges a document of `version`.

        The same, else the next newer one; the newest for no, a later or a vague version (`1.2`).
        """
        versions = self._versions.get(module)
        if not versions:
            return None
        wanted = version_key(version or "")
        if len(wanted) < _EXACT:
            return versions[-1]
        return next((found for found in versions if version_key(found) >= wanted), versions[-1])

    def for_reading(self, version: str | None, module: str) -> Dtd | None:
        """Return what judges a document that declares `version`, if that module is installed."""
        found = self.find(version, module)
        return self._load(found, module)[0] if found is not None else None

    def for_writing(self, version: str, module: str) -> tuple[Dtd | None, tuple[Fault, ...]]:
        """Return what judges a document that we write, and why an installed DTD is no use.

        An older DTD would refuse what a newer allows: it does not judge.
        """
        found = self.find(version, module)
        if found is None or version_key(found) < version_key(version):
            return None, ()
        return self._load(found, module)

    def _load(self, version: str, module: str) -> tuple[Dtd | None, tuple[Fault, ...]]:
        key = (version, module)
        loaded = self._loaded.get(key)
        if loaded is None:
            loaded = self._loaded.setdefault(key, load_dtd(self._sources[key]()))
        return loaded
