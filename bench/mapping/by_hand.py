"""Read and write the benchmark's documents by hand, as good Python for just these documents would.

These are the rivals of the compiled mapping. `single_pass` is the best we know: child loops, every child
looked at once. `with_find` is what most people write. Both build the same `Order` as the mapping
from a clean document, but report no fault, no place, and know no partner's deviation.
"""  # noqa: E501

from datetime import datetime
from decimal import Decimal

from lxml import etree

from canonical.amounts import Money, Quantity
from canonical.identifiers import Identifier, Property
from canonical.order import Item, Order, OrderLine
from canonical.party import Address, Contact, Party
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine

Element = etree._Element  # noqa: SLF001  # the name that lxml's own stubs use
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def single_pass(root: Element, units: dict[str, str]) -> Order:  # noqa: C901, PLR0912
    """Return the order under `root`, each element visited once."""
    request = sender = receiver = None
    for child in root:
        if child.tag == "Header":
            for part in child:
                tag = part.tag
                if tag == "From":
                    sender = part
                elif tag == "To":
                    receiver = part
        elif child.tag == "Request":
            request = child
    head = None
    items = []
    for child in request[0]:
        if child.tag == "ItemOut":
            items.append(child)
        else:
            head = child
    total = ship_to = bill_to = contact = note = None
    properties = []
    for child in head:
        tag = child.tag
        if tag == "Total":
            money = child[0]
            total = Money(amount=Decimal(money.text), currency=money.get("currency"))
        elif tag == "ShipTo":
            ship_to = _address(child[0])
        elif tag == "BillTo":
            bill_to = _address(child[0])
        elif tag == "Contact":
            name = email = None
            for part in child:
                if part.tag == "Name":
                    name = part.text
                elif part.tag == "Email":
                    email = part.text
            contact = Contact(name=name, email=email, role=child.get("role"))
        elif tag == "Comments":
            note = child.text
        elif tag == "Extrinsic":
            properties.append(Property(name=child.get("name"), value=child.text))
    return Order(
        order_id=head.get("orderID"),
        issued_at=datetime.fromisoformat(head.get("orderDate")),
        currency=total.currency,
        lines=tuple([_line(item, units) for item in items]),
        total=total,
        buyer=Party(name=bill_to.name, identifiers=_identifiers(sender), address=bill_to),
        seller=Party(identifiers=_identifiers(receiver)),
        originator=contact,
        ship_to=ship_to,
        bill_to=bill_to,
        note=note,
        properties=tuple(properties),
        test=request.get("deploymentMode") == "test",
    )


def _identifiers(party: Element) -> tuple[Identifier, ...]:
    return tuple(
        [
            Identifier(value=credential[0].text, scheme=credential.get("domain"))
            for credential in party
        ]
    )


def _address(address: Element) -> Address:  # noqa: C901
    name = city = region = code = country = None
    deliver_to, street = [], []
    for child in address:
        if child.tag == "Name":
            name = child.text
        elif child.tag == "PostalAddress":
            for part in child:
                tag = part.tag
                if tag == "DeliverTo":
                    deliver_to.append(part.text)
                elif tag == "Street":
                    street.append(part.text)
                elif tag == "City":
                    city = part.text
                elif tag == "State":
                    region = part.text
                elif tag == "PostalCode":
                    code = part.text
                elif tag == "Country":
                    country = part.get("isoCountryCode")
    return Address(
        address_id=address.get("addressID"), scheme=address.get("addressIDDomain"), name=name,
        deliver_to=tuple(deliver_to), street=tuple(street), postal_code=code, city=city, region=region,  # noqa: E501
        country=country,
    )  # fmt: skip


