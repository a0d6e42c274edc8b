"""Run compiled mappings: hold the generated functions and turn what they found into faults."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from traceback import extract_tb
from typing import Protocol, cast

from canonical.document import Document
from canonical.faults import Fault, Place
from canonical.identifiers import Attachment
from canonical.rows import Layout
from canonical.wire import Markup, Message
from mappings.engine import faults
from mappings.engine.calls import HELPERS
from mappings.engine.codelists import CodeTable
from mappings.engine.editions import (
    FILE,
    ROOTS,
    Compiled,
    Editions,
    OneEdition,
    RowEditions,
    compiled,
)
from mappings.engine.elements import ElementBranch
from mappings.engine.generation import Unit
from mappings.engine.layouts import Names
from mappings.engine.lines import LinedBranch, LinedGenerator, UnfitError
from mappings.engine.provenance import Finding, Keyed
from mappings.engine.reading import ReadingGenerator
from mappings.engine.rows import RowBranch
from mappings.engine.rowwalking import RowGround
from mappings.engine.running import Ground, Run, Spot, as_text, target_of
from mappings.engine.segments import SegmentGenerator
from mappings.engine.slots import Branch
from mappings.engine.walking import ElementGround
from mappings.engine.wanting import Wanted, compile_condition
from mappings.engine.writing import WritingGenerator


class Declared(Protocol):
    """Say what a mapping declares; `library.Head` does."""

    @property
    def syntax(self) -> str:
        """Return the name of the syntax of the message."""

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
    place: Place | None = None


@dataclass(frozen=True)
class Reader:
    """Read messages of one name into documents."""

    mapping: str
    version: str
    document: type[Document]
    ground: Ground = field(repr=False)
    editions: Editions = field(repr=False)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what is doubtful in the mapping."""
        return self.editions.first.warnings

    @property
    def targets(self) -> dict[str, str]:
        """Return the fields that a trace can name, with where they are mapped."""
        first = self.editions.first
        numbers = [int(text.split("(")[1].split(",")[0]) for text in first.code.splitlines()
                   if text.strip().startswith("trace(")]  # fmt: skip
        return {first.spots[number].target: first.spots[number].source for number in numbers}

    def read(self, message: Message, **context: str) -> Mapped:
        """Return the document of a message and every fault; never raises on any tree.

        `context` is what the mapping may know besides, such as the `currency` of the partner.
        """
        return self._run(message, context, lambda _spots: _ignore)

    def trace(self, message: Message, **context: str) -> tuple[Mapped, tuple[Trace, ...]]:
        """Return also how each field got its value; only a tracing reader knows."""
        steps: list[Trace] = []

        def noting(spots: tuple[Spot, ...]) -> Callable[..., None]:
            def note(
                spot: int, raw: object, value: object, node: object, rows: tuple[int, ...]
            ) -> None:
                found = spots[spot]
                line = self.ground.line(message.tree, node, found.steps)
                (place,) = self.ground.places(message.tree, [(node, found.steps)])
                shown = (as_text(raw), as_text(value))
                target = target_of(found, rows)
                steps.append(Trace(target, found.expression, found.source, *shown, line, place))

            return note

        return self._run(message, context, noting), tuple(steps)

    def _run(
        self,
        message: Message,
        context: Mapping[str, str],
        noting: Callable[[tuple[Spot, ...]], Callable[..., None]],
    ) -> Mapped:
        edition = self.editions.first
        parts = _parts(message) if message.parts else {}
        try:
            edition = self.editions.of(message.tree)
            run = Run(edition.spots, self.ground, message.envelope)
            note = noting(edition.spots)
            document = edition.function(message.tree, run, parts, note, context)
            found = run.faults(message.tree) if run.found else ()
        except Exception as error:  # noqa: BLE001  # the step boundary of a mapping: a message never raises
            found = (_broken(error, edition, self.mapping),)
            return Mapped(None, found, self.mapping, self.version)
        return Mapped(document, found, self.mapping, self.version)


