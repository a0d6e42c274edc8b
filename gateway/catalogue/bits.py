"""Hold sets of small numbers as the bits of an int, and pack a chunk of one into bytes. Pure.

Python's `&`, `|` and `bit_count` on an int of a million bits take a few hundredths of a
millisecond, so a set of products needs no other form. A packed chunk is the list of its members,
two bytes each, or the plain bits once that is shorter to read.
"""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Final

CHUNK: Final = 15_360
"""Ids of one posting: as bits, 1,920 bytes, which PostgreSQL still keeps within the row."""
WIDTH: Final = CHUNK // 8
SPARSE: Final = 96
"""Members that are listed at most."""

_SET_BYTES: Final = re.compile(rb"[^\x00]+", re.DOTALL)
_PLACES: Final = tuple(
    tuple(place for place in range(8) if byte >> place & 1) for byte in range(256)
)


def pack(chunk: int) -> bytes:
    """Return the bytes of a set of numbers below `CHUNK`."""
    if chunk.bit_count() > SPARSE:
        return chunk.to_bytes(WIDTH, "little")
    members = list(members_of(chunk))
    return struct.pack(f"<{len(members)}H", *members)


def unpack(packed: bytes) -> int:
    """Return the set that `pack` made these bytes of."""
    if len(packed) == WIDTH:
        return int.from_bytes(packed, "little")
    return bits_of(struct.unpack(f"<{len(packed) // 2}H", packed))


def changed(packed: bytes, gained: Sequence[int], lost: Sequence[int]) -> bytes:
    """Return a packed set with members gained that it lacked and members lost that it had."""
    if len(packed) == WIDTH:
        buffer = bytearray(packed)
        for member in gained:
            buffer[member >> 3] |= 1 << (member & 7)
        for member in lost:
            buffer[member >> 3] &= ~(1 << (member & 7))
        return pack(int.from_bytes(buffer, "little"))
    gone = set(lost)
    members = [one for one in struct.unpack(f"<{len(packed) // 2}H", packed) if one not in gone]
    members += gained
    if len(members) > SPARSE:
        return pack(bits_of(members))
    return struct.pack(f"<{len(members)}H", *members)


def bits_of(members: Sequence[int]) -> int:
    """Return the set of these numbers."""
    if not members:
        return 0
    if len(members) == 1:
        return 1 << members[0]
    buffer = bytearray(max(members) // 8 + 1)
    for member in members:
        buffer[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(buffer, "little")


def members_of(bits: int) -> Iterator[int]:
    """Yield the members of a set, lowest first."""
    for run in _SET_BYTES.finditer(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        start = run.start() * 8
        for offset, byte in enumerate(run.group()):
            for place in _PLACES[byte]:
                yield start + offset * 8 + place


def join(chunks: Mapping[int, Sequence[bytes]]) -> int:
    """Return the set whose packed parts stand under their chunk's number, several united."""
    if not chunks:
        return 0
    empty = bytes(WIDTH)
    numbers = range(max(chunks) + 1)
    united = (_united(chunks[number]) if number in chunks else empty for number in numbers)
    return int.from_bytes(b"".join(united), "little")


def _united(several: Sequence[bytes]) -> bytes:
    dense = [packed for packed in several if len(packed) == WIDTH]
    if len(dense) == len(several) == 1:
        return dense[0]
    buffer = bytearray(WIDTH)
    for packed in several:
        if len(packed) != WIDTH:
            for member in struct.unpack(f"<{len(packed) // 2}H", packed):
                buffer[member >> 3] |= 1 << (member & 7)
    if not dense:
        return bytes(buffer)
    bits = int.from_bytes(buffer, "little")
    for packed in dense:
        bits |= int.from_bytes(packed, "little")
    return bits.to_bytes(WIDTH, "little")


def split(bits: int) -> dict[int, int]:
    """Return the parts of a set by the number of their chunk, without the empty ones."""
    content = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    parts = (
        (start // WIDTH, int.from_bytes(content[start : start + WIDTH], "little"))
        for start in range(0, len(content), WIDTH)
    )
    return {number: part for number, part in parts if part}


def without(bits: int, others: int) -> int:
    """Return what is in `bits` and not in `others`."""
    return bits ^ (bits & others)


def thinned(bits: int, size: int) -> int:
    """Return about `size` members drawn evenly from a set, or twice that; the same each time."""
    draw = Random(bits.bit_length())  # noqa: S311 -- a sample, no secret
    while bits.bit_count() >= 2 * size:
        half = bits & draw.getrandbits(bits.bit_length())
        if not half:
            break
        bits = half
    return bits


def page_of(bits: int, offset: int, limit: int) -> list[int]:
    """Return `limit` members from the one at `offset` on, lowest first."""
    found: list[int] = []
    for number, part in sorted(split(bits).items()):
        count = part.bit_count()
        if offset < count:
            members = list(members_of(part))[offset : offset + limit - len(found)]
            found += [number * CHUNK + member for member in members]
            if len(found) == limit:
                break
        offset = max(0, offset - count)
    return found
