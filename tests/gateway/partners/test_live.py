"""A new or changed partner works without a restart, and a broken file stops nobody."""

import os
from pathlib import Path

import pytest

from gateway.errors import ConfigurationError, NotFoundError
from gateway.partners.live import LOOK_EVERY, LiveLibraries, LivePartners
from gateway.partners.loader import load_partners

FILE = """
name: {name}
customer: "10001"
state: live
identities: [{{domain: DUNS, identity: "{duns}"}}]
supplier: [{{domain: DUNS, identity: "999999999"}}]
secrets: {{current: "file:secrets/{id}"}}
"""


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def write(workspace: Path, partner: str, duns: str, name: str = "Norr") -> None:
    folder = workspace / "partners" / partner
    folder.mkdir(parents=True, exist_ok=True)
    (workspace / "secrets").mkdir(exist_ok=True)
    secret = workspace / "secrets" / partner
    secret.write_text("a-long-enough-secret-for-a-test")
    secret.chmod(0o600)
    (folder / "partner.yaml").write_text(FILE.format(name=name, duns=duns, id=partner))


@pytest.fixture
def live(tmp_path: Path, clock: Clock) -> LivePartners:
    write(tmp_path, "norr", "111111111")
    return LivePartners(tmp_path, lambda: load_partners(tmp_path), now=clock)


def test_a_new_partner_is_known_after_the_next_look(
    live: LivePartners, clock: Clock, tmp_path: Path
) -> None:
    write(tmp_path, "syd", "222222222")
    with pytest.raises(NotFoundError):
        live.get("syd")
    clock.seconds += LOOK_EVERY
    assert live.get("syd").id == "syd"
    assert len(live) == 2


def test_a_changed_file_changes_the_partner_and_the_edition(
    live: LivePartners, clock: Clock, tmp_path: Path
) -> None:
    before = live.edition
    write(tmp_path, "norr", "111111111", name="Norr och Syd")
    clock.seconds += LOOK_EVERY
    assert live.get("norr").name == "Norr och Syd"
    assert live.edition != before


def test_a_broken_file_leaves_the_last_good_partners(
    live: LivePartners, clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "partners" / "norr" / "partner.yaml"
    file.write_text("name: [")
    clock.seconds += LOOK_EVERY
    assert live.get("norr").name == "Norr"
    write(tmp_path, "norr", "111111111", name="Mended")
    clock.seconds += LOOK_EVERY
    assert live.get("norr").name == "Mended"


def test_nothing_is_read_again_while_nothing_changes(tmp_path: Path, clock: Clock) -> None:
    write(tmp_path, "norr", "111111111")
    loads: list[int] = []

    def load():
        loads.append(1)
        return load_partners(tmp_path)

    live = LivePartners(tmp_path, load, now=clock)
    for _ in range(5):
        clock.seconds += LOOK_EVERY
        live.get("norr")
    assert len(loads) == 1
    os.utime(tmp_path / "partners" / "norr" / "partner.yaml", ns=(1, 1))
    clock.seconds += LOOK_EVERY
    live.get("norr")
    assert len(loads) == 2


def test_a_broken_table_stops_the_start_and_leaves_a_running_gateway_its_good_ones(
    live: LivePartners, clock: Clock, tmp_path: Path
) -> None:
    libraries = LiveLibraries(tmp_path, live)
    good = libraries(live.get("norr"))
    table = tmp_path / "partners" / "norr" / "tables" / "cxml" / "uom.csv"
    table.parent.mkdir(parents=True)
    table.write_text("FOO,BX\n")
    clock.seconds += LOOK_EVERY
    assert libraries(live.get("norr")) is good
    with pytest.raises(ConfigurationError) as caught:
        LiveLibraries(tmp_path, live).check()
    assert "uom.csv:1" in caught.value.findings[0]


def test_a_changed_overlay_is_used_at_once(
    live: LivePartners, clock: Clock, tmp_path: Path
) -> None:
    libraries = LiveLibraries(tmp_path, live)
    shipped = libraries(live.get("norr"))
    table = tmp_path / "partners" / "norr" / "tables" / "cxml" / "uom.csv"
    table.parent.mkdir(parents=True)
    table.write_text("# extends: cxml/uom\n# direction: in\nfrom,to\nFOO,BX\n")
    clock.seconds += LOOK_EVERY
    assert libraries(live.get("norr")) is not shipped
