"""Find the way through a shop as a person does: search, put into the cart, transfer, cancel.

Written against what a page offers (a search field, a quantity field, a button's words) and not
against one shop's templates, so it also walks through a supplier's own shop (`shop: external`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import unquote, urlsplit

from canonical.amounts import decimal_of, plain
from gateway.buyer.browser import Browser, Button, Form, Page

OK: Final = 200
_WAYS: Final = {
    "transfer": re.compile(r"transfer|check.?out|return cart|bring", re.IGNORECASE),
    "cancel": re.compile(r"cancel|leave|discard|without", re.IGNORECASE),
    "cart": re.compile(r"cart|basket", re.IGNORECASE),
    "enter": re.compile(r"continue|enter|start|open|shop", re.IGNORECASE),
}
_CART_FIELD: Final = re.compile(
    r"cxml-(?:base64|urlencoded)|~?xml_?document|new_item[-_].*", re.IGNORECASE
)
_QUANTITY: Final = re.compile(r"q(?:uanti)?ty|amount", re.IGNORECASE)
_SEARCH: Final = re.compile(r"^(q|query|search|text|term)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Hold what was put into the cart: the number on the form and the quantity sent."""

    sku: str
    quantity: str


def homeward(page: Page, return_url: str | None = None) -> Form | None:
    """Return the form that carries a cart home, if this page has it.

    It goes where the buyer said, or holds a field that carts travel in, or leaves the shop's site.
    """
    for tells in (
        lambda form: form.spelt_action == return_url,
        lambda form: any(_CART_FIELD.fullmatch(name) for name, _ in form.fields),
        lambda form: not _same_site(form.action, page.url),
    ):
        found = next(filter(tells, page.forms), None)
        if found is not None:
            return found
    return None


