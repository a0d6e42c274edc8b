"""Route the shop: the start link, the pages of a session, the way home.

Addresses: `/start/<token>` works once; everything of a session stands below `/s/<token>/`, and that
token is the session. Nothing is kept in cookies.
"""

from pathlib import Path
from typing import Final

import flask
from werkzeug.security import safe_join

from gateway.catalogue import Catalogue
from gateway.punchout.service import PunchoutService
from gateway.web.security import IMAGE_POLICY
from gateway.web.shop import languages
from gateway.web.shop.hidden import hidden
from gateway.web.shop.lost import LostPages
from gateway.web.shop.ordering import route_ordering
from gateway.web.shop.pages import Pages
from gateway.web.shop.present import FILTERS
from gateway.web.shop.shelves import Shelves

IMAGE_AGE: Final = 86_400
NO_IMAGE: Final = Path(__file__).parent / "static" / "no-image.svg"
IMAGE_TYPES: Final = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}


def create_shop(
    punchout: PunchoutService,
    catalogue: Catalogue,
    *,
    images: Path | None = None,
    title: str = "Shop",
) -> flask.Blueprint:
    """Return the shop's routes; `images` is the folder of product pictures, `title` its name."""
    blueprint = flask.Blueprint(
        "shop",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/shop/static",
    )
    shelves = Shelves(punchout, catalogue)
    pages = Pages(punchout, shelves, title)
    for name, function in FILTERS.items():
        blueprint.add_app_template_filter(function, f"shop_{name}")
    blueprint.add_app_template_filter(hidden, "shop_hidden")
    blueprint.record(lambda state: languages.install(state.app.jinja_env))
    blueprint.app_context_processor(_language)
    _route_session(blueprint, pages)
    route_ordering(blueprint, punchout, catalogue, title)
    lost = LostPages(punchout, shelves, title)
    blueprint.add_url_rule("/s/<token>/<path:below>", "lost", lost.lost, methods=["GET"])
    blueprint.register_error_handler(500, lost.failed)
    _route_images(blueprint, images)
    return blueprint


def _language() -> dict[str, object]:
    """Give every page its language, and those that it can be read in."""
    return {"language": languages.spoken(), "languages": languages.LANGUAGES}


def _route_session(blueprint: flask.Blueprint, pages: Pages) -> None:
    for method, rule, function in (
        ("GET", "/start/<token>", pages.start),
        ("GET", "/s/<token>/", pages.catalogue),
        ("GET", "/s/<token>/product/<path:sku>", pages.product),
        ("GET", "/s/<token>/cart", pages.cart),
        ("POST", "/s/<token>/cart", pages.add),
        ("POST", "/s/<token>/cart/update", pages.update),
        ("POST", "/s/<token>/transfer", pages.transfer),
        ("POST", "/s/<token>/cancel", pages.cancel),
        ("POST", "/s/<token>/language", pages.language),
        ("GET", "/s/<token>/transfer", pages.homecoming),
    ):
        name = f"{function.__name__}_{method.lower()}"
        blueprint.add_url_rule(rule, name, function, methods=[method])


def _route_images(blueprint: flask.Blueprint, images: Path | None) -> None:
    @blueprint.get("/shop/images/<path:name>")
    def image(name: str) -> flask.Response:
        """Give a product's picture from the `images` folder of the embedded core.

        Where it is not there, a picture of nothing: browsers show that of an answer with 404 too.
        """
        media_type = IMAGE_TYPES.get(Path(name).suffix.lower())
        path = None if images is None else safe_join(str(images), name)
        if path is None or media_type is None or not Path(path).is_file():
            response = flask.make_response(flask.send_file(NO_IMAGE, max_age=0), 404)
        else:
            response = flask.send_file(path, mimetype=media_type, max_age=IMAGE_AGE)
        response.headers["Content-Security-Policy"] = IMAGE_POLICY
        return response
