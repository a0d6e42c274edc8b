"""Show an inspected interchange: as text in a terminal, or as one page that needs nothing else."""

import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import click
import jinja2

from canonical.faults import Fault, Severity
from canonical.wire import Envelope
from edi.speaking import pictured, rendered, translated, where, word
from gateway.cli.edi_tree import Inspection, Line, Part, parties_of
from gateway.cli.harmless import harmless_value

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "interchange": "interchange", "interchanges": "interchanges", "group": "group",
        "message": "Message", "from": "from", "to": "to",
        "segments": "segments", "errors": "errors", "notes": "notes", "right": "nothing is wrong",
        "segment": "segment", "error": "error", "note": "note", "more": "and {} more",
        "all": "What is wrong", "nothing": "There is no message in this file.",
    },
    "sv": {
        "interchange": "överföring", "interchanges": "överföringar", "group": "grupp",
        "message": "Meddelande", "from": "från", "to": "till",
        "segments": "segment", "errors": "fel", "notes": "anmärkningar", "right": "inget är fel",
        "segment": "segment", "error": "fel", "note": "anmärkning", "more": "och {} till",
        "all": "Vad som är fel", "nothing": "Det finns inget meddelande i filen.",
    },
}  # fmt: skip
_ENDLESS: Final = (1_000_000, 24)
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def as_text(inspection: Inspection, language: str) -> Iterator[str]:
    """Walk the lines of an interchange as a tree, every fault below its segment."""
    words = WORDS[language]
    yield click.style(harmless_value(_heading(inspection, words)), bold=True)
    for fault in inspection.faults:
        yield from _fault(fault, language, "  ")
    if not inspection.messages:
        yield words["nothing"]
    for part in inspection.parts:
        yield ""
        if part.begins is not None:
            yield click.style(harmless_value(_of(part.begins, inspection, words)), bold=True)
            yield ""
        yield click.style(harmless_value(_title(part, words)), bold=True)
        for fault in part.faults:
            yield from _fault(fault, language, "  ")
        for depth, line in part.root.walk():
            yield from _segment(line, depth)
            for fault in line.faults:
                yield from _fault(fault, language, " " * (8 + 2 * depth))


def _heading(inspection: Inspection, words: Mapping[str, str]) -> str:
    said = _of(inspection.envelope, inspection, words)
    if inspection.interchanges > 1:
        said = f"{inspection.file}, {number_of(inspection.interchanges, 'interchange', words)}"
    return f"{said}: {counted(inspection, words)}"


def _of(envelope: Envelope | None, inspection: Inspection, words: Mapping[str, str]) -> str:
    """Return an interchange in a line: its syntax, its number, who sent it and to whom."""
    reference = envelope.message_id if envelope is not None else ""
    told = [words["interchange"].capitalize(), inspection.syntax.upper(), reference]
    told += [f"{words[role]} {party}" for role, party in parties_of(envelope).items()
             if role in words]  # fmt: skip
    return " ".join(filter(None, told))


def _title(part: Part, words: Mapping[str, str]) -> str:
    name = " ".join(filter(None, (part.name, part.version, part.reference)))
    name += f", {words['group']} {part.group}" if part.group else ""
    size = number_of(part.segments, "segment", words)
    return f"{words['message']} {part.number}: {name}, {size}: {counted(part, words)}"


def counted(thing: Inspection | Part, words: Mapping[str, str]) -> str:
    """Return how many errors and notes there are, in words."""
    told = [(thing.errors, "error"), (thing.notes, "note")]
    said = [number_of(number, what, words) for number, what in told if number]
    return ", ".join(said) or words["right"]


def number_of(number: int, what: str, words: Mapping[str, str]) -> str:
    """Return how many there are of a thing: one error, two errors."""
    return f"{number} {words[what if number == 1 else what + 's']}"


def columns() -> int:
    """Return how wide the terminal is; what is no terminal gets whole lines."""
    return shutil.get_terminal_size(_ENDLESS).columns


def _segment(line: Line, depth: int) -> Iterator[str]:
    """Give a segment on one line, or in a narrow terminal on several."""
    tag = click.style(harmless_value(line.tag), bold=True, fg="red" if line.faults else None)
    name = f" {line.name}" if line.name else ""
    text = f"{line.number:>6}  {'  ' * depth}{tag}{name}" + (":" if line.values else "")
    indent, width = " " * (12 + 2 * depth), columns()
    used = len(click.unstyle(text))
    for number, value in enumerate(line.values, start=1):
        end = ";" if number < len(line.values) else ""
        label, content = harmless_value(value.label), harmless_value(value.text)
        size = len(f" {label} {content}{end}")
        said = f" {click.style(label, dim=True)} {content}{end}"
        if used + size > width:
            yield text
            text, used = indent, len(indent)
        text, used = text + said, used + size
    yield text


def _fault(fault: Fault, language: str, indent: str) -> Iterator[str]:
    first, *rest = rendered(fault, language, columns() - len(indent)).splitlines()
    yield indent + click.style(first, fg=_COLOURS[fault.severity])
    for line in rest:
        yield indent + line


def as_page(inspection: Inspection, language: str) -> Iterator[str]:
    """Give one HTML page in pieces that shows everything, without scripts and other files."""
    return _template().generate(
        inspection=inspection, language=language, words=WORDS[language], number_of=number_of,
        translated=translated, pictured=pictured, where=where, word=word, parties_of=parties_of,
    )  # fmt: skip


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("gateway.cli", "pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("interchange.html")
