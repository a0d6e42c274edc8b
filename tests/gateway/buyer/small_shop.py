"""Keep a small shop in memory: search, cart, transfer and cancel, in plain pages."""

import html
from urllib.parse import parse_qsl

import httpx

PRODUCTS = {"4711": "Chair", "0815": "Desk & lamp", "a/b": "Odd number"}


class SmallShop:
    """Answer like a shop; `cart` is what was put into it."""

    def __init__(
        self, *, doorstep: bool = False, changeable: bool = False, sends: str = "UEFZTE9BRA=="
    ) -> None:
        self.doorstep = doorstep
        self.changeable = changeable
        self.sends = sends
        self.cart: list[tuple[str, str]] = []

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, form = request.url.path, dict(parse_qsl(request.content.decode()))
        if path == "/start" and self.doorstep:
            return page('<form method="post" action="/enter"><button>Continue</button></form>')
        if request.method == "POST" and path in {"/s/t/transfer", "/s/t/cancel"}:
            return page(
                f'<form method="post" action="https://b.example.com/return"><input type="hidden"'
                f' name="cXML-base64" value="{self.sends}"><button>Continue to b</button></form>'
            )
        if request.method == "POST" and path == "/s/t/cart":
            if form["quantity"] == "13":
                return page('<p role="alert">13 is no multiple</p>' + self.shelf(""), "No")
            self.cart.append((form["sku"], form["quantity"]))
        if path == "/s/t/cart":
            return page(self.ways() + "".join(self.row(sku) for sku, _ in self.cart), "Cart")
        return page(self.ways() + self.shelf(request.url.params.get("q", "")), "Shop")

    def row(self, sku: str) -> str:
        if not self.changeable:
            return f"<p>{sku}</p>"
        field = f'<input name="quantity-{sku}">'
        return f'<form method="post" action="/s/t/update">{sku} {field}</form>'

    def ways(self) -> str:
        return (
            '<form method="get" action="/s/t/"><input type="search" name="q"><button>Go</button>'
            '</form><a href="/s/t/cart">Cart</a>'
            '<form method="post" action="/s/t/cancel"><button>Return without cart</button></form>'
            '<form method="post" action="/s/t/transfer"><button>Transfer cart</button></form>'
        )

    def shelf(self, text: str) -> str:
        return "".join(
            f'<form method="post" action="/s/t/cart"><input type="hidden" name="sku" value="{sku}">'
            f'<input name="quantity" value="2"><button>Add {html.escape(name)}</button></form>'
            for sku, name in PRODUCTS.items()
            if text in sku
        )


def page(body: str, title: str = "Shop", status: int = 200) -> httpx.Response:
    """Return an HTML page."""
    text = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return httpx.Response(status, text=text, headers={"content-type": "text/html; charset=utf-8"})
