"""Hold all that is installed of official schemas and rules, for the codecs to judge by."""

from dataclasses import dataclass, field
from pathlib import Path

from gateway.standards.schemas import load_schemas
from protocols.cxml.schemas import Schemas
from protocols.ubl.judging import Judge


@dataclass(frozen=True, slots=True)
class Official:
    """Hold it by protocol; a codec is made with its own part."""

    cxml: Schemas = field(default_factory=lambda: Schemas({}))
    ubl: Judge | None = None


def load_official(workspace: Path) -> Official:
    """Return what a workspace has, each part read when it is first needed."""
    return Official(cxml=load_schemas(workspace))
