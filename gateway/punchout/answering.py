"""Answer what a buyer's system asks between shopping trips: a product, a search, a whole catalogue.

Nothing is stored but the question and its answer: there is no session. Lines are made as those of
a cart, at the price that the core gives this customer, with one question for all of them. What the
customer may not buy is not there, and what has no price is not sold.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, has_errors, sentence
from canonical.party import Customer
from canonical.product import Product
from canonical.punchout import (
    CartLine,
    CataloguePage,
    CataloguePageQuery,
    ItemList,
    ItemQuery,
    Operation,
    PunchoutSetup,
    QueryKind,
)
from canonical.stock import StockLevel
from canonical.wire import Verdict
from gateway.errors import CoreError
from gateway.partners.model import Partner
from gateway.pipeline.contract import Outcome, Received, Trial
from gateway.punchout.baskets import line_of
from gateway.punchout.customers import RecentCustomers
from gateway.punchout.faults import fault
from gateway.punchout.fitting import fitted_line, with_wanted, without_files
from gateway.punchout.means import Means
from gateway.punchout.naming import sku_meant, with_buyer_numbers
from gateway.punchout.offers import Wanted, offers_of
from gateway.punchout.packaging import fitting
from gateway.punchout.pictures import with_pictures
from gateway.punchout.refusals import refuse, unfit_address, unknown_customer, without_core

PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200
MAX_PAGE: Final = 100_000
ONE_PRODUCT: Final = frozenset({QueryKind.VALIDATE, QueryKind.CHECK_QUANTITY})
"""What is asked of a single product."""


def answer_query(means: Means, customers: RecentCustomers, received: Received) -> Outcome:
    """Return the list or page that a query asks for, or why there is none."""
    query, partner = received.document, received.partner
    if not isinstance(query, ItemQuery | CataloguePageQuery):
        message = f"this answers queries, not {type(query).__name__}"
        raise TypeError(message)
    refusal = _refusal(partner, query)
    if refusal is not None:
        return refusal
    try:
        customer = customers.get(partner.customer)
        if customer is None:
            return unknown_customer(partner)
        reply = _Counter(means, partner, customer).reply(query)
    except CoreError as error:
        return without_core(error)
    wishes = query.properties if isinstance(query, ItemQuery) else ()
    return Outcome(
        verdict=Verdict.ACCEPTED,
        reply=reply,
        dialect=means.dialect(partner, received.syntax, wishes),
        reduce=lambda trial: reduced(reply, trial),
    )


def reduced(
    reply: ItemList | CataloguePage, trial: Trial
) -> tuple[ItemList | CataloguePage, tuple[Fault, ...]]:
    """Return `reply` without the lines that cannot be written, and a fault for each of them.

    One product with a number too long for the buyer's system would cost him the whole list else.
    """
    kept: list[CartLine] = []
    left_out: list[Fault] = []
    for line in reply.lines:
        against = [one for one in trial(replace(reply, lines=(line,))) if has_errors((one,))]
        if against:
            found = sentence(against[0])
            left_out.append(fault("PUNCHOUT-062", found=found, target=line.item.sku))
        else:
            kept.append(replace(line, line_id=str(len(kept) + 1)))
    return replace(reply, lines=tuple(kept)), tuple(left_out)


def setup_of(query: ItemQuery) -> PunchoutSetup:
    """Return the shopping trip that a person needs to choose from what a search finds."""
    return PunchoutSetup(
        operation=Operation.CREATE,
        return_url=query.return_url,
        return_target=query.return_target,
        language=query.language,
        search=query.text,
        properties=query.properties,
    )


def _refusal(partner: Partner, query: ItemQuery | CataloguePageQuery) -> Outcome | None:
    if partner.punchout.shop == "external":
        return refuse(Verdict.UNSUPPORTED, fault("PUNCHOUT-060"))
    # A system that only reads the page (a search in the background) may name no address.
    if isinstance(query, ItemQuery) and query.return_url:
        return unfit_address(partner, query)
    return None


class _Counter:
    """Serve one customer of one partner."""

    def __init__(self, means: Means, partner: Partner, customer: Customer) -> None:
        self._means = means
        self._partner = partner
        self._customer = customer

    def reply(self, query: ItemQuery | CataloguePageQuery) -> ItemList | CataloguePage:
        """Return the answer; raises `CoreError` when prices cannot be asked."""
        if isinstance(query, CataloguePageQuery):
            return self._page(query)
        return self._single(query) if query.kind in ONE_PRODUCT else self._found(query)

    def _single(self, query: ItemQuery) -> ItemList:
        named = (query.sku or "").strip()
        sku = sku_meant(self._means, self._partner, named)
        product = None if sku is None else self._means.products.product(sku)
        quantity = None if product is None else self._quantity(product, query)
        lines: tuple[CartLine, ...] = ()
        if product is not None and quantity is not None:
            lines = self._lines([(product, quantity)])
            # The id that we gave stays the name of what it was given to.
            issued = named in self._means.store.issued_skus(self._partner.id, [named])
            lines = tuple(
                replace(line, item=replace(line.item, auxiliary_id=named)) if issued else line
                for line in lines
            )
        return self._list(query, lines, len(lines), None)

    def _quantity(self, product: Product, query: ItemQuery) -> Decimal | None:
        """Return the quantity to answer with; None when nothing can be delivered."""
        asked = query.quantity if query.quantity is not None else product.minimum_quantity
        wanted = fitting(product, asked)
        if query.kind is not QueryKind.CHECK_QUANTITY:
            return wanted
        levels = self._stock(product.sku)
        if not levels:
            return wanted  # not kept in stock: made or bought when it is ordered
        available = sum((level.available for level in levels), start=Decimal(0))
        return wanted if wanted <= available else _down(product, available)

    def _stock(self, sku: str) -> tuple[StockLevel, ...]:
        return tuple(level for level in self._means.core.stock_of([sku]) if level.sku == sku)

    def _found(self, query: ItemQuery) -> ItemList:
        size = _size(query.page_size)
        found = self._means.products.search(
            query.text,
            assortments=self._customer.assortments,
            customer=self._customer.customer_id,
            offset=_offset(query.page, size),
            limit=size,
            facets=False,
        )
        return self._list(query, self._lines(_smallest(found.items)), found.total, size)

    def _page(self, query: CataloguePageQuery) -> CataloguePage:
        size = _size(query.page_size)
        found = self._means.products.search(
            "",
            assortments=self._customer.assortments,
            offset=_offset(query.page, size),
            limit=size,
            facets=False,
        )
        return CataloguePage(
            currency=self._customer.currency,
            lines=self._lines(_smallest(found.items), breaks=True),
            total=found.total,
            page=_page_number(query.page),
            page_size=size,
            transaction=query.transaction,
            context=query.context,
            language=query.language or "en",
        )

    def _list(
        self, query: ItemQuery, lines: tuple[CartLine, ...], total: int, size: int | None
    ) -> ItemList:
        return ItemList(
            kind=query.kind,
            currency=self._customer.currency,
            lines=lines,
            total=total,
            page=_page_number(query.page),
            page_size=size,
            language=query.language or "en",
        )

    def _lines(
        self, wanted: list[tuple[Product, Decimal]], *, breaks: bool = False
    ) -> tuple[CartLine, ...]:
        asked = [Wanted(product, quantity) for product, quantity in wanted]
        on = self._means.ambient.now().date()
        offers = offers_of(self._means.core, self._customer, asked, on)
        lines: list[CartLine] = []
        for one, offer in zip(asked, offers, strict=True):
            if offer.price is None:
                continue
            line = line_of(offer.product, one.quantity, offer.price, one.product.sku)
            price = offer.price if breaks else line.price
            lines.append(replace(line, line_id=str(len(lines) + 1), price=price))
        lines = list(with_pictures(self._means.base_url, lines))
        named = with_buyer_numbers(self._means, self._customer.customer_id, lines)
        # A catalogue has a place for every property, a cart for those that were agreed on.
        chosen = (line if breaks else with_wanted(line, self._partner) for line in named)
        fitting_lines = (fitted_line(line, self._partner) for line in chosen)
        return tuple(without_files(line, self._partner) for line in fitting_lines)


def _smallest(products: Iterable[Product]) -> list[tuple[Product, Decimal]]:
    return [(product, fitting(product, product.minimum_quantity)) for product in products]


def _down(product: Product, available: Decimal) -> Decimal | None:
    """Return the largest quantity up to `available` that can be ordered."""
    step = product.quantity_multiple
    most = available if step <= 0 else available // step * step
    return most if most > 0 and most >= product.minimum_quantity else None


def _size(wanted: int | None) -> int:
    return min(max(wanted or PAGE_SIZE, 1), MAX_PAGE_SIZE)


def _page_number(wanted: int) -> int:
    return min(max(wanted, 1), MAX_PAGE)


def _offset(page: int, size: int) -> int:
    return (_page_number(page) - 1) * size
