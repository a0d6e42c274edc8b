"""Make a workspace: the folder that holds everything a supplier configures, fit for git."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from gateway.cli.partner import IDENTITY
from gateway.errors import ConfigurationError
from gateway.partners.files import quoted, write_file
from gateway.settings import load_settings
from gateway.settings.loader import FILE_NAME
from gateway.settings.model import Identity

SETTINGS: Final = """\
# Settings of this gateway; all of them, with their defaults: docs/reference/gateway-toml.md.
# An environment variable wins over this file: GATEWAY_LIMITS__BODY sets body in [limits].

# As buyers see us in the shop.
name = {name}
# How buyers reach this gateway.
base_url = {base_url}
# Where it listens: here for this machine alone or a proxy on it, "0.0.0.0" for all networks.
host = "127.0.0.1"
port = {port}

# Who we are for buyers whose partner.yaml says nothing else.
identities = [{{domain = {domain}, identity = {identity}}}]

[core]
kind = "embedded"             # or "rest", with url and token
folder = "core"

# [database]
# url = "postgresql+psycopg://gateway@localhost/gateway"   # without it: SQLite in data/
"""

IGNORED: Final = """\
# State and keys of this machine: never in git.
/data/
/secrets/
"""

DEFAULT_PORT: Final = 8080

README: Final = """\
# {name}: workspace of the punchout and EDI gateway

| here | holds |
|---|---|
| gateway.toml | settings of the process |
| partners/<id>/partner.yaml | one buyer: `gateway partner new` makes it, `gateway check` lints it |
| partners/<id>/mappings/ | what this buyer wants otherwise than the shipped mappings |
| core/ | customers, products, prices and stock for the embedded core |
| data/ | database, payloads and the workspace key of this machine; not in git, back it up |

    gateway partner new ID --profile coupa --customer NUMBER --identity DOMAIN:VALUE --secret-stdin
    gateway check
    gateway run

The key in data/gateway.key opens the sealed secrets: whoever moves this workspace to another
machine takes it along by a safe way, or sets GATEWAY_KEY there.
"""


@click.command()
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), metavar="[DIR]"
)
@click.option("--name", default="My company", show_default=True, help="The supplier's name.")
@click.option(
    "--base-url",
    default="http://127.0.0.1:8080",
    show_default=True,
    help="How buyers reach the gateway.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Where the gateway listens; that of an http --base-url, else {DEFAULT_PORT}.",
)
@click.option(
    "--identity",
    type=IDENTITY,
    default="DUNS:123456789",
    show_default=True,
    help="Who the supplier is for buyers.",
)
def init(*, folder: Path, name: str, base_url: str, port: int | None, identity: Identity) -> None:
    """Make a workspace in DIR; files that are there already are never touched."""
    settings = folder / FILE_NAME
    if settings.exists():
        message = f"{settings} exists already; nothing was changed"
        raise ConfigurationError(message)
    (folder / "partners").mkdir(parents=True, exist_ok=True)
    (folder / "core").mkdir(exist_ok=True)
    text = SETTINGS.format(
        name=quoted(name),
        base_url=quoted(base_url),
        port=port or port_of(base_url),
        domain=quoted(identity.domain),
        identity=quoted(identity.identity),
    )
    for file, content in (
        (folder / ".gitignore", IGNORED),
        (folder / "README.md", README.format(name=name)),
        (folder / "partners" / ".gitkeep", ""),
        (settings, text),
    ):
        if not file.exists():
            write_file(file, content)
    try:
        load_settings(folder)
    except ConfigurationError:
        settings.unlink()
        raise
    click.echo(
        f"{folder} is a workspace now; next: what you sell and to whom, in {folder / 'core'}"
    )
    click.echo("(docs/reference/core-data.md), then buyers: gateway partner new --help")


def port_of(base_url: str) -> int:
    """Return the port to listen on for buyers to reach `base_url` without anything in front.

    An https address has a proxy in front, since the gateway itself speaks http.
    """
    try:
        parts = urlsplit(base_url)
        named = parts.port
    except ValueError:
        return DEFAULT_PORT  # the settings say what is wrong with the address
    return named if named and parts.scheme == "http" else DEFAULT_PORT
