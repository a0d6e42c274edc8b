"""Answer the shop's requests: find the session, do what is asked, show the page.

A page that changes something answers with a redirect (so that a reload repeats nothing) or, when
it could not be done, with the page itself and the reason beside the field. Requests from htmx get
the same pages and take out of them what they need.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import quote, urlencode

import flask
import structlog
from msgspec.structs import replace

from canonical.faults import Fault
from canonical.product import Product
from canonical.punchout import Operation, PunchoutSetup, SessionState
from gateway.punchout.baskets import load_remarks, orderable, quantity_of
from gateway.punchout.favourites import Favourites
from gateway.punchout.filling import Wish
from gateway.punchout.naming import sku_meant
from gateway.punchout.packaging import fitting, units_of
from gateway.punchout.restoring import is_lineless
from gateway.punchout.return_url import origin_of
from gateway.punchout.service import PunchoutService
from gateway.punchout.shoppers import shopper_of
from gateway.punchout.shopping import is_changeable
from gateway.punchout.visits import Refusal
from gateway.store.sessions import Session
from gateway.web.security import content_policy, homeward_policy, is_own_form, protect
from gateway.web.shop.languages import code_of, speak, spoken
from gateway.web.shop.narrowing import Sort, read_search
from gateway.web.shop.present import clock_words, time_left, typed_number
from gateway.web.shop.shelves import Article, Shelves
from gateway.web.shop.unwritten import told_apart

_log: Final = structlog.get_logger(__name__)

NEXT: Final = re.compile(r"(?:product/[^\\?#]+|cart|quick|lists|delivery)?(?:\?[^\\#]*)?")
"""Where a form may lead back to, below the session."""

MAX_UNIT: Final = 3
UNFIT: Final = frozenset({"PUNCHOUT-024", "PUNCHOUT-025"})
"""Faults for which there is a quantity that would do."""

REFUSALS: Final = {
    Refusal.UNKNOWN: ("unknown", 404),
    Refusal.USED: ("used", 403),
    Refusal.EXPIRED: ("late", 410),
}
CLOSED: Final = {
    SessionState.PENDING: ("unknown", 404),
    SessionState.RETURNED: ("returned", 410),
    SessionState.CANCELLED: ("cancelled", 410),
    SessionState.EXPIRED: ("expired", 410),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold what every page of a session shows around its content."""

    token: str
    session: Session
    home: str
    time_left: str
    clock: tuple[str, str]
    changeable: bool
    lines: int
    shopper: str


