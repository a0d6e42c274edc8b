"""Promise: lines read by code of their own give what a tree gives, with its faults and places."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import pytest

from canonical.rows import Outline, SegmentTree, outline
from canonical.wire import Message
from edi.codec import SegmentCodec
from edi.edifact.codec import EdifactCodec
from edi.edifact.directory.editions import edition
from edi.rules import EDIFACT, X12, Rules, Syntax
from edi.schema import Directory
from edi.striding import line_of
from edi.walking import Plan
from edi.x12.codec import X12Codec
from edi.x12.editions import edition as x12_edition
from mappings.engine import lines
from mappings.engine.compiled import Reader
from mappings.engine.lines import LineForm
from tests.edi.making import Maker
from tests.mappings.segments import PROTECTED
from tests.mappings.workbench import SHIPPED

FOLDER = Path(__file__).parents[3] / "mappings"
CODECS: dict[str, Callable[[], SegmentCodec]] = {"edifact": EdifactCodec, "x12": X12Codec}
SAMPLES = sorted(path for syntax in CODECS for path in (FOLDER / syntax).rglob("*.in.edi"))
RELEASED = {after: f"?{chr(before)}" for before, after in PROTECTED.items()}
TABLES: dict[str, tuple[Syntax, Callable[[], Directory], tuple[str, ...]]] = {
    "D.96A": (EDIFACT, lambda: edition("D.96A"), ("ORDERS", "ORDRSP", "INVOIC", "ORDCHG")),
    "D.01B": (EDIFACT, lambda: edition("D.01B"), ("ORDERS", "INVOIC", "INVRPT")),
    "004010": (X12, lambda: x12_edition("004010"), ("850", "855", "810", "860")),
    "005010": (X12, lambda: x12_edition("005010"), ("850",)),
}
MADE = [(name, message) for name, (_, _, messages) in TABLES.items() for message in messages]
WHOLE = {"ORDRSP", "ORDCHG", "855"}
"""Their mappings ask of all lines at once whether any of them says something."""
MESSAGES = 3
FILLING = 0.25


def read(content: bytes, syntax: str) -> list[Message]:
    return [unit for unit in CODECS[syntax]().messages((content,)) if isinstance(unit, Message)]


def whole(message: Message) -> Message:
    """Return a message with the tree of all its lines."""
    tree = message.tree
    assert isinstance(tree, SegmentTree)
    return replace(message, tree=replace(tree, shape=tree.root))


def reader(syntax: str, name: str) -> Reader:
    found = SHIPPED.reader(syntax, name)
    assert found is not None
    return found


def forms(one: Reader, message: Message) -> Iterator[LineForm]:
    constants = one.editions.of(message.tree).function.__globals__
    return (held for held in constants.values() if isinstance(held, LineForm))


def same(one: Reader, message: Message) -> None:
    """Hold both ways against each other, the first and the second time that lines are met."""
    expected = one.read(whole(message), currency="SEK")
    for _ in range(2):
        found = one.read(message, currency="SEK")
        assert found.document == expected.document
        assert found.faults == expected.faults


def interchange(syntax: Syntax, version: str, texts: list[str]) -> bytes:
    """Return messages in an interchange of their syntax, as their sender spelt them."""
    if syntax is X12:
        head = (
            "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       "
            f"*261121*0830*{'U' if version < '00402' else '^'}*{version[:5]}*000000101*0*P*:~"
        )
        group = {"850": "PO", "855": "PR", "810": "IN", "860": "PC"}[texts[0][3:6]]
        head += f"GS*{group}*BUYER*SUPPLIER*20261121*0830*101*X*{version}~"
        body = "".join(texts).translate(dict.fromkeys(map(ord, PROTECTED.values()), "."))
        text = f"{head}{body}GE*{len(texts)}*101~IEA*1*000000101~"
    else:
        head = "UNB+UNOC:3+7301234567890:14+7309876543210:14+261121:0230+REF0001'"
        body = "".join(texts).translate({ord(k): v for k, v in RELEASED.items()})
        text = f"{head}{body}UNZ+{len(texts)}+REF0001'"
    return text.encode("latin-1", "replace")


def framed(name: str, version: str, text: str, number: int) -> str:
    """Return a message whose header and trailer say what it is and how long."""
    end = "~" if version.isdigit() else "'"
    segments = text[:-1].split(end)
    if version.isdigit():
        segments[0] = f"ST*{name}*{number:04}"
        segments[-1] = f"SE*{len(segments)}*{number:04}"
    else:
        segments[0] = f"UNH+{number}+{name}:{version.replace('.', ':')}:UN"
        segments[-1] = f"UNT+{len(segments)}+{number}"
    return "".join(segment + end for segment in segments)


def made(name: str, message: str) -> list[Message]:
    """Return messages of a table, made by chance, that have lines."""
    syntax, directory, _ = TABLES[name]
    rules = Rules(directory().messages[message], directory(), syntax)
    line = line_of(Plan(rules.table))
    assert line is not None
    start = line.entry.tag + syntax.separators.element
    texts = (Maker(rules, seed, FILLING).message() for seed in count())
    lined = islice((text for text in texts if start in text), MESSAGES)
    spelt = [framed(message, name, text, number) for number, text in enumerate(lined, start=1)]
    return read(interchange(syntax, name, spelt), syntax_of(name))


def syntax_of(name: str) -> str:
    return "x12" if name.isdigit() else "edifact"


def apart(message: Message) -> bool:
    return isinstance(message.tree, SegmentTree) and message.tree.lined is not None


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_samples_read_by_their_lines_are_what_their_trees_are(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "WORTH", 0)
    syntax = path.parent.parent.name
    for message in read(path.read_bytes(), syntax):
        same(reader(syntax, message.name), message)


@pytest.mark.parametrize("worth", [0, 10**9], ids=["code of their own", "as any line"])
@pytest.mark.parametrize(("name", "message"), MADE)
def test_whatever_a_table_allows_is_read_alike(
    name: str, message: str, worth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "WORTH", worth)
    found = made(name, message)
    assert all(map(apart, found)), [str(fault) for one in found for fault in one.faults]
    for one in found:
        mapping = reader(syntax_of(name), one.name)
        assert bool(list(forms(mapping, one))) is (message not in WHOLE)
        same(mapping, one)


def test_lines_get_code_of_their_own_when_they_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "WORTH", 3)
    order = made("D.96A", "ORDERS")[0]
    assert isinstance(order.tree, SegmentTree)
    assert order.tree.lined is not None
    order.tree.lined.lines[1:] = []
    outline = order.tree.lined.lines[0][0]
    orders = reader("edifact", "ORDERS")
    (form,) = forms(orders, order)
    form.clear()
    form.seen.clear()
    for _ in range(3):
        orders.read(order)
        assert outline not in form
    orders.read(order)
    assert outline in form


def test_no_more_lines_get_code_of_their_own_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "WORTH", 0)
    monkeypatch.setattr(lines, "KEPT", 2)
    orders = made("D.96A", "ORDERS")
    mapping = reader("edifact", "ORDERS")
    (form,) = forms(mapping, orders[0])
    form.clear()
    for order in orders:
        same(mapping, order)
    assert len(form) == 2


def test_lines_that_come_get_the_code_of_lines_that_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "WORTH", 1)
    monkeypatch.setattr(lines, "KEPT", 2)
    order = read((FOLDER / "edifact/orders.samples/01-full.in.edi").read_bytes(), "edifact")[0]
    (form,) = forms(reader("edifact", "ORDERS"), order)
    form.clear()
    form.seen.clear()
    first, second, third = (Outline(("LIN",) + ("QTY",) * n, (0,) * n) for n in range(3))
    kept = ([first], [first, second], [second, third], [third, first])
    for made, expected in zip((first, second, third, first), kept, strict=True):
        for _ in range(2):
            assert made not in form
            form[made]
        assert list(form) == expected


def test_what_lines_made_alike_cannot_have_is_not_asked_of_them() -> None:
    order = read((FOLDER / "edifact/orders.samples/01-full.in.edi").read_bytes(), "edifact")[0]
    (form,) = forms(reader("edifact", "ORDERS"), order)
    least = form.own(outline(("LIN", "QTY"), (0,)))
    assert "T_Price" not in least
    assert "T_Price" in form.own(outline(("LIN", "QTY", "PRI"), (0, 0)))
