"""Convert files of EDI: their documents as data, or written in another syntax."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import msgspec
from msgspec.structs import replace

from canonical import stored
from canonical.document import Document
from canonical.faults import Fault, has_errors, sentence
from canonical.rows import Branch, SegmentTree
from canonical.wire import Dialect, Envelope, Message
from gateway.cli.as_partner import library_of, partner_option, reading, units_of
from gateway.cli.harmless import harmless_value
from gateway.cli.listing import TEXTS, Listing
from gateway.cli.map_samples import CONTEXT
from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError
from gateway.plugins import codecs, exchanges
from mappings.engine.library import Library

WRONG: Final = 1


@click.command("convert")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", required=True, help="json, yaml, edifact, x12, cxml, ubl ...")
@click.option("--tree", is_flag=True, help="The segments as they are, and not the document.")
@click.option("--currency", help="Of orders that name none, e.g. SEK.")
@partner_option
@workspace_option
def convert_command(
    file: Path,
    workspace: Path,
    target: str,
    currency: str | None,
    partner_id: str | None,
    *,
    tree: bool,
) -> None:
    """Print FILE in another form: its documents as data, or written in another syntax.

    A message that has errors, or that no mapping reads, is told on the other output and left out;
    then the exit code is 1. A file is read message by message, so its size does not matter.
    """
    with reading(file, workspace, partner_id) as manner:
        listing = Listing(target) if tree or target in TEXTS else None
        known = {} if currency is None else {"currency": currency}
        library = library_of(workspace, partner_id)
        conversion = _Conversion(file, manner.syntax, _Target(target, library), known)
        wrong = False
        for unit in units_of(file, manner):
            if isinstance(unit, Fault):
                _complain(file, unit)
                wrong = wrong or has_errors((unit,))
            elif isinstance(unit, Message):
                data = _plain(unit) if tree else conversion.one(unit)
                wrong = wrong or data is None or has_errors(unit.faults)
                if listing is not None and data is not None:
                    listing.add(data)
    if listing is not None:
        listing.end()
    sys.exit(WRONG if wrong else 0)


class _Target:
    """Know what there is to write with."""

    def __init__(self, name: str, library: Library) -> None:
        self.name: Final = name
        self.library: Final = library
        self.exchanges: Final = exchanges()
        self.codecs: Final = {**codecs(), **self.exchanges}
        if name not in TEXTS and name not in self.codecs:
            known = ", ".join([*TEXTS, *sorted(self.codecs)])
            message = f'nothing writes "{name}"; known are {known}'
            raise ConfigurationError(message)


class _Conversion:
    """Convert the messages of one file."""

    def __init__(self, file: Path, syntax: str, target: _Target, known: dict[str, str]) -> None:
        self._file = file
        self._syntax = syntax
        self._target = target
        self._known = known

    def one(self, message: Message) -> object | None:
        """Return the document of a message as data, or print it in the other syntax.

        What has errors is not mapped: what a mapping misses there says nothing.
        """
        for fault in message.faults:
            _complain(self._file, fault)
        if has_errors(message.faults):
            return None
        reader = self._target.library.reader(self._syntax, message.name)
        if reader is None:
            what = f"no mapping reads {self._syntax}/{message.name}"
            click.echo(harmless_value(f"{self._file}: {what}"), err=True)
            return None
        mapped = reader.read(message, **self._known)
        for fault in mapped.faults:
            _complain(self._file, fault)
        if mapped.document is None or has_errors(mapped.faults):
            return None
        if self._target.name in TEXTS:
            plain: object = msgspec.json.decode(stored.dump(mapped.document))
            return plain
        return self._written(message, mapped.document)

    def _written(self, message: Message, document: Document) -> bool | None:
        """Print a document in the target's syntax; return True when there was a way to."""
        writer = self._target.library.writer_for(self._target.name, document)
        if writer is None:
            kind = type(document).__name__
            click.echo(f"{self._file}: no mapping writes {kind} as {self._target.name}", err=True)
            return None
        dialect = _same(message) if self._target.name == self._syntax else Dialect()
        exchange = self._target.exchanges.get(self._target.name)
        layout = exchange.layout(writer.message, dialect) if exchange is not None else None
        written = writer.write(document, layout=layout, **CONTEXT)
        for fault in written.faults:
            _complain(self._file, fault)
        if written.markup is None:
            return None
        codec = self._target.codecs[self._target.name]
        try:
            payload = codec.write(written.markup, _dated(message.envelope, self._file), dialect)
        except (LookupError, ValueError) as error:
            what = f"cannot be sent as {self._target.name}: {error}"
            click.echo(harmless_value(f"{self._file}: {what}"), err=True)
            return None
        click.echo(payload.content)
        return True


def _same(message: Message) -> Dialect:
    """Return the dialect of the edition that a message came in."""
    if not isinstance(message.tree, SegmentTree):
        return Dialect()
    return Dialect(versions={"*": message.tree.layout.name.partition("/")[0]})


def _dated(envelope: Envelope, file: Path) -> Envelope:
    """Return an envelope that has a time: that of the file, where the sender gave none."""
    if envelope.sent_at is not None:
        return envelope
    return replace(envelope, sent_at=datetime.fromtimestamp(file.stat().st_mtime, UTC))


def _complain(file: Path, fault: Fault) -> None:
    click.echo(harmless_value(f"{file}: {fault.severity.value}: {sentence(fault)}"), err=True)


def _plain(message: Message) -> dict[str, object]:
    """Return a message as data: its segments as lists, the group of each below it."""
    tree = message.tree
    if not isinstance(tree, SegmentTree):
        what = f"{message.name} is not made of segments"
        raise TypeError(what)
    return {
        "message": message.name,
        "version": message.envelope.version,
        "reference": message.reference,
        "segments": _branch(tree.root, tree),
    }


def _branch(branch: Branch, tree: SegmentTree) -> dict[str, object]:
    row = branch[0]
    plain: dict[str, object] = {"tag": row[0], "elements": [_element(one, tree) for one in row[1:]]}
    if len(branch) > 1:
        plain["below"] = [_branch(one, tree) for one in branch[1:]]
    return plain


def _element(text: str, tree: SegmentTree) -> object:
    """Return an element as text, or as the list of its components or repetitions."""
    if tree.repetition and tree.repetition in text:
        return {"repeated": [_parts(one, tree) for one in text.split(tree.repetition)]}
    return _parts(text, tree)


def _parts(text: str, tree: SegmentTree) -> str | list[str]:
    parts = text.split(tree.component)
    restored = parts if tree.restored is None else [one.translate(tree.restored) for one in parts]
    return restored[0] if len(restored) == 1 else restored