class Pages:
    """Hold the shop's pages."""

    def __init__(self, punchout: PunchoutService, shelves: Shelves, title: str) -> None:
        self._punchout = punchout
        self._shelves = shelves
        self._title = title
        self._favourites = Favourites(punchout.means)

    def start(self, token: str) -> flask.Response:
        """Use a start link up and lead to the session, or say why not."""
        if flask.request.method == "HEAD" or "Sec-Purpose" in flask.request.headers:
            # Link checkers and prefetching browsers look before the person does.
            return protect(flask.Response(status=204), content_policy())
        started = self._punchout.visits.start(token)
        if isinstance(started, Refusal):
            return self._message(*REFUSALS[started])
        if started.external_url is not None:
            leaving = flask.make_response(flask.redirect(started.external_url, 303))
            return protect(leaving, content_policy())
        return self._redirect(started.session, started.token, self._first_page(started.session))

    def catalogue(self, token: str) -> flask.Response:
        """Show what a search finds."""
        return self._within(token, self._catalogue)

    def product(self, token: str, sku: str) -> flask.Response:
        """Show one product."""
        return self._within(token, lambda frame: self._product(frame, sku))

    def cart(self, token: str) -> flask.Response:
        """Show the cart."""
        return self._within(token, self._cart)

    def add(self, token: str) -> flask.Response:
        """Put a product into the cart."""
        return self._within(token, self._add, posted=True)

    def update(self, token: str) -> flask.Response:
        """Change quantities, or take a line out."""
        return self._within(token, self._update, posted=True)

    def transfer(self, token: str) -> flask.Response:
        """Close the session with its cart."""
        return self._within(token, self._transfer, posted=True, closed_too=True)

    def cancel(self, token: str) -> flask.Response:
        """Close the session and leave the buyer's cart as it was."""
        return self._within(token, self._cancel, posted=True, closed_too=True)

    def language(self, token: str) -> flask.Response:
        """Speak another language from now on, and show the same page again."""
        return self._within(token, self._language, posted=True, closed_too=True)

    def homecoming(self, token: str) -> flask.Response:
        """Show the form that brings the cart home."""
        return self._within(token, self._homecoming, closed_too=True)

    def _within(
        self,
        token: str,
        page: Callable[[Frame], flask.Response],
        *,
        posted: bool = False,
        closed_too: bool = False,
    ) -> flask.Response:
        session = self._punchout.visits.find(token)
        if session is None:
            return self._message("unknown", 404)
        speak(session.language, session.setup.language)
        if posted and not is_own_form(flask.request, self._punchout.means.base_url):
            return self._message("foreign", 403)
        frame = self._frame(token, session)
        if session.state is not SessionState.ACTIVE and not closed_too:
            return self._closed(frame)
        return page(frame)

    def _frame(self, token: str, session: Session) -> Frame:
        partner = self._punchout.means.partner(session.partner)
        now = self._punchout.means.ambient.now()
        return Frame(
            token=token,
            session=session,
            home=session.customer.name if partner is None else partner.name,
            time_left=time_left(spoken(), now, session.expires_at),
            clock=clock_words(spoken()),
            changeable=is_changeable(session, self._punchout.means),
            lines=len(session.cart.lines),
            shopper=_shopper(session.setup),
        )

    def _first_page(self, session: Session) -> str:
        chosen = session.setup.selected
        if chosen is not None:
            means = self._punchout.means
            partner = means.partner(session.partner)
            names = (chosen.auxiliary_id, chosen.sku)
            sku = None if partner is None else sku_meant(means, partner, *names)
            if sku is not None:
                return f"product/{quote(sku, safe='')}"
            if chosen.sku and not session.setup.search:
                return "?" + urlencode({"q": chosen.sku})  # which says that it is not here
        if session.setup.search:
            return "?" + urlencode({"q": session.setup.search})
        return "cart" if session.cart.lines or is_lineless(session.setup) else ""

    def _catalogue(self, frame: Frame) -> flask.Response:
        search = read_search(flask.request.args)
        shelf = self._shelves.shelf(frame.session.customer, search)
        return self._page(
            frame,
            "catalogue",
            shelf=shelf,
            search=search,
            sorts=tuple(Sort),
            tree=self._shelves.categories(frame.session.customer, shelf),
            added=self._added(),
            here=f"?{search.query}" if search.query else "",
        )

    def _product(
        self, frame: Frame, sku: str, problem: Fault | None = None, typed: str = ""
    ) -> flask.Response:
        found = self._shelves.article(frame.session.customer, sku)
        if found is None:
            return self._page(frame, "nothing", 404, sku=sku)
        article, priced = found
        unit = flask.request.form.get("unit", article.product.unit)
        unit = "" if unit == article.product.unit else unit[:MAX_UNIT]
        return self._page(
            frame,
            "product",
            422 if problem else 200,
            article=article,
            priced=priced,
            added=self._added(),
            problem=problem,
            typed=typed,
            here=f"product/{quote(sku, safe='')}",
            suggestion=None if unit else _suggestion(article.product, problem, typed),
            units=units_of(article.product),
            unit=unit,
            favourite=self._favourites.is_marked(frame.session, sku),
            **self._arrival(frame, article),
        )

    def _arrival(self, frame: Frame, article: Article) -> dict[str, object]:
        """Return where a product would go, and when the smallest quantity of it is there."""
        deliveries = self._punchout.deliveries
        wish = Wish(article.product, article.smallest)
        found = deliveries.arrivals(frame.session, [wish]) if article.offer.price else None
        return {"ship_to": deliveries.address(frame.session), "found": found and found[0]}

    def _cart(
        self, frame: Frame, problems: Sequence[Fault] = (), typed: dict[str, str] | None = None
    ) -> flask.Response:
        remarks = load_remarks(frame.session.remarks)
        lines = frame.session.cart.lines
        found, reasons = told_apart(problems)
        problems = [_beside(frame, one) for one in found]
        return self._page(
            frame,
            "cart",
            422 if problems else 200,
            remarks=remarks,
            checked={} if problems else self._punchout.returning.examined(frame.session),
            orderable=len(orderable(lines, remarks)),
            products=self._shelves.products([line.item.sku or "" for line in lines]),
            problems=[one for one in problems if one.target not in _ids(frame)],
            marked={one.target: one for one in problems if one.target in _ids(frame)},
            reasons=reasons,
            typed=typed or {},
            suggestions=_suggestions(frame, problems, typed or {}, self._shelves),
            arrivals=self._punchout.deliveries.of_lines(frame.session, lines),
            here="cart",
            changed=flask.request.args.get("changed", ""),
        )

    def _add(self, frame: Frame) -> flask.Response:
        form = flask.request.form
        sku, typed = form.get("sku", ""), form.get("quantity", "")
        quantity = typed_number(spoken(), typed)
        unit = form.get("unit", "")[:MAX_UNIT]
        problem = self._punchout.shopping.add(frame.session.id, sku, quantity, unit)
        if problem is not None:
            return self._product(frame, sku, problem, typed[:40])
        to, added = back(), urlencode({"added": sku})
        return self._redirect(frame.session, frame.token, f"{to}{'&' if '?' in to else '?'}{added}")

    def _update(self, frame: Frame) -> flask.Response:
        removed = flask.request.form.get("remove", "")
        if removed:
            problem = self._punchout.shopping.remove(frame.session.id, removed)
            typed: dict[str, str] = {}
        else:
            typed = _typed_quantities(flask.request.form)
            problem = self._requantified(frame, typed)
        if problem is not None:
            return self._cart(frame, (problem,), typed)
        return self._redirect(frame.session, frame.token, "cart?changed=1")

    def _requantified(self, frame: Frame, typed: Mapping[str, str]) -> Fault | None:
        """Set the quantities that somebody typed; what stood there before may be old by now."""
        before = flask.request.form
        wanted = {
            key: typed_number(spoken(), value)
            for key, value in typed.items()
            if value != before.get(f"was-{key}")
        }
        return self._punchout.shopping.update(frame.session.id, wanted) if wanted else None

    def _language(self, frame: Frame) -> flask.Response:
        chosen = code_of(flask.request.form.get("language"))
        if chosen is not None:
            self._punchout.visits.choose_language(frame.session, chosen)
        return self._redirect(frame.session, frame.token, back())

    def _transfer(self, frame: Frame) -> flask.Response:
        typed = _typed_quantities(flask.request.form) if frame.changeable else {}
        problem = self._requantified(frame, typed)
        if problem is not None and problem.code != "PUNCHOUT-028":  # it may be on its way already
            return self._cart(frame, (problem,), typed)
        if typed:
            frame = self._frame(
                frame.token, self._punchout.visits.find(frame.token) or frame.session
            )
        confirmed = flask.request.form.get("confirmed") == "yes"
        faults = self._punchout.returning.transfer(frame.session.id, confirmed=confirmed)
        return self._left(frame, faults)

    def _cancel(self, frame: Frame) -> flask.Response:
        return self._left(frame, self._punchout.returning.cancel(frame.session.id))

    def _left(self, frame: Frame, faults: tuple[Fault, ...]) -> flask.Response:
        if any(one.code == "PUNCHOUT-030" for one in faults):
            return self._page(frame, "confirm")
        if faults and frame.session.state is SessionState.ACTIVE:
            return self._cart(frame, faults)
        if faults:
            return self._closed(frame)
        return self._redirect(frame.session, frame.token, "transfer")

    def _homecoming(self, frame: Frame) -> flask.Response:
        session = frame.session
        home = self._punchout.returning.homecoming(session)
        if session.state is SessionState.ACTIVE:
            return self._redirect(session, frame.token, "cart")
        if home is None:
            return self._closed(frame)
        return self._page(frame, "transfer", home=home)

    def _closed(self, frame: Frame) -> flask.Response:
        kind, status = CLOSED[frame.session.state]
        can_return = self._punchout.returning.homecoming(frame.session) is not None
        return self._page(frame, "closed", status, kind=kind, can_return=can_return)

    def _added(self) -> str:
        sku = flask.request.args.get("added", "")
        product = self._punchout.means.products.product(sku) if sku else None
        return "" if product is None else product.name

    def _page(self, frame: Frame, name: str, status: int = 200, **values: object) -> flask.Response:
        html = flask.render_template(
            f"shop/{name}.html",
            frame=frame,
            session=frame.session,
            cart=frame.session.cart,
            inspecting=frame.session.setup.operation is Operation.INSPECT,
            editing=frame.session.setup.operation is Operation.EDIT,
            lineless=is_lineless(frame.session.setup),
            title=self._title,
            **values,
        )
        return self._protected(flask.Response(html, status), frame.session)

    def _message(self, kind: str, status: int) -> flask.Response:
        # Without a session there is nothing to write it to but the log; the token stays out of it.
        _log.warning("a page was refused", kind=kind, remote=flask.request.remote_addr or "")
        if "language" not in flask.g:
            speak()
        html = flask.render_template("shop/message.html", kind=kind, title=self._title)
        return protect(flask.Response(html, status), content_policy(anywhere=True))

    def _redirect(self, session: Session, token: str, below: str) -> flask.Response:
        return self._protected(flask.redirect(f"/s/{token}/{below}", 303), session)

    def _protected(
        self, response: "flask.typing.ResponseReturnValue", session: Session
    ) -> flask.Response:
        partner = self._punchout.means.partner(session.partner)
        home = origin_of(session.setup.return_url or "")
        policy = homeward_policy(None if partner is None else partner.punchout, home)
        return protect(flask.make_response(response), policy)


