"""Run the benchmarks: `python -m bench [name ...]`."""

import importlib
import pkgutil
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import bench
from bench.harness import Row, figure, table


def modules(wanted: list[str]) -> Iterator[str]:
    """Name the benchmark modules, all of them when none is asked for."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name not in {"__main__", "harness", "load", "bare", "looking", "workspaces"} and (
            not wanted or module.name in wanted
        ):
            yield module.name


def main() -> None:
    """Run, print each row as it comes, and write the table."""
    rows: list[Row] = []
    for name in modules(sys.argv[1:]):
        print(f"-- {name}", flush=True)
        for row in importlib.import_module(f"bench.{name}").rows():
            rows.append(row)
            print(
                f"   {row.name}: {figure(row.ours)} {row.unit}; {row.rival_name}: "
                f"{figure(row.rival)}; ratio {row.ratio:.2f} {row.goal}",
                flush=True,
            )
    report = f"Python {platform.python_version()}, {platform.machine()}\n\n{table(rows)}\n"
    print(f"\n{report}")
    results = Path(bench.__path__[0]) / "results"
    results.mkdir(exist_ok=True)
    (results / "latest.md").write_text(report, encoding="utf-8")


main()
