"""Read the schemas of flat files: those that are shipped, and what partners have of their own.

A partner's own lie in `partners/<id>/flatfiles/<name>.yaml` and go before the shipped ones in
`mappings/flat/schemas/`; `edi.flat` names the one that its files are read by, and `flat/<name>` is
the mapping. They are read when the gateway starts; `gateway check` tells what is wrong with them.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from edi.flatfile.declaring import read_schema
from edi.flatfile.schema import Schema
from gateway.errors import ConfigurationError
from gateway.partners.marked import read_marked
from gateway.settings.findings import Finding, dotted

PARTNERS: Final = "partners"
FOLDER: Final = "flatfiles"
SUFFIX: Final = ".yaml"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_SHIPPED: Final = "mappings/flat/schemas"


@cache
def shipped_schemas() -> Mapping[str, Schema]:
    """Return the schemas that come with the product, by name.

    Raises `ConfigurationError` when one of them has mistakes: a bug.
    """
    found: dict[str, Schema] = {}
    findings: list[Finding] = []
    folder = files("mappings") / "flat" / "schemas"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        name = entry.name.removesuffix(SUFFIX)
        schema, wrong = _read(entry.read_bytes(), f"{_SHIPPED}/{entry.name}", name, "")
        found[name] = schema
        findings += wrong
    if findings:
        message = f"{len(findings)} finding(s) in {_SHIPPED}"
        raise ConfigurationError(message, tuple(map(str, findings)))
    return found


def schema_names(folder: Path) -> tuple[str, ...]:
    """Return the names of all schemas that the partner of a folder can use, sorted."""
    own = folder / FOLDER
    names = {file.stem for file in own.glob(f"*{SUFFIX}")} if own.is_dir() else set()
    return tuple(sorted(names | set(shipped_schemas())))


def own_schemas(folder: Path) -> Mapping[str, Schema]:
    """Return a partner's own schemas that are in order, by name; `folder` is the partner's."""
    found, _ = _read_all(folder, folder.parent.parent)
    return {schema.name: schema for schema in found.values()}


def read_flatfiles(workspace: Path) -> tuple[dict[str, Schema], list[Finding]]:
    """Return partners' own schemas that are in order, by key, and what is wrong with the others."""
    found: dict[str, Schema] = {}
    findings: list[Finding] = []
    for folder in sorted((workspace / PARTNERS).glob("*/")):
        own, wrong = _read_all(folder, workspace)
        found |= own
        findings += wrong
    return found, findings


def _read_all(folder: Path, workspace: Path) -> tuple[dict[str, Schema], list[Finding]]:
    """Return the schemas in a partner's folder that are in order, and what is wrong with others."""
    found: dict[str, Schema] = {}
    findings: list[Finding] = []
    for file in sorted((folder / FOLDER).glob(f"*{SUFFIX}")):
        shown, owner = file.relative_to(workspace).as_posix(), file.parent.parent.name
        try:
            content = file.read_bytes()
        except OSError as error:
            findings.append(Finding(shown, "", f"not readable: {error.strerror}"))
            continue
        schema, wrong = _read(content, shown, file.stem, owner)
        if _NAME.fullmatch(file.stem) is None:
            what = "letters, digits, - and _ make the name of a schema, at most 60"
            wrong.append(Finding(shown, "", what, "mappings and files that leave are called by it"))
        findings += wrong
        if not wrong:
            found[schema.key] = schema
    return found, findings


def load_flatfiles(workspace: Path) -> Mapping[str, Schema]:
    """Return all schemas by key; raises `ConfigurationError` with every finding."""
    found, findings = read_flatfiles(workspace)
    if findings:
        message = f"{len(findings)} finding(s) in schemas of flat files; mend them first"
        raise ConfigurationError(message, tuple(map(str, findings)))
    return {**shipped_schemas(), **found}


def _read(content: bytes, shown: str, name: str, owner: str) -> tuple[Schema, list[Finding]]:
    marked = read_marked(content, shown)
    schema, wrong = read_schema(marked.data, name, marked.where, owner)
    told = [Finding(marked.where(one.keys), dotted(one.keys), one.what, one.hint) for one in wrong]
    return schema, list(marked.findings or told)
