"""Import every module that defines tables, found by their sources."""

import importlib
from pathlib import Path

import gateway

ROOT = Path(gateway.__file__).parent


def _modules() -> tuple[str, ...]:
    return tuple(
        ".".join(("gateway", *path.relative_to(ROOT).with_suffix("").parts))
        for path in sorted(ROOT.rglob("*.py"))
        if "versions" not in path.parts and "sa.Table(" in path.read_text()
    )


TABLE_MODULES = _modules()
for _module in TABLE_MODULES:
    importlib.import_module(_module)
