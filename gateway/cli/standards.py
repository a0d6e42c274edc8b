"""Install and list official schemas and rule sets: `gateway standards install|list`."""

from pathlib import Path

import click
import msgspec

from canonical.wire import Dialect
from gateway.cli.commands import Group
from gateway.cli.workspace import workspace_option
from gateway.partners.loader import partner_folders, read_partner
from gateway.settings import load_settings
from gateway.standards import Installed, install, installed, missing
from gateway.standards.index import FOLDER, state_of


@click.group(cls=Group)
def standards() -> None:
    """Install official schemas and rule sets into the workspace, and list them."""


@standards.command("install")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@workspace_option
def install_command(source: Path, workspace: Path, *, as_json: bool) -> None:
    """Copy the DTDs, XSDs and rule sets found in SOURCE, a folder or zip.

    Exit code 1 when there is nothing official in it.
    """
    report = install(source, workspace)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        _print_report(report, workspace)
    if not (report.added or report.replaced or report.unchanged):
        message = "Nothing official was found: expected cXML DTDs, XSDs, schematron or XSLT."
        click.echo(message, err=True)
        raise click.exceptions.Exit(1)


@standards.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@workspace_option
def list_command(workspace: Path, *, as_json: bool) -> None:
    """List what is installed, whether it is still intact, and what is missing for what."""
    items = [(item, state_of(workspace, item)) for item in installed(workspace)]
    lacking = missing(workspace, _dialects(workspace))
    if as_json:
        rows = [msgspec.to_builtins(item) | {"state": str(state)} for item, state in items]
        click.echo(msgspec.json.encode({"installed": rows, "missing": lacking}).decode())
        return
    for item, state in items:
        click.echo(f"{state:8} {item.kind:11} {item.version or '-':9} {item.path}  {item.name}")
    if not items:
        click.echo(f"Nothing is installed in {workspace / FOLDER}.")
    for sentence in lacking:
        click.echo(f"missing: {sentence}")


def _dialects(workspace: Path) -> list[tuple[str, Dialect]]:
    """Return how each partner whose file can be read wants its documents."""
    settings = load_settings(workspace)
    read = (read_partner(folder, settings)[1] for folder in partner_folders(workspace))
    return [(one.id, dialect) for one in read if one is not None for dialect in one.dialects]


def _print_report(report: Installed, workspace: Path) -> None:
    for word, items in (("added", report.added), ("replaced", report.replaced)):
        for item in items:
            click.echo(f"{word:8} {item.kind:11} {item.version or '-':9} {item.path}")
    for sentence in report.skipped:
        click.echo(f"skipped  {sentence}")
    click.echo(
        f"{len(report.added)} added, {len(report.replaced)} replaced, "
        f"{len(report.unchanged)} unchanged, {len(report.skipped)} skipped "
        f"in {workspace / FOLDER}"
    )
