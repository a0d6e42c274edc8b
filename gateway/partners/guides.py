"""Read the guides of a workspace: `guides/<name>.yaml`, what partners want of EDI messages.

A guide is shared by all partners that name it (`edi.guide`), as one of a trade is. Guides are read
when the gateway starts; `gateway check` tells what is wrong with them, and whether the edition that
a guide is made for can do what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edi.guides import Guide, Wrong, read_guide
from gateway.errors import ConfigurationError
from gateway.partners.marked import Marked, read_marked
from gateway.settings.findings import Finding, dotted

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
    found: dict[str, GuideFile] = {}
    findings: list[Finding] = []
    for name in guide_names(workspace):
        file = workspace / FOLDER / f"{name}{SUFFIX}"
        try:
            marked = read_marked(file.read_bytes(), f"{FOLDER}/{file.name}")
        except OSError as error:
            findings.append(Finding(f"{FOLDER}/{file.name}", "", f"not readable: {error.strerror}"))
            continue
        guide, wrong = read_guide(marked.data, marked.where)
        told = GuideFile(guide, marked)
        mistakes = [*marked.findings, *([] if marked.findings else told.findings(wrong))]
        findings += mistakes
        if not mistakes:
            found[name] = told
    return found, findings


def load_guides(workspace: Path) -> Mapping[str, Guide]:
    """Return all guides by name; raises `ConfigurationError` with every finding."""
    found, findings = read_guides(workspace)
    if findings:
        message = (
            f"{len(findings)} finding(s) in {FOLDER}/; nothing is checked until all are mended"
        )
        raise ConfigurationError(message, tuple(map(str, findings)))
    return {name: told.guide for name, told in found.items()}
