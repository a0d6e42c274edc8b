"""Every sample of other projects is read, and what their table says of it is found."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from canonical.faults import Severity
from canonical.wire import Reading
from edi.edifact.codec import EdifactCodec
from edi.edifact.directory.archive import read_archive
from edi.schema import Directory
from edi.x12.codec import X12Codec
from tests.reference import reference_folder

Sample = dict[str, str]

FEATURES: Mapping[str, Mapping[str, str]] = {
    "EDIFACT": {
        "bad-UNT-count": "EDIFACT-020",
        "UNT-ref-mismatch": "EDIFACT-021",
        "UNZ-ref-mismatch": "EDIFACT-017",
        "missing-UNZ": "EDIFACT-006",
        "utf8-bom": "EDIFACT-004",
    },
    "X12": {"bad-SE-count": "X12-020", "SE-ref-mismatch": "X12-021", "utf8-bom": "X12-004"},
}
"""What the table calls a feature, and what we call it."""

NO_TABLES = {"EDIFACT-037", "EDIFACT-038", "X12-037", "X12-038"}
AMBIGUOUS = "test/indice.Edi.Tests/Samples/x12.850.issue135.edi"
"""A header without ISA16 and lines that end with `~`, but for one: by lines its count is right, and
by `~` (as we read it: every last element of a line would have one) it is one too many."""


def samples() -> Iterator[tuple[Sample, Path]]:
    folder = reference_folder("edi")
    with (folder / "samples.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            path = row["path"].replace(" ", "_")
            yield row, folder / "samples" / row["repo"].replace("/", "__") / path


def members(content: bytes, found: dict[str, bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            if name.lower().endswith(".zip"):
                members(inner, found)
            else:
                found[name] = inner
    return found


@cache
def directories() -> Mapping[str, Directory]:
    """Return the directories of the UN that the reference holds."""
    archives = sorted((reference_folder("edi") / "untdid").glob("*.zip"))
    read = (read_archive(members(path.read_bytes(), {}), path.name) for path in archives)
    return {directory.name: directory for directory in read}


@cache
def readings() -> tuple[tuple[Sample, Reading], ...]:
    codecs = {"EDIFACT": EdifactCodec(directories()), "X12": X12Codec()}
    return tuple(
        (row, codecs[row["standard"]].read(path.read_bytes(), "")) for row, path in samples()
    )


def codes(reading: Reading, *, errors: bool = False) -> set[str]:
    every = (*reading.faults, *(one for message in reading.messages for one in message.faults))
    return {one.code for one in every if not errors or one.severity is Severity.ERROR}


def test_every_sample_is_there() -> None:
    assert len(readings()) == 94


def test_a_feature_of_the_envelope_is_a_fault_and_nothing_else_is() -> None:
    wrong = []
    for row, reading in readings():
        features, found = row["features"].replace(",", " ").split(), codes(reading)
        # Peers could not read these ISA: what the table says of what follows means nothing.
        measured = row["standard"] == "EDIFACT" or "missing-IEA" not in features
        for feature, code in FEATURES[row["standard"]].items():
            counts = (measured and row["path"] != AMBIGUOUS) or feature in features
            if counts and (feature in features) != (code in found):
                wrong.append((row["path"], feature, sorted(found)))
    assert wrong == []


def test_what_has_no_error_for_peers_has_none_for_us() -> None:
    """Peers know no dates: one of the files they accept was written in month 97."""
    wrong = {
        row["path"]: codes(reading, errors=True) - NO_TABLES
        for row, reading in readings()
        if row["expected outcome"].endswith("no error")
    }
    assert {path: found for path, found in wrong.items() if found} == {
        "src/test/resources/EDIFACT/invoic_d93a_una.edi": {"EDIFACT-124"}
    }


def test_what_has_errors_for_peers_has_some_for_us() -> None:
    missed = {
        row["path"]
        for row, reading in readings()
        if row["expected outcome"].startswith("errors:") and not codes(reading, errors=True)
    }
    assert missed == set()


def test_a_mark_of_byte_order_or_a_header_without_padding_hides_no_message() -> None:
    for row, reading in readings():
        features = row["features"]
        unpadded = "missing-IEA" in features and row["standard"] == "X12"
        if "utf8-bom" in features or (unpadded and "ellipses" not in row["path"]):
            assert reading.messages, row["path"]
            assert "X12-002" not in codes(reading), row["path"]


def test_all_but_two_files_hold_messages() -> None:
    """One is a string UNA alone, one is of no standard, one holds but a TA1 (a message here)."""
    empty = {row["path"] for row, reading in readings() if not reading.messages}
    assert empty == {
        "tests/data/custom-una.txt",
        "ballerina/tests/resources/ignore_segments/message.edi",
    }
