"""Look at files of EDI without a database, as a partner's or anybody's."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import click
import msgspec

from canonical.faults import Fault, Severity
from canonical.wire import Envelope, Message
from edi.edifact.directory.names import names as edifact_names
from edi.naming import Names, Retelling
from edi.speaking import LANGUAGES, rendered
from edi.x12.names import names as x12_names
from gateway.cli.as_partner import Manner, partner_option, reading, units_of
from gateway.cli.edi_page import as_page, as_text, columns
from gateway.cli.edi_tree import inspected
from gateway.cli.harmless import harmless_json, harmless_value
from gateway.cli.workspace import workspace_option

WRONG: Final = 1
NAMES: Final[Mapping[str, Callable[[str], Names]]] = {"edifact": edifact_names, "x12": x12_names}
"""What calls segments and elements by names in a language, by the syntax."""

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_language = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True,
    help="In which language to speak.",
)  # fmt: skip


@click.command("inspect")
@click.argument("file", type=_file)
@click.option("--html", "as_html", is_flag=True, help="Print one HTML page that needs no other.")
@_language
@partner_option
@workspace_option
def inspect_command(
    file: Path, workspace: Path, language: str, partner_id: str | None, *, as_html: bool
) -> None:
    """Show FILE as a tree of named segments, with everything that is wrong in its place.

    Directories imported into the workspace count. A file is read message by message, so its size
    does not matter. Exit code 0 when nothing is wrong, else 1.
    """
    with reading(file, workspace, partner_id) as manner:
        names = NAMES.get(manner.syntax, manner.names)(language)
        units = partial(_units, file, manner, language)
        inspection = inspected(file.name, manner.syntax, units, names)
        if as_html:
            for piece in as_page(inspection, language):
                click.echo(piece, nl=False)
            click.echo()
        else:
            for line in as_text(inspection, language):
                click.echo(line)
    sys.exit(WRONG if inspection.errors else 0)


@click.command("validate")
@click.argument("files", type=_file, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_language
@partner_option
@workspace_option
def validate_command(
    files: tuple[Path, ...],
    workspace: Path,
    language: str,
    partner_id: str | None,
    *,
    as_json: bool,
) -> None:
    """Say everything that is wrong with FILES: envelope, order of segments, elements and codes.

    A file is read message by message, so its size does not matter; what is wrong is told as it is
    found, and counted at the end.

    Exit code 0 when there is no error in any of them, else 1.
    """
    reports = []
    wrong = False
    for file in files:
        with reading(file, workspace, partner_id) as manner:
            report = _Report(str(file), manner.syntax)
            for fault in report.take(_units(file, manner, "en" if as_json else language)):
                if as_json:
                    report.faults.append(fault)
                else:
                    said = rendered(fault, language, columns() - len("  "))
                    click.echo("  " + said.replace("\n", "\n  "))
        wrong = wrong or report.errors > 0
        reports.append(report)
        if not as_json:
            click.echo(harmless_value(f"{file}: {report.said(language)}"))
    if as_json:
        plain = [one.plain() for one in reports]
        click.echo(harmless_json(msgspec.json.format(msgspec.json.encode(plain), indent=2)))
    sys.exit(WRONG if wrong else 0)


def _units(file: Path, manner: Manner, language: str) -> Iterator[Message | Fault | Envelope]:
    """Read a file, its faults about things that are called by their names in a language."""
    names = NAMES.get(manner.syntax, manner.names)
    retold = Retelling(names("en"), names(language))
    for unit in units_of(file, manner):
        if isinstance(unit, Fault):
            yield _retold(unit, retold)
        elif isinstance(unit, Message) and unit.faults:
            yield replace(unit, faults=tuple(_retold(one, retold) for one in unit.faults))
        else:
            yield unit


def _retold(fault: Fault, retold: Retelling) -> Fault:
    if fault.subject is None:
        return fault
    return msgspec.structs.replace(fault, subject=retold(fault.subject))


_COUNTED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "en": (
        ("message", "messages"), ("error", "errors"), ("warning or note", "warnings and notes"),
    ),
    "sv": (
        ("meddelande", "meddelanden"), ("fel", "fel"), ("anmärkning", "anmärkningar"),
    ),
}  # fmt: skip


@dataclass(slots=True)
class _Report:
    """Count what is in one file; its faults are held only where they are told at the end."""

    file: str
    syntax: str
    messages: int = 0
    errors: int = 0
    notes: int = 0
    faults: list[Fault] = field(default_factory=list)

    def take(self, units: Iterable[Message | Fault | Envelope]) -> Iterator[Fault]:
        """Count what a stream gives, and give its faults message by message."""
        for unit in units:
            if isinstance(unit, Envelope):
                continue
            self.messages += isinstance(unit, Message)
            found = unit.faults if isinstance(unit, Message) else (unit,)
            for fault in sorted(found, key=_offset):
                self.errors += fault.severity is Severity.ERROR
                self.notes += fault.severity is not Severity.ERROR
                yield fault

    def said(self, language: str) -> str:
        """Return the counts in words."""
        counts = (self.messages, self.errors, self.notes)
        return ", ".join(
            f"{number} {one if number == 1 else more}"
            for number, (one, more) in zip(counts, _COUNTED[language], strict=True)
        )

    def plain(self) -> dict[str, object]:
        """Return the report as it is printed as JSON, its faults in the order of the file."""
        return {
            "file": self.file,
            "syntax": self.syntax,
            "messages": self.messages,
            "faults": sorted(self.faults, key=_offset),
        }


def _offset(fault: Fault) -> int:
    return fault.place.offset or 0 if fault.place is not None else 0
