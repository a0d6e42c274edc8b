"""Know what commands share: the workspace, the gateway in it, and how a secret is typed.

A command that needs settings or partners takes `@workspace_option`; the folder comes absolute. A
secret never stands on a command line, where every user of the machine could read it.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

if TYPE_CHECKING:
    from gateway.app import Gateway

MAX_SECRET_LENGTH: Final = 4096

CommandT = TypeVar("CommandT", bound=Callable[..., object])


def workspace_option(command: CommandT) -> CommandT:
    """Give a command the parameter `workspace`: a folder that exists, absolute."""
    option = click.option(
        "--workspace",
        type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
        default=Path(),
        envvar="GATEWAY_WORKSPACE",
        show_default="the current folder",
        help="Folder that holds gateway.toml and partners/.",
    )
    return option(command)


@contextmanager
def opened(workspace: Path) -> "Iterator[Gateway]":
    """Lend the gateway of a workspace; raises StoreError where its database is not prepared."""
    from gateway.app import open_gateway
    from gateway.store.migrations import require_current

    gateway = open_gateway(workspace)
    try:
        require_current(gateway.database)
        yield gateway
    finally:
        gateway.close()


def read_secret(*, from_stdin: bool) -> str:
    """Return a secret from standard input without its last newline, or ask for it twice."""
    if from_stdin:
        return str(sys.stdin.read(MAX_SECRET_LENGTH + 2))
    return str(click.prompt("Shared secret", hide_input=True, confirmation_prompt=True))
