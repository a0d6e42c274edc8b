"""Look at files of EDI without a database, as a partner's or anybody's."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import click
import msgspec
import yaml
from msgspec.structs import replace

from canonical import stored
from canonical.document import Document
from canonical.faults import Fault, Severity, has_errors, sentence
from canonical.rows import Branch, SegmentTree
from canonical.wire import Dialect, Envelope, Message, Reading
from edi.edifact.directory.names import names as edifact_names
from edi.naming import Names
from edi.speaking import LANGUAGES, rendered
from edi.x12.names import names as x12_names
from gateway.cli.as_partner import library_of, partner_option, reading
from gateway.cli.edi_page import as_page, as_text
from gateway.cli.edi_tree import inspected
from gateway.cli.map_samples import CONTEXT
from gateway.cli.workspace import workspace_option
from gateway.errors import ConfigurationError
from gateway.plugins import codecs, exchanges
from mappings.engine.library import Library

WRONG: Final = 1
CHUNK: Final = 1 << 18
TEXTS: Final = ("json", "yaml")
NAMES: Final[Mapping[str, Callable[[str], Names]]] = {"edifact": edifact_names, "x12": x12_names}
"""What calls segments and elements by names in a language, by the syntax."""

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_language = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True,
    help="In which language to speak.",
)  # fmt: skip


@click.command("inspect")
@click.argument("file", type=_file)
@click.option("--html", "as_html", is_flag=True, help="Print one HTML page that needs no other.")
@_language
@partner_option
@workspace_option
def inspect_command(
    file: Path, workspace: Path, language: str, partner_id: str | None, *, as_html: bool
) -> None:
    """Show FILE as a tree of named segments, with everything that is wrong in its place.

    Directories imported into the workspace count. Exit code 0 when nothing is wrong, else 1.
    """
    with reading(file, workspace, partner_id) as manner:
        found = manner.exchange.read(file.read_bytes(), "", dialect=manner.dialect)
        names = NAMES.get(manner.syntax, manner.names)(language)
    inspection = inspected(file.name, manner.syntax, found, names)
    if as_html:
        click.echo(as_page(inspection, language))
    else:
        for line in as_text(inspection, language):
            click.echo(line)
    sys.exit(WRONG if inspection.errors else 0)


@click.command("validate")
@click.argument("files", type=_file, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_language
@partner_option
@workspace_option
def validate_command(
    files: tuple[Path, ...],
    workspace: Path,
    language: str,
    partner_id: str | None,
    *,
    as_json: bool,
) -> None:
    """Say everything that is wrong with FILES: envelope, order of segments, elements and codes.

    A file is read message by message, so its size does not matter; what is wrong is told as it is
    found, and counted at the end.

    Exit code 0 when there is no error in any of them, else 1.
    """
    reports = []
    wrong = False
    for file in files:
        with reading(file, workspace, partner_id) as manner, file.open("rb") as stream:
            chunks = iter(partial(stream.read, CHUNK), b"")
            units = manner.exchange.messages(chunks, manner.dialect)
            report = _Report(str(file), manner.syntax)
            for fault in report.take(units):
                if as_json:
                    report.faults.append(fault)
                else:
                    click.echo("  " + rendered(fault, language).replace("\n", "\n  "))
        wrong = wrong or report.errors > 0
        reports.append(report)
        if not as_json:
            click.echo(f"{file}: {report.messages} messages, {report.errors} errors, "
                       f"{report.notes} warnings and notes")  # fmt: skip
    if as_json:
        plain = [one.plain() for one in reports]
        click.echo(msgspec.json.format(msgspec.json.encode(plain), indent=2).decode())
    sys.exit(WRONG if wrong else 0)


@dataclass(slots=True)
class _Report:
    """Count what is in one file; its faults are held only where they are told at the end."""

    file: str
    syntax: str
    messages: int = 0
    errors: int = 0
    notes: int = 0
    faults: list[Fault] = field(default_factory=list)

    def take(self, units: Iterable[Message | Fault | Envelope]) -> Iterator[Fault]:
        """Count what a stream gives, and give its faults message by message."""
        for unit in units:
            if isinstance(unit, Envelope):
                continue
            self.messages += isinstance(unit, Message)
            found = unit.faults if isinstance(unit, Message) else (unit,)
            for fault in sorted(found, key=_offset):
                self.errors += fault.severity is Severity.ERROR
                self.notes += fault.severity is not Severity.ERROR
                yield fault

    def plain(self) -> dict[str, object]:
        """Return the report as it is printed as JSON, its faults in the order of the file."""
        return {
            "file": self.file,
            "syntax": self.syntax,
            "messages": self.messages,
            "faults": sorted(self.faults, key=_offset),
        }


@click.command("convert")
@click.argument("file", type=_file)
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
    then the exit code is 1.
    """
    with reading(file, workspace, partner_id) as manner:
        found = manner.exchange.read(file.read_bytes(), "", dialect=manner.dialect)
    for fault in found.faults:
        _complain(file, fault)
    if tree:
        _print([_plain(message) for message in found.messages], target)
        sys.exit(WRONG if has_errors(_all(found)) else 0)
    known = {} if currency is None else {"currency": currency}
    library = library_of(workspace, partner_id)
    conversion = _Conversion(file, manner.syntax, _Target(target, library), known)
    done = [one for message in found.messages if (one := conversion.one(message)) is not None]
    if target in TEXTS:
        _print(done, target)
    sys.exit(0 if len(done) == len(found.messages) and not has_errors(found.faults) else WRONG)


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
        """Return the document of a message as data, or print it in the other syntax."""
        reader = self._target.library.reader(self._syntax, message.name)
        if reader is None:
            click.echo(f"{self._file}: no mapping reads {self._syntax}/{message.name}", err=True)
            return None
        mapped = reader.read(message, **self._known)
        faults = (*message.faults, *mapped.faults)
        for fault in faults:
            _complain(self._file, fault)
        if mapped.document is None or has_errors(faults):
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
            click.echo(f"{self._file}: cannot be sent as {self._target.name}: {error}", err=True)
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


def _all(found: Reading) -> tuple[Fault, ...]:
    """Return the faults of an interchange and of all its messages, in the order of the file."""
    faults = [*found.faults, *(fault for one in found.messages for fault in one.faults)]
    return tuple(sorted(faults, key=_offset))


def _offset(fault: Fault) -> int:
    return fault.place.offset or 0 if fault.place is not None else 0


def _complain(file: Path, fault: Fault) -> None:
    click.echo(f"{file}: {fault.severity.value}: {sentence(fault)}", err=True)


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


def _print(data: list[object], target: str) -> None:
    if target == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
    elif target == "yaml":
        click.echo(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    else:
        message = f'a tree is printed as {" or ".join(TEXTS)}, not as "{target}"'
        raise ConfigurationError(message)
