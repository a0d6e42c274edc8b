"""Generate the Python that writes a document as segments.

Each segment becomes one format string, with every value at the place that the edition gives its
name. A value reaches the text in one way only, as in `writing`: all dynamic texts of a row are
asked together whether one of them looks like a separator, and are protected when one does.

Constants alone say nothing: a segment is left out when all its other values are null, and a
constant in a composite when its neighbours are. So a mapping names qualifiers without saying when.
"""

import re
from typing import Final

from mappings.engine.bindings import ContextBinding, StructBinding, ValueBinding
from mappings.engine.calls import Translator
from mappings.engine.columns import Column, Composer, Held
from mappings.engine.expressions import ExpressionError, Literal, Step, parse
from mappings.engine.forms import shorthand
from mappings.engine.frames import Frame, Piece, Pieces, literal
from mappings.engine.generation import Code, Unit, nearest
from mappings.engine.kinds import Kind
from mappings.engine.layouts import Names, Position
from mappings.engine.protecting import care, protecting, separators
from mappings.engine.provenance import Keyed, Text, Tree
from mappings.engine.running import Spot, version_of
from mappings.engine.slots import Block, render
from mappings.engine.texts import VALUE_KEYS, TextGenerator
from mappings.engine.values import Tables

SEGMENT_KEYS: Final = (
    "tag", "elements", "segments", "when", "with", "each", "as", "where", "use", "since", "until",
    "keep", "required", "stream", "note", "after",
)  # fmt: skip
SEGMENT_VALUE_KEYS: Final = ("from", "when", "since", "until", "note", "after", *VALUE_KEYS)
_NEVER_EMPTY: Final = frozenset({"number", "whole", "date", "instant", "enum"})
"""The kinds of values whose text is never empty."""
_ELEMENT: Final = re.compile(r"([\w-]+)(?:\[([1-9]\d{0,3})\])?")