@dataclass(slots=True)
class Stream:
    """Hold a document that is written as it is walked, for lists that are too long to hold.

    `head` stands before the rows and `tail` gives what follows so many of them; where the rows are
    parted among several messages, each has its own. `faults` are those of what was written so far;
    once `stopped`, nothing of it may be sent. A mistake of ours raises here, as anywhere.
    """

    name: str
    mapping: str
    version: str
    edition: Compiled = field(repr=False)
    document: Document = field(repr=False)
    context: Mapping[str, str]
    run: Run = field(repr=False)

    def head(self) -> str:
        """Return the segments before the rows."""
        return self._text("head", 0)

    def items(self) -> Iterator[str]:
        """Give the segments of each row, as the document's list gives its rows."""
        rows = self.edition.functions["items"](self.document, self.run, self.context)
        return cast("Iterator[str]", rows)

    def tail(self, rows: int) -> str:
        """Return the segments behind so many rows."""
        return self._text("tail", rows)

    def _text(self, name: str, rows: int) -> str:
        return str(self.edition.functions[name](self.document, self.run, self.context, rows))

    @property
    def stopped(self) -> bool:
        """Tell whether any fault so far is an error."""
        return self.run.stopped

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return the faults so far."""
        return self.run.faults(None)


@dataclass(frozen=True)
class Writer:
    """Write documents of one class as messages of one name."""

    mapping: str
    version: str
    message: str
    editions: Editions = field(repr=False)
    wanted: Wanted | None = field(default=None, repr=False)
    """Tells the documents that the mapping is for; None: any of its class."""

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what is doubtful in the mapping."""
        return self.editions.first.warnings

    def write(self, document: Document, *, layout: Layout | None = None, **context: str) -> Written:
        """Return the body of a document and every fault.

        `context` is what the mapping may know besides; `version` is the version of the syntax that
        the partner wants (without it the newest), for `since` and `until`. Segments are written for
        `layout`, without it for the known edition that `version` names.
        """
        edition = self.editions.wanted(layout, context.get("version"))
        if edition is None:
            unknown = faults.fault(faults.EDITION, found=context.get("version"))
            return Written(None, (unknown,), self.mapping, self.version)
        run = Run(edition.spots, ElementGround())
        try:
            text = edition.function(document, run, context)
            found = run.faults(None) if run.found else ()
        except Exception as error:  # noqa: BLE001  # the step boundary of a mapping: a document never raises
            found = (_broken(error, edition, self.mapping),)
            return Written(None, found, self.mapping, self.version)
        markup = None if run.stopped else Markup(self.message, text)
        return Written(markup, found, self.mapping, self.version)

    def stream(
        self, document: Document, *, layout: Layout | None = None, **context: str
    ) -> Stream | None:
        """Return a document of segments to be written as it is walked; None: see `write`.

        The entry that says `stream: yes` is the one that is walked.
        """
        edition = self.editions.wanted(layout, context.get("version"))
        if edition is None:
            return None
        run = Run(edition.spots, ElementGround())
        return Stream(self.message, self.mapping, self.version, edition, document, context, run)


def compile_reader(  # what a mapping is made of
    head: Declared,
    tree: Keyed,
    version: str,
    tables: Callable[[str], CodeTable],
    layouts: tuple[Layout, ...],
    *,
    trace: bool,
) -> Reader:
    """Return the reader that a mapping describes; raises `MappingError` with every finding.

    `layouts` are the editions that the names of a mapping of segments are judged by.
    """

    def made(root: Callable[[Unit], Branch], kind: type[ReadingGenerator]) -> Compiled:
        unit = Unit()
        unit.constants.update(HELPERS)
        generator = kind(unit, tables, tree.keyed("groups"), root(unit), trace=trace)
        return compiled(generator.function(head.document, tree), unit, "read")

    def made_for(names: Names, repeating: bool, lines: str) -> Compiled | None:  # noqa: FBT001  # as `RowEditions` gives it
        tag = ROOTS[head.syntax]
        if not lines:
            return made(
                lambda unit: RowBranch(unit, tag, names=names, repeating=repeating),
                ReadingGenerator,
            )
        if trace:
            return None
        try:
            return made(
                lambda unit: LinedBranch(unit, tag, names=names, repeating=repeating, lines=lines),
                LinedGenerator,
            )
        except UnfitError:
            return None

    editions: Editions
    ground: Ground
    if head.syntax in ROOTS:
        editions, ground = RowEditions(layouts, made_for), RowGround()
    else:
        editions, ground = OneEdition(made(ElementBranch, ReadingGenerator)), ElementGround()
    return Reader(str(head), version, head.document, ground, editions)


def compile_writer(
    head: Declared,
    tree: Keyed,
    version: str,
    tables: Callable[[str], CodeTable],
    layouts: tuple[Layout, ...],
) -> Writer:
    """Return the writer that a mapping describes; raises `MappingError` with every finding.

    `layouts` are the editions that the names of a mapping of segments are judged by.
    """

    def made_for(names: Names, _repeating: bool, _lines: str) -> Compiled:  # noqa: FBT001  # as `RowEditions` gives it
        unit = Unit()
        unit.constants.update(HELPERS)
        generator = SegmentGenerator(unit, tables, tree.keyed("groups"), names, head.syntax)
        return compiled(generator.function(head.document, tree), unit, "write")

    wanted = compile_condition(head.document, tree, tables)
    if head.syntax in ROOTS:
        return Writer(str(head), version, head.message, RowEditions(layouts, made_for), wanted)
    unit = Unit()
    unit.constants.update(HELPERS)
    generator = WritingGenerator(unit, tables, tree.keyed("groups"))
    edition = compiled(generator.function(head.document, tree), unit, "write")
    return Writer(str(head), version, head.message, OneEdition(edition), wanted)


def _ignore(*_: object) -> None:
    """Take a trace that nobody asked for."""


def _parts(message: Message) -> Mapping[str, Attachment]:
    return {
        part.attachment.content_id: part.attachment
        for part in message.parts
        if part.attachment.content_id is not None
    }


def _broken(error: Exception, edition: Compiled, mapping: str) -> Fault:
    """Return the fault for a mistake of ours, with the field whose generated code made it."""
    line = next(
        (
            frame.lineno
            for frame in reversed(extract_tb(error.__traceback__))
            if frame.filename == FILE
        ),
        None,
    )
    marks = [
        entry.strip()
        for entry in edition.code.splitlines()[: line or 0]
        if entry.strip().startswith("# spot ")
    ]
    spot = edition.spots[int(marks[-1].removeprefix("# spot "))] if marks else None
    return faults.fault(
        faults.BROKEN,
        f"the mapping failed with {type(error).__name__}",
        target=spot.target if spot is not None else None,
        source=spot.source if spot is not None else mapping,
    )
