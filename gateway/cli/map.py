"""Lint, test, try and explain mappings.

Exit codes: 0 all is well, 1 something is wrong with a mapping, a sample or the tried message,
2 wrong usage, 3 the workspace cannot be used.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Final

import click
import msgspec

from canonical.faults import Fault, has_errors, sentence
from gateway.cli.commands import Group
from gateway.cli.harmless import harmless, harmless_json, harmless_value
from gateway.cli.map_explain import about, explained, unknown
from gateway.cli.map_samples import MEDIA_TYPE, Samples
from gateway.cli.map_tracing import Asked, NoMappingError, Traced, traced, unusable
from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError
from gateway.partners.flatfiles import load_flatfiles
from gateway.partners.library import PartnerLibraries, shipped_library, workspace_library
from gateway.standards import Official
from mappings.engine.library import Library, Mapped, MappingError, Trace

WRONG: Final = 1
PARTNERS: Final = "partners"

_partner = click.option("--partner", help="Apply this partner's own mappings and tables too.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("map", cls=Group)
def map_command() -> None:
    """Lint, test, try and explain mappings.

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
        raise unusable(error) from error
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
                click.echo(harmless(f"        {failure}"))
        for name, coverage in samples.coverage.items():
            click.echo(_covered(name, len(coverage.known), coverage.missed))
        click.echo(f"{len(outcomes)} samples, {len(failed)} failed")
    if failed:
        sys.exit(WRONG)


def _tried(command: Callable[..., None]) -> Callable[..., None]:
    """Add what says which file is tried, and how it is read."""
    for option in (
        workspace_option,
        click.option(
            "--currency", help="What `context.currency` is, for orders that leave it out."
        ),
        click.option("--media-type", default=MEDIA_TYPE, show_default=True, help="Of the file."),
        _partner,
    ):
        command = option(command)
    return command


@map_command.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_json
@_tried
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

    An EDIFACT or X12 interchange is known by its first characters, a flat file by its --partner; of
    several messages it is the first.
    """
    found = _trace(Asked(file, workspace, partner, media_type, currency))
    if found.mapped is None:
        _show_nothing(found.faults, as_json=as_json)
    else:
        show = _show_json if as_json else _show_text
        show(found.mapped, found.faults, found.steps)
    if found.mapped is None or found.mapped.document is None or has_errors(found.faults):
        sys.exit(WRONG)


@map_command.command("explain")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("field")
@_tried
def explain(
    workspace: Path,
    file: Path,
    field: str,
    partner: str | None,
    media_type: str,
    currency: str | None,
) -> None:
    """Say how FIELD of the document in FILE got its value, such as `lines[0].quantity.unit`.

    Of a field that holds others, such as `buyer`, all are told. Exit code 1 when nothing sets it.
    """
    found = _trace(Asked(file, workspace, partner, media_type, currency))
    steps = about(found.steps, field)
    if found.mapped is None:
        _show_nothing(found.faults, as_json=False)
        sys.exit(WRONG)
    if not steps:
        click.echo(harmless_value(unknown(found.steps, field)), err=True)
        sys.exit(WRONG)
    for step in steps:
        for line in explained(step, workspace):
            click.echo(harmless_value(line))


def _trace(asked: Asked) -> Traced:
    """Return what became of a file; leaves where no mapping reads it."""
    try:
        return traced(asked, _library(asked.workspace, asked.partner))
    except NoMappingError as error:
        click.echo(harmless_value(str(error)), err=True)
        sys.exit(WRONG)


def _show_nothing(faults: tuple[Fault, ...], *, as_json: bool) -> None:
    """Say why there is no message."""
    if as_json:
        click.echo(
            json.dumps({"document": None, "faults": msgspec.to_builtins(faults), "trace": []})
        )
    else:
        for fault in faults:
            click.echo(harmless_value(sentence(fault)))


def _show_json(mapped: Mapped, faults: tuple[Fault, ...], steps: tuple[Trace, ...]) -> None:
    report = {
        "mapping": mapped.mapping,
        "version": mapped.version,
        "document": mapped.document,
        "faults": faults,
        "trace": [asdict(step) for step in steps],
    }
    click.echo(harmless_json(msgspec.json.format(msgspec.json.encode(report), indent=2)))


def _show_text(mapped: Mapped, faults: tuple[Fault, ...], steps: tuple[Trace, ...]) -> None:
    click.echo(f"{mapped.mapping}, version {mapped.version}\n")
    for step in steps:
        value = "null" if step.value is None else step.value
        line = (
            f", message line {step.line}"
            if step.line is not None and step.value is not None
            else ""
        )
        click.echo(harmless_value(f"{step.target} = {value}"))
        click.echo(harmless_value(f"    {step.expression} ({step.source}{line})"))
    click.echo()
    if mapped.document is not None:
        document = msgspec.json.format(msgspec.json.encode(mapped.document), indent=2)
        click.echo(harmless_json(document))
    for fault in faults:
        click.echo(harmless_value(f"{fault.severity.value}: {sentence(fault)}"))


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
