"""Keep the official schemas and rule sets that the user installs into the workspace.

Their licences do not let us ship them, and the product works without them by its own structural
checks. Belongs here: taking a folder or zip apart safely, recognising what is in it by content,
the index of what is installed, judging by it where files or processes are needed (`ubl`, `rules`),
and saying what is missing for what. `recognise` has the table of kinds: one more standard is one
more line there.
"""

from gateway.standards.index import Item, State, installed
from gateway.standards.install import Installed, install
from gateway.standards.official import Official, load_official
from gateway.standards.schemas import load_schemas, missing

__all__ = [
    "Installed", "Item", "Official", "State", "install", "installed", "load_official",
    "load_schemas", "missing",
]  # fmt: skip
