"""Play one buyer from the first click to the order: each method is one step with its findings.

A step that cannot be finished says so (`done=False`); the caller stops there. The journey holds the
last visit, cart and order, as a procurement system holds a requisition.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import httpx
import msgspec

from canonical.amounts import decimal_of, plain
from canonical.document import Document
from canonical.order import Item, Order
from canonical.punchout import Cart, Operation, PunchoutSetup
from canonical.wire import Part
from gateway.ambient import Ambient
from gateway.buyer.browser import Browser
from gateway.buyer.differ import Difference, judge_order
from gateway.buyer.documents import (
    Person,
    make_cancellation,
    make_change,
    make_order,
    make_setup,
    split_cart,
)
from gateway.buyer.exchange import Exchange, Post, browsed
from gateway.buyer.findings import Finding
from gateway.buyer.homecoming import Awaited, decode_cart, judge_form, receive
from gateway.buyer.kept import kept
from gateway.buyer.logins import SELECTING, login_of
from gateway.buyer.report import OnStep, Report, Step
from gateway.buyer.shopper import Shopper
from gateway.buyer.telling import cart_facts, counted, order_facts, status_fact
from gateway.buyer.visiting import START_PAGE, Visit, entered, refused, start_page

NO_ORDER_WAY: Final = (
    "order: not sent, as this partner has no identity for cXML, by which orders are sent here; its "
    "orders come another way (EDI, e-mail), or it gets one under identities in partner.yaml"
)
LOST: Final = "the buyer's system lost the cart: a unit or text in it is none that it takes"


class Journey:
    """Play one buyer; `on_step` hears of each step as it is finished."""

    def __init__(
        self,
        post: Post,
        client: httpx.Client,
        person: Person,
        return_url: str,
        ambient: Ambient,
        on_step: OnStep = lambda _step: None,
    ) -> None:
        self.post = post
        self.person = person
        self.steps: list[Step] = []
        self.visit: Visit | None = None
        self.cart: Cart | None = None
        self.ordered: Order | None = None
        self.last: Exchange | None = None
        self.unchecked: list[str] = []
        self._client = client
        self._return_url = return_url
        self._ambient = ambient
        self._on_step = on_step

    def report(self, unchecked: Sequence[str] = ()) -> Report:
        """Return what has been done so far; `unchecked` is what could not be judged from here."""
        account = self.post.account
        left_out = (*unchecked, *self.unchecked)
        return Report(account.partner, tuple(self.steps), left_out, account.syntax)

    def leave_out(self, why: str) -> None:
        """Let the report say what this buyer cannot do, and why."""
        if why not in self.unchecked:
            self.unchecked.append(why)

    # -- into the shop

    def punchout(self, operation: Operation = Operation.CREATE, select: str | None = None) -> Step:
        """Ask for a session and open its start page; edit and inspect bring the last cart along.

        With `select`, an article number, it is a level 2 punchout: the shop must open there.
        """
        title = f"punch out ({operation.value})" + (f" to {select}" if select else "")
        brought = None if operation is Operation.CREATE else self.cart
        if operation is not Operation.CREATE and brought is None:
            return self._stopped("punchout", title, "there is no cart yet to edit or inspect")
        if self.post.account.login is not None:
            return self._log_in(title, operation, select)
        exchange, cookie = self.ask(operation, select)
        start = start_page(exchange)
        findings = list(exchange.findings)
        if start is None:
            if exchange.accepted:
                answer = "answer to PunchOutSetupRequest"
                findings.append(Finding("BUYER-005", "no start page", answer, path=START_PAGE))
            return self._step("punchout", title, exchange, findings, done=False)
        browser = Browser(self._client)
        shopper = Shopper(browser, browser.open(start), self._return_url)
        self.visit = Visit(operation, cookie, shopper, brought)
        findings += entered(self.visit, select)
        facts = (("shop", shopper.page.title),)
        return self._step("punchout", title, exchange, findings, facts, done=shopper.usable)

    def _log_in(self, title: str, operation: Operation, select: str | None) -> Step:
        """Open the shop by a login: nothing comes along, so every visit begins a new cart."""
        if operation is not Operation.CREATE:
            why = f"{self.post.account.face} knows no {operation}: every visit begins a new cart"
            return self._stopped("punchout", title, why)
        if select is not None and self.post.account.syntax not in SELECTING:
            face = self.post.account.face
            self.leave_out(f"to open the shop at {select}: a login by {face} names no product")
            select = None
        browser = Browser(self._client)
        login = login_of(self.post.account, self._setup("", operation, select))
        page = browser.enter(login.url, login.method, login.fields)
        self.last = browsed(login, page)
        shopper = Shopper(browser, page, self._return_url)
        self.visit = Visit(operation, "", shopper)
        facts = (("http", str(page.status)), ("shop", page.title))
        findings = tuple(refused(login, page) or entered(self.visit, select))
        return self._note(Step("punchout", title, (), facts, findings, done=shopper.usable))

    def ask(
        self, operation: Operation = Operation.CREATE, select: str | None = None
    ) -> tuple[Exchange, str]:
        """Send a setup without opening the shop; return the exchange and its BuyerCookie."""
        cookie = self._ambient.new_token()[:22]
        self.last = self.post.send(self._setup(cookie, operation, select))
        return self.last, cookie

    def _setup(self, cookie: str, operation: Operation, select: str | None) -> PunchoutSetup:
        setup = make_setup(
            self.post.account.system,
            self.person,
            cookie,
            self._return_url,
            operation,
            None if operation is Operation.CREATE else self.cart,
        )
        if select is None:
            return setup
        return msgspec.structs.replace(setup, selected=Item(sku=select))

    def add(self, sku: str, quantity: Decimal) -> Step:
        """Put a quantity of a product into the cart."""
        title = f"put {plain(quantity)} of {sku} into the cart"
        if self.visit is None:
            return self._stopped("add", title, "no shop is open; punch out first")
        if self.visit.shopper.add(sku, plain(quantity)):
            self.visit.goods.append((sku, quantity))
            return self._note(Step("add", title))
        said = self.visit.shopper.page.said
        wrong = Finding("BUYER-016", f"{sku} was not taken", "shop", item=sku, found=said)
        return self._note(Step("add", title, findings=(wrong,), done=False))

    def pick(self, count: int) -> Step:
        """Put some products into the cart, as the shop suggests them."""
        title = f"pick {count} products"
        if self.visit is None:
            return self._stopped("pick", title, "no shop is open; punch out first")
        taken = frozenset(sku for sku, _ in self.visit.goods)
        chosen = self.visit.shopper.pick(count, taken)
        for entry in chosen:
            self.visit.goods.append((entry.sku, decimal_of(entry.quantity) or Decimal(0)))
        facts = tuple((entry.sku, entry.quantity) for entry in chosen)
        if chosen:
            return self._note(Step("pick", title, facts=facts))
        shown = self.visit.shopper.page.said
        wrong = Finding("BUYER-016", "nothing to put into a cart", "shop", found=shown)
        return self._note(Step("pick", title, findings=(wrong,), done=False))

    # -- and home

    def transfer(self) -> Step:
        """Bring the cart home and judge it."""
        return self._return("transfer", "bring the cart home")

    def cancel(self) -> Step:
        """Leave the shop without a cart; the answer must not touch an earlier one."""
        return self._return("cancel", "leave without a cart")

    def _return(self, way: str, title: str) -> Step:
        visit, self.visit = self.visit, None
        if visit is None:
            return self._stopped(way, title, "no shop is open; punch out first")
        form = visit.shopper.leave(way)
        if form is None:
            said = visit.shopper.page.said
            wrong = Finding("BUYER-015", f"no way to {way} on the page", "shop", found=said)
            return self._note(Step(way, title, findings=(wrong,), done=False))
        account, tools = self.post.account, self.post.tools
        posted, problems = decode_cart(form.fields, account, tools)
        findings = [*judge_form(form, self._return_url, account), *problems]
        if posted.content is None:
            return self._note(Step(way, title, findings=tuple(findings), done=False))
        awaited = Awaited(
            cookie=visit.cookie,
            brought=visit.brought,
            goods=tuple(visit.goods),
            cancelled=way == "cancel",
        )
        arrival = receive(posted, awaited, account, tools)
        if arrival.cart is not None and way == "transfer":
            self.cart = arrival.cart
        return self._note(
            Step(
                way,
                title,
                (arrival.message_id,) if arrival.message_id else (),
                () if arrival.cart is None else cart_facts(arrival.cart),
                (*findings, *arrival.findings),
                done=arrival.cart is not None or (way == "cancel" and arrival.closed),
            )
        )

    # -- the order

    def order(self, kind: str = "new", files: Sequence[Part] = ()) -> Step:
        """Order the cart (`new`), or change (`update`) or take back (`delete`) that order.

        `files` travel beside a new order, which names them.
        """
        title = {"new": "order the cart", "update": "change the order"}.get(
            kind, "cancel the order"
        )
        document, why_not = self._order_document(kind)
        if document is None:
            return self._stopped("order", title, why_not)
        account = self.post.account
        if isinstance(document, Order) and self.cart is not None and not account.orders:
            return self._kept_back(title, (document,), self.cart)
        sent = document
        if isinstance(document, Order) and files:
            sent = msgspec.structs.replace(
                document, attachments=tuple(file.attachment for file in files)
            )
        self.last = exchange = self.post.send(sent, files=files)
        findings = list(exchange.findings)
        facts = [("order", getattr(document, "order_id", "")), ("sent as", account.order_way)]
        differences: tuple[Difference, ...] = ()
        if kind == "new" and self.cart is not None:
            differences, compared = self._compare((exchange,), self.cart)
            findings.extend(compared)
            facts.append(("order against cart", counted(differences)))
        if files:
            facts.append(("files", str(len(files))))
        if isinstance(document, Order) and exchange.accepted:
            self.ordered = document
        ids, told = (exchange.message_id,), (status_fact(exchange), *facts)
        step = Step("order", title, ids, told, tuple(findings), exchange.accepted, differences)
        return self._note(step)

    def split(self, count: int) -> Step:
        """Order the cart over `count` orders, which together have to be what the cart says."""
        title = f"order the cart over {count} orders"
        cart, why_not = self._kept_cart()
        if cart is None or self.cart is None:
            return self._stopped("order", title, why_not)
        orders = [self._new_order(part) for part in split_cart(cart, count)]
        account = self.post.account
        if not account.orders:
            return self._kept_back(title, orders, self.cart)
        exchanges = [self.post.send(order) for order in orders]
        self.last = exchanges[-1]
        accepted = [order for order, sent in zip(orders, exchanges, strict=True) if sent.accepted]
        self.ordered = accepted[-1] if accepted else self.ordered
        differences, compared = self._compare(exchanges, self.cart)
        facts = [status_fact(exchange) for exchange in exchanges]
        facts += order_facts(orders, account.order_way, differences)
        said = tuple(found for exchange in exchanges for found in exchange.findings)
        ids = tuple(exchange.message_id for exchange in exchanges)
        done = len(accepted) == len(orders)
        return self._note(
            Step("order", title, ids, tuple(facts), (*said, *compared), done, differences)
        )

    def _kept_back(self, title: str, orders: Sequence[Order], cart: Cart) -> Step:
        """Compare orders that have no way to be sent: nothing here takes or refuses them."""
        self.leave_out(NO_ORDER_WAY)
        differences, findings = judge_order(cart, *orders)
        facts = order_facts(orders, self.post.account.order_way, differences)
        step = Step("order", title, facts=facts, findings=findings, differences=differences)
        return self._note(step)

    def _order_document(self, kind: str) -> tuple[Document | None, str]:
        now = self._ambient.now()
        if kind != "new":
            if self.ordered is None:
                return None, "nothing has been ordered yet"
            make = make_change if kind == "update" else make_cancellation
            return make(self.ordered, now), ""
        cart, why_not = self._kept_cart()
        return (None if cart is None else self._new_order(cart)), why_not

    def _kept_cart(self) -> tuple[Cart | None, str]:
        """Return the cart as the buyer's system kept it, or why there is none."""
        account = self.post.account
        if self.cart is None:
            return None, "there is no cart to order; transfer one first"
        cart = kept(self.cart, account.system, account.limits)
        return cart, "" if cart is not None else LOST

    def _new_order(self, cart: Cart) -> Order:
        order_id = f"PO-{self._ambient.new_id()[8:20].upper()}"
        now = self._ambient.now()
        return make_order(cart, self.person, order_id, now, test=self.post.account.test)

    def _compare(
        self, exchanges: Sequence[Exchange], cart: Cart
    ) -> tuple[tuple[Difference, ...], tuple[Finding, ...]]:
        """Return the cart against its orders as they stand in the bytes that were sent."""
        documents = [self.post.as_sent(exchange) for exchange in exchanges]
        orders = [document for document in documents if isinstance(document, Order)]
        if len(orders) < len(documents):
            wrong = Finding("BUYER-063", "the order sent is not readable", "OrderRequest")
            return (), (wrong,)
        return judge_order(cart, *orders)

    def repeat(self) -> Step:
        """Send the last request again, byte for byte, as a network that lost the answer does."""
        title = "send the same request again"
        if self.last is None:
            return self._stopped("repeat", title, "nothing has been sent yet")
        if not self.last.message_id:
            return self._stopped("repeat", title, "a login is not repeated: it opens a new visit")
        exchange = self.post.repeat(self.last)
        same = "yes" if exchange.answer.content == self.last.answer.content else "no"
        return self._step(
            "repeat", title, exchange, list(exchange.findings), (("same answer", same),)
        )

    def conflict(self) -> Step:
        """Send another document under the payloadID of the last order; it must be refused."""
        title = "send another document under the same payloadID"
        if self.last is None or self.ordered is None:
            return self._stopped("conflict", title, "nothing has been ordered yet")
        _, payload = self.post.write(
            make_change(self.ordered, self._ambient.now()), self.last.message_id
        )
        exchange = self.post.deliver("OrderRequest.update", self.last.message_id, payload)
        findings = [found for found in exchange.findings if found.code != "BUYER-004"]
        if exchange.accepted:
            findings.append(
                Finding(
                    "BUYER-064",
                    "it was accepted",
                    "OrderRequest",
                    found=str(exchange.code),
                    expected="409",
                )
            )
        return self._step("conflict", title, exchange, findings)

    # -- book-keeping

    def note(self, step: Step) -> Step:
        """Add a step that somebody else has done, such as a script's expectation."""
        return self._note(step)

    def _step(
        self,
        name: str,
        title: str,
        exchange: Exchange,
        findings: Sequence[Finding],
        facts: tuple[tuple[str, str], ...] = (),
        *,
        done: bool = True,
    ) -> Step:
        ids, told = (exchange.message_id,), (status_fact(exchange), *facts)
        return self._note(Step(name, title, ids, told, tuple(findings), done))

    def _stopped(self, name: str, title: str, why: str) -> Step:
        wrong = Finding("BUYER-070", why, "journey")
        return self._note(Step(name, title, findings=(wrong,), done=False))

    def _note(self, step: Step) -> Step:
        self.steps.append(step)
        self._on_step(step)
        return step
