"""List the control numbers that were seen and given, and those that are missing."""

from itertools import groupby
from pathlib import Path
from typing import Final

import click
import msgspec

from gateway.cli.harmless import harmless_value
from gateway.cli.workspace import opened, workspace_option
from gateway.store.series import Series, list_series

MAX_SPANS: Final = 10


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@workspace_option
def numbers(workspace: Path, *, as_json: bool) -> None:
    """List each series of control numbers: the last one, and what was skipped of theirs."""
    with opened(workspace) as gateway, gateway.database.read() as connection:
        found = list_series(connection)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for one in found:
        click.echo(harmless_value(_line(one)))
    if not found:
        click.echo("no interchange came or went yet", err=True)


def _line(one: Series) -> str:
    arrow = "<-" if one.direction == "in" else "->"
    missing = f"  missing {_spans(one.missing)}" if one.missing else ""
    return f"{one.partner:<20} {arrow} {one.series:<50} last {one.last}{missing}"


def _spans(missing: tuple[int, ...]) -> str:
    """Return numbers as people write them: `3, 7-9`."""
    spans = []
    for _, some in groupby(enumerate(missing), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in some]
        spans.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
    shown = ", ".join(spans[:MAX_SPANS])
    return f"{shown} and more" if len(spans) > MAX_SPANS else shown
