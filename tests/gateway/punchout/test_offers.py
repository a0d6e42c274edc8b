"""What a customer may buy comes with his price, and with the tax that holds for him."""

from decimal import Decimal

from msgspec.structs import replace

from canonical.product import TaxCategory
from canonical.punchout import CartLine
from gateway.punchout.baskets import line_of
from gateway.punchout.offers import Wanted, offers_of
from tests.gateway.punchout.world import World

REVERSE = TaxCategory(category="AE", percent=Decimal(0))
QUARTER = TaxCategory(percent=Decimal(25))


def line(world: World, *, product: TaxCategory | None, customer: TaxCategory | None) -> CartLine:
    """Return a line for one of the world's products with these taxes."""
    found = world.catalogue.product("DRILL-18")
    buyer = world.core.customer("1001")
    assert found is not None
    assert buyer is not None
    wanted = Wanted(replace(found, tax=product), Decimal(1))
    today = world.clock().date()
    (offer,) = offers_of(world.core, replace(buyer, tax=customer), [wanted], today)
    assert offer.price is not None
    return line_of(offer.product, Decimal(1), offer.price, "x")


def test_a_line_has_the_tax_of_its_product(world: World) -> None:
    assert line(world, product=QUARTER, customer=None).tax == QUARTER
    assert line(world, product=None, customer=None).tax is None


def test_the_tax_of_the_customer_holds_for_whatever_he_buys(world: World) -> None:
    assert line(world, product=QUARTER, customer=REVERSE).tax == REVERSE
    assert line(world, product=None, customer=REVERSE).tax == REVERSE
