"""Read the guides of a workspace: `guides/<name>.yaml`, what partners want of EDI messages.

A guide is shared by all partners that name it (`edi.guide`), as one of a trade is; what one partner
wants otherwise than his trade is a guide that `extends` that of the trade. Guides are read when the
gateway starts; `gateway check` tells what is wrong with them, and whether the edition that a guide
is made for can do what it says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edi.guides import Guide, Value, Wrong, read_guide
from gateway.partners.layering import EXTENDS, layered
from gateway.partners.marked import Marked, read_marked
from gateway.settings.findings import Finding, dotted, nearest

FOLDER: Final = "guides"
SUFFIX: Final = ".yaml"


@dataclass(frozen=True, slots=True)
class GuideFile:
    """Hold a guide with the file that says it."""

    guide: Guide
    marked: Marked

    def findings(self, wrong: tuple[Wrong, ...]) -> list[Finding]:
        """Return mistakes with their lines."""
        where = self.marked.where
        return [Finding(where(one.keys), dotted(one.keys), one.what, one.hint) for one in wrong]


def guide_names(workspace: Path) -> tuple[str, ...]:
    """Return the names of all guides, sorted."""
    folder = workspace / FOLDER
    if not folder.is_dir():
        return ()
    return tuple(sorted(file.stem for file in folder.glob(f"*{SUFFIX}") if file.is_file()))


def read_guides(workspace: Path) -> tuple[dict[str, GuideFile], list[Finding]]:
    """Return the guides that are in order, by name, and what is wrong with the others."""
    files = {name: _file(workspace, name) for name in guide_names(workspace)}
    found: dict[str, GuideFile] = {}
    findings: dict[str, Finding] = {}
    for name in files:
        told, mistakes = _guide(name, files)
        findings |= {str(one): one for one in mistakes}
        if not mistakes:
            found[name] = told
    return found, list(findings.values())


def _file(workspace: Path, name: str) -> Marked:
    file = workspace / FOLDER / f"{name}{SUFFIX}"
    shown = f"{FOLDER}/{file.name}"
    try:
        return read_marked(file.read_bytes(), shown)
    except OSError as error:
        finding = Finding(shown, "", f"not readable: {error.strerror}")
        return Marked(shown, findings=[finding])


def _guide(name: str, files: Mapping[str, Marked]) -> tuple[GuideFile, list[Finding]]:
    """Return a guide with all that it extends, and what is wrong with any of them."""
    chain, astray = _chain(name, files)
    marked = layered(chain)
    guide, wrong = read_guide(marked.data, marked.where)
    told = GuideFile(guide, marked)
    mistakes = [*marked.findings, *astray]
    return told, mistakes or told.findings(wrong)


def _chain(name: str, files: Mapping[str, Marked]) -> tuple[list[Marked], list[Finding]]:
    """Return the files of a guide, the lowest first, and what is wrong with how they extend."""
    names, chain = [name], [files[name]]
    while (base := chain[0].data.get(EXTENDS)) is not None:
        astray = _astray(base, names, files)
        if astray is not None:
            return chain, [Finding(chain[0].where((EXTENDS,)), EXTENDS, *astray)]
        names.append(str(base))
        chain.insert(0, files[str(base)])
    return chain, []


def _astray(
    base: Value, names: Sequence[str], files: Mapping[str, Marked]
) -> tuple[str, str] | None:
    """Return why a guide cannot lie over what it names, with a way out; None: it can."""
    if not isinstance(base, str):
        return "expected the name of a guide", ""
    if base in names:
        return f"{' extends '.join([*names, base])}: a guide cannot lie over itself", ""
    if base not in files:
        known = [name for name in files if name not in names]
        return f"there is no {FOLDER}/{base}{SUFFIX}", nearest(base, known)
    return None
