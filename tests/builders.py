"""Build believable values for tests: name what matters, the rest is made up."""

from datetime import UTC, datetime
from decimal import Decimal

from canonical.amounts import Money, Quantity
from canonical.order import Item, Order, OrderLine
from canonical.party import Contact, Customer
from canonical.price import Price, total_of
from canonical.product import Product
from gateway.partners.model import Partner

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "abracadabra-42"


def make_product(sku: str = "SKU-1", **fields: object) -> Product:
    values: dict[str, object] = {"name": f"Article {sku}", "unit": "EA"}
    return Product(sku=sku, **{**values, **fields})  # type: ignore[arg-type]


def make_customer(customer_id: str = "C1", **fields: object) -> Customer:
    values: dict[str, object] = {"name": "Buyer Ltd", "currency": "EUR"}
    return Customer(customer_id=customer_id, **{**values, **fields})  # type: ignore[arg-type]


def make_order(order_id: str = "PO-1", lines: int = 2, **fields: object) -> Order:
    order_lines = tuple(
        OrderLine(
            line_id=str(number),
            quantity=Quantity(value=Decimal(number), unit="EA"),
            item=Item(sku=f"SKU-{number}"),
            price=Price(amount=Decimal("10.00"), currency="EUR"),
        )
        for number in range(1, lines + 1)
    )
    values: dict[str, object] = {
        "issued_at": NOON,
        "currency": "EUR",
        "lines": order_lines,
        "total": Money(amount=total_of(order_lines), currency="EUR"),
        "originator": Contact(name="Ada", email="ada@buyer.example"),
    }
    return Order(order_id=order_id, **{**values, **fields})  # type: ignore[arg-type]


def make_partner(partner_id: str = "buyer", **fields: object) -> Partner:
    values: dict[str, object] = {
        "id": partner_id,
        "name": "Buyer Ltd",
        "customer": "C1",
        "state": "live",
        "identities": [{"domain": "NetworkId", "identity": partner_id.upper()}],
        "supplier": [{"domain": "DUNS", "identity": "SUPPLIER"}],
    }
    return Partner.model_validate({**values, **fields})


def make_order_request(
    order_id: str = "PO-1",
    *,
    payload_id: str = "1@buyer.example",
    kind: str = "new",
    version: str = "",
    lines: int = 2,
    quantity: str = "1",
    secret: str = SECRET,
    identity: str = "BUYER",
    test: bool = False,
) -> bytes:
    """Return an OrderRequest as a buyer's system would post it."""
    items = "".join(_item(number, quantity) for number in range(1, lines + 1))
    total = Decimal(quantity) * 10 * lines if quantity.isdigit() else Decimal(0)
    order_version = f' orderVersion="{version}"' if version else ""
    mode = ' deploymentMode="test"' if test else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">
<cXML payloadID="{payload_id}" timestamp="2026-11-22T12:00:00+00:00" xml:lang="en">
<Header>
<From><Credential domain="NetworkId"><Identity>{identity}</Identity></Credential></From>
<To><Credential domain="DUNS"><Identity>SUPPLIER</Identity></Credential></To>
<Sender><Credential domain="NetworkId"><Identity>{identity}</Identity>\
<SharedSecret>{secret}</SharedSecret></Credential><UserAgent>Test</UserAgent></Sender>
</Header>
<Request{mode}>
<OrderRequest>
<OrderRequestHeader orderID="{order_id}" orderDate="2026-11-22T11:59:00+00:00" type="{kind}"\
{order_version}>
<Total><Money currency="EUR">{total}</Money></Total>
<ShipTo><Address addressID="A1"><Name xml:lang="en">Dock 1</Name></Address></ShipTo>
<BillTo><Address><Name xml:lang="en">Buyer Ltd</Name></Address></BillTo>
<Contact role="purchasingAgent"><Name xml:lang="en">Ada</Name>\
<Email>ada@buyer.example</Email></Contact>
</OrderRequestHeader>
{items}
</OrderRequest>
</Request>
</cXML>
""".encode()


def _item(number: int, quantity: str) -> str:
    return f"""<ItemOut quantity="{quantity}" lineNumber="{number}">
<ItemID><SupplierPartID>SKU-{number}</SupplierPartID></ItemID>
<ItemDetail><UnitPrice><Money currency="EUR">10.00</Money></UnitPrice>
<Description xml:lang="en">Article SKU-{number}</Description>
<UnitOfMeasure>EA</UnitOfMeasure>
<Classification domain="UNSPSC">44121600</Classification></ItemDetail>
</ItemOut>"""
