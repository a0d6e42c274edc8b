"""Hold all that is installed of official schemas and rules, for the codecs to judge by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edi.flatfile.schema import Schema
from edi.guides import Guide
from edi.schema import Directory
from gateway.standards.directories import directories
from gateway.standards.schemas import load_schemas
from gateway.standards.ubl import UblJudge
from protocols.cxml.schemas import Schemas


@dataclass(frozen=True, slots=True)
class Official:
    """Hold it by protocol; a codec is made with its own part."""

    cxml: Schemas = field(default_factory=lambda: Schemas({}))
    ubl: UblJudge | None = None
    edifact: Mapping[str, Directory] = field(default_factory=dict)
    x12: Mapping[str, Directory] = field(default_factory=dict)
    guides: Mapping[str, Guide] = field(default_factory=dict)
    """Partners' guides by name; who knows partners adds them."""
    flat: Mapping[str, Schema] = field(default_factory=dict)
    """Schemas of flat files by key; who knows partners adds them."""

    def close(self) -> None:
        """End the process that runs rules, if one was started."""
        if self.ubl is not None:
            self.ubl.close()


def load_official(workspace: Path) -> Official:
    """Return what a workspace has, each part read when it is first needed."""
    return Official(
        cxml=load_schemas(workspace),
        ubl=UblJudge(workspace),
        edifact=directories(workspace, "edifact"),
        x12=directories(workspace, "x12"),
    )
