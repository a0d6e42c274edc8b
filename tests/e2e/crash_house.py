"""Run one process of a gateway that a crash test kills: the web part, or a worker.

    python -m tests.e2e.crash_house web|worker DATABASE_URL FOLDER PORT|SEED

A process that is ready says so by a file `ready-<pid>` in FOLDER. The core is scripted: three calls
in a hundred fail before their effect, three after it, always without an answer.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from werkzeug.serving import make_server

from gateway.ambient import Ambient
from gateway.partners.directory import Partners
from gateway.partners.keyring import Keyring
from gateway.partners.library import shipped_library
from gateway.partners.vault import Secret
from gateway.pipeline.advancing import Patience
from gateway.pipeline.engine import DurableEngine
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.pipeline import Pipeline
from gateway.pipeline.steps import Workshop
from gateway.pipeline.worker import Worker, WorkerSettings
from gateway.pipeline.working import work_of
from gateway.store.database import Database, open_database
from gateway.store.payloads import PayloadArchive
from gateway.transports.http import HttpSender
from gateway.web.application import create_application
from gateway.web.inbound import Limits, create_inbound
from protocols.cxml.codec import CxmlCodec
from tests.builders import SECRET, make_partner
from tests.scripted_core import ScriptedCore, sometimes

PATIENCE = Patience(attempts=200, base=0.1, cap=1.0)
SETTINGS = WorkerSettings(
    concurrency=16, poll=0.1, adopt_every=0.5, upkeep_every=5.0, adoptions=1000
)
SHARE = 0.03


def equipment_of(database: Database, folder: Path) -> Equipment:
    library = shipped_library()
    return Equipment(
        database=database,
        archive=PayloadArchive(folder / "payloads"),
        codecs={"cxml": CxmlCodec(None)},
        partners=Partners((make_partner(),), {"buyer": Keyring(current=Secret(SECRET))}),
        library=lambda _partner: library,
        engine=DurableEngine(database),
        ambient=Ambient(),
    )


def web(database: Database, folder: Path, port: int) -> None:
    pipeline = Pipeline(equipment_of(database, folder))
    inbound = create_inbound(pipeline.receive, Limits(1 << 20, 1 << 20), Ambient().now)
    server = make_server("127.0.0.1", port, create_application((inbound,), {}), threaded=True)
    say_ready(folder)
    server.serve_forever()


def worker(database: Database, folder: Path, seed: int) -> None:
    core = ScriptedCore(folder / "core.sqlite", sometimes(seed, SHARE))
    shop = Workshop(equipment_of(database, folder), core, core.known, HttpSender(), PATIENCE)
    running = Worker(database, Ambient(), work_of(shop), SETTINGS)
    running.start()
    say_ready(folder)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    stop.wait()
    running.stop(grace=1)
    database.close()


def say_ready(folder: Path) -> None:
    (folder / f"ready-{os.getpid()}").touch()


if __name__ == "__main__":
    part, url, place, number = sys.argv[1:]
    {"web": web, "worker": worker}[part](open_database(url), Path(place), int(number))
