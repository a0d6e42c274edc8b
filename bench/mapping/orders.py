"""Make the documents that the mapping is timed with: a 100-line order and a 100-line cart."""

from decimal import Decimal
from random import Random

from canonical.amounts import Money, Quantity
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine

_UNITS = ("EA", "PK", "BX", "C62", "MTR", "KGM")
_WORDS = [
    "steel",
    "bolt",
    "zinc",
    "plated",
    "hexagon",
    "head",
    "washer",
    "stainless",
    "black",
    "long",
    "drill",
    "cobalt",
    "blade",
]


def order_request(lines: int = 100, seed: int = 7) -> bytes:
    """Return a cXML OrderRequest as Ariba and Coupa shape it, about 1 kB a line."""
    chance = Random(seed)
    items = "\n".join(_item_out(number, chance) for number in range(1, lines + 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">
<cXML payloadID="bench-{seed}@buyer.example" timestamp="2026-11-22T08:00:00+01:00" xml:lang="en-US">
  <Header>
    <From><Credential domain="NetworkId"><Identity>AN01000000001</Identity></Credential></From>
    <To><Credential domain="DUNS"><Identity>123456789</Identity></Credential></To>
    <Sender><Credential domain="NetworkId"><Identity>AN01000000001</Identity>
      <SharedSecret>bench</SharedSecret></Credential><UserAgent>bench</UserAgent></Sender>
  </Header>
  <Request deploymentMode="production">
    <OrderRequest>
      <OrderRequestHeader orderID="PO-{seed}" orderDate="2026-11-22T08:00:00+01:00" type="new">
        <Total><Money currency="SEK">104500.50</Money></Total>
        <ShipTo>{_address("ship-1")}</ShipTo>
        <BillTo>{_address("bill-1")}</BillTo>
        <Contact role="endUser"><Name xml:lang="en">Kim Lund</Name><Email>kim@buyer.example</Email></Contact>
        <Comments xml:lang="en">Deliver to the back door.</Comments>
        <Extrinsic name="costCenter">4711</Extrinsic>
      </OrderRequestHeader>
      {items}
    </OrderRequest>
  </Request>
</cXML>
""".encode()  # noqa: E501


def _address(number: str) -> str:
    return f"""
          <Address addressID="{number}" isoCountryCode="SE">
            <Name xml:lang="en">Region North</Name>
            <PostalAddress name="default">
              <DeliverTo>Kim Lund</DeliverTo>
              <Street>Storgatan 1</Street>
              <City>Umeå</City>
              <PostalCode>903 26</PostalCode>
              <Country isoCountryCode="SE">Sweden</Country>
            </PostalAddress>
          </Address>"""


def _item_out(number: int, chance: Random) -> str:
    words = " ".join(chance.choices(_WORDS, k=6))
    return f"""<ItemOut quantity="{chance.randint(1, 400)}" lineNumber="{number}" requestedDeliveryDate="2026-12-{chance.randint(1, 28):02}T00:00:00+01:00">
        <ItemID>
          <SupplierPartID>SKU-{chance.randint(10000, 99999)}</SupplierPartID>
          <SupplierPartAuxiliaryID>{chance.randbytes(8).hex()}</SupplierPartAuxiliaryID>
          <BuyerPartID>B{chance.randint(1000, 9999)}</BuyerPartID>
        </ItemID>
        <ItemDetail>
          <UnitPrice><Money currency="SEK">{chance.randint(100, 99999) / 100:.2f}</Money></UnitPrice>
          <Description xml:lang="en">{words}</Description>
          <UnitOfMeasure>{chance.choice(_UNITS)}</UnitOfMeasure>
          <Classification domain="UNSPSC">{chance.randint(10000000, 99999999)}</Classification>
          <ManufacturerPartID>M-{chance.randint(100, 999)}</ManufacturerPartID>
          <ManufacturerName>Maker {chance.randint(1, 9)}</ManufacturerName>
          <Extrinsic name="costCenter">{chance.randint(1000, 9999)}</Extrinsic>
        </ItemDetail>
      </ItemOut>"""  # noqa: E501


def cart(lines: int = 100, seed: int = 7) -> Cart:
    """Return a cart of that many lines; three in a hundred descriptions need escaping."""
    chance = Random(seed)
    return Cart(
        cart_id="cart-1",
        currency="SEK",
        buyer_cookie="1CX3L4843PPZO",
        lines=tuple(_line(number, chance) for number in range(1, lines + 1)),
        total=Money(amount=Decimal("104500.50"), currency="SEK"),
    )


def _line(number: int, chance: Random) -> CartLine:
    words = " ".join(chance.choices(_WORDS, k=6))
    price = Decimal(chance.randint(100, 99999)).scaleb(-2)
    return CartLine(
        line_id=str(number),
        item=Item(
            sku=f"SKU-{chance.randint(10000, 99999)}",
            auxiliary_id=chance.randbytes(8).hex(),
            manufacturer=f"Maker {chance.randint(1, 9)}",
            manufacturer_sku=f"M-{chance.randint(100, 999)}",
        ),
        quantity=Quantity(value=Decimal(chance.randint(1, 400)), unit=chance.choice(_UNITS)),
        description=f'{words} 3/4" & more' if number % 33 == 0 else words,
        name=words[:20],
        price=Price(amount=price, currency="SEK"),
        classifications=(Classification(scheme="UNSPSC", code=str(chance.randint(10**7, 10**8))),),
        lead_time_days=chance.randint(1, 20),
    )
