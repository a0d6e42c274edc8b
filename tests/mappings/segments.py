"""Make small trees of rows by hand, in two editions of a directory that differ."""

from collections.abc import Mapping
from textwrap import dedent

from canonical.faults import Place
from canonical.rows import Branch, Row, SegmentTree
from canonical.wire import Envelope, Message
from mappings.engine.library import Library, Mapped, Reader, Source, Writer

PROTECTED = str.maketrans({"'": "\x0e", "+": "\x0f", ":": "\x10", "*": "\x18", "?": "\x19"})
RESTORED = {ord(after): chr(before) for before, after in PROTECTED.items()}


class HandLayout:
    """Know some segments: the names of their elements, composites as tuples."""

    def __init__(
        self, name: str, segments: Mapping[str, tuple[str | tuple[str, ...], ...]]
    ) -> None:
        self.name = name
        self.segments = segments

    def position(self, tag: str, name: str, occurrence: int = 1) -> tuple[int, int | None] | None:
        found = [place for place, known in self._places(tag) if known == name]
        return found[occurrence - 1] if occurrence <= len(found) else None

    def elements(self, tag: str) -> tuple[str, ...]:
        return tuple(name for _, name in self._places(tag))

    def _places(self, tag: str):
        for column, entry in enumerate(self.segments.get(tag, ()), start=1):
            if isinstance(entry, str):
                yield (column, None), entry
            else:
                yield from (((column, part), name) for part, name in enumerate(entry))


C212 = ("7140", "7143", "1131", "3055")
OLD = HandLayout(
    "D.96A",
    {
        "UNH": ("0062", ("0065", "0052", "0054", "0051", "0057")),
        "BGM": (("1001", "1131", "3055", "1000"), "1004", "1225"),
        "DTM": (("2005", "2380", "2379"),),
        "FTX": ("4451", "4453", ("4441", "1131", "3055"), ("4440",) * 5),
        "NAD": ("3035", ("3039", "1131", "3055"), ("3124",) * 5, ("3036",) * 5 + ("3045",),
                ("3042",) * 4, "3164", "3229", "3251", "3207"),
        "CTA": ("3139", ("3413", "3412")),
        "COM": (("3148", "3155"),),
        "RFF": (("1153", "1154", "1156"),),
        "CUX": (("6347", "6345", "6343"),),
        "LIN": ("1082", "1229", C212),
        "PIA": ("4347", C212, C212, C212, C212, C212),
        "QTY": (("6063", "6060", "6411"),),
        "MOA": (("5025", "5004", "6345"),),
        "CPS": ("7164", "7166"),
        "PAC": ("7224",),
        "UNS": ("0081",),
        "CNT": (("6069", "6066"),),
    },
)  # fmt: skip
NEW = HandLayout(
    "D.01B",
    {**OLD.segments, "BGM": (("1001", "1131", "3055", "1000"), ("1004", "1056", "1060"), "1225")},
)
X12 = HandLayout(
    "004010",
    {
        "ST": ("01", "02"),
        "BEG": ("01", "02", "03", "04", "05"),
        "PO1": ("01", "02", "03", "04", "05", *("235", "234") * 4),
        "HL": ("01", "02", "03"),
        "PRF": ("01",),
        "LIN": ("01", *("235", "234") * 3),
    },
)  # fmt: skip


def layouts(syntax: str, _message: str) -> tuple[HandLayout, ...]:
    return {"edifact": (OLD, NEW), "x12": (X12,)}[syntax]


GROUPS = {
    "NAD": ("CTA", "COM", "RFF"), "CPS": ("PAC", "LIN"), "HL": ("PRF", "LIN"),
    "LIN": ("PIA", "QTY", "DTM", "FTX", "MOA", "RFF"), "PO1": (), "CTA": ("COM",),
}  # fmt: skip


def rows(text: str) -> list[Row]:
    """Return the rows of segments, one a line, `?` releasing."""
    found = []
    for line in filter(None, map(str.strip, dedent(text).splitlines())):
        pieces = line.split("?")
        for number in range(1, len(pieces)):
            pieces[number] = pieces[number][:1].translate(PROTECTED) + pieces[number][1:]
        found.append("".join(pieces).split("+"))
    return found


def shaped(given: list[Row]) -> Branch:
    """Return the tree: a row goes below the last one whose group takes its tag."""
    root: Branch = [given[0]]
    open_groups = [root]
    for row in given[1:]:
        branch: Branch = [row]
        while len(open_groups) > 1 and row[0] not in GROUPS.get(open_groups[-1][0][0], ()):
            open_groups.pop()
        open_groups[-1].append(branch)
        if row[0] in GROUPS:
            open_groups.append(branch)
    return root


def tree(text: str, layout: HandLayout = OLD, **given: object) -> SegmentTree:
    """Return the tree of a message; its places count rows as lines."""
    found = rows(text)
    lines = {id(row): number for number, row in enumerate(found, start=1)}

    def place(row: Row, column: int, part: int | None) -> Place:
        return Place(line=lines[id(row)], column=column, offset=part)

    known = {"place": place, "restored": RESTORED if "?" in text else None, **given}
    return SegmentTree(shaped(found), layout, **known)  # type: ignore[arg-type]


def message(text: str, layout: HandLayout = OLD, **given: object) -> Message:
    return Message("TEST", Envelope(message_id="m"), tree(text, layout, **given))


def library(fields: str, document: str, syntax: str = "edifact") -> Library:
    text = f"mapping: {syntax}/TEST -> {document}\nversion: 1\n{dedent(fields)}"
    return Library({"test": Source("test.yaml", text)}, layouts=layouts)


def reader(fields: str, document: str = "StatusUpdate", syntax: str = "edifact") -> Reader:
    found = library(fields, document, syntax).reader(syntax, "TEST")
    assert found is not None
    return found


def read(fields: str, text: str, document: str = "StatusUpdate", **given: object) -> Mapped:
    return reader(fields, document).read(message(text, **given))  # type: ignore[arg-type]


def value(expression: str, text: str, layout: HandLayout = OLD, **given: object) -> str | None:
    """Return what an expression gives as text, by way of a StatusUpdate's comment."""
    quoted = expression.replace("'", "''")
    fields = f"fields:\n  code: {{const: '200'}}\n  text: {{const: OK}}\n  comment: '{quoted}'\n"
    syntax = "x12" if layout is X12 else "edifact"
    mapped = reader(fields, syntax=syntax).read(message(text, layout, **given))
    assert mapped.document is not None, mapped.faults
    return mapped.document.comment  # type: ignore[attr-defined]


def writer(body: str, document: str = "StatusUpdate", syntax: str = "edifact") -> Writer:
    text = f"mapping: {document} -> {syntax}/TEST\nversion: 1\n{dedent(body)}"
    found = Library({"test": Source("test.yaml", text)}, layouts=layouts).writer(syntax, document)
    assert found is not None
    return found
