"""Give operators and integration engineers their commands, one module a command group.

To add a command: a module here and its line in `commands`. Commands are imported when called.
Every listing has `--json`. Exit codes: 0 done, 1 the answer is no (findings, a failed journey), 2
wrong usage, 3 the workspace cannot be used, 4 the core or the database did not answer.
"""

from gateway.cli.commands import main

__all__ = ["main"]
