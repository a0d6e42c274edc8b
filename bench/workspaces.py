"""Write the smallest workspace in which one buyer orders from an embedded core.

A benchmark says who the buyer is to its protocol and what the core sells; the rest is the same for
all. Nothing throttles: floods come from one address.
"""

from collections.abc import Iterable
from pathlib import Path

_PARTNER = """\
name: Buyer Ltd
customer: C1
state: live
identities: [{{domain: {domain}, identity: {identity}}}]
supplier: [{{domain: DUNS, identity: SUPPLIER}}]
secrets: {{current: file:secrets/buyer}}
"""
_CUSTOMERS = """\
[{"customer_id": "C1", "name": "Buyer Ltd", "currency": "EUR", "price_list": "LIST"}]
"""


def write_workspace(
    workspace: Path,
    products: Iterable[tuple[str, str, str]],
    *,
    identity: tuple[str, str],
    secret: str,
    port: int = 8080,
) -> None:
    """Write a workspace whose core sells `products` (number, name, price in EUR) to one buyer.

    `identity` is the buyer's domain and name in it.
    """
    goods = list(products)
    files = {
        "gateway.toml": f'base_url = "http://127.0.0.1:{port}"\nport = {port}\n'
        "[limits]\nrequests_per_minute = 10000000\n",
        "partners/buyer/partner.yaml": _PARTNER.format(domain=identity[0], identity=identity[1]),
        "secrets/buyer": f"{secret}\n",
        "core/customers.json": _CUSTOMERS,
        "core/price_lists.csv": "price_list,currency,standard\nLIST,EUR,yes\n",
        "core/products.csv": "sku,name,unit\n"
        + "".join(f"{sku},{name},EA\n" for sku, name, _ in goods),
        "core/prices.csv": "price_list,sku,amount\n"
        + "".join(f"LIST,{sku},{price}\n" for sku, _, price in goods),
    }
    for name, text in files.items():
        file = workspace / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