class SegmentGenerator(TextGenerator):
    """Generate the writing code of one mapping of segments into `unit`, for one edition."""

    def __init__(
        self, unit: Unit, tables: Tables, groups: Keyed | None, names: Names, syntax: str
    ) -> None:
        super().__init__(unit, tables, groups)
        self.places = names
        self.care = care(syntax)
        self.protected = protecting(syntax)
        self.table = unit.constant(self.protected)
        self.composer = Composer(unit, separators(syntax))

    def function(self, document: type, root: Keyed) -> str:
        """Return the source of `head`, `items`, `tail` and of `write`, which joins them."""
        source = StructBinding(Code("src", Kind("struct", optional=False, cls=document)))
        frame = Frame({"src": source, "doc": source, "context": ContextBinding()}, self.care)
        self._lets(root, frame)
        lets, frame.values = frame.values, []
        entries = root.keyed("segments")
        if entries is None:
            self.unit.note(root.at, "a mapping that writes segments needs `segments`")
            entries = Keyed({}, root.at, {})
        before, stream, after = self._parted(entries)
        functions = [
            self._part("head", before, Frame(frame.names, self.care), lets, Keyed({}, root.at, {})),
            self._items(stream, Frame(frame.names, self.care), lets),
            self._part("tail", after, Frame(frame.names, self.care), lets, root),
            _WRITE,
        ]
        return "\n".join(functions)

    def _parted(
        self, entries: Keyed
    ) -> tuple[dict[str, Tree], tuple[str, Keyed] | None, dict[str, Tree]]:
        """Part the entries into those before the stream, the stream and those behind it."""
        names = list(entries.items)
        streams = [
            name for name, tree in entries.items.items()
            if isinstance(tree, Keyed) and self._flag(tree, "stream")
        ]  # fmt: skip
        for name in streams[1:]:
            self.unit.note(entries.keys[name], "only one entry can be a stream")
        if not streams:
            return dict(entries.items), None, {}
        at = names.index(streams[0])
        stream = entries.items[streams[0]]
        assert isinstance(stream, Keyed)  # noqa: S101  # found as one above
        before = {name: entries.items[name] for name in names[:at]}
        return before, (names[at], stream), {name: entries.items[name] for name in names[at + 1 :]}

    def _part(
        self, name: str, entries: dict[str, Tree], frame: Frame, lets: Block, checks: Keyed
    ) -> str:
        """Return the function that writes some of the segments."""
        pieces: Pieces = []
        for key, tree in entries.items():
            pieces += self._entry(key, tree, frame, key)
        self._checks(checks, frame)
        body: Block = [*frame.block(), f"return {literal(pieces)}"]
        return self._function(name, body, lets)

    def _function(self, name: str, body: Block, lets: Block) -> str:
        """Return a function with what its body needs of names and versions before it."""
        used = _names(body)
        opening: Block = []
        for line in reversed(lets):
            if isinstance(line, str) and line.partition(" = ")[0] in used:
                opening.insert(0, line)
                used |= _names([line])
        versions: Block = [
            f"{held} = {test}" for test, held in self.versions.items() if held in used
        ]
        layout = self.places.layout
        version = repr(layout.name) if layout is not None else "context.get('version')"
        if versions:
            versions.insert(0, f"ver = version_of({version})")
        head = f"def {name}(src, run, context, rows_written=0):"
        return "\n".join([head, *render([[*versions, *opening, *body]])]) + "\n"

    def _items(self, stream: tuple[str, Keyed] | None, frame: Frame, lets: Block) -> str:
        """Return the generator that gives the text of each row."""
        if stream is None:
            return self._function("items", ["return", "yield ''"], [])
        name, spec = stream[0], self._used(stream[1], stream[0])
        self._unknown_keys(spec, name)
        rows = self._rows(name, spec, frame, name)
        if rows is None:
            return self._function("items", ["return", "yield ''"], [])
        listed, row, counter, body, text = rows
        self.unit.counted[listed] = "rows_written"
        loop: Block = [f"{counter} = 0", f"for {row} in {listed}:"]
        loop.append(_conditional(body[0], [*body[1], f"{counter} += 1", f"yield {text}"]))
        return self._function("items", [*frame.block(), *loop], lets)

    def _entry(self, key: str, tree: Tree, frame: Frame, target: str) -> Pieces:
        """Return the pieces of one entry: a segment, a group, or rows of them."""
        if not isinstance(tree, Keyed):
            self.unit.note(tree.at, f"{target}: expected the elements of a segment")
            return []
        if "group" in tree.items:
            return self._spliced(tree, frame, target)
        spec = self._used(tree, target)
        self._unknown_keys(spec, target)
        if "each" in spec.items:
            return self._each(key, spec, frame, target)
        conditions = self._condition(spec, frame, target)
        inner = self._with(spec, frame, conditions, target)
        if not conditions:
            return self._whole(key, spec, frame.beside(inner or {}), target)
        inside = frame.inner(inner or {})
        pieces = self._whole(key, spec, inside, target)
        result = self.unit.name("o")
        body = [*inside.block(), f"{result} = {literal(pieces)}"]
        frame.build += [f"if {' and '.join(conditions)}:", body, "else:", [f"{result} = ''"]]
        return [Piece(result, fixed=False)]

    def _unknown_keys(self, spec: Keyed, target: str) -> None:
        plain = {key: tree for key, tree in spec.items.items() if not key[:1].isdigit()}
        self._unknown(Keyed(plain, spec.at, spec.keys), SEGMENT_KEYS, target)

    def _used(self, spec: Keyed, target: str) -> Keyed:
        """Return an entry with the group that it uses under its own keys."""
        group = self._group(spec, "use", target)
        if group is None:
            return spec
        items = {**group.items, **spec.items}
        below = [one.keyed("segments") for one in (group, spec)]
        if below[0] is not None and below[1] is not None:
            first, second = below[0], below[1]
            merged = {**first.items, **second.items}
            items["segments"] = Keyed(merged, second.at, {**first.keys, **second.keys})
        return Keyed(items, spec.at, {**group.keys, **spec.keys})

    def _group(self, spec: Keyed, key: str, target: str) -> Keyed | None:
        name = spec.text(key)
        if name is None:
            return None
        group = self.groups.get(name)
        if not isinstance(group, Keyed):
            hint = nearest(name, list(self.groups))
            self.unit.note(spec.items[key].at, f"{target}: unknown group '{name}'{hint}")
            return None
        return group

    def _spliced(self, spec: Keyed, frame: Frame, target: str) -> Pieces:
        """Return the segments of a group in the place of the entry that names it."""
        self._unknown(spec, ("group", "note", "after"), target)
        group = self._group(spec, "group", target)
        pieces: Pieces = []
        for key, tree in group.items.items() if group is not None else ():
            pieces += self._entry(key, tree, frame, key)
        return pieces

    def _each(self, key: str, spec: Keyed, frame: Frame, target: str) -> Pieces:
        rows = self._rows(key, spec, frame, target)
        if rows is None:
            return []
        listed, row, counter, (conditions, body), text = rows
        gathered, result = self.unit.name("y"), self.unit.name("o")
        add: Block = [*body, f"{counter} += 1", f"{gathered}.append({text})"]
        loop: Block = [
            f"{gathered} = []",
            f"{counter} = 0",
            f"for {row} in {listed}:",
            _conditional(conditions, add),
            f"{result} = ''.join({gathered})",
        ]
        frame.build += [f"if {listed}:", loop, "else:", [f"{result} = ''"]]
        return [Piece(result, fixed=False)]

    def _rows(
        self, key: str, spec: Keyed, frame: Frame, target: str
    ) -> tuple[str, str, str, tuple[list[str], Block], str] | None:
        """Return the list, one of it, how many were written, conditions and code, and the text."""
        tree = spec.items["each"]
        code = self._translated(tree, target, frame)[0] if isinstance(tree, Text) else None
        if code is None or code.kind.name != "list" or code.kind.item is None:
            found = code.kind if code is not None else "none"
            self.unit.note(tree.at, f"{target}: `each` needs a list, found {found}")
            return None
        row, counter = self.unit.name("e"), self.unit.name("x")
        item = Code(row, code.kind.item.sure)
        binding = StructBinding(item) if item.kind.name == "struct" else ValueBinding(item)
        number = ValueBinding(Code(f"({counter} + 1)", Kind("whole", optional=False)))
        inside = frame.inner({"row": number, spec.text("as") or "it": binding}, (counter,))
        conditions = self._condition(spec, inside, f"{target}[]")
        where = spec.items.get("where")
        if isinstance(where, Text):
            fits, spot = self._translated(where, target, inside)
            conditions.append(Translator(self.unit, inside.names, spot, inside.where).truth(fits))
        pieces = self._whole(key, spec, inside, f"{target}[]")
        return code.py, row, counter, (conditions, inside.block()), literal(pieces)

    def _whole(self, key: str, spec: Keyed, frame: Frame, target: str) -> Pieces:
        """Return a segment and what stands below it, without its conditions."""
        elements = self._elements(spec)
        keep = self._flag(spec, "keep")
        if not elements and not keep:
            return self._below(spec, frame, target)
        tag = spec.text("tag") or key
        columns, said = self._columns(tag, elements, frame, target)
        always = keep or not said or any(column.sure for column in columns.values())
        asked = dict.fromkeys(name for column in columns.values() for name in column.asked)
        if not always and not asked:
            return []
        below = self._below(spec, frame, target)
        if always:
            return [*self.composer.always(tag, columns, frame), *below]
        result, missing = self.unit.name("o"), self._missing(spec, frame, target)
        text = literal([*self.composer.put(tag, columns, frame, asked=True), *below])
        condition = " or ".join(asked)
        if missing:
            frame.build += [f"if not ({condition}):", missing]
        frame.build.append(f"{result} = {text} if {condition} else ''")
        return [Piece(result, fixed=False)]

    def _missing(self, spec: Keyed, frame: Frame, target: str) -> Block:
        if not self._flag(spec, "required"):
            return []
        spot = self.unit.spot(Spot(target, str(spec.at), ""))
        return [f"run.missing({spot}, None, {frame.where})"]

    def _below(self, spec: Keyed, frame: Frame, target: str) -> Pieces:
        pieces: Pieces = []
        for key, tree in spec.pairs("segments"):
            pieces += self._entry(key, tree, frame, f"{target}/{key}")
        return pieces

    def _elements(self, spec: Keyed) -> dict[str, Tree]:
        """Return the elements of an entry: names that begin with a digit, and `elements`."""
        own = {key: tree for key, tree in spec.items.items() if key[:1].isdigit()}
        return {**own, **dict(spec.pairs("elements"))}

    def _columns(
        self, tag: str, elements: dict[str, Tree], frame: Frame, target: str
    ) -> tuple[dict[int, Column], bool]:
        """Return the columns of a segment, and whether any of its values is no constant."""
        by_column: dict[int, dict[int | None, Held]] = {}
        said = False
        for key, tree in elements.items():
            said = said or not _is_constant(tree)
            position = self._position(tag, key, tree, target)
            if position is None or not self._of_this_edition(tree):
                continue
            held = self._held(tree, frame, f"{target}/@{key}")
            if held is not None:
                by_column.setdefault(position[0], {})[position[1]] = held
        columns = {
            number: self.composer.column(parts) for number, parts in sorted(by_column.items())
        }
        return columns, said

    def _of_this_edition(self, tree: Tree) -> bool:
        """Tell whether a value is for this edition; its place may have others for others."""
        if not isinstance(tree, Keyed) or self.places.layout is None:
            return True
        edition = version_of(self.places.layout.name)
        since, until = tree.text("since"), tree.text("until")
        late = since is not None and edition < version_of(since)
        return not late and not (until is not None and edition > version_of(until))

    def _position(self, tag: str, key: str, tree: Tree, target: str) -> Position | None:
        """Return where an element stands; None where this edition lacks it."""
        named = _ELEMENT.fullmatch(key)
        if named is None:
            self.unit.note(tree.at, f"{target}: '{key}' is no name of an element")
            return None
        name, number = named.groups()
        step = Step(name, 0, attribute=True, index=int(number) - 1 if number else None)
        try:
            return self.places.position(tag, step)
        except ExpressionError as error:
            self.unit.note(tree.at, f"{target}: {error.message}")
            return None

    def _held(self, tree: Tree, frame: Frame, target: str) -> Held | None:
        """Return one value: its text if it is fixed, otherwise the variable that will hold it."""
        spec = shorthand(tree)
        if spec is None:
            self.unit.note(tree.at, f"{target}: expected an expression")
            return None
        self._unknown(spec, SEGMENT_VALUE_KEYS, target)
        code, spot = self._value(spec, "from", frame, target)
        conditions = self._condition(spec, frame, target)
        fixed = self._static(code)
        if fixed is not None and not conditions:
            text = fixed.translate(self.protected)
            return Held(text, fixed=True, speaks=False, full=bool(text))
        held = self._spelt(_never_null(code), spot, frame, self.table)
        if code.kind.optional and code.kind.name == "number":
            frame.build += [f"if {held} is None:", [f"{held} = ''"]]
        if conditions:
            frame.build += [f"if not ({' and '.join(conditions)}):", [f"{held} = ''"]]
        if self._flag(spec, "required"):
            frame.build += [f"if not {held}:", [f"run.missing({spot}, None, {frame.where})"]]
        constant = fixed is not None or "default" in spec.items
        sure = not code.kind.optional and not conditions
        full = sure and code.kind.name in _NEVER_EMPTY
        return Held(held, speaks=not constant, sure=sure, full=full)


_WRITE: Final = """
def write(src, run, context):
    rows = list(items(src, run, context))
    return head(src, run, context) + "".join(rows) + tail(src, run, context, len(rows))
"""


def _names(block: Block) -> set[str]:
    """Return the generated names in a block."""
    return set(re.findall(r"\b[a-z]\d+\b", "\n".join(render(block))))


def _never_null(code: Code) -> Code:
    """Return the code of a text that is empty for null; numbers are spelt first."""
    if not code.kind.optional or code.kind.name == "number":
        return code
    if code.kind.name in ("whole", "date", "instant"):
        return Code(f"(as_text({code.py}) or '')", Kind("safe", optional=False))
    return Code(f"({code.py} or '')", Kind(code.kind.name, optional=False))


def _is_constant(tree: Tree) -> bool:
    """Tell whether an entry is a text that the mapping itself holds."""
    spec = shorthand(tree)
    text = spec.text("from") if spec is not None else None
    try:
        return text is not None and isinstance(parse(text), Literal)
    except ExpressionError:
        return False


def _conditional(conditions: list[str], block: Block) -> Block:
    return [f"if {' and '.join(conditions)}:", block] if conditions else block
