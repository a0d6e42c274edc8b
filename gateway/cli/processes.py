"""Keep the web and worker processes of one machine running.

Each part is a process of its own session, so that a signal to one does not hit the other; one that
ends is started again, after a pause that grows while it keeps failing. When this process is told
to stop, the parts finish what they do; when it vanishes, they notice and stop by themselves.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.errors import GatewayError

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 10.0
STEADY_SECONDS: Final = 10.0
"""A part that ran this long starts again with the first pause."""
STOP_SECONDS: Final = 15.0
ARENAS: Final = 2
LARGE: Final = 64 << 10
"""Bytes from which a block is no part of a heap, but goes back to the system when it is freed."""
_M_ARENA_MAX: Final = -8
_M_MMAP_THRESHOLD: Final = -3
"""The numbers of these options in glibc's malloc.h."""
SUPERVISED: Final = "GATEWAY_SUPERVISOR"
"""Names the process id of the supervisor to its parts."""


@dataclass(slots=True)
class Part:
    """Hold one process that is kept running, and how it fared."""

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    resume_at: float = 0.0
    starts: int = field(default=0)


class Processes:
    """Start parts, start them again when they end, and stop them together."""

    def __init__(
        self, parts: Mapping[str, Sequence[str]], workspace: Path, environment: Mapping[str, str]
    ) -> None:
        self.parts = [Part(name, tuple(command)) for name, command in parts.items()]
        self._environment = {
            **os.environ,
            **environment,
            "GATEWAY_WORKSPACE": str(workspace),
            SUPERVISED: str(os.getpid()),
        }
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start every part."""
        for part in self.parts:
            self._start(part)

    def watch(self, interval: float = 0.2) -> None:
        """Start again whatever ends, until `stop` is called from a signal or another thread."""
        while not self._stopping.wait(interval):
            for part in self.parts:
                self._revive(part)

    def stop(self) -> None:
        """Ask every part to finish and wait; what does not is killed."""
        self._stopping.set()
        running = [part.process for part in self.parts if part.process is not None]
        for process in running:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()

    def interrupt(self) -> None:
        """Let `watch` return; safe in a signal handler."""
        self._stopping.set()

    def _start(self, part: Part) -> None:
        part.process = subprocess.Popen(  # noqa: S603 -- our own command line
            part.command, env=self._environment, start_new_session=True
        )
        part.started = time.monotonic()
        part.starts += 1

    def _revive(self, part: Part) -> None:
        if part.process is not None:
            if part.process.poll() is None:
                return
            _signal(part.process, signal.SIGKILL)  # what it started must not outlive it
            part.process = None
            steady = time.monotonic() - part.started > STEADY_SECONDS
            part.pause = FIRST_PAUSE if steady else min(part.pause * 2, LONGEST_PAUSE)
            part.resume_at = time.monotonic() + part.pause
        if time.monotonic() >= part.resume_at and not self._stopping.is_set():
            self._start(part)


def command(*words: str) -> tuple[str, ...]:
    """Return the command line that runs `gateway words...` with this same Python."""
    return (sys.executable, "-m", "gateway.cli", *words)


def exit_with_parent(parent: int, interval: float = 0.5) -> None:
    """Let this process end when `parent` vanishes without having said so, or has already."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(interval)
        os._exit(1)

    threading.Thread(target=watch, name="exit-with-parent", daemon=True).start()


def share_heaps() -> None:
    """Let the threads of this process share a few heaps, where its C library is glibc.

    By itself that gives each of a hundred threads one of its own, up to eight a core, and each
    grows until it has held the most that any work ever needed. And by itself it raises the size of
    what counts as large to that of the first such block, and keeps the gaps that later ones leave.
    A process that answers many at once does better without: its threads would wait for each other.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, ARENAS)
        mallopt(_M_MMAP_THRESHOLD, LARGE)


def wait_until_listening(port: int, seconds: float) -> None:
    """Wait until somebody listens on a loopback port; raises `GatewayError` when nobody does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"nothing listens on port {port} after {seconds:.0f} s; the lines above say why"
    raise GatewayError(message)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a part and the processes that it started."""
    try:
        if number is signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        return
