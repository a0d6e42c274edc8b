"""Install other EDI libraries in a folder that is thrown away, and time them on the same files.

They come from the package indexes when the benchmark runs and are no part of this project. Each is
driven as its own documentation shows, in a process of its own; the script prints the seconds of
each of three rounds. What cannot be installed or does not run is left out, with the reason printed.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROUNDS: Final = 3
PATIENCE: Final = 600

_PYTHON: Final = """
import gc, sys, time
path = sys.argv[1]
{prepare}
for _ in range({rounds}):
    gc.collect()
    start = time.perf_counter()
    {work}
    print(time.perf_counter() - start, flush=True)
"""

_NODE: Final = """
const fs = require('fs');
const text = fs.readFileSync(process.argv[2], 'latin1');
{prepare}
for (let round = 0; round < {rounds}; round++) {{
  const start = process.hrtime.bigint();
  {work}
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
}}
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """Describe how a library is installed and driven; `megabytes` is as much as it is given."""

    name: str
    package: str
    language: str
    prepare: str
    work: str
    megabytes: float = 2.0
    options: tuple[str, ...] = ()
    """What pip is told besides the name of the package."""
    beside: tuple[str, ...] = ()
    """What else it needs and does not ask for in a version that works."""
    companion: str = ""
    """A text that the script finds in the file `companion`."""


PYDIFACT: Final = Peer(
    "pydifact, parse only",
    "pydifact",
    "python",
    "from pydifact.segmentcollection import Interchange\n"
    "text = open(path, encoding='latin-1').read()",
    "sum(len(m.segments) for m in Interchange.from_str(text).get_messages())",
    1.0,
)
EDIFACT_EVENTS: Final = Peer(
    "node edifact, events only",
    "edifact",
    "node",
    "const Parser = require('edifact/parser.js'); let segments = 0;",
    "const parser = new Parser(); parser.encoding('UNOC');\n"
    "  parser.on('opensegment', (tag) => { segments++; }); parser.on('closesegment', () => {});\n"
    "  parser.on('element', () => {}); parser.on('component', (data) => {});\n"
    "  for (let i = 0; i < text.length; i += 65536) parser.write(text.slice(i, i + 65536));\n"
    "  parser.end();",
    10.0,
)
_BOTS_PREPARE: Final = """
import logging, pathlib, warnings
warnings.simplefilter("ignore")
import bots
folder = pathlib.Path(bots.__file__).parent / "usersys" / "grammars" / "edifact"
folder.mkdir(parents=True, exist_ok=True)
(folder / "__init__.py").touch()
(folder / "BENCHORDERS.py").write_text(open("companion", encoding="utf-8").read(), encoding="utf-8")
from bots import botsglobal, botsinit, inmessage
botsinit.generalinit("config")
botsglobal.logger = botsglobal.logmap = logging.getLogger("bots")
def parsed():
    read = inmessage.parse_edi_file(
        editype="edifact", messagetype="BENCHORDERS", filename=path, frompartner="", topartner="",
        testindicator="", charset="UNOC", idta=1)
    assert not read.errorfatal and not read.errorlist, read.errorlist[:3]
"""


def bots(grammar: str) -> Peer:
    """Return bots with a grammar: all that it has for reading and validating, without codes."""
    return Peer(
        "bots, parsed and validated without codes",
        "bots-ediint",
        "python",
        _BOTS_PREPARE,
        "parsed()",
        1.0,
        options=("--no-deps",),
        beside=("Django<3",),
        companion=grammar,
    )


PYX12: Final = Peer(
    "pyx12, segments only",
    "pyx12",
    "python",
    "import pyx12.x12file",
    "source = pyx12.x12file.X12Reader(path)\n    count = sum(1 for _ in source)",
    2.0,
)
BADX12: Final = Peer(
    "badX12, parse only",
    "badX12",
    "python",
    "import collections, collections.abc\n"
    "collections.Iterable = collections.abc.Iterable\n"
    "from badx12 import Parser",
    "Parser().parse_document(open(path, encoding='latin-1').read())",
    0.5,
)
NODE_X12: Final = Peer(
    "node-x12, parse only",
    "node-x12",
    "node",
    "const { X12Parser } = require('node-x12');",
    "new X12Parser(false).parse(text);",
    2.0,
)


class Peers:
    """Run libraries in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rate(self, peer: Peer, file: Path) -> float | None:
        """Return a peer's megabytes a second, median of its rounds; None: it does not run."""
        try:
            command = self._installed(peer)
            script = self._script(peer)
            done = subprocess.run(
                [*command, str(script), str(file)],
                capture_output=True, text=True, timeout=PATIENCE, check=True, cwd=self._folder,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", None) or str(error)
            print(f"   {peer.name}: left out: {str(told).strip().splitlines()[-1:]}")
            return None
        seconds = [float(line) for line in done.stdout.split()]
        return file.stat().st_size / 1e6 / statistics.median(seconds)

    def _installed(self, peer: Peer) -> list[str]:
        if peer.language == "node":
            npm = shutil.which("npm")
            node = shutil.which("node")
            if npm is None or node is None:
                message = "no node here"
                raise FileNotFoundError(message)
            self._run([npm, "install", "--silent", "--no-fund", "--no-audit", peer.package])
            return [node]
        home = self._folder / "venv"
        if not home.exists():
            venv.create(home, with_pip=True)
        python = str(home / "bin" / "python")
        pip = [python, "-m", "pip", "install", "--quiet"]
        self._run([*pip, *peer.options, peer.package])
        if peer.beside:
            self._run([*pip, *peer.beside])
        return [python]

    def _run(self, command: list[str]) -> None:
        subprocess.run(
            command, cwd=self._folder, capture_output=True, text=True, timeout=PATIENCE, check=True
        )

    def _script(self, peer: Peer) -> Path:
        form, ending = (_NODE, "js") if peer.language == "node" else (_PYTHON, "py")
        script = self._folder / f"{peer.package}_run.{ending}"
        (self._folder / "companion").write_text(peer.companion, encoding="utf-8")
        script.write_text(
            form.format(prepare=peer.prepare, work=peer.work, rounds=ROUNDS), encoding="utf-8"
        )
        return script


@contextmanager
def peers() -> Iterator[Peers]:
    """Give a folder for others' libraries, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="edi-peers-") as folder:
        yield Peers(Path(folder))


if __name__ == "__main__":
    with peers() as found:
        for each in (PYDIFACT, EDIFACT_EVENTS, PYX12, BADX12, NODE_X12):
            print(each.name, found.rate(each, Path(sys.argv[1])))
