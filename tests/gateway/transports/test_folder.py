"""Files go whole or not at all, and come in once they rest, whatever else lies in the folder."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from canonical.wire import Payload
from gateway.errors import TransportError
from gateway.transports import folder as folders
from gateway.transports.folder import (
    JUST_NOW,
    REST_SECONDS,
    FolderSender,
    Taken,
    clear,
    collect,
    resting,
)
from tests.small_disk import small_disk

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


def test_a_payload_may_name_its_file_but_not_lead_elsewhere(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    for name in ("invoice-17.csv", "../17.csv", ".17.csv", "a/b.csv", "x" * 101):
        kind = f'text/csv; charset=UTF-8; schema=acme/invoice; name="{name}"'
        sender.send("folder:outbox/acme", Payload(content=name.encode(), media_type=kind))
    names = sorted(file.name for file in (tmp_path / "outbox/acme").iterdir())
    assert len(names) == 5
    assert "invoice-17.csv" in names
    assert [len(name) for name in names if name.endswith(".dat")] == [28] * 4
    assert not list(tmp_path.glob("*.csv"))


def test_a_name_that_another_file_has_until_it_is_fetched_hides_nothing(tmp_path: Path) -> None:
    sender, outbox = FolderSender(tmp_path), tmp_path / "outbox"

    def send(name: str, content: bytes) -> None:
        sender.send("folder:outbox", Payload(content, f'text/csv; name="{name}"'))

    for content in (b"first", b"other", b"longer", b"other", b"first"):
        send("invoice-1.csv", content)
    found = {file.name: file.read_bytes() for file in outbox.iterdir()}
    assert sorted(found.values()) == [b"first", b"longer", b"other"]
    assert found.pop("invoice-1.csv") == b"first"
    for name, content in found.items():
        assert name == f"invoice-1-{sha256(content).hexdigest()[:24]}.csv"
    (outbox / "folder.csv").mkdir()
    (outbox / "link.csv").symlink_to(outbox / "invoice-1.csv")
    os.mkfifo(outbox / "pipe.csv")
    for kind in ("folder", "link", "pipe"):
        send(f"{kind}.csv", b"first")
        (file,) = outbox.glob(f"{kind}-*.csv")
        assert file.read_bytes() == b"first"


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


# -- what leaves, while others write, die or have no room


def test_two_workers_that_send_one_message_leave_no_half_file(tmp_path: Path) -> None:
    large = Payload(content=b"x" * (4 << 20), media_type="application/edifact")
    done = threading.Event()

    def send() -> None:
        for _ in range(10):
            FolderSender(tmp_path).send("folder:outbox", large)

    def look() -> set[int]:
        sizes = set()
        while not done.is_set():
            sizes |= {file.stat().st_size for file in (tmp_path / "outbox").glob("[!.]*")}
        return sizes

    with ThreadPoolExecutor(4) as pool:
        looking = pool.submit(look)
        sending = [pool.submit(send) for _ in range(3)]
        for one in sending:
            one.result()
        done.set()
        assert looking.result() == {len(large.content)}
    assert len(list((tmp_path / "outbox").iterdir())) == 1


ENDLESS = """
import sys
from pathlib import Path
from canonical.wire import Payload
from gateway.transports.folder import FolderSender
sender, number = FolderSender(Path(sys.argv[1])), 0
while True:
    number += 1
    content = number.to_bytes(8, "big") * (1 << 20)
    sender.send("folder:outbox", Payload(content=content, media_type="application/edifact"))
    print(number, flush=True)
