"""Lend the hand-made samples, and the official cXML files where they are at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from protocols.cxml.schemas import Schemas
from tests.reference import reference_folder

SAMPLES = Path(__file__).parent / "cxml" / "samples"


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """Read a hand-made sample by name."""
    return lambda name: (SAMPLES / f"{name}.xml").read_bytes()


@pytest.fixture(scope="session")
def reference() -> Path:
    """Give the folder of the official DTDs and public samples."""
    return reference_folder("cxml")


@pytest.fixture(scope="session")
def schemas(reference: Path) -> Schemas:
    """Give the official DTDs."""
    return Schemas(
        {(file.parent.name, file.stem): file.read_bytes for file in reference.glob("dtd/*/*.dtd")}
    )
