"""Every kept session of a buyer's system replays through the whole gateway to the same bytes."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from gateway.partners.profile import profile_names
from protocols.cxml.vocabulary import DOCTYPES, module_of
from protocols.xml import parse
from tests.mappings.profiles.replay import (
    House,
    Played,
    opened_house,
    partner_id,
    samples,
)
from tests.reference import reference_folder

SAMPLES = samples()
WITHOUT = {"oracle"}
"""Profiles that are only there for others to extend."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened_house(tmp_path_factory.mktemp("profiles")) as opened:
        yield opened


@pytest.fixture(scope="module")
def played(house: House) -> dict[Path, Played]:
    return {sample: house.play(sample) for sample in SAMPLES}


@pytest.mark.parametrize("sample", SAMPLES, ids=partner_id)
def test_a_session_gives_what_is_kept_beside_it(
    sample: Path, played: dict[Path, Played], request: pytest.FixtureRequest
) -> None:
    files = played[sample].files
    if request.config.getoption("--update-golden"):
        for name, text in files.items():
            (sample / name).write_text(text, "utf-8")
    kept = {name: (sample / name).read_text("utf-8") for name in files}
    assert files == kept
    given = {"partner.yaml", "goods.csv", "order.sent.xml"} | {
        path.name for path in sample.glob("setup.sent.*")
    }
    assert {path.name for path in sample.iterdir()} <= given | files.keys()


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if (one / "goods.csv").exists()], ids=partner_id
)
def test_nothing_that_was_put_in_is_missing_from_the_cart(
    sample: Path, played: dict[Path, Played]
) -> None:
    text = played[sample].files["cart.canonical.json"]
    with (sample / "goods.csv").open() as opened:
        skus = [row["sku"] for row in csv.DictReader(opened)]
    assert all(f'"{sku}"' in text for sku in skus)


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if (one / "order.sent.xml").exists()], ids=partner_id
)
def test_the_order_of_the_cart_reaches_the_core(sample: Path, played: dict[Path, Played]) -> None:
    test = 'deploymentMode="test"' in (sample / "order.sent.xml").read_text("utf-8")
    assert played[sample].state == ("tested" if test else "delivered")


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if (one / "setup.sent.xml").exists()], ids=partner_id
)
def test_what_is_sent_is_valid_in_the_dtd_that_it_names(
    sample: Path, played: dict[Path, Played]
) -> None:
    reference = reference_folder("cxml")
    for name in ("setup.answer.xml", "cart.xml"):
        root = parse(played[sample].files[name].encode(), doctypes=DOCTYPES).root
        assert root is not None
        version = str(root.get("version"))
        message = root[0][0].tag if name == "setup.answer.xml" else root[1][0].tag
        path = reference / "dtd" / version / f"{module_of(str(message))}.dtd"
        if not path.exists():  # not among the versions at hand: the newest knows all of them
            path = reference / "dtd" / "1.2.071" / "cXML.dtd"
        dtd = etree.DTD(str(path))
        assert dtd.validate(root), f"{name}: {dtd.error_log}"


def test_every_profile_has_sessions() -> None:
    covered = {sample.parent.name.removesuffix(".samples") for sample in SAMPLES}
    assert covered == set(profile_names()) - WITHOUT


def test_a_sample_says_that_it_is_a_reconstruction() -> None:
    for sample in SAMPLES:
        text = (sample / "partner.yaml").read_text("utf-8")
        assert text.startswith("# A reconstruction: made by us"), sample
        assert f"\nprofile: {sample.parent.name.removesuffix('.samples')}\n" in text, sample
