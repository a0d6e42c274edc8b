"""Know where the workspace is: the option that every command shares, and how refusals look.

A command that needs settings or partners takes `@workspace_option`; the folder comes absolute.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import click

from gateway.errors import ConfigurationError

CommandT = TypeVar("CommandT", bound=Callable[..., object])

EXIT_FINDINGS: Final = 2
"""Exit code of a command that found the workspace unusable."""


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
def findings_shown() -> Iterator[None]:
    """Print what is wrong with the workspace, a finding a line, and end with code 2."""
    try:
        yield
    except ConfigurationError as error:
        for finding in error.findings:
            click.echo(finding, err=True)
        click.echo(f"error: {error}", err=True)
        raise click.exceptions.Exit(EXIT_FINDINGS) from None
