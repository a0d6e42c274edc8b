"""What the core keeps as JSON carries a version, and every form ever kept keeps loading."""

from pathlib import Path

import pytest

from canonical.stored import StoredFormError
from gateway.connectors.embedded.forms import FORMS, KINDS, load_breaks

SAMPLES = sorted((Path(__file__).parent / "stored").glob("*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_stored_sample_keeps_loading(path: Path) -> None:
    name, version, _ = path.name.split(".")
    document = FORMS.load(path.read_bytes())
    assert type(document) is KINDS[name].type
    if version == f"v{KINDS[name].version}":
        assert FORMS.dump(document) == path.read_bytes().strip()


def test_every_kind_and_version_has_a_sample() -> None:
    want = {
        f"{name}.v{version}.json"
        for name, kind in KINDS.items()
        for version in range(1, kind.version + 1)
    }
    assert want == {path.name for path in SAMPLES}


def test_a_list_without_a_version_is_refused() -> None:
    with pytest.raises(StoredFormError):
        load_breaks(b"[]")
