"""Whatever is killed when, each order by EDI has one effect, one answer and one acknowledgement.

The processes of `gateway run` die by SIGKILL at random while two partners post interchanges and
drop them as files, some twice, some with a faulty message, to a core that fails before and after
its effects; what leaves lies in folders. The numbers that we give run without a gap and no file
is a half one. Set CRASH_SEED for other choices, CRASH_INTERCHANGES for more or fewer.
"""

import base64
import collections
import json
import os
import random
import re
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pytest

from canonical.interchange import Acknowledgement
from canonical.wire import EdiCodec, Message, Reading
from edi.edifact.codec import EdifactCodec
from edi.x12.codec import X12Codec
from gateway.store.database import Database, open_database
from gateway.store.payloads import PayloadArchive
from gateway.store.series import Series, list_series
from gateway.transports.folder import clear
from tests.builders import SECRET
from tests.e2e.crash_house import Company, Sender
from tests.e2e.test_crash_recovery import SEED, assert_no_job_waits, assert_sound, drained
from tests.gateway.pipeline.interchanges import (
    interchange,
    order_message,
    x12_interchange,
    x12_order,
)
from tests.patience import LONG, wait_until
from tests.scripted_core import ScriptedCore

INTERCHANGES = int(os.environ.get("CRASH_INTERCHANGES", "75"))
"""Interchanges of each partner; every second one is posted, the others are files."""
KILLS = 20
POSTING = 4
KILLED_UNTIL = 0.9
"""Share of what is owed to the partners that lies in their folders when the killing ends."""
BAD_EVERY, TWICE_EVERY = 7, 5
"""Of so many interchanges one has a faulty message, and one comes twice."""
LONG_AGO = 60.0
"""Seconds since a file was written that is dropped."""

PARTNER = """\
name: Buyer Ltd
customer: C1
state: live
identities: [{{domain: {domain}, identity: "{theirs}"}}]
supplier: [{{domain: {domain}, identity: "{ours}"}}]
secrets: {{current: file:secrets/{partner}}}
edi:
  syntax: {syntax}
  inbox: inbox/{partner}
  endpoint: folder:outbox/{partner}
  documents: [OrderResponse]
  acknowledge: {{CONTRL: always}}
"""


@dataclass(frozen=True)
class Arrival:
    """Hold an interchange as it is sent, and the orders in it that are whole."""

    partner: str
    number: int
    content: bytes
    orders: tuple[str, ...]


@dataclass(frozen=True)
class Buyer:
    """Say how one partner writes, and what its answers are called."""

    id: str
    syntax: str
    domain: str
    theirs: str
    ours: str
    codec: EdiCodec
    acknowledgement: str
    response: str

    @property
    def file(self) -> str:
        """Return the text of `partner.yaml`."""
        return PARTNER.format(
            partner=self.id,
            syntax=self.syntax,
            domain=self.domain,
            theirs=self.theirs,
            ours=self.ours,
        )

    def arrivals(self, chance: random.Random) -> list[Arrival]:
        """Return the interchanges that this partner sends, each of three to five messages."""
        found = []
        for number in range(1, INTERCHANGES + 1):
            ids = [f"{number}-{place}" for place in range(chance.randint(3, 5))]
            bad = chance.choice(ids) if number % BAD_EVERY == 0 else ""
            content = self._written(number, ids, bad)
            orders = tuple(one for one in ids if one != bad)
            found.append(Arrival(self.id, number, content, orders))
        return found

    def _written(self, number: int, ids: list[str], bad: str) -> bytes:
        amounts = {one: "1O" if one == bad else "1" for one in ids}
        if self.syntax == "x12":
            written = (x12_order(one, quantity=amount) for one, amount in amounts.items())
            return x12_interchange(str(number), *written)
        messages = [
            order_message(one, str(place), quantity=amount)
            for place, (one, amount) in enumerate(amounts.items(), start=1)
        ]
        return interchange(str(number), messages)


BUYERS = {
    one.id: one
    for one in (
        Buyer(
            *("nord", "edifact", "EDI-14", "7301234567890", "7309876543210"),
            *(EdifactCodec(), "CONTRL", "ORDRSP"),
        ),
        Buyer(
            *("calder", "x12", "EDI-ZZ", "BUYERCORP", "SUPPLIERCORP"),
            *(X12Codec(), "997", "855"),
        ),
    )
}


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    partners = {one.id: one.file for one in BUYERS.values()}
    opened = Company(database_url, tmp_path, SEED, partners, KILLS)
    try:
        opened.open()
        yield opened
    finally:
        opened.close()


@pytest.mark.faults
@pytest.mark.timeout(LONG)
@pytest.mark.xdist_group("crash")
def test_each_order_by_edi_has_one_effect_one_answer_and_one_acknowledgement(
    company: Company,
) -> None:
    started = time.monotonic()
    sent = {one.id: one.arrivals(random.Random(SEED)) for one in BUYERS.values()}
    company.kill_from_now_on()
    dropped = _send_all(company, sent)
    database = open_database(company.url)
    try:
        owed = sum(1 + len(one.orders) for one in chain(*sent.values()))
        left = partial(_left, company.workspace)
        wait_until(lambda: left() >= owed * KILLED_UNTIL, left)
        company.leave_alone()
        wait_until(lambda: not _waiting(company.workspace), lambda: _waiting(company.workspace))
        states = drained(database)
        sys.stderr.write(
            f"{sum(map(len, sent.values()))} interchanges answered in "
            f"{time.monotonic() - started:.0f} s; {company.kills} kills; {states}\n"
        )
        assert_no_job_waits(database)
        assert_sound(database)
        series = _series(database)
    finally:
        database.close()
    assert company.kills > 0
    _require_effects(company, sent)
    for buyer in BUYERS.values():
        left = _require_answers(company.workspace, buyer, sent[buyer.id])
        assert series[buyer.id, "out"].last == left
        assert series[buyer.id, "in"].last == INTERCHANGES
        assert series[buyer.id, "in"].missing == ()
        _require_files(company.workspace / "inbox" / buyer.id, dropped[buyer.id])
    PayloadArchive(company.workspace / "data/payloads").clear(older_than=0)
    for folder in company.workspace.glob("*box/*"):
        clear(folder, older_than=0)
    assert not [*company.workspace.rglob("*.tmp"), *company.workspace.rglob("*.part")]


