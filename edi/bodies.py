"""Put the bodies that mappings write into messages, as many as it takes.

A body is the text of one message without header and trailer, or one that is written as it is made:
a price list of a million lines never stands in memory, and goes on in a new message where the
standard ends one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from canonical.wire import Markup

SEGMENTS: Final = 999_999
"""How many segments a message may have, header and trailer included: EDIFACT's UNT 0074 is n..6
before version 4. X12 could count further; nobody reads that."""

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
    end, items = frame.end, iter(body.items)
    head = spelt(body.head)
    around = 2 + head.count(end)
    room = frame.limit - around - spelt(body.tail(0)).count(end)
    item = next(items, None)
    while True:
        used = held = 0
        yield frame.header()
        yield head
        while item is not None:
            text = spelt(item)
            size = text.count(end)
            if used + size > room:
                break
            yield text
            used, held = used + size, held + 1
            item = next(items, None)
        if item is not None and not held:
            message = f"{body.name}: one item has more than {room} segments"
            raise ValueError(message)
        tail = spelt(body.tail(held))
        yield tail
        yield frame.trailer(around + used + tail.count(end))
        if item is None:
            return


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
