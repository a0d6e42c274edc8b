"""Find, compile and run mappings: what the rest of the product sees of this package.

A library is layers of sources by name: the shipped ones below, a partner's own above. A mapping
of the partner's that `extends:` its own name means the one below; every other name is looked up
from the top, so a mapping derived from an overlaid one follows it. Compilation happens at first
use and is kept in the library, whose sources never change.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from typing import Final

from canonical.document import Document
from canonical.rows import Layout
from mappings.engine.codelists import CodeTable, read_table
from mappings.engine.compiled import (
    Mapped,
    Reader,
    Stream,
    Trace,
    Writer,
    Written,
    compile_reader,
    compile_writer,
)
from mappings.engine.kinds import DOCUMENTS
from mappings.engine.merging import merged
from mappings.engine.provenance import Finding, Keyed, MappingError, Source, Text, finding, parse

__all__ = [
    "Finding", "Library", "Mapped", "MappingError", "Reader", "Source", "Stream", "Trace",
    "Writer", "Written",
]  # fmt: skip

TOP_KEYS: Final = (
    "mapping", "version", "extends", "when", "let", "groups", "fields", "element", "segments",
    "checks", "note", "pair",
)  # fmt: skip

_DECLARED: Final = re.compile(r"^mapping:[ \t]+([^\s#\"'|>&*!][^#\n]*)$", re.MULTILINE)
"""The line that says what a mapping maps, when it stands alone and unquoted as it usually does."""


Layouts = Callable[[str, str], tuple[Layout, ...]]
"""Give the editions of a syntax that hold a message of some name."""


def no_layouts(_syntax: str, _message: str) -> tuple[Layout, ...]:
    """Know no edition of any syntax: then no name of an element is a mistake."""
    return ()


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what a mapping declares in its first line: `source -> target`.

    One side is `<syntax>/<message name>`, the other a document's class name.
    """

    syntax: str
    message: str
    document: type[Document]
    reads: bool

    def __str__(self) -> str:
        """Return the declaration as it is written."""
        wire = f"{self.syntax}/{self.message}"
        name = self.document.__name__
        return f"{wire} -> {name}" if self.reads else f"{name} -> {wire}"


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Hold one mapping with its bases merged in, and the texts that it is made of."""

    tree: Keyed
    texts: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one mapping of a library: its name, the layer it is in, and what it declares."""

    name: str
    layer: int
    source: Source
    head: Head | None


