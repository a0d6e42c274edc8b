"""Serve: the web and worker processes of one machine, together or one by one."""

import gc
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from gateway.cli.processes import (
    SUPERVISED,
    Processes,
    command,
    exit_with_parent,
    share_heaps,
    wait_until_listening,
)
from gateway.cli.workspace import workspace_option
from gateway.errors import GatewayError

if TYPE_CHECKING:
    from gateway.settings import Settings

START_SECONDS: Final = 60.0
GIVE_WAY: Final = 3.0
"""Seconds that a port which is taken may still become free."""
BACKLOG: Final = 1024


@dataclass(slots=True)
class Running:
    """Hold a gateway that runs in processes of its own; `stop` ends them."""

    base_url: str
    port: int
    processes: Processes
    missing: tuple[str, ...]
    host: str = "127.0.0.1"
    _watcher: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Make the thread that keeps the processes running."""
        self._watcher = threading.Thread(target=self.processes.watch, name="watch", daemon=True)

    @property
    def address(self) -> str:
        """Return where the web process listens; `base_url` may name a proxy in front of it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def begin(self) -> None:
        """Start the processes and wait until the web one listens."""
        with _signals_wait():
            self.processes.start()
        self._watcher.start()
        wait_until_listening(self.port, START_SECONDS)

    def wait(self) -> None:
        """Wait until the processes are told to stop."""
        self._watcher.join()

    def stop(self) -> None:
        """End the processes: they finish what they do first."""
        self.processes.interrupt()
        if self._watcher.is_alive():
            self._watcher.join()  # it may be starting one again: that one is to be stopped too
        self.processes.stop()


def start_processes(workspace: Path, port: int | None = None) -> Running:
    """Prepare `workspace`, start web and worker processes and return when they serve.

    `port` overrides the settings and `base_url` follows it. Raises `GatewayError` when the port is
    taken, another one serves the same SQLite file, or nothing listens in time.
    """
    from gateway.app import prepare
    from gateway.settings import load_settings
    from gateway.store.liveness import only_web

    settings = load_settings(workspace)
    environment: dict[str, str] = {}
    base_url, host = settings.base_url, settings.host
    if port is not None and port != settings.port:
        base_url = f"http://127.0.0.1:{port}"
        environment = {"GATEWAY_PORT": str(port), "GATEWAY_BASE_URL": base_url}
    port = settings.port if port is None else port
    require_port(host, port)
    with only_web(settings.database_url):
        pass  # the web process holds it; here a second `run` hears of the first
    os.environ.update(environment)
    prepared = prepare(workspace)
    parts = {"web": command("web"), "worker": command("worker")}
    processes = Processes(parts, workspace, environment)
    running = Running(base_url, port, processes, prepared.missing, host)
    try:
        running.begin()
    except BaseException:  # Ctrl-C too: what was started is stopped
        running.stop()
        raise
    return running


def stop_as_by_hand() -> None:
    """Let SIGTERM stop this process as Ctrl-C does, with all that it started until then.

    Ctrl-C is ignored by what a shell starts in the background, until somebody says otherwise.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Let signals wait until this is over: who is interrupted forgets what it just started.

    They are not blocked, as what is started would inherit that.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are not for this thread
        return
    came: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _frame: came.append(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for one in came:
        signal.raise_signal(one)


def require_port(host: str, port: int) -> None:
    """Wait a moment for the parts of a gateway that was killed just now: they notice it and go.

    Raises `GatewayError` when the port is still taken then.
    """
    until = time.monotonic() + GIVE_WAY
    while True:
        try:
            return refuse_taken_port(host, port)
        except GatewayError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `GatewayError` when somebody else listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = (
                f"port {port} on {host} cannot be used ({error.strerror}); choose another with "
                "`port` in gateway.toml or GATEWAY_PORT"
            )
            raise GatewayError(message) from error


@click.command()
@workspace_option
def run(workspace: Path) -> None:
    """Serve a workspace: prepare its database, then keep web and worker processes running."""
    stop_as_by_hand()
    running = start_processes(workspace)
    try:
        for text in running.missing:
            click.echo(f"note: {text}")
        click.echo(
            f"serving {running.base_url}, listening on {running.address} -- stop with Ctrl-C"
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: running.processes.interrupt())
        running.wait()
    finally:
        running.stop()


@click.command()
@workspace_option
def web(workspace: Path) -> None:
    """Serve only the web part; behind a load balancer, on as many machines as wanted."""
    from granian import Granian
    from granian.constants import Interfaces

    from gateway.observe.logging import server_logging
    from gateway.observe.shared import count_together
    from gateway.settings import load_settings
    from gateway.store.liveness import only_web

    supervised = _follow_supervisor()
    settings = load_settings(workspace)
    os.environ["GATEWAY_WORKSPACE"] = str(workspace)
    server = Granian(
        "gateway.cli.run:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web.workers,
        blocking_threads=settings.web.threads,
        backlog=BACKLOG,
        websockets=False,
        factory=True,
        log_level="warning",  # type: ignore[arg-type]  # an enumeration of strings
        log_dictconfig=server_logging(),
        respawn_failed_workers=True,
        process_name=None,
    )
    # Held by this process, not by those that the server starts and replaces.
    with only_web(settings.database_url):
        if not supervised:
            _refuse_unprepared(settings)
        if settings.web.workers > 1:
            count_together(settings.data_folder / "metrics")
        _load_for_all()
        server.serve()


def _load_for_all() -> None:
    """Load the code here already: where processes are forked they share its memory.

    After `count_together`, which what is loaded looks at.
    """
    import gateway.app  # noqa: F401 -- to have it loaded

    gc.collect()
    gc.freeze()


def application() -> object:
    """Build the WSGI application in the server's own process."""
    from gateway.app import web as build
    from gateway.observe import logging

    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        exit_with_parent(server.pid)
    logging.configure(process="web")
    built = build()
    # What stands now lives as long as the process: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    return built


@click.command()
@workspace_option
def worker(workspace: Path) -> None:
    """Run only the worker part: checks, deliveries, answers, upkeep."""
    from gateway.app import open_gateway
    from gateway.observe import logging

    supervised = _follow_supervisor()
    share_heaps()
    logging.configure(process="worker")
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    gateway = open_gateway(workspace)
    if not supervised:
        _refuse_unprepared(gateway.settings)
    working = gateway.worker()
    working.start()
    stopping.wait()
    working.stop()
    gateway.close()


def _refuse_unprepared(settings: "Settings") -> None:
    """Raise `StoreError` where the database is not there, or is not that of this release."""
    from gateway.store.database import open_database
    from gateway.store.migrations import require_current

    database = open_database(settings.database_url, pool_size=1)
    try:
        require_current(database)
    finally:
        database.close()


def _follow_supervisor() -> bool:
    """Tell whether somebody started this process and prepared everything; end when he does."""
    if SUPERVISED not in os.environ:
        return False
    exit_with_parent(int(os.environ[SUPERVISED]))
    return True
