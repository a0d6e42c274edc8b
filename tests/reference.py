"""Find the official DTDs and public documents, which are not ours to keep in this repository.

They lie in `shared/reference` beside the checkout, or where REFERENCE_DATA says. Where they are
not at hand a test that needs them skips with the reason; in CI that is a failure.
"""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "reference"


def reference_folder(name: str) -> Path:
    """Return the folder `name` of the reference data, or skip the test that asks."""
    folder = Path(os.environ.get("REFERENCE_DATA") or BESIDE) / name
    if not folder.is_dir():
        reason = f"the reference data is not at {folder}; REFERENCE_DATA names another"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
