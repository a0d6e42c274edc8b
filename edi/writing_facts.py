"""Write a directory as the lines of facts that `edi.facts` reads."""

from collections.abc import Iterable, Iterator
from typing import Final

from edi.facts import VERSION
from edi.schema import (
    UNLIMITED,
    Composite,
    Directory,
    Element,
    Entry,
    Format,
    MessageTable,
    Note,
    Segment,
    Use,
)

_MARKS: Final = {(False, False): "", (True, False): "!", (False, True): "-"}


def write_facts(directory: Directory) -> str:
    """Return the text of a directory, the same for equal directories.

    Raises ValueError for what facts cannot say: two different elements or composites of one id,
    a place in a table with a segment of its own. Both come from partners' guides only.
    """
    segments = [*directory.segments.values(), *directory.service.values()]
    composites = _by_id(use.of for segment in segments for use in segment.uses)
    elements = _by_id(_elements(composites.values()))
    lines = [f"facts {VERSION} {directory.name}"]
    if directory.source:
        lines.append(f"source {directory.source}")
    lines += [_element(elements[id_]) for id_ in sorted(elements)]
    lines += [
        f"composite {id_} {_uses(of.parts, of.notes)}"
        for id_, of in sorted(composites.items())
        if isinstance(of, Composite)
    ]
    lines += [_segment("segment", one) for _, one in sorted(directory.segments.items())]
    lines += [_segment("service", one) for _, one in sorted(directory.service.items())]
    lines += [_message(one) for _, one in sorted(directory.messages.items())]
    return "\n".join(lines) + "\n"


def _by_id(found: Iterable[Element | Composite]) -> dict[str, Element | Composite]:
    known: dict[str, Element | Composite] = {}
    for one in found:
        if known.setdefault(one.id, one) != one:
            message = f"two different {one.id} cannot stand in one directory"
            raise ValueError(message)
    return known


def _elements(of: Iterable[Element | Composite]) -> Iterator[Element]:
    for one in of:
        if isinstance(one, Composite):
            yield from _elements(use.of for use in one.parts)
        else:
            yield one


def _element(element: Element | Composite) -> str:
    assert isinstance(element, Element)  # noqa: S101 -- `_elements` gives no others
    return f"element {element.id} {format_of(element)}" + (
        f" = {' '.join(sorted(element.codes))}" if element.codes else ""
    )


def format_of(element: Element) -> str:
    """Return the format of an element as facts and people write it: `an..35`, `n3`."""
    name = f"n{element.decimals}:" if element.format is Format.IMPLIED else str(element.format)
    if element.shortest == element.longest:
        exactly = f"{element.shortest}..{element.longest}"
        return name + (exactly if element.format is Format.IMPLIED else str(element.longest))
    first = (
        "" if element.shortest == 1 and element.format is not Format.IMPLIED else element.shortest
    )
    return f"{name}{first}..{element.longest}"


def _segment(kind: str, segment: Segment) -> str:
    return f"{kind} {segment.tag} {_uses(segment.uses, segment.notes)}".rstrip()


def _uses(uses: tuple[Use, ...], notes: tuple[Note, ...]) -> str:
    words = [
        use.of.id + _MARKS[use.mandatory, use.forbidden] + _repeats(use.repeats) for use in uses
    ]
    if notes:
        words.append("|")
        words += [note.kind + "".join(f"{at:02}" for at in note.positions) for note in notes]
    return " ".join(words)


def _message(table: MessageTable) -> str:
    return f"message {table.name} " + " ".join(map(_entry, table.body))


def _entry(entry: Entry) -> str:
    if entry.segment is not None:
        message = f"{entry.tag}: a place with a segment of its own cannot be written as a fact"
        raise ValueError(message)
    tail = _MARKS[entry.mandatory, False] + _repeats(entry.repeats)
    if entry.group is None:
        return entry.tag + tail
    body = " ".join([f"{entry.tag}!", *map(_entry, entry.body)])
    return f"{entry.group}({body}){tail}"


def _repeats(repeats: int) -> str:
    return "" if repeats == 1 else "*" if repeats == UNLIMITED else f"*{repeats}"
