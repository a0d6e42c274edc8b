"""What narrows a list stands in its address, comes back from there, and never breaks a page."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from gateway.web.shop.narrowing import MAX_PAGE, Search, Sort, read_search

WORDS = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text.strip())
SEARCHES = st.builds(
    Search,
    text=WORDS.map(str.strip),
    category=st.lists(WORDS, max_size=4).map(tuple),
    manufacturers=st.lists(WORDS, max_size=3, unique=True).map(tuple),
    properties=st.lists(
        st.tuples(st.sampled_from(["Colour", "Größe", "a=b&c", "is."]), WORDS),
        max_size=4,
        unique=True,
    ).map(lambda pairs: tuple(sorted(pairs))),
    in_stock=st.booleans(),
    sort=st.sampled_from(Sort),
    page=st.integers(1, MAX_PAGE),
)


def read(query: str) -> Search:
    return read_search(Request(EnvironBuilder(query_string=query).get_environ()).args)


@given(SEARCHES)
def test_an_address_says_what_is_searched_for(search: Search) -> None:
    found = read(search.query)
    assert found.on_page(1).query == search.on_page(1).query
    assert found.filters.manufacturers == search.manufacturers
    assert sorted(found.properties) == sorted(search.properties)
    assert (found.text, found.category, found.page) == (search.text, search.category, search.page)


@given(
    st.dictionaries(
        st.sampled_from(["q", "in", "make", "stock", "sort", "page", "is.", "is.x"]), st.text()
    )
)
def test_whatever_an_address_says_is_a_search(given: dict[str, str]) -> None:
    search = read_search(MultiDict(given))
    assert 1 <= search.page <= MAX_PAGE
    assert search.sort in Sort
    assert read(search.query).query == search.query


def test_every_chip_takes_away_one_thing_and_goes_to_the_first_page() -> None:
    search = Search(
        text="bolt", manufacturers=("Nord", "Syd"), properties=(("Colour", "red"),),
        in_stock=True, page=3,
    )  # fmt: skip
    assert search.filtered == 4
    left = [read(chip.query) for chip in search.chips()]
    assert [one.filtered for one in left] == [3, 3, 3, 3]
    assert len({one.query for one in left}) == 4
    assert {(one.text, one.page) for one in left} == {("bolt", 1)}
    assert search.unfiltered.query == "q=bolt"


def test_a_form_carries_what_it_does_not_ask_for() -> None:
    search = Search(text="bolt", category=("A", "B"), manufacturers=("Nord",), page=2)
    carried = list(search.pairs("page", "make"))
    assert carried == [("q", "bolt"), ("in", "A"), ("in", "B")]
