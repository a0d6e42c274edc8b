"""Run the samples of mappings: what a message becomes, and what is written back.

Beside a shipped mapping `order-request.yaml` lie `order-request.samples/NN-name.in.xml` (`.in.form`
for the fields of a form, `.in.json`, `.in.edi`, `.in.txt`) and what it becomes: `.canonical.json`,
`.faults.txt` where there are any, `.out.xml` (or `.out.form`, `.out.json`, `.out.edi`) where a
mapping writes it. A partner's samples lie in `partners/<id>/samples/`. A folder with the name of a
syntax above a sample says that it is in that, and segments say it themselves; otherwise it is cXML.
The folder of a flat file (`.in.txt`) is named as its schema. The message chooses the mapping; what
is written must read back the same. Messages of segments are written in the edition that they came
in.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from canonical import stored
from canonical.document import Document
from canonical.faults import has_errors, sentence
from canonical.rows import Layout, SegmentTree
from canonical.wire import Codec, Dialect, Message
from edi.flatfile.dialect import FlatDialect
from gateway.partners.agreements import FLAT
from gateway.partners.flatfiles import PARTNERS
from gateway.plugins import codecs, exchanges
from gateway.standards import Official
from mappings.engine.library import Library, Reader

INPUTS: Final = {
    ".in.xml": "text/xml",
    ".in.form": "application/x-www-form-urlencoded",
    ".in.json": "application/json",
    ".in.edi": "text/plain",
    ".in.txt": "text/plain",
}
"""The media type of a sample by how its file name ends."""
OUTPUTS: Final = {
    "application/x-www-form-urlencoded": ".out.form",
    "application/json": ".out.json",
    "application/edifact": ".out.edi",
    "application/edi-x12": ".out.edi",
    "text/plain": ".out.txt",
    "text/csv": ".out.txt",
}
"""How the file of what is written ends, by its media type; any other is XML."""
MEDIA_TYPE: Final = "text/xml"
SYNTAX: Final = "cxml"
BEGINNINGS: Final = {b"UNA": "edifact", b"UNB": "edifact", b"UNH": "edifact", b"ISA": "x12"}
"""The syntaxes of segments by how a file of them begins."""
SEGMENTS_CHARSET: Final = "latin-1"
"""How a file of segments is shown and compared, whatever it is in: a character for each byte."""
_SPELT_ANYHOW: Final = (".out.edi", ".out.txt")
CONTEXT: Final = {"supplier": "Supplier Ltd", "buyer": "Buyer Ltd"}
"""What the gateway would know besides the document."""
KNOWN: Final = {"currency": "SEK"}
"""What it would know besides a message."""


def syntax_by(content: bytes) -> str | None:
    """Return the syntax of segments that a file begins like."""
    begun = content.removeprefix(BOM_UTF8).lstrip()[:3]
    return BEGINNINGS.get(begun)


@dataclass(slots=True)
class Outcome:
    """Hold what came of one sample; no failures means it passed."""

    path: Path
    mapping: str = ""
    failures: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Coverage:
    """Count which fields of a mapping ever had a value."""

    hit: set[str] = field(default_factory=set)
    known: dict[str, str] = field(default_factory=dict)

    @property
    def missed(self) -> dict[str, str]:
        """Return the fields that never had one, with where they are mapped."""
        return {key: place for key, place in self.known.items() if key not in self.hit}


class Samples:
    """Run samples against a library, and keep count of the fields they reach."""

    def __init__(
        self, library: Library, *, update: bool = False, official: Official | None = None
    ) -> None:
        """Take the mappings; `official` holds the schemas of flat files that are not shipped."""
        self.library = library
        self.update = update
        self.exchanges = exchanges(official)
        self.codecs: Mapping[str, Codec] = {**codecs(), **self.exchanges}
        self.coverage: dict[str, Coverage] = {}

    def run(self, folder: Path) -> Iterator[Outcome]:
        """Run every sample under `folder`, in the order of their names."""
        found = [path for ending in INPUTS for path in folder.rglob(f"*{ending}")]
        for path in sorted(found):
            yield self.one(path)

    def syntax_of(self, path: Path) -> str:
        """Return the syntax that a sample's folders name, or that its segments begin like."""
        begun = syntax_by(path.read_bytes()) if path.name.endswith(".in.edi") else None
        return begun or next((part for part in reversed(path.parts) if part in self.codecs), SYNTAX)

    def one(self, path: Path) -> Outcome:
        """Run one sample."""
        outcome = Outcome(path)
        syntax = self.syntax_of(path)
        reading = self.codecs[syntax].read(path.read_bytes(), _media_type(path))
        if not reading.messages:
            outcome.failures.append("no message: " + "; ".join(map(sentence, reading.faults)))
            return outcome
        message = reading.messages[0]
        reader = self.library.tracing_reader(syntax, message.name)
        if reader is None:
            outcome.failures.append(f"no mapping reads {syntax}/{message.name}")
            return outcome
        outcome.mapping = reader.mapping
        mapped, steps = reader.trace(message, **KNOWN)
        self._count(reader, [step.target for step in steps if step.value is not None])
        self._compare(outcome, ".canonical.json", _shown(mapped.document))
        faults = "".join(f"{sentence(fault)}\n" for fault in mapped.faults)
        self._compare(outcome, ".faults.txt", faults or None)
        if mapped.document is not None and not has_errors(mapped.faults):
            self._written(outcome, message, mapped.document)
        return outcome

    def _count(self, reader: Reader, targets: list[str]) -> None:
        coverage = self.coverage.setdefault(reader.mapping, Coverage())
        coverage.known.update(reader.targets)
        coverage.hit.update(_bare(target) for target in targets)

    def _written(self, outcome: Outcome, message: Message, document: Document) -> None:
        """Write the document as its pair does, and read it back."""
        syntax = self.syntax_of(outcome.path)
        codec = self.codecs[syntax]
        writer = self.library.writer(syntax, type(document), message.name)
        if writer is None:
            return
        dialect = _dialect(message, syntax)
        written = writer.write(document, layout=self._layout(syntax, message, dialect), **CONTEXT)
        if written.markup is None:
            outcome.failures.append("not written: " + "; ".join(map(sentence, written.faults)))
            return
        payload = codec.write(written.markup, message.envelope, dialect)
        ending = OUTPUTS.get(payload.media_type.partition(";")[0], ".out.xml")
        charset = SEGMENTS_CHARSET if ending in _SPELT_ANYHOW else "utf-8"
        self._compare(outcome, ending, payload.content.decode(charset))
        again = codec.read(payload.content, payload.media_type).messages
        reader = self.library.reader(syntax, again[0].name) if again else None
        back = reader.read(again[0], **KNOWN).document if reader is not None else None
        if back != document:
            outcome.failures.append(
                f"written and read back it differs in {_difference(document, back)}"
            )

    def _layout(self, syntax: str, message: Message, dialect: Dialect) -> Layout | None:
        exchange = self.exchanges.get(syntax)
        return exchange.layout(message.name, dialect) if exchange is not None else None

    def _compare(self, outcome: Outcome, suffix: str, text: str | None) -> None:
        """Compare with a file beside the sample, or bring that up to date."""
        path = outcome.path.with_name(
            outcome.path.name.removesuffix(_ending(outcome.path)) + suffix
        )
        expected = path.read_bytes().decode("utf-8") if path.exists() else None
        if expected == text:
            return
        if not self.update:
            outcome.failures.append(f"{path.name}: {_first_difference(expected, text)}")
            return
        outcome.updated.append(path.name)
        if text is None:
            path.unlink()
        else:
            path.write_bytes(text.encode("utf-8"))


