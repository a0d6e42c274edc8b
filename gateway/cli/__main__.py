"""Run `python -m gateway.cli`."""

from gateway.cli.commands import main

main(prog_name="gateway")
