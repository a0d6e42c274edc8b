"""No XML of a stranger opens a file, a socket or a program: the kernel itself would tell."""

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.sealed import MEDIA_TYPES, READERS, SEALED
from tests.protocols.test_xml import ATTACKS, CANARY

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in SEALED,
    reason="seals are made of Linux's seccomp filters, on x86_64 and aarch64",
)
ROOT = Path(__file__).parents[2]


def read_sealed(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.contract.sealed", str(folder), *more],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def write_attacks(tmp_path: Path, names: list[str]) -> Path:
    """Write attacks under numbers; what they ask for is there, and readable."""
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    folder = tmp_path / "attacks"
    folder.mkdir()
    for number, name in enumerate(names):
        content = ATTACKS[name][0].replace(b"{file}", str(secret).encode())
        (folder / f"{number:02}").write_bytes(content.replace(b"{port}", b"9"))
    return folder


def test_every_attack_is_refused_by_every_codec_and_opens_nothing(tmp_path: Path) -> None:
    folder = write_attacks(tmp_path, list(ATTACKS))

    result = read_sealed(folder)

    assert result.returncode == 0, f"{result.stdout[-300:]}{result.stderr}"
    lines = [line.split(" ") for line in result.stdout.splitlines()]
    assert len(lines) == len(ATTACKS) * len(READERS) * len(MEDIA_TYPES)
    for number, reader, messages, codes in lines:
        assert (messages, bool(codes)) == ("0", True), (list(ATTACKS)[int(number)], reader)


@pytest.mark.parametrize("name", ["entity from a file", "DTD from a file"])
def test_a_careless_reader_would_have_been_ended(tmp_path: Path, name: str) -> None:
    result = read_sealed(write_attacks(tmp_path, [name]), "--prove")
    assert result.returncode == -signal.SIGSYS
    assert result.stdout == ""
