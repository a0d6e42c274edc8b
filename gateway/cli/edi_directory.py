"""Import directories of messages, and list those that are there."""

from pathlib import Path

import click
import msgspec

from gateway.cli.commands import Group
from gateway.cli.workspace import workspace_option
from gateway.standards.directories import Listed, import_directory, listed


@click.group(cls=Group)
def directory() -> None:
    """Import and list the directories that messages are checked by."""


@directory.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "name", help="Name it so, e.g. D.10B, and not as it calls itself.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@workspace_option
def import_command(source: Path, workspace: Path, name: str | None, *, as_json: bool) -> None:
    """Take SOURCE into the workspace: a UN directory's zip as published, or a file of facts."""
    report = import_directory(source, workspace, name)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
        return
    item = report.item
    click.echo(
        f"{item.version}: {report.messages} messages, {report.segments} segments; "
        f"{report.done} standards/{item.path}"
    )


@directory.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@workspace_option
def list_command(workspace: Path, *, as_json: bool) -> None:
    """List the directories that are built in or imported, and the messages in them."""
    found = listed(workspace)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for one in found:
        click.echo(f"{one.state:8} {one.syntax:8} {one.name:9} {one.origin:30} {_messages(one)}")


def _messages(one: Listed) -> str:
    shown = ", ".join(sorted(one.messages)[:13])
    more = len(one.messages) - 13
    return f"{shown} and {more} more" if more > 0 else shown
