"""Gather mappings and tables from where they lie: the installed package and a partner's folder.

Layers, the lowest first: the shipped ones, the supplier's own tables in the workspace, the profile
of the partner's system, its `partner.yaml`, its own files. Those are `mappings/**/*.yaml` and
`tables/**/*.csv` below its folder; their names are their paths without suffix, so
`mappings/cxml/order-request.yaml` stands above the shipped `cxml/order-request`, which it may
`extends:`.
"""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from canonical.rows import Layout
from edi.edifact import directory as edifact
from edi.flatfile.schema import Schema
from edi.x12 import editions as x12
from gateway.errors import ConfigurationError
from gateway.partners.agreements import FLAT
from gateway.partners.flatfiles import own_schemas, shipped_schemas
from gateway.partners.loader import FOLDER, partner_overlays
from gateway.partners.profile import profile_overlays
from mappings.engine.library import Finding, Layouts, Library, Source

MAX_BYTES: Final = 1_000_000
_MAPPING_FOLDERS: Final = ("cxml", "edifact", "flat", "oci", "ubl", "x12")
_NO_MAPPINGS: Final = (".samples", "schemas")
"""Folders between the mappings that hold something else: samples, schemas of flat files."""
_TABLES: Final = "codelists"
SUPPLIER: Final = "supplier's own list"
"""What a unit found in the workspace's tables is noted as."""


def shipped_library() -> Library:
    """Return the mappings and code lists that come with the product."""
    package = files("mappings")
    mappings: dict[str, Source] = {}
    for folder in _MAPPING_FOLDERS:
        mappings.update(_shipped(package / folder, folder, ".yaml", folder))
    return Library(mappings, _shipped(package / _TABLES, "", ".csv", _TABLES), layouts=layouts)


def layouts(syntax: str, message: str) -> tuple[Layout, ...]:
    """Return the shipped editions of a syntax of segments: what names in mappings are judged by.

    A flat file has one, its schema.
    """
    if syntax == "edifact":
        return tuple(map(edifact.layout, edifact.BUILT_IN))
    if syntax == FLAT:
        schema = shipped_schemas().get(message)
        return () if schema is None else (schema.layout,)
    return tuple(map(x12.layout, x12.available())) if syntax == "x12" else ()


def _layouts_with(own: Mapping[str, Schema]) -> Layouts:
    """Return the editions that names are judged by where a partner's own schemas go first."""

    def found(syntax: str, message: str) -> tuple[Layout, ...]:
        if syntax == FLAT and message in own:
            return (own[message].layout,)
        return layouts(syntax, message)

    return found


def workspace_library(shipped: Library, workspace: Path) -> Library:
    """Return `shipped` under the supplier's own tables, which hold for all partners.

    They are `tables/**/*.csv` in the workspace; what is found by them is noted as such.
    """
    tables = _own(workspace, "tables", ".csv", "")
    return shipped.with_overlay({}, tables, step=SUPPLIER) if tables else shipped


class PartnerLibraries:
    """Lay each partner's own over its profile's; a profile's is compiled once for all of them."""

    def __init__(self, base: Library) -> None:
        self.base = base
        self._profiles: dict[str, Library] = {}
        self._linted: dict[int, tuple[Finding, ...]] = {}

    def profile(self, name: str | None) -> Library:
        """Return the library of all who use a system and have nothing of their own."""
        if name is None:
            return self.base
        if name not in self._profiles:
            library = self.base
            for overlay in profile_overlays(name):
                library = library.with_overlay(overlay.mappings, overlay.tables)
            self._profiles[name] = library
        return self._profiles[name]

    def partner(self, folder: Path) -> Library:
        """Return a partner's library: profile, `partner.yaml` and own files, each over the last.

        Raises `ConfigurationError` for files that are not UTF-8 text or larger than `MAX_BYTES`.
        """
        name, inline = partner_overlays(folder)
        library = self.profile(name)
        if inline:
            library = library.with_overlay(inline.mappings, inline.tables)
        prefix = f"{FOLDER}/{folder.name}/"
        mappings = _own(folder, "mappings", ".yaml", prefix)
        tables = _own(folder, "tables", ".csv", prefix)
        schemas = own_schemas(folder)
        if not (mappings or tables or schemas):
            return library
        known = _layouts_with(schemas) if schemas else None
        return library.with_overlay(mappings, tables, layouts=known)

    def findings(self, folder: Path) -> tuple[Finding, ...]:
        """Return what is wrong and what is doubtful in what a partner puts over the shipped.

        A schema of its own may have another's name, and then its mapping: that is judged too.
        """
        library, schemas = self.partner(folder), own_schemas(folder)
        if not schemas:
            return self._lint(library)
        return library.lint(
            above=self.base, also=lambda head: head.syntax == FLAT and head.message in schemas
        )

    def sound(self, folder: Path) -> Library:
        """Return a partner's library; raises `ConfigurationError` with all that is wrong."""
        library = self.partner(folder)
        errors = tuple(str(one) for one in self.findings(folder) if one.severity == "error")
        if errors:
            message = f"the mappings of partner {folder.name} cannot be used"
            raise ConfigurationError(message, errors)
        return library

    def _lint(self, library: Library) -> tuple[Finding, ...]:
        if library is self.base:
            return ()
        if not any(library is shared for shared in self._profiles.values()):
            return library.lint(above=self.base)
        kept = self._linted.get(id(library))
        if kept is None:
            kept = self._linted[id(library)] = library.lint(above=self.base)
        return kept


def _shipped(folder: Traversable, prefix: str, suffix: str, shown: str) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        name = f"{prefix}/{entry.name}" if prefix else entry.name
        path = f"{shown}/{entry.name}"
        if entry.is_dir() and not entry.name.endswith(_NO_MAPPINGS):
            found.update(_shipped(entry, name, suffix, path))
        elif entry.name.endswith(suffix):
            source = Source(f"mappings/{path}", entry.read_text(encoding="utf-8"))
            found[name.removesuffix(suffix)] = source
    return found


def _own(folder: Path, kind: str, suffix: str, prefix: str) -> dict[str, Source]:
    root = folder / kind
    found: dict[str, Source] = {}
    for path in sorted(root.rglob(f"*{suffix}")):
        if ".samples" in path.parent.name or not path.is_file():
            continue
        name = path.relative_to(root).with_suffix("").as_posix()
        found[name] = Source(f"{prefix}{kind}/{name}{suffix}", _text(path))
    return found


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        what = f"{path}: larger than {MAX_BYTES} bytes, too large for a mapping or table"
        raise ConfigurationError(what, (f"{path}:1: larger than {MAX_BYTES} bytes",))
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        what = f"{path}:1: not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise ConfigurationError(what, (what,)) from error
