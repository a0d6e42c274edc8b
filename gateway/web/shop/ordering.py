"""Route the pages where buyers order by lists; each stands in a module of its own."""

import flask

from gateway.catalogue import Catalogue
from gateway.punchout.quick_order import QuickOrder
from gateway.punchout.service import PunchoutService
from gateway.web.shop.arriving import ArrivingPages
from gateway.web.shop.personal import PersonalPages
from gateway.web.shop.quick import QuickPages
from gateway.web.shop.shelves import Shelves


def route_ordering(
    blueprint: flask.Blueprint, punchout: PunchoutService, catalogue: Catalogue, title: str
) -> None:
    """Add the pages of quick orders, favourites, earlier carts and orders, and delivery."""
    shelves, orders = Shelves(punchout, catalogue), QuickOrder(punchout.shopping, catalogue)
    quick = QuickPages(punchout, shelves, title, orders)
    personal = PersonalPages(punchout, shelves, title, orders)
    arriving = ArrivingPages(punchout, shelves, title)
    for method, rule, function in (
        ("GET", "/s/<token>/quick", quick.quick),
        ("POST", "/s/<token>/quick", quick.put),
        ("GET", "/s/<token>/lists", personal.lists),
        ("POST", "/s/<token>/lists", personal.take),
        ("GET", "/s/<token>/earlier/<session_id>", personal.earlier),
        ("GET", "/s/<token>/ordered/<message_id>", personal.ordered),
        ("POST", "/s/<token>/favourites", personal.mark),
        ("GET", "/s/<token>/delivery", arriving.delivery),
        ("POST", "/s/<token>/delivery", arriving.choose),
    ):
        name = f"{function.__name__}_{method.lower()}"
        blueprint.add_url_rule(rule, name, function, methods=[method])