# -- sending


def _send_all(company: Company, sent: dict[str, list[Arrival]]) -> dict[str, list[bytes]]:
    """Post one half and drop the other, some of each twice; return the content of all files."""
    posted: list[Arrival] = []
    dropped: dict[str, list[bytes]] = collections.defaultdict(list)
    for each in zip(*sent.values(), strict=True):
        for one in each:
            times = 2 if one.number % TWICE_EVERY == 0 else 1
            if one.number % 2:
                posted += [one] * times
            else:
                dropped[one.partner] += [one.content] * times
    with ThreadPoolExecutor(POSTING + 1) as pool:
        dropping = pool.submit(_drop_all, company.workspace / "inbox", dropped)
        shares = [posted[first::POSTING] for first in range(POSTING)]
        named = list(chain(*pool.map(lambda share: _post_all(company.port, share), shares)))
        dropping.result()
    known: dict[tuple[str, int], str] = {}
    for one, message in named:  # sent again, it is the message that it was
        assert known.setdefault((one.partner, one.number), message) == message
    return dropped


def _post_all(port: int, share: Iterable[Arrival]) -> list[tuple[Arrival, str]]:
    """Post interchanges until each is taken; return what they are called by."""
    proof = base64.b64encode(f"x:{SECRET}".encode()).decode()
    sender = Sender(port, "/edi", {"Authorization": f"Basic {proof}"})
    named = []
    for one in share:
        answer = json.loads(sender.post(one.content))
        assert answer["status"] == "received", answer
        named.append((one, answer["message"]))
    sender.close()
    return named


def _drop_all(inbox: Path, files: dict[str, list[bytes]]) -> None:
    """Put files where they are collected, whole and rested, as a careful partner does."""
    for partner, contents in files.items():
        folder = inbox / partner
        folder.mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(contents):
            growing = folder / f"{number}.edi.part"
            growing.write_bytes(content)
            before = time.time() - LONG_AGO
            os.utime(growing, (before, before))
            growing.rename(folder / f"{number}.edi")


def _waiting(workspace: Path) -> list[Path]:
    return list((workspace / "inbox").glob("*/*.edi"))


def _left(workspace: Path) -> int:
    return sum(1 for _ in (workspace / "outbox").glob("*/[!.]*"))


# -- what must be true


def _require_effects(company: Company, sent: dict[str, list[Arrival]]) -> None:
    """Each order is in the core, once."""
    effects = collections.Counter(ScriptedCore(company.effects).effects())
    orders = [f"{one.partner}:{order}" for one in chain(*sent.values()) for order in one.orders]
    assert set(effects) == {("submit", order) for order in orders}
    assert set(effects.values()) == {1}


def _require_answers(workspace: Path, buyer: Buyer, sent: list[Arrival]) -> int:
    """Each order has one answer, each interchange one acknowledgement; return how many left."""
    readings = list(_readings(workspace / "outbox" / buyer.id, buyer.codec))
    numbers = sorted(int(one.envelope.message_id) for one in readings if one.envelope is not None)
    assert numbers == list(range(1, len(readings) + 1)), "a gap, or a number used twice"
    messages: list[Message] = [message for one in readings for message in one.messages]
    assert not [message.faults for message in messages if message.faults]
    assert {message.name for message in messages} == {buyer.acknowledgement, buyer.response}
    said = [buyer.codec.settlement(one) for one in messages if one.name == buyer.acknowledgement]
    assert sorted(map(_about, filter(None, said))) == [one.number for one in sent]
    responses = len(messages) - len(said)
    assert responses == sum(len(one.orders) for one in sent)
    return len(readings)


def _about(acknowledgement: Acknowledgement) -> int:
    """Return the number of what is acknowledged: of its group, where a 997 says no more."""
    return int(acknowledgement.control_reference or acknowledgement.messages[0].group or "")


def _readings(folder: Path, codec: EdiCodec) -> Iterator[Reading]:
    for file in folder.glob("[!.]*"):  # a hidden one was begun by a process that was killed
        content = file.read_bytes()
        assert re.match(r"[0-9a-f]{24}\.", file.name), f"{file} is not whole"
        assert file.name.startswith(sha256(content).hexdigest()[:24])
        reading = codec.read(content, "")
        assert not reading.faults, (file, reading.faults)
        yield reading


def _require_files(inbox: Path, dropped: list[bytes]) -> None:
    """Each file that was dropped is in `done/`, as it was, and nothing is anywhere else."""
    done = sorted(file.read_bytes() for file in (inbox / "done").iterdir())
    assert done == sorted(dropped)
    assert {one.name for one in inbox.iterdir()} == {"done", "refused"}
    assert list((inbox / "refused").iterdir()) == []


def _series(database: Database) -> dict[tuple[str, str], Series]:
    with database.read() as connection:
        return {(one.partner, one.direction): one for one in list_series(connection)}
