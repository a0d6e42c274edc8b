"""Make the demo's workspace, a copy of examples/demo with secrets of its own, and hold its port.

A folder that is there already is kept as it is; only what is missing is added, so that a second run
goes on with the orders of the first. Each file is there whole or not at all, and the one that tells
a workspace comes first: a run that is stopped here, or another at its side, leaves nothing strange.
"""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import gateway
from gateway.cli.run import refuse_taken_port
from gateway.errors import ConfigurationError, GatewayError
from gateway.settings.loader import FILE_NAME

SOURCES: Final = (
    Path(gateway.__file__).parent.parent / "examples" / "demo",
    Path(gateway.__file__).parent / "demo_workspace",
)
"""Where the example is: in a checkout, and in an installed wheel."""
_LEFT_OUT: Final = frozenset({"__pycache__", "data", "secrets"})


def make_workspace(folder: Path, sources: tuple[Path, ...] = SOURCES) -> Path:
    """Return the workspace at `folder`, made or completed."""
    source = next((path for path in sources if (path / FILE_NAME).is_file()), None)
    if source is None:
        message = "the demo's example is not here; it comes with a checkout and with the wheel"
        raise ConfigurationError(message)
    folder.mkdir(parents=True, exist_ok=True)
    with _turn(folder):
        _refuse_strange(folder)
        _copy_missing(source, folder)
        for partner in sorted((folder / "partners").iterdir()):
            if (partner / "partner.yaml").is_file():
                _make_secret(folder / "secrets" / partner.name)
    return folder.resolve()


def _refuse_strange(folder: Path) -> None:
    """Leave alone a folder that holds something else."""
    settings = folder / FILE_NAME
    others = [path for path in folder.iterdir() if path != _unfinished(settings)]
    if others and not settings.is_file():
        message = (
            f"{folder} holds other files and no {FILE_NAME}; name an empty folder with --directory"
        )
        raise ConfigurationError(message)


def _copy_missing(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir(), key=lambda path: (path.name != FILE_NAME, path.name)):
        if path.name in _LEFT_OUT or path.suffix == ".py":
            continue
        if path.is_dir():
            _copy_missing(path, target / path.name)
        elif not (target / path.name).exists():
            _put(target / path.name, path.read_bytes(), 0o666)


def _make_secret(file: Path) -> None:
    """Write a random secret that only this user can read, unless there is one."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        _put(file, f"{secrets.token_urlsafe(24)}\n".encode(), 0o600)


def _put(file: Path, content: bytes, mode: int) -> None:
    """Write a file at once."""
    unfinished = _unfinished(file)
    unfinished.unlink(missing_ok=True)  # of a run that was stopped; its mode may be another
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
        opened.write(content)
    unfinished.replace(file)


def _unfinished(file: Path) -> Path:
    return file.with_name(f".{file.name}.part")


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait until nobody else makes this workspace."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a network's folder may know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def own_port(host: str, wanted: int, tried: int) -> Iterator[int]:
    """Hold `wanted` or one of the next ports that nobody listens on, against other demos.

    The server shares its port with whoever asks (SO_REUSEPORT), and listens only after a while: of
    two demos that start together, both would find the port free. Raises `GatewayError` when all
    `tried` ports are taken.
    """
    for port in range(wanted, min(wanted + tried, 65536)):
        with ExitStack() as held:
            try:
                held.enter_context(_locked(port))
                refuse_taken_port(host, port)
            except (OSError, GatewayError):
                continue
            yield port
            return
    message = f"ports {wanted} to {wanted + tried - 1} are all taken; name one with --port"
    raise GatewayError(message)


@contextmanager
def _locked(port: int) -> Iterator[None]:
    """Hold the lock of a port on this machine; raises `OSError` when somebody else has it."""
    file = Path(tempfile.gettempdir()) / f"gateway-demo-{port}.lock"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for one demo; raises `GatewayError` when another one runs in it."""
    data = folder / "data"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = f"a demo runs in {folder} already; stop it, or name another with --directory"
            raise GatewayError(message) from error
        yield
