"""Gather mappings and tables from where they lie: the installed package and a partner's folder.

A partner's own files are `mappings/**/*.yaml` and `tables/**/*.csv` below its folder; their names
are their paths without suffix, so `mappings/cxml/order-request.yaml` stands above the shipped
`cxml/order-request`, which it may `extends:`.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from gateway.errors import ConfigurationError
from mappings.engine.library import Library, Source

MAX_BYTES: Final = 1_000_000
_MAPPING_FOLDERS: Final = ("cxml", "oci")
_TABLES: Final = "codelists"


def shipped_library() -> Library:
    """Return the mappings and code lists that come with the product."""
    package = files("mappings")
    mappings: dict[str, Source] = {}
    for folder in _MAPPING_FOLDERS:
        mappings.update(_shipped(package / folder, folder, ".yaml", folder))
    return Library(mappings, _shipped(package / _TABLES, "", ".csv", _TABLES))


def partner_library(base: Library, folder: Path) -> Library:
    """Return `base` with a partner's own mappings and tables above it.

    Without any of them it is `base` itself. Raises `ConfigurationError` for files that are not
    UTF-8 text or larger than `MAX_BYTES`.
    """
    mappings = _own(folder, "mappings", ".yaml")
    tables = _own(folder, "tables", ".csv")
    return base.with_overlay(mappings, tables) if mappings or tables else base


def sound_library(base: Library, folder: Path) -> Library:
    """Return a partner's library; raises `ConfigurationError` with all that is wrong with it."""
    library = partner_library(base, folder)
    found = () if library is base else library.lint(own_only=True)
    errors = tuple(str(one) for one in found if one.severity == "error")
    if errors:
        message = f"the mappings of partner {folder.name} cannot be used"
        raise ConfigurationError(message, errors)
    return library


def _shipped(folder: Traversable, prefix: str, suffix: str, shown: str) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        name = f"{prefix}/{entry.name}" if prefix else entry.name
        path = f"{shown}/{entry.name}"
        if entry.is_dir() and not entry.name.endswith(".samples"):
            found.update(_shipped(entry, name, suffix, path))
        elif entry.name.endswith(suffix):
            source = Source(f"mappings/{path}", entry.read_text(encoding="utf-8"))
            found[name.removesuffix(suffix)] = source
    return found


def _own(folder: Path, kind: str, suffix: str) -> dict[str, Source]:
    root = folder / kind
    found: dict[str, Source] = {}
    for path in sorted(root.rglob(f"*{suffix}")):
        if ".samples" in path.parent.name or not path.is_file():
            continue
        name = path.relative_to(root).with_suffix("").as_posix()
        found[name] = Source(f"{folder.name}/{kind}/{name}{suffix}", _text(path))
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