def _line(item: Element, units: dict[str, str]) -> OrderLine:  # noqa: C901, PLR0912  # that is the tuning
    sku = auxiliary = buyer_sku = unit = description = maker = maker_sku = price = basis = note = (
        None
    )
    classifications, properties = [], []
    for child in item:
        tag = child.tag
        if tag == "ItemID":
            for part in child:
                tag = part.tag
                if tag == "SupplierPartID":
                    sku = part.text
                elif tag == "SupplierPartAuxiliaryID":
                    auxiliary = part.text
                elif tag == "BuyerPartID":
                    buyer_sku = part.text
        elif tag == "ItemDetail":
            for part in child:
                tag = part.tag
                if tag == "UnitPrice":
                    price = part[0]
                elif tag == "Description":
                    description = part.text
                elif tag == "UnitOfMeasure":
                    unit = units[part.text]
                elif tag == "PriceBasisQuantity":
                    basis = part
                elif tag == "Classification":
                    classifications.append(
                        Classification(scheme=part.get("domain"), code=part.text)
                    )
                elif tag == "ManufacturerPartID":
                    maker_sku = part.text
                elif tag == "ManufacturerName":
                    maker = part.text
                elif tag == "Extrinsic":
                    properties.append(Property(name=part.get("name"), value=part.text))
        elif tag == "Comments":
            note = child.text
    wanted = item.get("requestedDeliveryDate")
    return OrderLine(
        line_id=item.get("lineNumber"),
        quantity=Quantity(value=Decimal(item.get("quantity")), unit=unit),
        item=Item(
            sku=sku, auxiliary_id=auxiliary, buyer_sku=buyer_sku, manufacturer=maker, manufacturer_sku=maker_sku  # noqa: E501
        ),
        description=description,
        price=None if price is None else Price(
            amount=Decimal(price.text),
            currency=price.get("currency"),
            base_quantity=Decimal(1) if basis is None else Decimal(basis.get("quantity")),
        ),
        classifications=tuple(classifications),
        requested_delivery=None if wanted is None else datetime.fromisoformat(wanted),
        note=note,
        properties=tuple(properties),
    )  # fmt: skip


def with_find(root: Element, units: dict[str, str]) -> Order:
    """Return the order under `root`, by `find` and `findtext`."""
    request = root.find("Request")
    head = request.find("OrderRequest/OrderRequestHeader")
    money = head.find("Total/Money")
    contact = head.find("Contact")
    bill_to = _found_address(head.find("BillTo/Address"))
    return Order(
        order_id=head.get("orderID"),
        issued_at=datetime.fromisoformat(head.get("orderDate")),
        currency=money.get("currency"),
        lines=tuple(_found_line(item, units) for item in request.findall("OrderRequest/ItemOut")),
        total=Money(amount=Decimal(money.text), currency=money.get("currency")),
        buyer=Party(
            name=bill_to.name, identifiers=_found_identifiers(root, "From"), address=bill_to
        ),
        seller=Party(identifiers=_found_identifiers(root, "To")),
        originator=Contact(
            name=contact.findtext("Name"), email=contact.findtext("Email"), role=contact.get("role")
        ),
        ship_to=_found_address(head.find("ShipTo/Address")),
        bill_to=bill_to,
        note=head.findtext("Comments"),
        properties=tuple(
            Property(name=x.get("name"), value=x.text) for x in head.findall("Extrinsic")
        ),
        test=request.get("deploymentMode") == "test",
    )


def _found_identifiers(root: Element, role: str) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(value=x.findtext("Identity"), scheme=x.get("domain"))
        for x in root.findall(f"Header/{role}/Credential")
    )


def _found_address(address: Element) -> Address:
    country = address.find("PostalAddress/Country")
    return Address(
        address_id=address.get("addressID"),
        scheme=address.get("addressIDDomain"),
        name=address.findtext("Name"),
        deliver_to=tuple(x.text for x in address.findall("PostalAddress/DeliverTo")),
        street=tuple(x.text for x in address.findall("PostalAddress/Street")),
        postal_code=address.findtext("PostalAddress/PostalCode"),
        city=address.findtext("PostalAddress/City"),
        region=address.findtext("PostalAddress/State"),
        country=None if country is None else country.get("isoCountryCode"),
    )


