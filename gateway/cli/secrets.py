"""Set and seal secrets: what stands in a file is a reference or sealed, never the secret."""

from pathlib import Path

import click

from gateway.cli.commands import Group
from gateway.cli.workspace import read_secret, workspace_option
from gateway.partners.files import reseal, set_secret
from gateway.partners.vault import Vault
from gateway.settings import load_settings


@click.group(cls=Group)
def secrets() -> None:
    """Set and seal secrets."""


def vault_of(workspace: Path) -> Vault:
    """Return the vault of a workspace."""
    return Vault(workspace, data_folder=load_settings(workspace).data_folder)


@secrets.command(name="set")
@click.argument("partner_id", metavar="PARTNER")
@click.option("--secret-stdin", is_flag=True, help="Read the secret from standard input.")
@workspace_option
def set_(*, partner_id: str, secret_stdin: bool, workspace: Path) -> None:
    """Give a partner a new shared secret; the present one stays valid as the previous one."""
    set_secret(workspace, partner_id, read_secret(from_stdin=secret_stdin), vault_of(workspace))
    click.echo(f"{partner_id} has a new secret; the one before it is still taken")


@secrets.command()
@click.option("--secret-stdin", is_flag=True, help="Read the secret from standard input.")
@workspace_option
def seal(*, secret_stdin: bool, workspace: Path) -> None:
    """Print a `sealed:` reference that may stand in a configuration file and in git."""
    click.echo(vault_of(workspace).seal(read_secret(from_stdin=secret_stdin)))


@secrets.command(name="rotate-key")
@workspace_option
def rotate_key(*, workspace: Path) -> None:
    """Make a new workspace key and seal everything under it."""
    count = reseal(workspace, vault_of(workspace))
    click.echo(f"{count} secret(s) sealed under a new key; restart the gateway")