def _typed_quantities(form: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in the fields of the cart's lines, by line."""
    return {
        key.removeprefix("quantity-"): value[:40]
        for key, value in form.items()
        if key.startswith("quantity-")
    }


def back() -> str:
    """Return where a form says to lead back to, below the session; nothing for any other place."""
    to = flask.request.form.get("next", "")
    return to if NEXT.fullmatch(to) else ""


def _shopper(setup: PunchoutSetup) -> str:
    shopper = shopper_of(setup)
    return shopper.name or shopper.email or shopper.user_id or ""


def _suggestion(product: Product | None, problem: Fault | None, typed: str) -> Decimal | None:
    """Return the quantity that would do, where the one that was typed does not."""
    if product is None or problem is None or problem.code not in UNFIT:
        return None
    quantity = quantity_of(typed_number(spoken(), typed))
    return None if isinstance(quantity, Fault) else fitting(product, quantity)


def _suggestions(
    frame: Frame, problems: Sequence[Fault], typed: dict[str, str], shelves: Shelves
) -> dict[str, Decimal]:
    """Return by line the quantities that would do."""
    lines = {line.item.auxiliary_id or "": line for line in frame.session.cart.lines}
    products = shelves.products(line.item.sku or "" for line in lines.values()) if problems else {}
    found: dict[str, Decimal | None] = {}
    for one in problems:
        line = lines.get(one.target or "")
        if line is not None:
            held = typed.get(one.target or "", f"{line.quantity.value:f}")
            found[one.target or ""] = _suggestion(products.get(line.item.sku or ""), one, held)
    return {key: value for key, value in found.items() if value is not None}


def _beside(frame: Frame, problem: Fault) -> Fault:
    """Return a fault that was found on the way home as one of the line that it is about."""
    if problem.code not in UNFIT or problem.target in _ids(frame):
        return problem
    sku = (problem.target or "").partition(" ")[2]
    lines = (line for line in frame.session.cart.lines if line.item.sku == sku)
    line = next(lines, None)
    return problem if line is None else replace(problem, target=line.item.auxiliary_id)


def _ids(frame: Frame) -> set[str | None]:
    return {line.item.auxiliary_id for line in frame.session.cart.lines}
