"""The shopper finds what it wants, by what a page offers, and says so when it is not there."""

from gateway.buyer.browser import Browser
from gateway.buyer.shopper import Shopper
from tests.gateway.buyer.small_shop import SmallShop


def enter(shop: SmallShop) -> Shopper:
    browser = Browser(shop.client())
    return Shopper(browser, browser.open("https://shop.example.com/start"))


def test_a_product_is_searched_and_put_into_the_cart():
    shop = SmallShop()
    assert enter(shop).add("0815", "5")
    assert shop.cart == [("0815", "5")]


def test_a_number_with_a_slash_is_found():
    shop = SmallShop()
    assert enter(shop).add("a/b", "1")
    assert shop.cart == [("a/b", "1")]


def test_a_product_that_is_not_offered_is_told():
    shop = SmallShop()
    assert not enter(shop).add("9999", "5")
    assert shop.cart == []


def test_a_quantity_that_the_shop_refuses_is_told_in_its_words():
    shop = SmallShop()
    shopper = enter(shop)
    assert not shopper.add("4711", "13")
    assert shopper.page.said == "13 is no multiple"


def test_products_are_picked_in_multiples_of_the_quantity_suggested():
    shop = SmallShop()
    chosen = enter(shop).pick(2)
    assert [(entry.sku, entry.quantity) for entry in chosen] == [("4711", "2"), ("0815", "4")]
    assert shop.cart == [("4711", "2"), ("0815", "4")]


def test_an_entrance_page_is_passed_by_its_one_button():
    shopper = enter(SmallShop(doorstep=True))
    assert shopper.usable
    assert shopper.add("4711", "1")


def test_transfer_and_cancel_take_their_own_ways():
    for way in ("transfer", "cancel"):
        shopper = enter(SmallShop())
        form = shopper.leave(way)
        assert form is not None
        assert shopper.page.url.endswith(f"/s/t/{way}")
        assert form.value("cxml-base64") == "UEFZTE9BRA=="


def test_a_cart_can_be_changed_where_it_has_quantity_fields():
    for changeable in (False, True):
        shopper = enter(SmallShop(changeable=changeable))
        assert shopper.add("4711", "1")
        assert shopper.can_change() is changeable


def test_what_is_in_the_cart_already_is_not_picked_again():
    shop = SmallShop()
    shopper = enter(shop)
    assert shopper.add("4711", "1")
    shopper.pick(2, frozenset({"4711"}))
    assert [sku for sku, _ in shop.cart] == ["4711", "0815", "a/b"]
