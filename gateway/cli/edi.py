"""Work with EDI: directories, files (`inspect`, `validate`, `convert`) and control numbers."""

from collections.abc import Mapping
from typing import Final

import click

from gateway.cli.commands import Tabled

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "convert": (
        "gateway.cli.edi_convert:convert_command",
        "Print FILE in another form: its documents as data, or written in another syntax.",
    ),
    "directory": (
        "gateway.cli.edi_directory:directory",
        "Import and list the directories that messages are checked by.",
    ),
    "inspect": (
        "gateway.cli.edi_files:inspect_command",
        "Show FILE as a tree of named segments, with everything that is wrong in its place.",
    ),
    "numbers": (
        "gateway.cli.edi_numbers:numbers",
        "List each series of control numbers: the last one, and what was skipped of theirs.",
    ),
    "validate": (
        "gateway.cli.edi_files:validate_command",
        "Say everything that is wrong with FILES: envelope, order of segments, elements and codes.",
    ),
}
"""Every command and its first sentence: a directory is imported without what reads files."""


class _Commands(Tabled):
    """Hold every command of this group."""

    table = COMMANDS


@click.group(cls=_Commands)
def edi() -> None:
    """Work with EDIFACT and X12."""