def _found_line(item: Element, units: dict[str, str]) -> OrderLine:
    money = item.find("ItemDetail/UnitPrice/Money")
    basis = item.find("ItemDetail/PriceBasisQuantity")
    wanted = item.get("requestedDeliveryDate")
    return OrderLine(
        line_id=item.get("lineNumber"),
        quantity=Quantity(
            value=Decimal(item.get("quantity")),
            unit=units[item.findtext("ItemDetail/UnitOfMeasure")],
        ),
        item=Item(
            sku=item.findtext("ItemID/SupplierPartID"),
            auxiliary_id=item.findtext("ItemID/SupplierPartAuxiliaryID"),
            buyer_sku=item.findtext("ItemID/BuyerPartID"),
            manufacturer=item.findtext("ItemDetail/ManufacturerName"),
            manufacturer_sku=item.findtext("ItemDetail/ManufacturerPartID"),
        ),
        description=item.findtext("ItemDetail/Description"),
        price=Price(
            amount=Decimal(money.text),
            currency=money.get("currency"),
            base_quantity=Decimal(1) if basis is None else Decimal(basis.get("quantity")),
        ),
        classifications=tuple(
            Classification(scheme=x.get("domain"), code=x.text)
            for x in item.findall("ItemDetail/Classification")
        ),
        requested_delivery=None if wanted is None else datetime.fromisoformat(wanted),
        note=item.findtext("Comments"),
        properties=tuple(
            Property(name=x.get("name"), value=x.text) for x in item.findall("ItemDetail/Extrinsic")
        ),
    )


def cart_by_elements(cart: Cart) -> bytes:
    """Return the PunchOutOrderMessage of a cart, built with lxml's element API."""
    message = etree.Element("PunchOutOrderMessage")
    _add(message, "BuyerCookie", cart.buyer_cookie)
    head = etree.SubElement(
        message, "PunchOutOrderMessageHeader", operationAllowed=str(cart.operation_allowed)
    )
    total = etree.SubElement(head, "Total")
    if cart.total is not None:
        _add(total, "Money", str(cart.total.amount), currency=cart.total.currency)
    etree.SubElement(head, "SupplierOrderInfo", orderID=cart.cart_id)
    for line in cart.lines:
        _add_line(message, cart, line)
    return etree.tostring(message, encoding="utf-8")


def _add(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _add_line(message: Element, cart: Cart, line: CartLine) -> None:  # noqa: C901
    item = etree.SubElement(
        message, "ItemIn", quantity=str(line.quantity.value), lineNumber=line.line_id
    )
    ids = etree.SubElement(item, "ItemID")
    _add(ids, "SupplierPartID", line.item.sku or "")
    if line.item.auxiliary_id is not None:
        _add(ids, "SupplierPartAuxiliaryID", line.item.auxiliary_id)
    if line.item.buyer_sku is not None:
        _add(ids, "BuyerPartID", line.item.buyer_sku)
    detail = etree.SubElement(item, "ItemDetail")
    if line.price is not None:
        price = etree.SubElement(detail, "UnitPrice")
        _add(price, "Money", str(line.price.amount), currency=line.price.currency)
    description = etree.SubElement(detail, "Description")
    description.set(LANGUAGE, cart.language)
    if line.name is not None:
        _add(description, "ShortName", line.name).tail = line.description
    _add(detail, "UnitOfMeasure", line.quantity.unit)
    for entry in line.classifications:
        _add(detail, "Classification", entry.code, domain=entry.scheme)
    if line.item.manufacturer_sku is not None:
        _add(detail, "ManufacturerPartID", line.item.manufacturer_sku)
    if line.item.manufacturer is not None:
        _add(detail, "ManufacturerName", line.item.manufacturer).set(LANGUAGE, "en")
    if line.lead_time_days is not None:
        _add(detail, "LeadTime", str(line.lead_time_days))
    for entry in line.properties:
        _add(detail, "Extrinsic", entry.value, name=entry.name)
