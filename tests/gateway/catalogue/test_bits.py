"""A set of product ids survives packing, joining and paging, whatever its size."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.catalogue.bits import (
    CHUNK,
    SPARSE,
    WIDTH,
    bits_of,
    changed,
    join,
    members_of,
    pack,
    page_of,
    split,
    thinned,
    unpack,
    without,
)

PLACES = st.sets(st.integers(0, CHUNK - 1), max_size=2 * SPARSE)
IDS = st.sets(st.integers(0, 4 * CHUNK), max_size=50)
DENSE = st.integers(0, 40).map(lambda start: set(range(start, CHUNK - 7, start + 1)))


@given(PLACES | DENSE)
def test_what_is_packed_comes_back(members: set[int]) -> None:
    packed = pack(bits_of(sorted(members)))
    assert set(members_of(unpack(packed))) == members
    assert len(packed) == WIDTH or len(packed) == 2 * len(members) <= 2 * SPARSE


@given(PLACES | DENSE, PLACES, PLACES)
def test_a_packed_set_gains_and_loses_members(
    before: set[int], gained: set[int], lost: set[int]
) -> None:
    gained, lost = gained - before, (lost & before)
    packed = changed(pack(bits_of(sorted(before))), sorted(gained), sorted(lost))
    assert set(members_of(unpack(packed))) == (before | gained) - lost
    assert bool(packed) == bool((before | gained) - lost)


@given(IDS, IDS)
def test_sets_do_what_python_sets_do(first: set[int], second: set[int]) -> None:
    one, other = bits_of(sorted(first)), bits_of(sorted(second))
    assert set(members_of(one & other)) == first & second
    assert set(members_of(without(one, other))) == first - second
    assert list(members_of(one)) == sorted(first)
    assert join({number: [pack(part)] for number, part in split(one).items()}) == one
    parts = ((number, part) for bits in (one, other) for number, part in split(bits).items())
    several: dict[int, list[bytes]] = {}
    for number, part in parts:
        several.setdefault(number, []).append(pack(part))
    assert join(several) == one | other
    assert one.bit_count() == len(first)


@given(IDS, st.integers(0, 60), st.integers(1, 10))
def test_a_page_is_a_slice(members: set[int], offset: int, limit: int) -> None:
    assert (
        page_of(bits_of(sorted(members)), offset, limit) == sorted(members)[offset : offset + limit]
    )


@given(st.integers(1, 5000), st.integers(50, 200))
def test_a_sample_is_a_part_of_about_the_size_asked_for(many: int, size: int) -> None:
    everything = bits_of(range(0, 3 * many, 3))
    drawn = thinned(everything, size)
    assert without(drawn, everything) == 0
    assert drawn == thinned(everything, size)
    assert drawn.bit_count() < 2 * size
    assert drawn.bit_count() >= min(many, 0.4 * size)
    assert 0 < thinned(everything, 1).bit_count() <= many
