"""Find the tables a message is checked and shaped by: those of the release that its group names.

Built in are minimal ones of our own (`editions`), as long as their folder is there; what an
operator supplies is given, and goes before them.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from edi.guides import Guide
from edi.layout import DirectoryLayout
from edi.rules import X12
from edi.schema import Directory
from edi.validation import PLAIN, Profile, Validation, Validations, astray, validations
from edi.x12.editions import available, edition, layout_of, release_of
from edi.x12.names import names

_KEPT: Final = 64
_NOTHING: Final = Directory("", {}, {})


class Releases:
    """Hold tables by the name of their release (`004010`), guides by theirs, what was compiled."""

    def __init__(
        self,
        supplied: Mapping[str, Directory] | None = None,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        self._supplied: Mapping[str, Directory] = supplied or {}
        self._guides: Mapping[str, Guide] = guides or {}
        self._validations = lru_cache(maxsize=_KEPT)(self._compiled)
        self._layouts = lru_cache(maxsize=_KEPT)(self._laid_out)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the releases that are there."""
        return tuple(sorted({*self._supplied, *available()}))

    def directory(self, version: str) -> Directory | None:
        """Return the tables of a release, named as in GS08; None where there are none."""
        release = release_of(version)
        found = self._supplied.get(version) or self._supplied.get(release)
        if found is None and release in available():
            found = edition(release)
        return found

    def validation(self, name: str, version: str, profile: Profile = PLAIN) -> Validation | None:
        """Return what validates a message of a release, None for no table."""
        found = self._validations(version, profile)
        return None if found is None else found.get(name)

    def astray(self, name: str, version: str, profile: Profile) -> Guide | None:
        """Return a partner's guide that is made for another release of a message than this."""
        directory, guide = self.directory(version), self._guides.get(profile.guide)
        return None if directory is None else astray(guide, name, directory.name, self.names)

    def layout(self, version: str) -> DirectoryLayout | None:
        """Return where the elements of a release stand, None where there are no tables."""
        return self._layouts(version)

    @property
    def no_layout(self) -> DirectoryLayout:
        """Return the layout of a message without tables: it knows no element."""
        return layout_of(_NOTHING)

    def _laid_out(self, version: str) -> DirectoryLayout | None:
        directory = self.directory(version)
        return None if directory is None else layout_of(directory)

    def _compiled(self, version: str, profile: Profile) -> Validations | None:
        """Return what validates a release; a guide made for another release does not count."""
        directory = self.directory(version)
        if directory is None:
            return None
        guide = self._guides.get(profile.guide)
        return validations(directory, X12, names(), guide, profile)
