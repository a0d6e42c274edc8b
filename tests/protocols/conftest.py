"""Lend the hand-made samples, and the official cXML files where they are at hand."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from protocols.cxml.schemas import Schemas

SAMPLES = Path(__file__).parent / "cxml" / "samples"
REFERENCE = Path(os.environ.get("REFERENCE_CXML", "/work/shared/reference/cxml"))


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """Read a hand-made sample by name."""
    return lambda name: (SAMPLES / f"{name}.xml").read_bytes()


@pytest.fixture(scope="session")
def reference() -> Path:
    """Give the folder of the official DTDs and public samples."""
    if not REFERENCE.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the reference data is missing at {REFERENCE}")
        pytest.skip("the official cXML files are not on this machine")
    return REFERENCE


@pytest.fixture(scope="session")
def schemas(reference: Path) -> Schemas:
    """Give the official DTDs."""
    return Schemas(
        {(file.parent.name, file.stem): file.read_bytes for file in reference.glob("dtd/*/*.dtd")}
    )
