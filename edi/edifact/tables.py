"""Find the tables a message is checked and shaped by: its directory, in its syntax version.

A message names its directory in UNH (`D:96A`). Shipped are the editions of `directory.editions`;
what an operator imported is given. CONTRL belongs to the syntax and not to a directory.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from edi.edifact.directory.editions import BUILT_IN, bare_edition, envelope_of, with_syntax
from edi.edifact.directory.names import names
from edi.guides import Guide
from edi.layout import DirectoryLayout
from edi.rules import EDIFACT
from edi.schema import Directory
from edi.validation import PLAIN, Profile, Validation, Validations, astray, validations

_REPEATING: Final = 4
_OF_THE_SYNTAX: Final = frozenset({"CONTRL"})
_KEPT: Final = 64


class Tables:
    """Hold directories by their name (`D.96A`) and guides by theirs, and what was compiled."""

    def __init__(
        self,
        imported: Mapping[str, Directory] | None = None,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        """Take what was imported, as its facts say it: without envelope; it goes before ours."""
        self._imported: Mapping[str, Directory] = imported or {}
        self._guides: Mapping[str, Guide] = guides or {}
        self._validations = lru_cache(maxsize=_KEPT)(self._compiled)
        self._layouts = lru_cache(maxsize=_KEPT)(self._laid_out)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the editions that are there."""
        return tuple(sorted({*self._imported, *BUILT_IN}))

    def directory(self, name: str, syntax: int) -> Directory | None:
        """Return an edition as interchanges of this syntax version hold it."""
        known = self._imported.get(name)
        if known is None and name in BUILT_IN:
            known = bare_edition(name)
        return None if known is None else with_syntax(known, syntax)

    def validation(
        self, message: tuple[str, str], syntax: int, profile: Profile = PLAIN
    ) -> Validation | None:
        """Return what validates a message, given as its type and edition; None: no table."""
        name, edition = message
        edition = "" if name in _OF_THE_SYNTAX else edition
        found = self._validations(edition, _era(syntax), profile)
        return None if found is None else found.get(name)

    def astray(self, message: tuple[str, str], profile: Profile) -> Guide | None:
        """Return a partner's guide that is made for another edition of a message than this."""
        name, edition = message
        if name in _OF_THE_SYNTAX:
            return None
        return astray(self._guides.get(profile.guide), name, edition, self.names)

    def layout(self, edition: str, syntax: int) -> DirectoryLayout | None:
        """Return where the elements of an edition stand; of the syntax itself for no edition."""
        return self._layouts(edition, _era(syntax))

    def syntax_layout(self, syntax: int) -> DirectoryLayout:
        """Return where the elements of service segments and CONTRL stand."""
        return DirectoryLayout(envelope_of(syntax))

    def _found(self, edition: str, syntax: int) -> Directory | None:
        return self.directory(edition, syntax) if edition else envelope_of(syntax)

    def _laid_out(self, edition: str, syntax: int) -> DirectoryLayout | None:
        directory = self._found(edition, syntax)
        return None if directory is None else DirectoryLayout(directory)

    def _compiled(self, edition: str, syntax: int, profile: Profile) -> Validations | None:
        """Return what validates an edition; a guide made for another edition does not count."""
        directory = self._found(edition, syntax)
        if directory is None:
            return None
        guide = self._guides.get(profile.guide)
        return validations(directory, EDIFACT, names(), guide, profile)


def _era(syntax: int) -> int:
    """Return the syntax version that tables differ by: before or since repetitions."""
    return _REPEATING if syntax >= _REPEATING else 3


def edition_of(version: str) -> str:
    """Return the name of the directory in a message's identifier: `D.96A` of `D:96A:UN:EAN008`."""
    parts = version.split(":")
    return ".".join(part.strip() for part in parts[:2] if part.strip())
