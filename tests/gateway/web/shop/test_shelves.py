"""A list shows what was searched for, how it can be narrowed, and in the order that was asked."""

import re

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from canonical.identifiers import Property
from canonical.product import PartNumber
from gateway.connectors.contract import Page
from gateway.errors import CoreUnreachableError
from gateway.web.shop.shelves import PAGE_SIZE, SORTABLE
from tests.gateway.punchout.world import World, make_setup


def listed(page: str) -> list[str]:
    """Return the article numbers of a list, in its order."""
    return re.findall(r'<input type="hidden" name="sku" value="([^"]+)">', page)


def chips(page: str) -> list[str]:
    """Return what narrows a list, by the words of the links that take it away."""
    found = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
    return re.findall(r'aria-label="Remove ([^"]+)"', found[0]) if found else []


def colour(world: World, sku: str, value: str) -> None:
    product = world.catalogue.product(sku)
    assert product is not None
    painted = replace(product, properties=(Property(name="Colour", value=value),))
    world.catalogue.apply_products(Page(items=(painted,), next="1", more=False))


def test_boxes_narrow_a_list_and_chips_take_the_narrowing_away(
    world: World, client: FlaskClient
) -> None:
    for sku, value in (("GLOVE-9", "grey"), ("GLOVE-10", "black"), ("BOLT-M8", "grey")):
        colour(world, sku, value)
    base = f"/s/{world.enter()}/"
    everything = client.get(base).text
    assert 'name="make" value="Norrfast"' in everything
    assert 'name="is.Colour" value="grey"' in everything
    grey = client.get(f"{base}?is.Colour=grey").text
    assert sorted(listed(grey)) == ["BOLT-M8", "GLOVE-9"]
    assert chips(grey) == ["Colour: grey"]
    both = client.get(f"{base}?is.Colour=grey&make=Handfast").text
    assert listed(both) == ["GLOVE-9"]
    assert chips(both) == ["Handfast", "Colour: grey"]
    assert f'href="{base}?is.Colour=grey"' in both
    assert f'href="{base}?make=Handfast"' in both
    stock = client.get(f"{base}?q=glove&stock=1").text
    assert listed(stock) == ["GLOVE-9"]
    assert chips(stock) == ["In stock"]


def test_a_chosen_value_keeps_its_box_where_nothing_has_it(
    world: World, client: FlaskClient
) -> None:
    page = client.get(f"/s/{world.enter()}/?q=bolt&make=Handfast").text
    assert "Nothing found" in page
    assert re.search(r'name="make" value="Handfast" checked', page)
    assert "Remove all filters" in page


def test_a_search_counts_the_categories_of_its_own_result(
    world: World, client: FlaskClient
) -> None:
    page = client.get(f"/s/{world.enter()}/?q=m8").text
    (tree,) = re.findall(r'<nav aria-label="Categories">.*?</nav>', page, re.DOTALL)
    assert re.findall(r"<span>([^<]+)</span> <small>(\d+)</small>", tree) == [("Fasteners", "2")]
    assert "?q=m8&amp;in=Fasteners" in tree


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["DRILL-18", "BOLT-M8", "GLOVE-10", "GLOVE-9"]),
        ("number", ["BOLT-M8", "DRILL-18", "GLOVE-10", "GLOVE-9"]),
        ("price", ["BOLT-M8", "GLOVE-10", "GLOVE-9", "DRILL-18"]),
    ],
)
def test_a_short_list_is_sorted_as_asked(
    world: World, client: FlaskClient, sort: str, order: list[str]
) -> None:
    page = client.get(f"/s/{world.enter()}/?sort={sort}").text
    assert [sku for sku in listed(page) if sku in order] == order
    assert f'<option value="{sort}" selected>' in page


def test_sorting_goes_over_all_pages_of_a_list(world: World, client: FlaskClient) -> None:
    product = world.catalogue.product("NUT-M8")
    assert product is not None
    pins = tuple(replace(product, sku=f"PIN-{n:03d}", name=f"Pin {n:03d}") for n in range(60))
    world.catalogue.apply_products(Page(items=pins, next="1", more=False))
    base = f"/s/{world.enter()}/?q=pin&sort=number"
    second = client.get(f"{base}&page=2").text
    assert "60 products · 25" in second
    assert f"{base.replace('&', '&amp;')}&amp;page=3" in second


def test_a_long_list_keeps_its_order_and_offers_no_other(world: World, client: FlaskClient) -> None:
    product = world.catalogue.product("NUT-M8")
    assert product is not None
    many = tuple(
        replace(product, sku=f"PIN-{n:03d}", name=f"Pin {n:03d}") for n in range(SORTABLE + 1)
    )
    world.catalogue.apply_products(Page(items=many, next="1", more=False))
    page = client.get(f"/s/{world.enter()}/?q=pin&sort=price").text
    assert "201 products" in page
    assert 'id="sort"' not in page
    assert page.count("<h2>") == PAGE_SIZE


def test_a_mistyped_word_shows_what_it_was_taken_for(world: World, client: FlaskClient) -> None:
    page = client.get(f"/s/{world.enter()}/?q=cordles").text
    assert listed(page) == ["DRILL-18"]
    mended = client.get(f"/s/{world.enter()}/?q=cordlwss").text
    assert "Nothing was found for “cordlwss”. These match “cordless”." in mended
    assert listed(mended) == ["DRILL-18"]


def test_the_buyers_own_number_finds_a_product_and_stands_beside_it(
    world: World, client: FlaskClient
) -> None:
    ours = PartNumber(customer_id="1001", buyer_sku="RN 4711", sku="DRILL-18")
    world.catalogue.apply_part_numbers(Page(items=(ours,), next="1", more=False))
    norr, verkstad = world.enter(), world.enter(partner="verkstad")
    page = client.get(f"/s/{norr}/?q=RN+4711").text
    assert listed(page) == ["DRILL-18"]
    assert "Your number RN 4711" in page
    assert "RN 4711" in client.get(f"/s/{norr}/product/DRILL-18").text
    assert "RN 4711" not in client.get(f"/s/{verkstad}/product/DRILL-18").text


def test_sorting_by_price_without_prices_is_a_list_all_the_same(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        message = "no answer"
        raise CoreUnreachableError(message)

    token = world.enter(make_setup(language="sv"))
    monkeypatch.setattr(world.core, "prices", away)
    page = client.get(f"/s/{token}/?q=glove&sort=price")
    assert page.status_code == 200
    assert "Priser kan inte visas just nu" in page.text
    assert page.text.count("<h2>") == 2
