"""Find commands by name and turn our exceptions into one sentence and an exit code."""

import importlib
import os
from collections.abc import Mapping
from typing import ClassVar, Final

import click

from gateway.cli.harmless import harmless, harmless_value
from gateway.errors import ConfigurationError, CoreError, GatewayError, StoreError

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "buyer": ("gateway.cli.buyer:buyer", "Play a procurement system against a gateway."),
    "check": ("gateway.cli.check:check", "Lint the workspace or one partner."),
    "core": ("gateway.cli.core:core", "Examine the ERP or commerce core."),
    "db": ("gateway.cli.db:db", "Create or migrate the database."),
    "demo": ("gateway.cli.demo:demo", "Show everything with a demo supplier."),
    "edi": ("gateway.cli.edi:edi", "Look at files of EDI; import directories."),
    "init": ("gateway.cli.init:init", "Make a workspace."),
    "map": ("gateway.cli.map:map_command", "Lint, test, try and explain mappings."),
    "messages": ("gateway.cli.messages:messages", "List, show, replay and release messages."),
    "partner": ("gateway.cli.partner:partner", "Add and list partners."),
    "run": ("gateway.cli.run:run", "Serve: web and worker processes."),
    "secrets": ("gateway.cli.secrets:secrets", "Set and seal secrets."),
    "send": ("gateway.cli.send:send", "Hand in a file as if a partner had sent it."),
    "standards": ("gateway.cli.standards:standards", "Install official schemas."),
    "web": ("gateway.cli.run:web", "Serve only the web part."),
    "worker": ("gateway.cli.run:worker", "Run only the worker part."),
}
"""Every command: where it lives and what it does, so that `--help` imports none of them."""

EXIT_CODES: Final[tuple[tuple[type[GatewayError], int], ...]] = (
    (ConfigurationError, 3),
    (CoreError, 4),
    (StoreError, 4),
    (GatewayError, 1),
)


WHOLE: Final = 400
"""Characters of a sentence that is not cut."""
NO_FILE: Final = 3
"""Exit code where the system refuses a file or folder that is needed."""


class Tabled(click.Group):
    """Import a command when it is called."""

    table: ClassVar[Mapping[str, tuple[str, str]]]
    """Every command: where it lives and what it does, as in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name all commands."""
        return sorted(self.table)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by name."""
        if name not in self.table:
            return None
        module, attribute = self.table[name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(self.table.items())])


class Commands(Tabled):
    """Hold every command of the program."""

    table = COMMANDS

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what we raise ourselves becomes a sentence and an exit code."""
        try:
            result: object = super().invoke(ctx)
        except GatewayError as error:
            click.echo(harmless(f"gateway: {error}"), err=True)
            if isinstance(error, ConfigurationError):
                for finding in error.findings:
                    click.echo(harmless(f"  {finding}"), err=True)
            ctx.exit(next(code for kind, code in EXIT_CODES if isinstance(error, kind)))
        except OSError as error:
            if error.filename is None:  # no file of ours: a pipe that closed, say
                raise
            file = harmless_value(os.fsdecode(error.filename))
            click.echo(f"gateway: {file}: {error.strerror}", err=True)
            ctx.exit(NO_FILE)
        return result


class Group(click.Group):
    """Say of each command all that its first sentence says; click would cut it to a line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(WHOLE)) for name, one in commands if one]
            )


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="punchout-edi-gateway", prog_name="gateway")
def main() -> None:
    """Translate between buyers' procurement systems and one ERP or commerce core, durably."""