def _dialect(message: Message, syntax: str) -> Dialect:
    """Return the dialect that writes a message in the edition that it came in."""
    if not isinstance(message.tree, SegmentTree):
        return Dialect()
    if syntax == FLAT:
        owner, _, name = message.tree.layout.name.rpartition("/")
        return FlatDialect(schema=name, owner=owner)
    return Dialect(versions={"*": message.tree.layout.name.partition("/")[0]})


def _ending(path: Path) -> str:
    return next(ending for ending in INPUTS if path.name.endswith(ending))


def _media_type(path: Path) -> str:
    """Return the media type of a sample; a flat file's names its schema, which its folder does."""
    ending = _ending(path)
    if ending != ".in.txt":
        return INPUTS[ending]
    name, above = path.parent.name.removesuffix(".samples"), path.parent.parts
    owner = next((above[at + 1] for at, part in enumerate(above[:-1]) if part == PARTNERS), "")
    return f"{INPUTS[ending]}; schema={owner}/{name}"


def _bare(target: str) -> str:
    """Return a target without row numbers: `lines[3].quantity` becomes `lines[].quantity`."""
    pieces = target.split("[")
    return pieces[0] + "".join("[" + piece[piece.index("]") :] for piece in pieces[1:])


def _shown(document: Document | None) -> str | None:
    if document is None:
        return None
    return msgspec.json.format(stored.dump(document), indent=2).decode() + "\n"


def _difference(left: Document, right: Document | None) -> str:
    if right is None:
        return "everything: it cannot be read"
    first, second = msgspec.to_builtins(left), msgspec.to_builtins(right)
    keys = [key for key in {**first, **second} if first.get(key) != second.get(key)]
    return ", ".join(keys) or "its class"


def _first_difference(expected: str | None, found: str | None) -> str:
    if expected is None:
        return "is not there yet; `--update` writes it"
    if found is None:
        return "should not be there any more"
    pairs = zip([*expected.splitlines(), ""], [*found.splitlines(), ""], strict=False)
    for number, (left, right) in enumerate(pairs, 1):
        if left != right:
            return f"line {number}: expected {left.strip()[:200]!r}, found {right.strip()[:200]!r}"
    return "differs in length"
