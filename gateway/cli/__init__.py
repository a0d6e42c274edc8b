"""Give operators and integration engineers their commands, one module a command group.

Commands are imported when they are called. Every listing has `--json`.
"""
