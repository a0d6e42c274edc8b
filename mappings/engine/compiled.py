"""Run compiled mappings: hold the generated functions and turn what they found into faults."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from traceback import extract_tb
from typing import Any, Final, Protocol, cast

from canonical.document import Document
from canonical.faults import Fault
from canonical.identifiers import Attachment
from canonical.wire import Markup, Message, Node
from mappings.engine import faults
from mappings.engine.codelists import CodeTable
from mappings.engine.generation import HELPERS, Unit
from mappings.engine.provenance import Finding, Keyed, MappingError
from mappings.engine.reading import ReadingGenerator
from mappings.engine.running import Run, Spot, as_text, target_of
from mappings.engine.walking import deepest
from mappings.engine.writing import WritingGenerator

_FILE: Final = "<mapping>"


class Declared(Protocol):
    """Say what a mapping declares; `library.Head` does."""

    @property
    def message(self) -> str:
        """Return the name of the message."""

    @property
    def document(self) -> type[Document]:
        """Return the class of the document."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Hold what a message became; without a document at least one fault is an error."""

    document: Document | None
    faults: tuple[Fault, ...]
    mapping: str
    version: str


@dataclass(frozen=True, slots=True)
class Written:
    """Hold what a document became; without markup at least one fault is an error."""

    markup: Markup | None
    faults: tuple[Fault, ...]
    mapping: str
    version: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Hold how one field got its value."""

    target: str
    expression: str
    source: str
    raw: str | None
    value: str | None
    line: int | None


@dataclass(frozen=True)
class Reader:
    """Read messages of one name into documents."""

    mapping: str
    version: str
    document: type[Document]
    spots: tuple[Spot, ...]
    warnings: tuple[Finding, ...]
    code: str = field(repr=False)
    _read: Callable[..., Document | None] = field(repr=False)

    @property
    def targets(self) -> dict[str, str]:
        """Return the fields that a trace can name, with where they are mapped."""
        numbers = [int(text.split("(")[1].split(",")[0]) for text in self.code.splitlines()
                   if text.strip().startswith("trace(")]  # fmt: skip
        return {self.spots[number].target: self.spots[number].source for number in numbers}

    def read(self, message: Message) -> Mapped:
        """Return the document of a message and every fault; never raises on any tree."""
        return self._run(message, _ignore)

    def trace(self, message: Message) -> tuple[Mapped, tuple[Trace, ...]]:
        """Return also how each field got its value; only a tracing reader knows."""
        steps: list[Trace] = []

        def note(
            spot: int, raw: object, value: object, element: Node, rows: tuple[int, ...]
        ) -> None:
            found = self.spots[spot]
            line = deepest(element, found.steps)[0].sourceline
            shown = (as_text(raw), as_text(value))
            steps.append(
                Trace(target_of(found, rows), found.expression, found.source, *shown, line)
            )

        return self._run(message, note), tuple(steps)

    def _run(self, message: Message, note: Callable[..., None]) -> Mapped:
        run = Run(self.spots)
        parts = _parts(message) if message.parts else {}
        try:
            document = self._read(message.element, run, parts, note)
            found = run.faults(message.element) if run.found else ()
        except Exception as error:  # noqa: BLE001  # the step boundary of a mapping: a message never raises
            return Mapped(
                None,
                (_broken(error, self.code, self.spots, self.mapping),),
                self.mapping,
                self.version,
            )
        return Mapped(document, found, self.mapping, self.version)


@dataclass(frozen=True)
class Writer:
    """Write documents of one class as messages of one name."""

    mapping: str
    version: str
    message: str
    spots: tuple[Spot, ...]
    warnings: tuple[Finding, ...]
    code: str = field(repr=False)
    _write: Callable[..., str] = field(repr=False)

    def write(self, document: Document, **context: str) -> Written:
        """Return the markup of a document and every fault.

        `context` is what the mapping may know besides; `version` is the version of the syntax that
        the partner wants (without it the newest), for `since` and `until`.
        """
        run = Run(self.spots)
        try:
            text = self._write(document, run, context)
            found = run.faults(None) if run.found else ()
        except Exception as error:  # noqa: BLE001  # the step boundary of a mapping: a document never raises
            return Written(
                None,
                (_broken(error, self.code, self.spots, self.mapping),),
                self.mapping,
                self.version,
            )
        markup = None if run.stopped else Markup(self.message, text)
        return Written(markup, found, self.mapping, self.version)


def compile_reader(
    head: Declared, tree: Keyed, version: str, tables: Callable[[str], CodeTable], *, trace: bool
) -> Reader:
    """Return the reader that a mapping describes; raises `MappingError` with every finding."""
    unit = Unit()
    unit.constants.update(HELPERS)
    unit.constants["fromisoformat"] = datetime.fromisoformat
    generator = ReadingGenerator(unit, tables, tree.keyed("groups"), trace=trace)
    code = generator.function(head.document, tree)
    function = _compiled(code, unit, "read")
    return Reader(
        str(head), version, head.document, tuple(unit.spots), _warnings(unit), code, function
    )


def compile_writer(
    head: Declared, tree: Keyed, version: str, tables: Callable[[str], CodeTable]
) -> Writer:
    """Return the writer that a mapping describes; raises `MappingError` with every finding."""
    unit = Unit()
    unit.constants.update(HELPERS)
    generator = WritingGenerator(unit, tables, tree.keyed("groups"))
    code = generator.function(head.document, tree)
    function = _compiled(code, unit, "write")
    return Writer(
        str(head), version, head.message, tuple(unit.spots), _warnings(unit), code, function
    )


def _warnings(unit: Unit) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(unit.findings))


def _compiled(code: str, unit: Unit, name: str) -> Callable[..., Any]:
    """Compile generated code, unless something is wrong with the mapping it comes from."""
    if any(entry.severity == "error" for entry in unit.findings):
        raise MappingError(tuple(sorted(set(unit.findings))))
    module: dict[str, object] = dict(unit.constants)
    exec(compile(code, _FILE, "exec"), module)  # noqa: S102  # our own code: texts are constants
    return cast("Callable[..., Any]", module[name])


def _ignore(*_: object) -> None:
    """Take a trace that nobody asked for."""


def _parts(message: Message) -> Mapping[str, Attachment]:
    return {
        part.attachment.content_id: part.attachment
        for part in message.parts
        if part.attachment.content_id is not None
    }


def _broken(error: Exception, code: str, spots: tuple[Spot, ...], mapping: str) -> Fault:
    """Return the fault for a mistake of ours, with the field whose generated code made it."""
    line = next(
        (
            frame.lineno
            for frame in reversed(extract_tb(error.__traceback__))
            if frame.filename == _FILE
        ),
        None,
    )
    marks = [
        entry.strip()
        for entry in code.splitlines()[: line or 0]
        if entry.strip().startswith("# spot ")
    ]
    spot = spots[int(marks[-1].removeprefix("# spot "))] if marks else None
    return faults.fault(
        faults.BROKEN,
        f"the mapping failed with {type(error).__name__}",
        target=spot.target if spot is not None else None,
        source=spot.source if spot is not None else mapping,
    )
