"""Schemas of flat files are read with every mistake in its place, and partners name them."""

from pathlib import Path

import pytest

from gateway.errors import ConfigurationError
from gateway.partners.flatfiles import (
    load_flatfiles,
    read_flatfiles,
    schema_names,
    shipped_schemas,
)

SCHEMA = "flat: Own\ndelimiter: ;\nrecords:\n  item: {fields: {sku: an..10}}\n"


def workspace(tmp_path: Path, **schemas: str) -> Path:
    folder = tmp_path / "partners" / "acme" / "flatfiles"
    folder.mkdir(parents=True)
    for name, text in schemas.items():
        (folder / f"{name}.yaml").write_text(text)
    return tmp_path


def test_what_is_shipped_is_in_order() -> None:
    assert sorted(shipped_schemas()) == [
        "despatch-advice", "fixed-order", "invoice", "order-response", "price-list",
        "semicolon-order", "stock-report",
    ]  # fmt: skip


def test_a_partners_own_schema_is_known_by_partner_and_name(tmp_path: Path) -> None:
    home = workspace(tmp_path, prices=SCHEMA)
    found = load_flatfiles(home)
    assert found["acme/prices"].layout.name == "acme/prices"
    assert "semicolon-order" in found
    assert "prices" in schema_names(home / "partners" / "acme")
    assert "prices" not in schema_names(home / "partners" / "other")


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    home = workspace(tmp_path, bad=SCHEMA.replace("an..10", "x"), worse="[", good=SCHEMA)
    found, findings = read_flatfiles(home)
    assert list(found) == ["acme/good"]
    assert next(str(one).partition(" --")[0] for one in findings) == (
        "partners/acme/flatfiles/bad.yaml:4: records.item.fields.sku.format: "
        'expected a format such as an..35 or n9, found "x"'
    )
    assert any("worse.yaml" in str(one) for one in findings)
    with pytest.raises(ConfigurationError):
        load_flatfiles(home)


def test_a_name_that_no_file_or_mapping_could_have_is_told(tmp_path: Path) -> None:
    home = workspace(tmp_path, **{"our prices": SCHEMA})
    found, (finding,) = read_flatfiles(home)
    assert found == {}
    assert "our prices.yaml: letters, digits" in str(finding)
