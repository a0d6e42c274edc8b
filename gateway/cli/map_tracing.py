"""Read a file through its mapping and keep how each value came about."""

from dataclasses import dataclass
from pathlib import Path

from canonical.faults import Fault
from gateway.cli.as_partner import reading
from gateway.errors import ConfigurationError
from gateway.partners.loader import FILE_NAME, FOLDER
from mappings.engine.library import Library, Mapped, MappingError, Trace


@dataclass(frozen=True, slots=True)
class Asked:
    """Say which file is read, how, and as whose.

    A partner may have mappings before it has a file of its own.
    """

    file: Path
    workspace: Path
    partner: str | None = None
    media_type: str = ""
    currency: str | None = None

    @property
    def agreed(self) -> str | None:
        """Return the partner by whose agreement the file is read."""
        known = self.workspace / FOLDER / (self.partner or "") / FILE_NAME
        return self.partner if self.partner and known.is_file() else None


@dataclass(frozen=True, slots=True)
class Traced:
    """Hold the first message of a file as it was mapped; `mapped` is None where there is none."""

    mapped: Mapped | None
    faults: tuple[Fault, ...]
    steps: tuple[Trace, ...] = ()


def traced(asked: Asked, library: Library) -> Traced:
    """Return what became of a file's first message.

    Raises `ConfigurationError` when no mapping reads it, or when its mapping has mistakes.
    """
    with reading(asked.file, asked.workspace, asked.agreed) as manner:
        found = manner.codec.read(asked.file.read_bytes(), asked.media_type, dialect=manner.dialect)
    if not found.messages:
        return Traced(None, found.faults)
    message = found.messages[0]
    try:
        reader = library.tracing_reader(manner.syntax, message.name)
    except MappingError as error:
        raise unusable(error) from error
    if reader is None:
        what = f"{asked.file}: no mapping reads {manner.syntax}/{message.name}"
        raise NoMappingError(what)
    known = {} if asked.currency is None else {"currency": asked.currency}
    mapped, steps = reader.trace(message, **known)
    return Traced(mapped, (*found.faults, *message.faults, *mapped.faults), steps)


class NoMappingError(Exception):
    """Say that nothing reads a message."""


def unusable(error: MappingError) -> ConfigurationError:
    """Return a mapping's mistakes as an error of the configuration."""
    return ConfigurationError("the mapping cannot be used", tuple(map(str, error.findings)))
