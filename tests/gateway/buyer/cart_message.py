"""Make a cart message by hand: a good one, and the same with one thing changed."""

from canonical.wire import Envelope, Message, Status
from protocols.xml import parse

COOKIE = "1CX3L4843PPZO"

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<cXML payloadID="933695160894@shop.example.com" timestamp="2026-08-15T08:47:00+02:00">
  <Header>
    <From><Credential domain="DUNS"><Identity>83528721</Identity></Credential></From>
    <To><Credential domain="DUNS"><Identity>65652314</Identity></Credential></To>
    <Sender>
      <Credential domain="shop.example.com"><Identity>shop</Identity></Credential>
      <UserAgent>Shop</UserAgent>
    </Sender>
  </Header>
  <Message>
    <PunchOutOrderMessage>
      <BuyerCookie>1CX3L4843PPZO</BuyerCookie>
      <PunchOutOrderMessageHeader operationAllowed="edit">
        <Total><Money currency="SEK">132.45</Money></Total>
      </PunchOutOrderMessageHeader>
      <ItemIn quantity="3">
        <ItemID>
          <SupplierPartID>5555</SupplierPartID>
          <SupplierPartAuxiliaryID>line-1</SupplierPartAuxiliaryID>
        </ItemID>
        <ItemDetail>
          <UnitPrice><Money currency="SEK">40.00</Money></UnitPrice>
          <Description xml:lang="en"><ShortName>Chair</ShortName>Chair with arms</Description>
          <UnitOfMeasure>EA</UnitOfMeasure>
          <Classification domain="UNSPSC">56112102</Classification>
        </ItemDetail>
      </ItemIn>
      <ItemIn quantity="250">
        <ItemID>
          <SupplierPartID>7777</SupplierPartID>
          <SupplierPartAuxiliaryID>line-2</SupplierPartAuxiliaryID>
        </ItemID>
        <ItemDetail>
          <UnitPrice><Money currency="SEK">4.98</Money></UnitPrice>
          <Description xml:lang="en">Screws</Description>
          <UnitOfMeasure>C62</UnitOfMeasure>
          <PriceBasisQuantity quantity="100" conversionFactor="1">
            <UnitOfMeasure>C62</UnitOfMeasure>
          </PriceBasisQuantity>
          <Classification domain="UNSPSC">31161500</Classification>
        </ItemDetail>
      </ItemIn>
    </PunchOutOrderMessage>
  </Message>
</cXML>
"""

CANCELLED = """<?xml version="1.0" encoding="UTF-8"?>
<cXML payloadID="1@shop.example.com" timestamp="2026-08-15T08:47:00+02:00">
  <Header/>
  <Message><Status code="204" text="cancelled"/></Message>
</cXML>
"""


def message_of(text: str, status: Status | None = None) -> Message:
    """Return the message that `text` spells."""
    root = parse(text.encode()).root
    assert root is not None, text
    envelope = Envelope(message_id=root.get("payloadID") or "")
    return Message(name="PunchOutOrderMessage", envelope=envelope, tree=root, status=status)


def changed(old: str, new: str) -> Message:
    """Return the good cart with `old` replaced once; `old` must be there."""
    assert GOOD.count(old) >= 1, f"{old!r} is not in the good cart"
    return message_of(GOOD.replace(old, new, 1))
