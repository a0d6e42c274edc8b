"""Measure what Python holds, so that it is the same whatever ran in this process before."""

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Memory:
    """Hold how many bytes there were at most; to be read once the measuring is over."""

    most: int = 0


@contextmanager
def measured() -> Iterator[Memory]:
    """Note the most that is held inside.

    The collector looks through what is old the more rarely the more there is of it, and what it
    has not looked through counts as held. So what was there before is hidden from it.
    """
    memory = Memory()
    gc.collect()
    gc.freeze()
    gc.collect()  # it forgets how much there was
    tracemalloc.start()
    try:
        yield memory
    finally:
        memory.most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.unfreeze()
