"""Route the pages where buyers order by lists; each stands in a module of its own."""

import flask

from gateway.catalogue import Catalogue
from gateway.punchout.quick_order import QuickOrder
from gateway.punchout.service import PunchoutService
from gateway.web.shop.quick import QuickPages
from gateway.web.shop.shelves import Shelves


def route_ordering(
    blueprint: flask.Blueprint, punchout: PunchoutService, catalogue: Catalogue, title: str
) -> None:
    """Add the pages of quick orders below a session."""
    shelves = Shelves(punchout, catalogue)
    quick = QuickPages(punchout, shelves, title, QuickOrder(punchout.shopping, catalogue))
    for method, rule, function in (
        ("GET", "/s/<token>/quick", quick.quick),
        ("POST", "/s/<token>/quick", quick.put),
    ):
        name = f"{function.__name__}_{method.lower()}"
        blueprint.add_url_rule(rule, name, function, methods=[method])
