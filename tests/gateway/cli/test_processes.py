"""A part that dies comes back, a stopped one stays away, and nothing outlives its parent."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.cli.processes import Processes
from tests.patience import STALLED, wait_until

SLEEPER = (
    sys.executable,
    "-c",
    "import sys,time,os; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); time.sleep(600)",
)
CHILD = """
import os, sys, time
from gateway.cli.processes import exit_with_parent
exit_with_parent(int(sys.argv[2]), 0.05)
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
time.sleep(600)
"""
PARENT = """
import os, subprocess, sys, time
child = [sys.executable, "-c", sys.argv[1], sys.argv[2], str(os.getpid())]
subprocess.Popen(child, start_new_session=True)
time.sleep(600)
"""


def until(condition: Callable[[], bool]) -> None:
    assert wait_until(condition, pause=0.02), "did not happen in time"


def pids(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]
    except OSError:
        return False


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "pids"


@pytest.fixture
def processes(log: Path, tmp_path: Path) -> Iterator[Processes]:
    processes = Processes({"web": (*SLEEPER, str(log))}, tmp_path, {})
    processes.start()
    watcher = threading.Thread(target=processes.watch, args=(0.02,))
    watcher.start()
    yield processes
    processes.stop()
    watcher.join()


def test_a_killed_part_is_started_again(processes: Processes, log: Path) -> None:
    until(lambda: len(pids(log)) == 1)
    os.kill(pids(log)[0], signal.SIGKILL)
    until(lambda: len(pids(log)) == 2)
    assert alive(pids(log)[1])
    until(lambda: processes.parts[0].starts == 2)


def test_a_stopped_part_stays_away(processes: Processes, log: Path) -> None:
    until(lambda: len(pids(log)) == 1)
    processes.stop()
    assert not alive(pids(log)[0])
    assert processes.parts[0].starts == 1


def test_what_a_killed_parent_started_ends_too(tmp_path: Path, log: Path) -> None:
    command = (sys.executable, "-c", PARENT, CHILD, str(log))
    processes = Processes({"parent": command}, tmp_path, {})
    processes.start()
    until(lambda: len(pids(log)) == 1)
    parent = processes.parts[0].process
    assert parent is not None
    parent.kill()
    parent.wait()
    until(lambda: not alive(pids(log)[0]))


def test_what_was_started_by_a_parent_that_is_gone_by_now_ends_too(log: Path) -> None:
    strange = str(os.getppid())
    command = [sys.executable, "-c", CHILD, str(log), strange]
    child = subprocess.run(command, check=False, timeout=STALLED)
    assert child.returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's heaps are what is shared")
def test_many_threads_share_few_heaps() -> None:
    # Each thread allocates at the same time; malloc_stats prints a line for each heap.
    program = """
import ctypes, sys, threading
from gateway.cli.processes import share_heaps
if sys.argv[1] == "share":
    share_heaps()
together = threading.Barrier(12)
malloc = ctypes.CDLL(None).malloc
def work():
    together.wait()
    malloc(100)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
ctypes.CDLL(None).malloc_stats()
"""

    def heaps(how: str) -> int:
        command = [sys.executable, "-c", program, how]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stderr.count("Arena ")

    assert heaps("share") <= 2 < heaps("as it is")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's heaps are what is shared")
def test_large_blocks_go_back_to_the_system_whatever_came_before_them() -> None:
    # A large block that was freed raises what glibc calls large, unless that was set.
    program = """
import ctypes, sys
from gateway.cli.processes import LARGE, share_heaps
if sys.argv[1] == "share":
    share_heaps()
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in "arena ordblks smblks hblks a b c d e f".split()]
system = ctypes.CDLL(None)
system.mallinfo.restype = Info
system.malloc.restype = ctypes.c_void_p
system.free.argtypes = [ctypes.c_void_p]
system.free(system.malloc(8 << 20))
before = system.mallinfo().hblks
for _ in range(100):  # more than what the heap happens to have free
    system.malloc(2 * LARGE)
print(system.mallinfo().hblks - before)
"""

    def outside(how: str) -> int:
        command = [sys.executable, "-c", program, how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert outside("share") > 0
    assert outside("as it is") == 0