@dataclass(frozen=True)
class Library:
    """Hold mappings and tables by name without suffix (`cxml/order-request`, `uom/rec20`)."""

    mappings: Mapping[str, Source]
    tables: Mapping[str, Source] = field(default_factory=dict)
    below: "Library | None" = None
    step: str = ""
    """What findings by the tables of this layer are noted as; see `codelists`."""
    layouts: Layouts = field(default=no_layouts, repr=False)
    """Gives the editions of a syntax of segments that names of elements are judged by."""
    _kept: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    def with_overlay(
        self,
        mappings: Mapping[str, Source],
        tables: Mapping[str, Source] | None = None,
        *,
        step: str = "",
        layouts: Layouts | None = None,
    ) -> "Library":
        """Return a library in which these sources stand above the ones of this."""
        known = layouts or self.layouts
        return Library(mappings, tables or {}, below=self, step=step, layouts=known)

    def reader(self, syntax: str, message_name: str) -> Reader | None:
        """Return what reads a message into a document, or None when no mapping does.

        Raises `MappingError` when the mapping cannot be compiled.
        """
        return self._reader(syntax, message_name, trace=False)

    def tracing_reader(self, syntax: str, message_name: str) -> Reader | None:
        """Return a reader that can say where each value comes from; it is slower."""
        return self._reader(syntax, message_name, trace=True)

    def _reader(self, syntax: str, message_name: str, *, trace: bool) -> Reader | None:
        for entry in self.entries():
            head = entry.head
            if (
                head is not None
                and head.reads
                and (head.syntax, head.message) == (syntax, message_name)
            ):
                return self.reader_of(entry, trace=trace)
        return None

    def reader_of(self, entry: Entry, *, trace: bool = False) -> Reader:
        """Return the reader of one mapping; raises `MappingError` when it has mistakes."""
        key = ("reader", entry.name, entry.layer, trace)
        if key not in self._kept:
            loaded = self._load(entry.name, entry.layer, ())
            head = self._checked_head(loaded)
            self._kept[key] = compile_reader(
                head,
                loaded.tree,
                self._versioned(loaded),
                self.table,
                self.layouts(head.syntax, head.message),
                trace=trace,
            )
        kept = self._kept[key]
        assert isinstance(kept, Reader)  # noqa: S101  # stored under this key only
        return kept

    def writer(
        self, syntax: str, document_type: type[Document] | str, message_name: str | None = None
    ) -> Writer | None:
        """Return what writes documents of a class, or None.

        Without a name that is the first mapping that takes any of them: see `writer_for`. Raises
        `MappingError` when the mapping cannot be compiled.
        """
        wanted = document_type if isinstance(document_type, str) else document_type.__name__
        for entry, message in self._writing(syntax, wanted):
            if message == message_name or (message_name is None and not self._chooses(entry)):
                return self.writer_of(entry)
        return None

    def writer_for(self, syntax: str, document: Document) -> Writer | None:
        """Return what writes this very document, or None.

        A mapping whose `when` holds for it comes before one that takes any of its class. Raises
        `MappingError` when a mapping cannot be compiled.
        """
        entries = [entry for entry, _ in self._writing(syntax, type(document).__name__)]
        for entry in filter(self._chooses, entries):
            writer = self.writer_of(entry)
            if writer.wanted is not None and writer.wanted(document):
                return writer
        return self.writer(syntax, type(document))

    def _writing(self, syntax: str, document: str) -> Iterator[tuple[Entry, str]]:
        """Give the mappings that write a class, each with the name of its message."""
        for entry in self.entries():
            head = entry.head
            if head is None or head.reads or head.syntax != syntax:
                continue
            if head.document.__name__ == document:
                yield entry, head.message

    def _chooses(self, entry: Entry) -> bool:
        """Tell whether a mapping takes only documents for which its `when` holds."""
        return "when" in self._load(entry.name, entry.layer, ()).tree.items

    def writer_of(self, entry: Entry) -> Writer:
        """Return the writer of one mapping; raises `MappingError` when it has mistakes."""
        key = ("writer", entry.name, entry.layer)
        if key not in self._kept:
            loaded = self._load(entry.name, entry.layer, ())
            head = self._checked_head(loaded)
            self._kept[key] = compile_writer(
                head,
                loaded.tree,
                self._versioned(loaded),
                self.table,
                self.layouts(head.syntax, head.message),
            )
        kept = self._kept[key]
        assert isinstance(kept, Writer)  # noqa: S101  # stored under this key only
        return kept

    def entries(self) -> "tuple[Entry, ...]":
        """Return every mapping, the highest layer first; names only once.

        Raises nothing: a mapping that cannot be read has no head.
        """
        if "entries" not in self._kept:
            self._kept["entries"] = tuple(self._entries())
        kept = self._kept["entries"]
        assert isinstance(kept, tuple)  # noqa: S101  # stored under this key only
        return kept

    def _entries(self) -> Iterator[Entry]:
        seen: set[str] = set()
        for layer, library in self._layers():
            for name, source in library.mappings.items():
                if name in seen:
                    continue
                seen.add(name)
                yield Entry(name, layer, source, self._head_of(name, layer, source))

    def _layers(self) -> "Iterator[tuple[int, Library]]":
        library: Library | None = self
        layer = 0
        while library is not None:
            yield layer, library
            library = library.below
            layer += 1

    def _head_of(self, name: str, layer: int, source: Source) -> Head | None:
        """Return what a mapping declares; only where its text leaves doubt it is parsed for that.

        So the first request pays for the mappings that it needs, not for all of them.
        """
        lines = _DECLARED.findall(source.text)
        head = _declared(lines[0]) if len(lines) == 1 else None
        if isinstance(head, Head):
            return head
        try:
            tree = self._load(name, layer, ()).tree
        except MappingError:
            return None
        found = _head(tree)
        return found if isinstance(found, Head) else None

    def _find(self, name: str, first_layer: int) -> tuple[int, Source] | None:
        for layer, library in self._layers():
            if layer >= first_layer and name in library.mappings:
                return layer, library.mappings[name]
        return None

    def _load(self, name: str, layer: int, trail: tuple[tuple[str, int], ...]) -> _Loaded:
        """Return one mapping with everything that it extends."""
        key = ("loaded", name, layer)
        if key not in self._kept:
            self._kept[key] = self._loaded(name, layer, trail)
        kept = self._kept[key]
        assert isinstance(kept, _Loaded)  # noqa: S101  # stored under this key only
        return kept

    def _loaded(self, name: str, layer: int, trail: tuple[tuple[str, int], ...]) -> _Loaded:
        found = self._find(name, layer)
        assert found is not None  # noqa: S101  # callers ask for names that are there
        at_layer, source = found
        tree = parse(source)
        extends = tree.items.get("extends")
        if extends is None:
            return _Loaded(tree, (source.text,), ())
        base_name = extends.value if isinstance(extends, Text) else ""
        base_layer = at_layer + 1 if base_name == name else 0
        below = self._find(base_name, base_layer)
        if below is None or (base_name, below[0]) in trail or not base_name:
            known = sorted({entry for _, library in self._layers() for entry in library.mappings})
            near = get_close_matches(base_name, [one for one in known if one != name], n=1)
            hint = f"; did you mean '{near[0]}'?" if near and below is None else ""
            what = "comes round in a circle" if below is not None else f"names nothing here{hint}"
            raise MappingError((finding(extends.at, f"extends: '{base_name}' {what}"),))
        base = self._load(base_name, below[0], (*trail, (name, at_layer)))
        findings: list[Finding] = list(base.findings)
        own = {key: tree for key, tree in tree.items.items() if key != "extends"}
        combined = merged(base.tree, Keyed(own, tree.at, tree.keys), findings)
        return _Loaded(combined, (*base.texts, source.text), tuple(findings))

    def _checked_head(self, loaded: _Loaded) -> Head:
        head = _head(loaded.tree)
        if isinstance(head, Finding):
            raise MappingError((head,))
        return head

    def _versioned(self, loaded: _Loaded) -> str:
        """Return the declared version and a hash of every text that decides, tables included."""
        digest = sha256()
        tables = [
            source.text
            for _, library in self._layers()
            for _, source in sorted(library.tables.items())
        ]
        for text in (*loaded.texts, *tables):
            digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
        return f"{loaded.tree.text('version') or '0'}+{digest.hexdigest()[:12]}"

    def table(self, name: str) -> CodeTable:
        """Return a table by name; raises `KeyError` with a hint, or `MappingError`."""
        return self._table(name, 0, ())

    def _table(self, name: str, first_layer: int, trail: tuple[tuple[str, int], ...]) -> CodeTable:
        found = next(
            ((layer, library) for layer, library in self._layers()
             if layer >= first_layer and name in library.tables), None,
        )  # fmt: skip
        if found is None:
            known = [entry for _, library in self._layers() for entry in library.tables]
            near = get_close_matches(name, known, n=1)
            raise KeyError(
                f"; did you mean '{near[0]}'?" if near else f" (known: {', '.join(known)})"
            )
        layer, holder = found
        source = holder.tables[name]
        key = ("table", name, layer)
        if key not in self._kept:
            if (name, layer) in trail:
                raise MappingError(
                    (Finding(source.path, 1, 1, f"extends: '{name}' comes round in a circle"),)
                )

            def base(other: str) -> CodeTable:
                try:
                    return self._table(
                        other, layer + 1 if other == name else 0, (*trail, (name, layer))
                    )
                except KeyError as error:
                    message = f"extends: unknown table '{other}'{error.args[0]}"
                    raise MappingError((Finding(source.path, 1, 1, message),)) from None

            self._kept[key] = read_table(name, source, base, holder.step)
        kept = self._kept[key]
        assert isinstance(kept, CodeTable)  # noqa: S101  # stored under this key only
        return kept

    def lint(
        self,
        *,
        above: "Library | None" = None,
        also: Callable[[Head], bool] = lambda _head: False,
    ) -> tuple[Finding, ...]:
        """Return everything that is wrong with mappings and tables, sorted by place.

        `above` is a layer of this library: it and what lies below it are left out, but for those
        mappings that `also` names.
        """
        layers = list(self._layers())
        own = next((number for number, library in layers if library is above), len(layers))
        found: set[Finding] = set()
        for entry in self.entries():
            if entry.layer < own or (entry.head is not None and also(entry.head)):
                found.update(self._lint_mapping(entry))
        for layer, library in layers[:own]:
            for name in library.tables:
                try:
                    self._table(name, layer, ())
                except MappingError as error:
                    found.update(error.findings)
        return tuple(sorted(found))

    def _lint_mapping(self, entry: Entry) -> Iterator[Finding]:
        try:
            loaded = self._load(entry.name, entry.layer, ())
        except MappingError as error:
            yield from error.findings
            return
        yield from loaded.findings
        for key, place in loaded.tree.keys.items():
            if key not in TOP_KEYS:
                near = get_close_matches(key, TOP_KEYS, n=1)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                yield finding(place, f"unknown key '{key}'{hint}")
        if "mapping" not in loaded.tree.items:
            return  # a file of groups only, for others to extend
        head = _head(loaded.tree)
        if isinstance(head, Finding):
            yield head
            return
        try:
            compiled = self.reader_of(entry) if head.reads else self.writer_of(entry)
        except MappingError as error:
            yield from error.findings
            return
        if head.reads and "when" in loaded.tree.items:
            place = loaded.tree.keys["when"]
            yield finding(place, "when: only of what writes is chosen by the document")
        yield from compiled.warnings


def _head(tree: Keyed) -> Head | Finding:
    """Return what a mapping declares, or what is wrong with its declaration."""
    declared = tree.items.get("mapping")
    if not isinstance(declared, Text):
        return finding(tree.at, "says not what it maps: expected `mapping: cxml/Name -> Document`")
    head = _declared(declared.value)
    return head if isinstance(head, Head) else finding(declared.at, f"mapping: {head}")


def _declared(text: str) -> Head | str:
    """Return what `cxml/Name -> Document` declares, or what is wrong with it."""
    left, arrow, right = (part.strip() for part in text.partition("->"))
    wire, document = (left, right) if "/" in left else (right, left)
    found = DOCUMENTS.get(document)
    syntax, _, message = wire.partition("/")
    if not arrow or not message:
        return "expected `cxml/Name -> Document`"
    if found is None:
        near = get_close_matches(document, DOCUMENTS, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        return f"unknown document '{document}'{hint}"
    return Head(syntax, message, found, reads="/" in left)
