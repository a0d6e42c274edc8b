"""Write a table as a grammar of bots, which comes with none: so both check the same.

Run by itself it prints the one of ORDERS D.96A: `python -m bench.edi.bots_grammar`.
"""

from collections import Counter
from pprint import pformat
from typing import Final

from edi.rules import Rules
from edi.schema import Composite, Element, Entry, Format, Segment, Use

HEAD: Final = """from bots.botsconfig import *
syntax = {'version': '3', 'charset': 'UNOC', 'checkunknownentities': False}
"""
_MOST: Final = 999_999
_FORMATS: Final = {Format.NUMERIC: "N", Format.ALPHABETIC: "A"}


def grammar(rules: Rules) -> str:
    """Return the grammar of interchanges that hold messages of one table."""
    message = {
        "ID": "UNH",
        "MIN": 1,
        "MAX": _MOST,
        "LEVEL": [*map(_entry, rules.table.body), {"ID": "UNT", "MIN": 1, "MAX": 1}],
    }
    whole = [
        {"ID": "UNB", "MIN": 1, "MAX": 1, "LEVEL": [message, {"ID": "UNZ", "MIN": 1, "MAX": 1}]}
    ]
    tags = ["UNB", "UNZ", *rules.segments()]
    segments = {tag: rules.directory.segment(tag) for tag in tags}
    records = {tag: _record(one) for tag, one in segments.items() if one is not None}
    structure = pformat(whole, sort_dicts=False, width=200)
    for word in ("ID", "MIN", "MAX", "LEVEL"):
        structure = structure.replace(f"'{word}':", f"{word}:")
    return f"{HEAD}structure = {structure}\nrecorddefs = {pformat(records, width=200)}\n"


def _entry(entry: Entry) -> dict[str, object]:
    plain: dict[str, object] = {
        "ID": entry.tag,
        "MIN": int(entry.mandatory),
        "MAX": min(entry.repeats, _MOST),
    }
    if entry.body:
        plain["LEVEL"] = [_entry(one) for one in entry.body]
    return plain


def _record(segment: Segment) -> list[list[object]]:
    """Return the fields of a segment; bots wants each to have a name of its own in it."""
    seen: Counter[str] = Counter()
    return [["BOTSID", "M", 3, "A"], *(_field(use, "", seen) for use in segment.uses)]


def _field(use: Use, above: str, seen: Counter[str]) -> list[object]:
    status = "M" if use.mandatory else "C"
    of = use.of
    name = f"{above}{of.id}"
    seen[name] += 1
    name = name if seen[name] == 1 else f"{name}#{seen[name]}"
    if isinstance(of, Composite):
        return [name, status, [_field(one, f"{name}.", seen) for one in of.parts]]
    return [name, status, _length(of), _FORMATS.get(of.format, "AN")]


def _length(element: Element) -> object:
    if element.shortest > 1:
        return (element.shortest, element.longest)
    return element.longest


if __name__ == "__main__":
    from bench.edi.ours import validation

    print(grammar(validation("edifact", "ORDERS").rules))
