"""Keep a whole gateway running in processes of its own while they are killed one after the other.

The processes are those of `gateway run`, in a workspace on disk, before a core behind HTTP that
fails now and then. Whatever ends is started again at once, as a supervisor would.
"""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from gateway.app import prepare
from gateway.cli.processes import SUPERVISED, command, wait_until_listening
from tests.builders import SECRET
from tests.ports import free_port

ROLES = ("web", "worker-1", "worker-2")
START_SECONDS = 600
LISTENING = "0A"
"""A socket's state, as /proc/net/tcp has it."""
KILLS = 30
BREATHS = (0.2, 2.0)
"""Seconds between two kills, from and to; a machine that starts slowly gets no more of them."""

# Jobs are not to blame for the killing here, however often it meets the same one.
SETTINGS = """\
base_url = "http://127.0.0.1:{port}"
port = {port}
[database]
url = "{database_url}"
[core]
kind = "rest"
url = "http://127.0.0.1:{core_port}"
sync_seconds = 5
[web]
workers = 2
[worker]
adoptions = 1000
[limits]
requests_per_minute = 1000000
[retry]
attempts = 200
base_seconds = 0.1
cap_seconds = 1.0
"""
CXML_HEADERS = {"Content-Type": "text/xml; charset=UTF-8"}
PARTNER = """\
name: Buyer Ltd
customer: C1
state: live
identities: [{domain: NetworkId, identity: BUYER}]
supplier: [{domain: DUNS, identity: SUPPLIER}]
secrets: {current: file:secrets/buyer}
"""


class Company:
    """Run the core, a web server of two processes and two workers; kill all but the core."""

    def __init__(
        self,
        database_url: str,
        folder: Path,
        seed: int,
        partners: Mapping[str, str] | None = None,
        kills: int = KILLS,
    ) -> None:
        """Take the text of each `partner.yaml` by the partner's id, and how often to kill."""
        self.url, self.folder, self.workspace = database_url, folder, folder / "workspace"
        self._partners, self._kills = partners or {"buyer": PARTNER}, kills
        self.port, self._core_port = free_port(), free_port()
        self.kills = 0
        self._chance = random.Random(seed)
        self._core = self._open_core(seed)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._calm, self._closed = threading.Event(), threading.Event()
        self._killer = threading.Thread(target=self._kill_at_random)
        self._watcher = threading.Thread(target=self._watch)

    @property
    def effects(self) -> Path:
        return self.folder / "core.sqlite"

    def open(self) -> None:
        """Prepare the workspace and start; return when buyers are answered."""
        wait_until_listening(self._core_port, START_SECONDS)
        self._write_workspace()
        prepare(self.workspace)
        for role in ROLES:
            self._start(role)
        self._watcher.start()
        wait_until_listening(self.port, START_SECONDS)

    @property
    def listening(self) -> int:
        """Say how many processes listen on the port, each at a socket of its own."""
        end = f":{self.port:04X}"
        sockets = [line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()]
        return sum(local.endswith(end) and state == LISTENING for local, _, state in sockets)

    def web_processes(self) -> list[int]:
        """Return the processes that answer requests, as the web server started them."""
        children = children_of(self._running["web"].pid)
        return [pid for pid in children if b"resource_tracker" not in words_of(pid)]

    def kill_from_now_on(self) -> None:
        self._killer.start()

    def leave_alone(self) -> None:
        """Kill no more; what died last is started again."""
        self._calm.set()
        self._killer.join()

    def close(self) -> None:
        self._calm.set()
        self._closed.set()
        for thread in (self._killer, self._watcher):
            if thread.is_alive():
                thread.join()
        for process in (*self._running.values(), self._core):
            end(process)

    def _write_workspace(self) -> None:
        settings = SETTINGS.format(port=self.port, database_url=self.url, core_port=self._core_port)
        files = {"gateway.toml": settings}
        for partner, text in self._partners.items():
            files[f"partners/{partner}/partner.yaml"] = text
            files[f"secrets/{partner}"] = f"{SECRET}\n"
        for name, text in files.items():
            file = self.workspace / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o600)

    def _open_core(self, seed: int) -> subprocess.Popen[bytes]:
        module = (sys.executable, "-m", "tests.e2e.crash_core")
        return subprocess.Popen((*module, str(self._core_port), self.effects, str(seed)))

    def _start(self, role: str) -> None:
        environment = {
            **os.environ,
            "GATEWAY_WORKSPACE": str(self.workspace),
            SUPERVISED: str(os.getpid()),
        }
        with (self.folder / f"{role}.log").open("ab") as log:
            self._running[role] = subprocess.Popen(
                command(role.partition("-")[0]), env=environment, stderr=log, start_new_session=True
            )

    def _watch(self) -> None:
        """Start again what has ended, whoever ended it."""
        while not self._closed.wait(0.05):
            for role, process in self._running.items():
                if process.poll() is not None:
                    end(process)
                    self._start(role)

    def _kill_at_random(self) -> None:
        while self.kills < self._kills and not self._calm.wait(self._chance.uniform(*BREATHS)):
            process = self._running[self._chance.choice(ROLES)]
            children = children_of(process.pid)
            if children and self._chance.random() < 0.5:
                kill(self._chance.choice(children))  # the web server starts it again by itself
            else:
                kill_group(process)
            self.kills += 1


class Sender:
    """Post as a buyer's system does: over one connection, the same message until it is answered."""

    def __init__(
        self, port: int, target: str = "/cxml", headers: Mapping[str, str] = CXML_HEADERS
    ) -> None:
        self._port, self._target, self._headers = port, target, dict(headers)
        self._pause = threading.Event()
        self._connection = self._connect()
        self.repeats = 0

    def post(self, content: bytes) -> bytes:
        """Return the first answer that is no failure of the gateway."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._post(content)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, "an order is not answered"
                self.repeats += 1
                self._connection.close()
                self._pause.wait(0.1)
                self._connection = self._connect()

    def close(self) -> None:
        self._connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)

    def _post(self, content: bytes) -> bytes:
        self._connection.request("POST", self._target, content, self._headers)
        response = self._connection.getresponse()
        body = response.read()
        if response.status >= 500 or b'code="5' in body:
            raise http.client.HTTPException(response.status)
        return body


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started, and see it gone."""
    kill_group(process)
    process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started; none where the system does not tell."""
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


def words_of(pid: int) -> bytes:
    """Return what a process was called with; nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
