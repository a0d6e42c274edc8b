"""Hand in a file as if a partner had sent it; everything that follows is real."""

from pathlib import Path

import click

from canonical.wire import Verdict
from gateway.cli.workspace import workspace_option


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--syntax", default="cxml", show_default=True, help="Which codec reads it.")
@click.option("--media-type", default="text/xml", show_default=True, help="As HTTP would say.")
@workspace_option
def send(file: Path, syntax: str, media_type: str, workspace: Path) -> None:
    """Hand in FILE as if a partner had sent it and print the answer.

    Its credentials are checked like any other's. Exit code 0 when it was taken, 1 when refused.
    """
    from gateway.app import open_gateway
    from gateway.pipeline.contract import Arrival

    gateway = open_gateway(workspace)
    try:
        arrival = Arrival(
            syntax=syntax,
            content=file.read_bytes(),
            media_type=media_type,
            received_at=gateway.ambient.now(),
            remote="",
            origin="cli",
        )
        answer = gateway.pipeline.receive(arrival)
    finally:
        gateway.close()
    click.echo(f"message {answer.message_id or '-'}: {answer.verdict}", err=True)
    click.echo(answer.payload.content)
    good = {Verdict.ACCEPTED, Verdict.RECEIVED, Verdict.NO_CHANGE}
    raise SystemExit(0 if answer.verdict in good else 1)