"""


@pytest.mark.faults
def test_a_process_that_dies_in_the_middle_of_a_file_leaves_no_half_one(tmp_path: Path) -> None:
    outbox, size, hidden = tmp_path / "outbox", 8 << 20, 0
    for _ in range(5):
        with subprocess.Popen(
            (sys.executable, "-c", ENDLESS, str(tmp_path)), stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            while process.stdout.readline() != b"2\n":
                assert process.poll() is None
            process.send_signal(signal.SIGKILL)
        hidden = len(list(outbox.glob(".*")))
        assert {file.stat().st_size for file in outbox.glob("[!.]*")} == {size}
    assert clear(tmp_path / "outbox") == 0, "another process may write them"
    assert clear(tmp_path / "outbox", older_than=0) == hidden
    assert not list(outbox.glob(".*"))


def test_what_was_begun_long_ago_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    ours, long_ago = f".gateway-{'0' * 16}.part", time.time() - 2 * JUST_NOW
    inbox, elsewhere = tmp_path / "inbox", tmp_path / "elsewhere"
    for folder in (inbox, inbox / "refused", elsewhere / "refused"):
        for name in (ours, ".theirs.part", "orders.edi", ours.replace("0", "1")):
            _drop(folder, name)
            os.utime(folder / name, None if "1" in name else (long_ago, long_ago))
    (elsewhere / ours.replace("0", "2")).mkdir()
    os.utime(elsewhere / ours.replace("0", "2"), (long_ago, long_ago))
    assert clear(inbox) == 2
    assert len(list(inbox.rglob("*.*"))) == 6
    assert not list(inbox.rglob(ours))
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/refused").symlink_to(elsewhere / "refused")
    assert [clear(tmp_path / name) for name in ("linked", "nowhere", "elsewhere")] == [0, 0, 1]


def test_a_full_disk_is_a_transport_error_and_leaves_nothing_behind(tmp_path: Path) -> None:
    large = Payload(content=b"x" * 5000, media_type="application/edifact")
    with small_disk(1000), pytest.raises(TransportError, match="outbox cannot be written"):
        FolderSender(tmp_path).send("folder:outbox", large)
    assert list((tmp_path / "outbox").iterdir()) == []
    FolderSender(tmp_path).send("folder:outbox", large)
    assert [file.stat().st_size for file in (tmp_path / "outbox").iterdir()] == [5000]


def _hard_linked(place: Path, victim: Path) -> None:
    os.link(victim, place)


def _piped(place: Path, _victim: Path) -> None:
    os.mkfifo(place)


def _linked(place: Path, victim: Path) -> None:
    place.symlink_to(victim)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("planted", [_hard_linked, _piped, _linked])
def test_nothing_that_lies_in_a_folder_is_written_to_or_waited_for(
    tmp_path: Path, planted: Callable[[Path, Path], None]
) -> None:
    (tmp_path / "precious").write_text("mine")
    sender, inbox = FolderSender(tmp_path), tmp_path / "inbox"
    sender.send("folder:outbox", EDI)
    (sent,) = (tmp_path / "outbox").iterdir()
    sent.unlink()
    (inbox / "refused").mkdir(parents=True)
    places = (sent, inbox / "refused/bad.edi.reason.txt")
    for place in places:
        planted(place.with_name(f".{place.name}.part"), tmp_path / "precious")
    sender.send("folder:outbox", EDI)
    _drop(inbox, "bad.edi")
    collect(inbox, lambda _: "no envelope", NOW)
    assert [place.read_bytes() for place in places] == [EDI.content, b"no envelope\n"]
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_link_in_the_outbox_is_not_written_through(tmp_path: Path) -> None:
    FolderSender(tmp_path).send("folder:outbox", EDI)
    (sent,) = (tmp_path / "outbox").iterdir()
    sent.unlink()
    (tmp_path / "precious").write_text("mine")
    sent.symlink_to(tmp_path / "precious")
    FolderSender(tmp_path).send("folder:outbox", EDI)
    assert not sent.is_symlink()
    assert (tmp_path / "precious").read_text() == "mine"


# -- what comes in, from partners who may do anything in their folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Lend a folder that any user of the machine gets to."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def _another_user() -> Iterator[None]:
    """Be nobody in particular meanwhile: root may read and write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def _collected(folder: Path) -> tuple[list[bytes], tuple[Taken, ...]]:
    contents: list[bytes] = []

    def take(content: bytes) -> str:
        contents.append(content)
        return ""

    return contents, collect(folder, take, NOW)


def test_what_cannot_be_read_waits_and_its_neighbours_go_on(open_folder: Path) -> None:
    inbox = open_folder / "inbox"
    secret = _drop(inbox, "1-unreadable.edi", b"secret", age=90)
    secret.chmod(0)
    _drop(inbox, "2-good.edi", b"good")
    inbox.chmod(0o777)
    with _another_user():
        contents, taken = _collected(inbox)
    assert contents == [b"good"]
    assert [one.stays for one in taken] == [True, False]
    assert "Permission denied" in taken[0].reason
    assert "let the gateway's user read it" in taken[0].reason
    assert secret.exists()


