"""Hand in a file as if a partner had sent it; everything that follows is real."""

from pathlib import Path
from typing import Final

import click

from canonical.wire import Verdict
from gateway.cli.workspace import opened, workspace_option
from gateway.errors import ConfigurationError, TransportError

BLANK: Final = b"\xef\xbb\xbf \t\r\n"
"""What may stand before a document."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--syntax", help="Which codec reads it: cxml, edifact, x12 ...; else its beginning says."
)
@click.option("--media-type", default="", help="As HTTP would say, for what is no plain XML.")
@click.option("--as", "addressee", default="", help="Id of the partner who has to be its sender.")
@workspace_option
def send(file: Path, syntax: str | None, media_type: str, addressee: str, workspace: Path) -> None:
    """Hand in FILE as if a partner had sent it and print the answer.

    The credentials in a cXML document are checked like any other's; an interchange of EDI has none,
    and who is at this machine is believed. Exit code 0 when it was taken, 1 when refused.

    A file of more than 256 MB, or of more than limits.interchange if that is more, is refused.
    """
    from gateway.partners.agreements import FLAT, SYNTAXES
    from gateway.pipeline.arriving import syntax_in
    from gateway.pipeline.contract import Arrival

    with opened(workspace) as gateway:
        content = _content(file, gateway.settings.limits.interchange)
        markup = content.lstrip(BLANK)[:1] == b"<" or media_type.startswith("multipart/")
        if addressee:
            _require_one_of("partner", addressee, sorted(one.id for one in gateway.partners))
        if syntax is None and addressee and not markup:
            syntax = FLAT if gateway.partners.get(addressee).edi.flat else None
        if syntax is None:
            syntax = "cxml" if markup else syntax_in(content, media_type)
        _require_one_of("syntax", syntax, sorted(gateway.pipeline.equipment.codecs))
        exchanged = syntax in (*SYNTAXES, FLAT)
        arrival = Arrival(
            syntax=syntax,
            content=content,
            media_type=media_type or ("" if exchanged else "text/xml"),
            received_at=gateway.ambient.now(),
            remote="",
            origin="cli",
            addressee=addressee if exchanged else "",
            trusted=exchanged,
        )
        answers = gateway.pipeline.receive_all(arrival)
    for answer in answers:
        click.echo(f"message {answer.message_id or '-'}: {answer.verdict}", err=True)
        click.echo(answer.payload.content)
    good = {Verdict.ACCEPTED, Verdict.RECEIVED, Verdict.NO_CHANGE}
    raise SystemExit(0 if all(answer.verdict in good for answer in answers) else 1)


def _content(file: Path, posted: int) -> bytes:
    """Return the bytes of a file; raises TransportError for one that has too many."""
    from gateway.pipeline.arriving import largest_file, too_large

    size, largest = file.stat().st_size, largest_file(posted)
    if size > largest:
        raise TransportError(too_large(size, largest))
    return file.read_bytes()


def _require_one_of(what: str, name: str, known: list[str]) -> None:
    if name not in known:
        message = f'there is no {what} "{name}"; known are {", ".join(known) or "none"}'
        raise ConfigurationError(message)
