"""Terms of different kinds never meet, and any name makes one that both databases hold."""

from hypothesis import given
from hypothesis import strategies as st

from canonical.identifiers import Property
from gateway.catalogue import terms
from gateway.catalogue.traits import Traits, dump_traits, load_traits, traits_of
from tests.builders import make_product


@given(st.text(max_size=900), st.text(max_size=900))
def test_a_name_makes_a_short_term_of_its_own(name: str, other: str) -> None:
    made = [
        kind(name)
        for kind in (terms.assortment, terms.manufacturer, lambda name: terms.category((name,)))
    ]
    assert len({*made, terms.ALL, terms.OPEN, terms.IN_STOCK}) == 6 or not name
    assert all(len(term) < 400 and "\x00" not in term for term in made)
    same = name.replace("\x00", "\ufffd") == other.replace("\x00", "\ufffd")
    assert (terms.manufacturer(name) == terms.manufacturer(other)) == same


def test_a_product_has_the_terms_of_everything_it_is_found_by() -> None:
    product = make_product(
        "AB-1",
        name="Abc",
        category=("Tools", "Hammers"),
        manufacturer="Nord",
        assortments=("care",),
        properties=(
            Property(name="Colour", value="red"),
            Property(name="Colour", value="red"),
            Property(name="Text", value="x" * 81),
        ),
    )
    found = {term for term, _ in terms.terms_of(product)}
    assert {"wabc", "bab", "babc", "aCare".lower(), "e", "mNord", "cTools"} <= found
    assert {"cTools\x1fHammers", "pColour\x1fred", "wab", "w1"} <= found
    assert not {"o", "s"} & found
    assert not any(term.startswith("pText") for term in found)


def test_traits_are_what_a_facet_counts() -> None:
    red = Property(name="Colour", value="red")
    product = make_product("A", category=("Tools",), manufacturer="Nord", properties=(red, red))
    assert traits_of(product) == Traits(("Tools",), "Nord", (("Colour", "red"),))
    assert load_traits(dump_traits(traits_of(product))) == traits_of(product)