def test_links_pipes_and_folders_are_not_read(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    _drop(tmp_path, "secret.edi", b"secret")
    (inbox / "folder.edi").mkdir(parents=True)
    (inbox / "link.edi").symlink_to(tmp_path / "secret.edi")
    (inbox / "nowhere.edi").symlink_to(tmp_path / "nowhere")
    os.mkfifo(inbox / "pipe.edi")
    for name in ("link.edi", "nowhere.edi", "pipe.edi"):
        os.utime(inbox / name, (NOW - 60, NOW - 60), follow_symlinks=False)
    contents, taken = _collected(inbox)
    assert contents == []
    assert {one.file.name: one.stays for one in taken} == {
        "link.edi": True,
        "nowhere.edi": True,
        "pipe.edi": True,
    }
    assert "links are not followed" in next(one.reason for one in taken if "link" in one.file.name)
    assert (tmp_path / "secret.edi").exists()


@pytest.mark.parametrize("name", ["done", "refused"])
def test_nothing_is_moved_out_through_a_link(tmp_path: Path, name: str) -> None:
    inbox, elsewhere = tmp_path / "inbox", tmp_path / "elsewhere"
    file = _drop(inbox, "orders.edi")
    elsewhere.mkdir()
    (inbox / name).symlink_to(elsewhere)
    with pytest.raises(TransportError, match=f"{name} cannot be used"):
        collect(inbox, lambda _: pytest.fail("taken"), NOW)
    assert file.exists()
    assert list(elsewhere.iterdir()) == []


def test_nothing_is_taken_that_could_not_be_moved_away(open_folder: Path) -> None:
    inbox = open_folder / "inbox"
    _drop(inbox, "orders.edi")
    for folder in ("done", "refused"):
        (inbox / folder).mkdir(mode=0o777)
    inbox.chmod(0o555)
    with _another_user(), pytest.raises(TransportError, match="inbox cannot be written"):
        collect(inbox, lambda _: pytest.fail("taken"), NOW)
    inbox.chmod(0o755)


def test_a_file_that_replaces_one_while_that_is_taken_in_is_not_lost(tmp_path: Path) -> None:
    contents = []
    _drop(tmp_path, "orders.edi", b"first")

    def take(content: bytes) -> str:
        contents.append(content)
        if content == b"first":
            _drop(tmp_path, "new.part", b"second")
            (tmp_path / "new.part").rename(tmp_path / "orders.edi")
        return ""

    collect(tmp_path, take, NOW)
    collect(tmp_path, take, NOW)
    assert contents == [b"first", b"second"]
    assert [file.read_bytes() for file in (tmp_path / "done").iterdir()] == [b"second"]


def test_a_file_that_is_written_anew_while_others_are_taken_in_waits(tmp_path: Path) -> None:
    contents = []
    _drop(tmp_path, "1.edi", b"first", age=90)
    _drop(tmp_path, "2.edi", b"second")

    def take(content: bytes) -> str:
        contents.append(content)
        _drop(tmp_path, "2.edi", b"second, half", age=0)
        return ""

    collect(tmp_path, take, NOW)
    assert contents == [b"first"]
    assert (tmp_path / "2.edi").exists()


def test_a_file_that_its_sender_takes_back_is_no_matter(tmp_path: Path) -> None:
    file = _drop(tmp_path, "orders.edi")

    def take(_: bytes) -> str:
        file.unlink()
        return ""

    (taken,) = collect(tmp_path, take, NOW)
    assert taken.reason == ""
    assert list((tmp_path / "done").iterdir()) == []


def test_a_time_to_come_keeps_no_file_waiting(tmp_path: Path) -> None:
    _drop(tmp_path, "orders.edi", age=-1_000_000)
    assert _collected(tmp_path)[0] == [b"UNB"]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe\x80.edi", b"two\nlines\t.edi", b"n" * 251 + b".edi", b"n." + b"s" * 150],
)
def test_any_name_is_put_away_with_its_reason(tmp_path: Path, raw: bytes) -> None:
    name = os.fsdecode(raw)
    for _ in range(2):
        _drop(tmp_path, name)
        (taken,) = collect(tmp_path, lambda _: "no envelope", NOW)
        assert taken.file.name == name
    refused = [os.fsencode(file.name) for file in (tmp_path / "refused").iterdir()]
    reasons = {one for one in refused if one.endswith(b".reason.txt")}
    assert len(refused) == 4
    assert {one.removesuffix(b".reason.txt") for one in reasons} == set(refused) - reasons


def test_a_file_named_as_a_reason_is_not_overwritten_by_one(tmp_path: Path) -> None:
    for name in ("orders.edi.reason.txt", "orders.edi"):
        _drop(tmp_path, name, name.encode())
        collect(tmp_path, lambda _: "no envelope", NOW)
    kept = (tmp_path / "refused/orders.edi.reason.txt").read_text()
    assert kept == "orders.edi.reason.txt"


def test_a_reason_that_finds_no_room_keeps_no_file_waiting(tmp_path: Path) -> None:
    for name in ("1.edi", "2.edi"):
        _drop(tmp_path, name)
    with small_disk(10):
        taken = collect(tmp_path, lambda _: "a reason of more than ten bytes", NOW)
    assert len(taken) == 2
    assert {file.name for file in (tmp_path / "refused").iterdir()} == {"1.edi", "2.edi"}


def test_two_who_collect_at_once_take_each_file_once(tmp_path: Path) -> None:
    contents: list[bytes] = []
    for number in range(3):
        _drop(tmp_path, f"{number}.edi", str(number).encode())

    def take(content: bytes) -> str:
        assert _collected(tmp_path) == ([], ())  # the other one
        contents.append(content)
        return ""

    collect(tmp_path, take, NOW)
    assert contents == [b"0", b"1", b"2"]


def test_what_cannot_be_judged_now_stays_and_its_neighbours_go_on(tmp_path: Path) -> None:
    for name in ("1-odd.edi", "2-good.edi"):
        _drop(tmp_path, name, name.encode())
    taken = collect(tmp_path, lambda content: None if b"odd" in content else "", NOW)
    assert [(one.file.name, one.stays) for one in taken] == [
        ("1-odd.edi", True),
        ("2-good.edi", False),
    ]
    assert (tmp_path / "1-odd.edi").exists()


def test_a_flood_of_files_comes_in_shares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "AT_ONCE", 2)
    for number in range(5):
        _drop(tmp_path, f"{number}.edi", age=90 - number)
    shares = [[one.file.name for one in _collected(tmp_path)[1]] for _ in range(4)]
    assert shares == [["0.edi", "1.edi"], ["2.edi", "3.edi"], ["4.edi"], []]