class Shopper:
    """Walk through one shop from its first page; `page` is what is on the screen."""

    def __init__(self, browser: Browser, first: Page, return_url: str | None = None) -> None:
        self._browser = browser
        self._return_url = return_url
        self.page = first
        self._pass_doorstep()
        self.home = self.page

    @property
    def usable(self) -> bool:
        """Tell whether there is a shop on the screen."""
        return self.page.status == OK and bool(self.page.forms or self.page.links)

    def _pass_doorstep(self) -> None:
        """Press the one button of an entrance page: link scanners must not use up the link."""
        forms = [form for form in self.page.forms if form.method == "post"]
        if len(forms) == 1 and not forms[0].editable and _presses(forms[0], "enter"):
            self.page = self._browser.submit(self.page, forms[0])

    def offers(self, sku: str) -> bool:
        """Tell whether the page that is open offers exactly this product and no other."""
        forms = [form for form in self.page.forms if _adds(form)]
        return len(forms) == 1 and _sku_of(forms[0]) == sku

    def add(self, sku: str, quantity: str) -> bool:
        """Look `sku` up and put `quantity` of it into the cart; False when it is not offered."""
        form = self._adding(self.page, sku) or self._found(sku)
        return form is not None and self._put(form, quantity)

    def pick(self, count: int, taken: frozenset[str] = frozenset()) -> tuple[Chosen, ...]:
        """Put the first `count` products on offer into the cart, other than those `taken`.

        The first in the quantity that the shop suggests, the second in twice that, and so on:
        multiples stay multiples, and prices with breaks get their chance.
        """
        offers: list[tuple[Page, Form]] = []
        for page in self._aisles():
            fresh = (form for form in page.forms if _adds(form) and _sku_of(form) not in taken)
            offers.extend((page, form) for form in fresh)
            if len(offers) >= count:
                break
        chosen: list[Chosen] = []
        for times, (page, form) in enumerate(offers[:count], start=1):
            self.page = page
            suggested = decimal_of(form.value(_quantity_field(form) or "") or "")
            quantity = plain((suggested or Decimal(1)) * times)
            if self._put(form, quantity):
                chosen.append(Chosen(_sku_of(form), quantity))
        return tuple(chosen)

    def cart(self) -> Page:
        """Return the cart's page."""
        page = self.page if self._way(self.page, "transfer") else self.home
        link = next((url for text, url in page.links if _is_cart(text, url)), None)
        if link is not None:
            self.page = self._browser.open(link, self.page)
        return self.page

    def can_change(self) -> bool:
        """Tell whether the cart's page lets anything be changed."""
        return any(_quantity_field(form) for form in self.cart().forms)

    def leave(self, way: str) -> Form | None:
        """Go home by `transfer` or `cancel`; return the form that carries the cart, or None."""
        found = self._way(self.page, way) or self._way(self.cart(), way)
        if found is None:
            return None
        form, button = found
        self.page = self._browser.submit(self.page, form, button=button)
        if self._homeward(self.page) is None:
            confirm = self._way(self.page, way)
            if confirm is not None:
                self.page = self._browser.submit(self.page, confirm[0], button=confirm[1])
        return self._homeward(self.page)

    def _found(self, sku: str) -> Form | None:
        """Search for `sku`; look on the results and, if need be, on the product's own page."""
        for form in (*self.page.forms, *self.home.forms):
            field = next((name for name in form.editable if _SEARCH.match(name)), None)
            if field is not None:
                self.page = self._browser.submit(self.page, form, {field: sku})
                break
        offer = self._adding(self.page, sku)
        if offer is None:
            link = next((url for _, url in self.page.links if _names(url, sku)), None)
            if link is not None:
                self.page = self._browser.open(link, self.page)
                offer = self._adding(self.page, sku)
        return offer

    def _adding(self, page: Page, sku: str) -> Form | None:
        return next((form for form in page.forms if _adds(form) and _sku_of(form) == sku), None)

    def _put(self, form: Form, quantity: str) -> bool:
        field = _quantity_field(form)
        values = {} if field is None else {field: quantity}
        self.page = self._browser.submit(self.page, form, values)
        return self.page.status == OK and not self.page.alerts

    def _aisles(self) -> Iterator[Page]:
        """Yield the first page, what an empty search finds, and the pages linked from the first."""
        yield self.home
        for form in self.home.forms:
            if any(_SEARCH.match(name) for name in form.editable):
                yield self._browser.submit(self.home, form)
        seen = {self.home.url}
        for text, url in self.home.links:
            if url not in seen and not _is_cart(text, url) and _same_site(url, self.home.url):
                seen.add(url)
                yield self._browser.open(url, self.home)

    def _homeward(self, page: Page) -> Form | None:
        return homeward(page, self._return_url)

    def _way(self, page: Page, way: str) -> tuple[Form, Button | None] | None:
        for form in page.forms:
            if self._homeward(page) is form or _adds(form):
                continue
            button = _presses(form, way)
            if button is not None:
                return form, button
        return None


def _presses(form: Form, way: str) -> Button | None:
    """Return the button that leads `way`, by the address it leads to or else by its words."""
    pattern = _WAYS[way]
    for button in form.buttons:
        if not button.disabled and pattern.search(_last_step(button.action or form.action)):
            return button
    others = [_WAYS[other] for other in ("transfer", "cancel") if other != way]
    for button in form.buttons:
        said = button.label
        if not button.disabled and pattern.search(said) and not any(o.search(said) for o in others):
            return button
    return None


def _last_step(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _quantity_field(form: Form) -> str | None:
    return next((name for name in form.editable if _QUANTITY.search(name)), None)


def _adds(form: Form) -> bool:
    return (
        form.method == "post"
        and _quantity_field(form) is not None
        and form.value("sku") is not None
    )


def _sku_of(form: Form) -> str:
    return form.value("sku") or ""


def _names(url: str, sku: str) -> bool:
    parts = urlsplit(url)
    return sku in unquote(parts.path).split("/") or f"={sku}" in unquote(parts.query)


def _is_cart(text: str, url: str) -> bool:
    return bool(_WAYS["cart"].search(_last_step(url)) or _WAYS["cart"].match(text))


def _same_site(url: str, other: str) -> bool:
    return urlsplit(url).netloc == urlsplit(other).netloc
