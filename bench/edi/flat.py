"""Time flat files: a million records streamed, read and checked in a fresh process.

Run by itself it streams one file and prints seconds and memory: `python -m bench.edi.flat FILE`.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.harness import Row
from canonical.wire import Message
from edi.flatfile.codec import FlatCodec
from edi.flatfile.dialect import FlatDialect
from gateway.partners.flatfiles import shipped_schemas

LINES: Final = 1_000_000
EACH: Final = 10
CHUNK: Final = 1 << 18


def orders(lines: int) -> Iterator[bytes]:
    """Give a file of orders, head by head, with so many lines altogether."""
    for number in range(lines // EACH):
        rows = [f"H;PO-{number};2026-11-22;SEK;K-7;Buyer AB;;;;;;;\r\n"]
        rows += [
            f"L;{n};SKU-{number % 997}-{n};;7350053850019;Bolt M6x20;{n},5;C62;65,50;100;\r\n"
            for n in range(1, EACH + 1)
        ]
        yield "".join(rows).encode("cp1252")
    yield f"E;{lines // EACH * EACH}\r\n".encode()


def streamed(path: Path) -> tuple[int, int]:
    """Read a file as it comes; return how many messages there are and how many have faults."""
    codec, agreed = FlatCodec(shipped_schemas()), FlatDialect(schema="semicolon-order")
    right = wrong = 0
    with path.open("rb") as file:
        for unit in codec.messages(iter(lambda: file.read(CHUNK), b""), agreed):
            fine = isinstance(unit, Message) and not unit.faults
            right, wrong = right + fine, wrong + (not fine)
    return right, wrong


def rows() -> Iterator[Row]:
    """Give the rows about a large file."""
    with tempfile.TemporaryDirectory(prefix="flat-bench-") as folder:
        path = Path(folder) / "orders.txt"
        with path.open("wb") as file:
            file.writelines(orders(LINES))
        done = subprocess.run(
            [sys.executable, "-m", "bench.edi.flat", str(path)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        seconds, peak, wrong = map(float, done.stdout.split())
        assert not wrong, f"{wrong} faults"
        name = f"flat file of {LINES:,} lines"
        rate = path.stat().st_size / 1e6 / seconds
        yield Row(f"{name}, streamed and checked", rate, LINES / seconds, "lines a second", "MB/s")
        yield Row(f"{name}, memory that it adds", peak, 10, "at most", "MB", "≤ 1")


def main() -> None:
    """Stream one file; print seconds, megabytes more than before, and how much was wrong."""
    shipped_schemas()
    before, start = _peak(), time.perf_counter()
    _, wrong = streamed(Path(sys.argv[1]))
    print(time.perf_counter() - start, _peak() - before, wrong)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
