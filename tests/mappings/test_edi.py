"""Promise: the shipped mappings of EDI do what their samples show, both ways, in every edition."""

from pathlib import Path

import pytest

from gateway.cli.map_samples import Samples
from tests.mappings.workbench import SHIPPED

FOLDER = Path(__file__).parents[2] / "mappings"
SYNTAXES = ("edifact", "x12")
SAMPLES = sorted(path for name in SYNTAXES for path in (FOLDER / name).rglob("*.in.edi"))


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SAMPLES, ids=shown)
def test_sample_gives_what_is_written_beside_it(path: Path) -> None:
    assert Samples(SHIPPED).one(path).failures == []


def test_every_mapping_that_reads_has_samples() -> None:
    samples = Samples(SHIPPED)
    for path in SAMPLES:
        samples.one(path)
    heads = {
        str(entry.head)
        for entry in SHIPPED.entries()
        if entry.head is not None and entry.head.reads and entry.head.syntax in SYNTAXES
    }
    assert heads == set(samples.coverage)


def test_the_samples_of_orders_hit_every_field_of_an_order() -> None:
    samples = Samples(SHIPPED)
    for path in SAMPLES:
        if path.parent.name == "orders.samples":
            samples.one(path)
    missed = samples.coverage["edifact/ORDERS -> Order"].missed
    parts = ("address", "ship_to", "bill_to", "contact")
    assert [name for name in missed if not any(part in name for part in parts)] == []


@pytest.mark.parametrize("name", [entry.name for entry in SHIPPED.entries()])
def test_no_shipped_mapping_of_segments_has_findings(name: str) -> None:
    entry = next(entry for entry in SHIPPED.entries() if entry.name == name)
    if entry.head is None or entry.head.syntax not in SYNTAXES:
        return
    compiled = SHIPPED.reader_of(entry) if entry.head.reads else SHIPPED.writer_of(entry)
    assert compiled.warnings == ()
