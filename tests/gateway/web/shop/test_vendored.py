"""Files of others stand in the repository unchanged, each with its licence and its sum."""

import hashlib
import re
from pathlib import Path

import gateway.web.shop

VENDOR = Path(str(gateway.web.shop.__file__)).parent / "static" / "vendor"


def test_every_vendored_file_has_the_sum_that_is_written_down() -> None:
    listed = dict(
        re.findall(r"\| `([^`]+)` \|.*`([0-9a-f]{64})`", (VENDOR / "VENDORED.md").read_text())
    )
    found = {path.name for path in VENDOR.iterdir() if path.suffix in {".js", ".css"}}
    assert found == set(listed)
    for name, expected in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == expected
        assert (VENDOR / f"{name.partition('-')[0]}-LICENSE").with_suffix(".txt").exists() or (
            VENDOR / f"{name.partition('-')[0]}-LICENSE.md"
        ).exists()
