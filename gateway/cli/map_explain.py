"""Say how one field of a document got its value: from where in the message, by which line."""

from collections.abc import Iterator
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Final

from edi.speaking import pictured, where
from mappings.engine.library import Trace

_MAPPINGS: Final = "mappings"
_FIELDS: Final = 12
"""So many fields are named to somebody who asks for one that is not there."""


def about(steps: tuple[Trace, ...], field: str) -> tuple[Trace, ...]:
    """Return what is known of a field, and of all that is below it."""
    below = (f"{field}.", f"{field}[")
    return tuple(one for one in steps if one.target == field or one.target.startswith(below))


def unknown(steps: tuple[Trace, ...], field: str) -> str:
    """Return what to say to who asks for a field that got no value."""
    known = list(dict.fromkeys(one.target for one in steps))
    near = get_close_matches(field, known, n=3)
    if near:
        return f"nothing sets {field}; did you mean {' or '.join(near)}?"
    shown = ", ".join(known[:_FIELDS])
    return f"nothing sets {field}; there are {shown}{', ...' if len(known) > _FIELDS else ''}"


def explained(step: Trace, workspace: Path) -> Iterator[str]:
    """Give the lines that explain one field."""
    yield f"{step.target} = {'nothing' if step.value is None else step.value}"
    if step.raw != step.value:
        yield f"  found    {'nothing' if step.raw is None else step.raw}"
    yield f"  by       {step.expression}"
    yield f"  mapping  {step.source}"
    line = _line(step.source, workspace)
    if line:
        yield f"           {line}"
    if step.place is not None and step.raw is not None:
        shown = " · ".join(filter(None, (where(step.place), step.place.path)))
        yield f"  message  {shown}"
        yield from (f"           {each}" for each in pictured(step.place) or ())


def _line(source: str, workspace: Path) -> str:
    """Return the line of a mapping that a trace names, empty where it cannot be read."""
    path, _, number = source.rpartition(":")
    try:
        text = _text(path, workspace)
    except OSError:
        return ""
    lines = text.splitlines()
    at = int(number) if number.isdigit() else 0
    return lines[at - 1].strip() if 1 <= at <= len(lines) else ""


def _text(path: str, workspace: Path) -> str:
    own = workspace / path
    if own.is_file():
        return own.read_text("utf-8")
    first, _, rest = path.partition("/")
    return (files(_MAPPINGS) / rest).read_text("utf-8") if first == _MAPPINGS else ""
