"""What a killed process left half-written is cleared, whoever had the folder."""

from pathlib import Path

import pytest

from gateway.partners.model import Partner
from gateway.pipeline.clearing import REMEMBERED, clear_folders
from tests.builders import make_partner

HALF = f".gateway-{'0' * 16}.part"


def partner(**agreed: str) -> Partner:
    return make_partner(id="buyer", edi=agreed)


BUYER = partner(inbox="inbox/buyer", endpoint="folder:outbox/buyer")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def half_written(workspace: Path, *names: str) -> list[Path]:
    folders = [workspace / name for name in names]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HALF).write_bytes(b"half")
    return folders


def test_what_was_never_finished_in_the_folders_is_cleared(tmp_path: Path, data: Path) -> None:
    folders = half_written(tmp_path, "inbox/buyer/refused", "outbox/buyer", "outbox/other")
    posted = make_partner(id="posted", edi={"endpoint": "https://posted.example/edi"})
    assert clear_folders([BUYER, posted], tmp_path, data) == 0, "it may be written to just now"
    assert clear_folders([BUYER, posted], tmp_path, data, older_than=0) == 2
    assert [len(list(folder.iterdir())) for folder in folders] == [0, 0, 1]


@pytest.mark.parametrize("now", [[], [partner(inbox="in/b", endpoint="folder:out/b")]])
def test_folders_of_a_partner_who_is_gone_or_has_others_are_cleared(
    tmp_path: Path, data: Path, now: list[Partner]
) -> None:
    half_written(tmp_path, "inbox/buyer/refused", "outbox/buyer")
    assert clear_folders([BUYER], tmp_path, data) == 0
    assert clear_folders(now, tmp_path, data) == 0, "it may be written to just now"
    assert clear_folders(now, tmp_path, data, older_than=0) == 2
    half_written(tmp_path, "outbox/buyer")
    assert clear_folders(now, tmp_path, data, older_than=0) == 1, "a job of then may write there"


def test_a_folder_that_does_not_exist_any_more_is_forgotten(tmp_path: Path, data: Path) -> None:
    for folder in ("inbox/buyer", "outbox/buyer"):
        (tmp_path / folder).mkdir(parents=True)
    clear_folders([BUYER], tmp_path, data)
    (tmp_path / "outbox/buyer").rmdir()
    clear_folders([], tmp_path, data)
    assert (data / REMEMBERED).read_text() == '["inbox/buyer"]'


@pytest.mark.parametrize("broken", [b"", b"{", b"{}", b"[1, null]", b"\xff", b"3"])
def test_what_cannot_be_remembered_is_begun_anew(tmp_path: Path, data: Path, broken: bytes) -> None:
    half_written(tmp_path, "outbox/buyer", "data")
    (data / REMEMBERED).write_bytes(broken)
    assert clear_folders([BUYER], tmp_path, data, older_than=0) == 2
    assert (data / REMEMBERED).read_text() == '["inbox/buyer", "outbox/buyer"]'


def test_without_a_place_to_remember_folders_are_cleared_all_the_same(tmp_path: Path) -> None:
    half_written(tmp_path, "outbox/buyer")
    assert clear_folders([BUYER], tmp_path, tmp_path / "nowhere", older_than=0) == 1
