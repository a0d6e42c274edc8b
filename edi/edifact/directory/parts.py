"""Read the data elements, composites and segments of a UN directory.

The texts are blocks between drawn lines; a block begins with an id and a name. What is used at a
position has a line, `030    C819 COUNTRY SUB-ENTITY DETAILS   C    5`, and below a composite in a
segment stand its components once more, which are left out here: EDCD says them. D.93A numbers no
positions, there the names of components are set in; long names go on in a second line. The signs
in the margin mark what was added, changed or is to be deleted later.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from edi.schema import Composite, Dependency, Element, Format, Note, Segment, Use

_RULE: Final = re.compile(r"^[ \t]*[─-]{50,}[ \t]*$", re.MULTILINE)
_HEAD: Final = re.compile(r"\s*?^[ *+X#|-]*?\b(?P<id>[A-Z]{3}|[A-Z]\d{3}|\d{4}) +\S", re.MULTILINE)
_USE: Final = re.compile(
    r"^(?P<position>\d{3})?[ *+X#|-]+(?P<id>[A-Z]\d{3}|\d{4})(?P<gap> +)\S[^\n]*?"
    r"(?:\n {9,}\S[^\n]*?)*?"
    r" +(?P<status>[MC])(?: +(?P<repeats>\d{1,9}))?(?: +(?P<format>(?:an|a|n)[.\d]+))? *$",
    re.MULTILINE,
)
_REPRESENTATION: Final = re.compile(r"Repr: +(an|a|n)(\.\.)?(\d{1,9})")
_NOTE: Final = re.compile(r"^ *\d{3} +D([1-7]) ?\(([\d, ]+)\)", re.MULTILINE)

_DEPENDENCIES: Final = {
    "1": Dependency.ONLY_ONE, "2": Dependency.ALL_OR_NONE, "3": Dependency.ONE_OR_MORE,
    "4": Dependency.ONE_OR_NONE, "5": Dependency.IF_FIRST_THEN_ALL,
    "6": Dependency.IF_FIRST_THEN_ANY, "7": Dependency.IF_FIRST_THEN_NONE,
}  # fmt: skip


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Give the id and the text of each block."""
    for block in _RULE.split(text)[1:]:
        head = _HEAD.match(block)
        if head is not None:
            yield head["id"], block[head.start("id") :]


def read_elements(texts: Iterable[str], codes: Mapping[str, frozenset[str]]) -> dict[str, Element]:
    """Return all data elements by id, with their code lists."""
    found = {}
    for text in texts:
        for id_, block in blocks(text):
            spelt = _REPRESENTATION.search(block)
            if spelt is not None:
                longest = int(spelt[3])
                shortest = 1 if spelt[2] else longest
                found[id_] = Element(id_, Format(spelt[1]), shortest, longest, codes.get(id_))
    return found


def read_composites(texts: Iterable[str], elements: Mapping[str, Element]) -> dict[str, Composite]:
    """Return all composites by id."""
    return {
        id_: Composite(id_, _uses(_USE.finditer(block), elements), _notes(block))
        for text in texts
        for id_, block in blocks(text)
    }


def read_segments(
    texts: Iterable[str], elements: Mapping[str, Element], composites: Mapping[str, Composite]
) -> dict[str, Segment]:
    """Return all segments by tag."""
    known: Mapping[str, Element | Composite] = {**elements, **composites}
    found: dict[str, Segment] = {}
    for text in texts:
        for tag, block in blocks(text):
            found.setdefault(tag, Segment(tag, _uses(_positions(block), known), _notes(block)))
    return found


def _positions(block: str) -> Iterator[re.Match[str]]:
    """Give what stands at the positions of a segment, not what is in its composites."""
    found = list(_USE.finditer(block))
    numbered = any(use["position"] for use in found)
    return (use for use in found if (use["position"] if numbered else use["gap"] == " "))


def _uses(
    found: Iterable[re.Match[str]], known: Mapping[str, Element] | Mapping[str, Element | Composite]
) -> tuple[Use, ...]:
    return tuple(
        Use(known[use["id"]], use["status"] == "M", int(use["repeats"] or 1)) for use in found
    )


def _notes(block: str) -> tuple[Note, ...]:
    return tuple(
        Note(_DEPENDENCIES[kind], tuple(int(at) // 10 for at in re.findall(r"\d+", positions)))
        for kind, positions in _NOTE.findall(block)
    )
