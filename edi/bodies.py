"""Put the bodies that mappings write into messages, as many as it takes.

A body is the text of one message without header and trailer, or one that is written as it is made:
a price list of a million lines never stands in memory, and goes on in a new message where the
standard ends one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Final

from canonical.wire import Markup

SEGMENTS: Final = 999_999
"""How many segments a message may have, header and trailer included: EDIFACT's UNT 0074 is n..6
before version 4. X12 could count further; nobody reads that."""

RUN: Final = 128
"""How many items are taken at once."""

CHUNK: Final = 1 << 16
"""How many characters are written at once, about."""


@dataclass(frozen=True, slots=True)
class Long:
    """Hold a body that is written as it is made, in as many messages as it takes.

    Each begins with `head` and holds whole `items` (a line and all that belongs to it), as many as
    fit; `tail` gives the end of a message for the number of its items.
    """

    name: str
    head: str = field(repr=False)
    items: Iterable[str] = field(repr=False)
    tail: Callable[[int], str] = field(repr=False)


Body = Markup | Long


@dataclass(frozen=True, slots=True)
class Frame:
    """Say what stands around the messages of a body; `end` ends each segment."""

    end: str
    header: Callable[[], str]
    """Give the header of the next message."""
    trailer: Callable[[int], str]
    """Give the trailer of this message, for the number of its segments."""
    limit: int = SEGMENTS


def framed(body: Body, frame: Frame, spelt: Callable[[str], str] = str) -> Iterator[str]:
    """Give the messages of a body in pieces; `spelt` is asked for each piece of the body.

    Raises ValueError for an item that no message can hold: our own mistake.
    """
    if isinstance(body, Markup):
        text = spelt(body.text)
        yield frame.header()
        yield text
        yield frame.trailer(text.count(frame.end) + 2)
        return
    end, runs = frame.end, _Runs(body.items, spelt)
    head = spelt(body.head)
    around = 2 + head.count(end)
    room = frame.limit - around - spelt(body.tail(0)).count(end)
    while True:
        yield frame.header()
        yield head
        used = held = 0
        while (run := runs.next(room - used, end)) is not None:
            yield run.text
            used, held = used + run.segments, held + run.items
        if not runs.done and not held:
            message = f"{body.name}: one item has more than {room} segments"
            raise ValueError(message)
        tail = spelt(body.tail(held))
        yield tail
        yield frame.trailer(around + used + tail.count(end))
        if runs.done:
            return


@dataclass(frozen=True, slots=True)
class _Run:
    """Hold some items in a row as one text."""

    text: str
    items: int
    segments: int


class _Runs:
    """Give items in runs: what is done for each item alone costs more than what is in it."""

    def __init__(self, items: Iterable[str], spelt: Callable[[str], str]) -> None:
        self._items = map(spelt, items)
        self._held = list(islice(self._items, RUN))

    @property
    def done(self) -> bool:
        """Tell whether there are no more items."""
        return not self._held

    def next(self, room: int, end: str) -> _Run | None:
        """Return the next items that have at most so many segments, None where there are none."""
        held = self._held
        text = "".join(held)
        segments = text.count(end)
        if segments > room:
            fitting = [used for used in accumulate(one.count(end) for one in held) if used <= room]
            held, self._held = held[: len(fitting)], held[len(fitting) :]
            text, segments = "".join(held), fitting[-1] if fitting else 0
        else:
            self._held = list(islice(self._items, RUN))
        return _Run(text, len(held), segments) if held else None


def batched(
    bodies: Iterable[Body], *, messages: int | None = None, size: int | None = None
) -> Iterator[list[Body]]:
    """Give bodies in runs for one interchange each: at most so many, about so many characters."""
    batch: list[Body] = []
    length = 0
    for body in bodies:
        more = len(body.text) if isinstance(body, Markup) else 0
        full = messages is not None and len(batch) >= messages
        if batch and (full or (size is not None and length + more > size)):
            yield batch
            batch, length = [], 0
        batch.append(body)
        length += more
    if batch:
        yield batch


def chunked(texts: Iterable[str]) -> Iterator[str]:
    """Give texts joined to pieces of some size."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= CHUNK:
            yield "".join(held)
            held, size = [], 0
    if held:
        yield "".join(held)


def encoded(text: str, codec: str, lost: Callable[[str], str]) -> bytes:
    """Return `text` in a character set; `lost` says what stands for a character not in it."""
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        pass
    pieces = []
    for char in text:
        try:
            char.encode(codec)
        except UnicodeEncodeError:
            pieces.append(lost(char))
        else:
            pieces.append(char)
    return "".join(pieces).encode(codec, "replace")
