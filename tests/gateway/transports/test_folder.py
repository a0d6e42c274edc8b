"""Files go whole or not at all, and come in once they rest."""

import os
from pathlib import Path

import pytest

from canonical.wire import Payload
from gateway.errors import TransportError
from gateway.transports.folder import REST_SECONDS, FolderSender, collect, resting

NOW = 1_800_000_000.0
EDI = Payload(content=b"UNB+UNOC:3+A+B+261122:0700+1'UNZ+0+1'", media_type="application/edifact")


def _drop(folder: Path, name: str, content: bytes = b"UNB", age: float = 60) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(content)
    os.utime(file, (NOW - age, NOW - age))
    return file


def test_a_payload_becomes_one_whole_file_however_often_it_is_sent(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    for _ in range(3):
        sender.send("folder:outbox/acme", EDI)
    (file,) = (tmp_path / "outbox/acme").iterdir()
    assert file.read_bytes() == EDI.content
    assert file.suffix == ".edi"


def test_a_folder_that_cannot_be_written_is_a_transport_error(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file in the way")
    with pytest.raises(TransportError, match="outbox/acme cannot be written"):
        FolderSender(tmp_path).send("folder:outbox/acme", EDI)


def test_only_whole_files_are_seen_oldest_first(tmp_path: Path) -> None:
    for name in (".hidden.edi", "a.part", "b.TMP", "c.filepart"):
        _drop(tmp_path, name)
    _drop(tmp_path, "growing.edi", age=REST_SECONDS / 2)
    (tmp_path / "folder").mkdir()
    _drop(tmp_path, "young.edi", age=10)
    _drop(tmp_path, "old.edi", age=20)
    assert [file.name for file in resting(tmp_path, NOW)] == ["old.edi", "young.edi"]
    assert list(resting(tmp_path / "nowhere", NOW)) == []


def test_what_is_taken_in_is_put_away_and_what_is_refused_says_why(tmp_path: Path) -> None:
    _drop(tmp_path, "good.edi", b"good")
    _drop(tmp_path, "bad.edi", b"bad")
    taken = collect(tmp_path, lambda content: "" if content == b"good" else "no envelope", NOW)
    assert {(one.file.name, one.reason) for one in taken} == {
        ("good.edi", ""),
        ("bad.edi", "no envelope"),
    }
    assert (tmp_path / "done/good.edi").read_bytes() == b"good"
    assert (tmp_path / "refused/bad.edi").read_bytes() == b"bad"
    assert (tmp_path / "refused/bad.edi.reason.txt").read_text() == "no envelope\n"
    assert collect(tmp_path, lambda _: "", NOW) == ()


def test_a_name_that_was_used_before_overwrites_nothing(tmp_path: Path) -> None:
    for content in (b"first", b"second", b"third"):
        _drop(tmp_path, "orders.edi", content)
        collect(tmp_path, lambda _: "", NOW)
    found = {file.name: file.read_bytes() for file in (tmp_path / "done").iterdir()}
    assert found == {"orders.edi": b"first", "orders-2.edi": b"second", "orders-3.edi": b"third"}


def test_a_file_stays_where_it_is_when_it_cannot_be_taken_now(tmp_path: Path) -> None:
    file = _drop(tmp_path, "orders.edi")

    def busy(_: bytes) -> str:
        raise TransportError

    with pytest.raises(TransportError):
        collect(tmp_path, busy, NOW)
    assert file.exists()
