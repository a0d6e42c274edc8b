"""Every document ever stored keeps loading, by a chain of converters from its version on."""

from pathlib import Path

import pytest

from canonical.document import Document
from canonical.order import Order
from canonical.party import Orderer
from canonical.stored import (
    KINDS,
    RECORDS,
    Forms,
    Kind,
    Plain,
    StoredFormError,
    dump,
    load,
    load_as,
)

ALL = {**KINDS, **RECORDS}
SAMPLES = sorted((Path(__file__).parent / "stored").glob("*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_stored_sample_keeps_loading(path: Path) -> None:
    document = load(path.read_bytes())
    name = path.name.split(".")[0]
    assert type(document) is ALL[name].type
    assert load(dump(document)) == document


def test_every_kind_and_version_has_a_sample() -> None:
    have = {path.name for path in SAMPLES}
    want = {
        f"{name}.v{version}.json"
        for name, kind in ALL.items()
        for version in range(1, kind.version + 1)
    }
    assert want <= have, f"store a sample of {sorted(want - have)}"


def test_todays_samples_are_what_is_written_today() -> None:
    for path in SAMPLES:
        name, version, _ = path.name.split(".")
        if version == f"v{ALL[name].version}":
            assert dump(load(path.read_bytes())) == path.read_bytes().strip(), path.name


class Thing(Document):
    """Be a document that has had three versions."""

    label: str
    amount: int


def _rename(plain: Plain) -> Plain:
    return {"label": plain["name"]}


def _add_amount(plain: Plain) -> Plain:
    return plain | {"amount": 1}


THINGS = Forms({"thing": Kind(Thing, (_rename, _add_amount))})


@pytest.mark.parametrize(
    "text",
    [
        b'{"kind":"thing","version":1,"document":{"name":"x"}}',
        b'{"kind":"thing","version":2,"document":{"label":"x"}}',
        b'{"kind":"thing","version":3,"document":{"label":"x","amount":1}}',
    ],
)
def test_each_version_goes_through_its_own_part_of_the_chain(text: bytes) -> None:
    thing = THINGS.load(text)
    assert thing == Thing(label="x", amount=1)
    assert THINGS.dump(thing) == b'{"kind":"thing","version":3,"document":{"label":"x","amount":1}}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"kind":"spaceship","version":1,"document":{}}', "spaceship"),
        (
            b'{"kind":"order","version":2,"document":{}}',
            "order version 2: this release reads 1 to 1",
        ),
        (b'{"kind":"order","version":0,"document":{}}', "order version 0"),
        (b'{"kind":"order","version":1,"document":{}}', "order_id"),
        (b'{"kind":"profile","version":1,"document":{"x":1}}', "x"),
        (b'{"kind":"\xff"}', "utf-8"),
        (b"{", "truncated"),
        (b"", "truncated"),
        (b"[]", "array"),
    ],
)
def test_what_no_chain_leads_from_is_an_error_that_says_why(text: bytes, words: str) -> None:
    with pytest.raises(StoredFormError, match=words):
        load(text)


def test_a_value_that_is_no_document_of_its_own_is_not_stored() -> None:
    with pytest.raises(KeyError):
        dump(Orderer(email="a@b"))


def test_another_kind_than_the_wanted_is_an_error_that_names_both() -> None:
    profile = (Path(__file__).parent / "stored" / "profile.v1.json").read_bytes()
    with pytest.raises(StoredFormError, match="expected a stored Order, found a Profile"):
        load_as(Order, profile)
