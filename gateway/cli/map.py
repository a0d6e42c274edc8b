"""Lint, test and try mappings.

Exit codes: 0 all is well, 1 something is wrong with a mapping, a sample or the tried message,
2 wrong usage, 3 the workspace cannot be used.
"""

import json
import sys
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Final

import click
import msgspec

from canonical.faults import Fault, has_errors, sentence
from gateway.cli.map_samples import MEDIA_TYPE, SYNTAX, Samples, syntax_by
from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError
from gateway.partners.flatfiles import load_flatfiles
from gateway.partners.library import PartnerLibraries, shipped_library, workspace_library
from gateway.plugins import codecs, exchanges
from gateway.standards import Official
from mappings.engine.library import Library, Mapped, MappingError, Trace

WRONG: Final = 1
PARTNERS: Final = "partners"

_partner = click.option("--partner", help="Apply this partner's own mappings and tables too.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("map")
def map_command() -> None:
    """Lint, test and try mappings.

    Exit codes: 0 well, 1 something is wrong with a mapping, sample or message, 2 wrong usage,
    3 the workspace cannot be used.
    """


@map_command.command()
@_partner
@_json
@workspace_option
def lint(workspace: Path, partner: str | None, *, as_json: bool) -> None:
    """Find what is wrong with mappings and tables, each with file, line and column.

    Without --partner the shipped ones and those of every partner.
    """
    libraries = [_library(workspace, partner)] if partner else [shipped_library(), *_all(workspace)]
    findings = sorted({entry for library in libraries for entry in library.lint()})
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in findings], indent=2))
    else:
        for entry in findings:
            click.echo(str(entry))
        click.echo(f"{len(findings)} findings" if findings else "no findings")
    if any(entry.severity == "error" for entry in findings):
        sys.exit(WRONG)


@map_command.command()
@_partner
@click.option("--update", is_flag=True, help="Write what comes out as what is expected.")
@_json
@workspace_option
def test(workspace: Path, partner: str | None, *, update: bool, as_json: bool) -> None:
    """Run the samples beside the mappings, or those of a partner, and write and read them back."""
    library = _library(workspace, partner)
    folder = _folder(workspace, partner) / "samples" if partner else _shipped_folder()
    official = Official(flat=load_flatfiles(workspace))
    samples = Samples(library, update=update, official=official)
    try:
        outcomes = list(samples.run(folder))
    except MappingError as error:
        raise _unusable(error) from error
    failed = [outcome for outcome in outcomes if outcome.failures]
    missed = {name: list(coverage.missed) for name, coverage in samples.coverage.items()}
    if as_json:
        report = [
            {"sample": outcome.path.name, "mapping": outcome.mapping, "failures": outcome.failures,
             "updated": outcome.updated} for outcome in outcomes
        ]  # fmt: skip
        click.echo(json.dumps({"samples": report, "never_hit": missed}, indent=2))
    else:
        for outcome in outcomes:
            mark = "FAILED" if outcome.failures else "updated" if outcome.updated else "ok"
            click.echo(f"{mark:8}{outcome.path.parent.name}/{outcome.path.name}")
            for failure in outcome.failures:
                click.echo(f"        {failure}")
        for name, coverage in samples.coverage.items():
            click.echo(_covered(name, len(coverage.known), coverage.missed))
        click.echo(f"{len(outcomes)} samples, {len(failed)} failed")
    if failed:
        sys.exit(WRONG)


@map_command.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_partner
@click.option("--media-type", default=MEDIA_TYPE, show_default=True, help="Of the file.")
@click.option("--currency", help="What `context.currency` is, for orders that leave it out.")
@_json
@workspace_option
def try_(  # one argument an option
    workspace: Path,
    file: Path,
    partner: str | None,
    media_type: str,
    currency: str | None,
    *,
    as_json: bool,
) -> None:
    """Show what FILE becomes: the document, its faults, and where each value comes from.

    An EDIFACT or X12 interchange is known by its first characters; of several messages it is the
    first.
    """
    library = _library(workspace, partner)
    content = file.read_bytes()
    syntax = syntax_by(content) or SYNTAX
    reading = {**codecs(), **exchanges()}[syntax].read(content, media_type)
    if not reading.messages:
        _show_nothing(reading.faults, as_json=as_json)
    message = reading.messages[0]
    try:
        reader = library.tracing_reader(syntax, message.name)
    except MappingError as error:
        raise _unusable(error) from error
    if reader is None:
        click.echo(f"{file}: no mapping reads {syntax}/{message.name}", err=True)
        sys.exit(WRONG)
    known = {} if currency is None else {"currency": currency}
    mapped, steps = reader.trace(message, **known)
    faults = (*reading.faults, *message.faults, *mapped.faults)
    show = _show_json if as_json else _show_text
    show(mapped, faults, steps)
    if mapped.document is None or has_errors(faults):
        sys.exit(WRONG)


def _show_nothing(faults: tuple[Fault, ...], *, as_json: bool) -> None:
    """Say why there is no message, and leave."""
    if as_json:
        click.echo(
            json.dumps({"document": None, "faults": msgspec.to_builtins(faults), "trace": []})
        )
    else:
        for fault in faults:
            click.echo(sentence(fault))
    sys.exit(WRONG)


def _show_json(mapped: Mapped, faults: tuple[Fault, ...], steps: tuple[Trace, ...]) -> None:
    report = {
        "mapping": mapped.mapping,
        "version": mapped.version,
        "document": mapped.document,
        "faults": faults,
        "trace": [asdict(step) for step in steps],
    }
    click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())


def _show_text(mapped: Mapped, faults: tuple[Fault, ...], steps: tuple[Trace, ...]) -> None:
    click.echo(f"{mapped.mapping}, version {mapped.version}\n")
    for step in steps:
        value = "null" if step.value is None else step.value
        line = (
            f", message line {step.line}"
            if step.line is not None and step.value is not None
            else ""
        )
        click.echo(f"{step.target} = {value}\n    {step.expression} ({step.source}{line})")
    click.echo()
    if mapped.document is not None:
        click.echo(msgspec.json.format(msgspec.json.encode(mapped.document), indent=2).decode())
    for fault in faults:
        click.echo(f"{fault.severity.value}: {sentence(fault)}")


def _covered(name: str, known: int, missed: dict[str, str]) -> str:
    text = f"{name}: {known - len(missed)} of {known} fields hit"
    shown = "".join(f"\n        never: {target} ({place})" for target, place in missed.items())
    return text + shown


def _shipped_folder() -> Path:
    return Path(str(files("mappings")))


def _folder(workspace: Path, partner: str) -> Path:
    folder = workspace / PARTNERS / partner
    if "/" in partner or not folder.is_dir():
        what = f"no partner '{partner}' in {workspace / PARTNERS}"
        raise ConfigurationError(what, (what,))
    return folder


def _library(workspace: Path, partner: str | None) -> Library:
    base = workspace_library(shipped_library(), workspace)
    return PartnerLibraries(base).partner(_folder(workspace, partner)) if partner else base


def _all(workspace: Path) -> list[Library]:
    root = workspace / PARTNERS
    libraries = PartnerLibraries(workspace_library(shipped_library(), workspace))
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return [libraries.partner(folder) for folder in folders]


def _unusable(error: MappingError) -> ConfigurationError:
    return ConfigurationError("the mapping cannot be used", tuple(map(str, error.findings)))
