"""Promise: what was sent leaves as 856 with its levels in order, and comes in as such."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from canonical.amounts import Quantity
from canonical.despatch import DespatchAdvice, DespatchLine, DespatchPackage
from canonical.identifiers import Identifier
from canonical.order import Item
from canonical.party import Party
from tests.mappings.standards import X12, codes

SSCC = "373098765432100017"

PACKAGES = (
    DespatchPackage(package_id="pallet", kind="PX", ssccs=(SSCC,)),
    DespatchPackage(
        package_id="carton",
        parent="pallet",
        kind="CT",
        ssccs=("373098765432100024", "373098765432100031"),
        gross_weight=Quantity(value=Decimal("12.5"), unit="KGM"),
        volume=Quantity(value=Decimal("0.125"), unit="MTQ"),
    ),
    DespatchPackage(package_id="rest", parent="pallet", kind="CT", count=4),
    DespatchPackage(package_id="loose"),
)

LINE = DespatchLine(
    line_id="1",
    quantity=Quantity(value=Decimal(5), unit="C62"),
    item=Item(sku="A-1"),
    order_id="PO1",
    order_line_id="10",
    packages=("carton",),
)

ADVICE = DespatchAdvice(
    despatch_id="FS1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    lines=(LINE,),
    packages=PACKAGES[:3],
)


def test_levels_stand_below_one_another_and_are_numbered() -> None:
    assert X12.sent(ADVICE, "856").segments == [
        "ST*856*0001", "BSN*00*FS1*20261122*0000*0001", "HL*1**S", "HL*2*1*O", "PRF*PO1",
        "HL*3*2*T", "TD1*PLT*1", "MAN*SM*pallet", "MAN*GM*00373098765432100017",
        "HL*4*3*P", "TD1*CTN*1****G*12.5*KG*0.125*CR", "MAN*SM*carton",
        "MAN*GM*00373098765432100024", "MAN*GM*00373098765432100031",
        "HL*5*4*I", "LIN*1*VP*A-1***********PL*10", "SN1**5*PC",
        "HL*6*3*P", "TD1*CTN*4", "MAN*SM*rest", "CTT*6", "SE*22*0001",
    ]  # fmt: skip


def test_orders_stand_below_packages_where_there_are_several() -> None:
    other = msgspec.structs.replace(LINE, line_id="2", order_id="PO2")
    third = msgspec.structs.replace(LINE, line_id="3", packages=())
    mixed = msgspec.structs.replace(ADVICE, lines=(LINE, other, third))
    levels = [one for one in X12.sent(mixed, "856").segments if one[:3] in ("HL*", "PRF", "BSN")]
    assert levels == [
        "BSN*00*FS1*20261122*0000*0003", "HL*1**S", "HL*2*1*T", "HL*3*2*P",
        "HL*4*3*O", "PRF*PO1", "HL*5*4*I", "HL*6*3*O", "PRF*PO2", "HL*7*6*I", "HL*8*2*P",
        "HL*9*1*O", "PRF*PO1", "HL*10*9*I",
    ]  # fmt: skip


def test_an_advice_without_order_and_packages_has_items_only() -> None:
    bare = msgspec.structs.replace(
        ADVICE, packages=(), lines=(msgspec.structs.replace(LINE, order_id=None, packages=()),)
    )
    levels = [one for one in X12.sent(bare, "856").segments if one.startswith("HL")]
    assert levels == ["HL*1**S", "HL*2*1*I"]


def test_what_is_left_out_is_told() -> None:
    line = msgspec.structs.replace(LINE, outstanding=Quantity(value=Decimal(1), unit="C62"))
    long = msgspec.structs.replace(ADVICE, note="word " * 80, lines=(line,))
    assert codes(X12.sent(long, "856")) == ["MAP-011", "MAP-011"]


def test_packages_below_an_item_are_where_it_is() -> None:
    body = (
        "BSN*00*FS1*20261122*0915*0002~HL*1**S~TD5*B*2*ABCD*M~HL*2*1*O~PRF*PO1~HL*3*2*I~"
        "LIN**VP*A-1~SN1**10*EA*30*50*EA~HL*4*3*P~MAN*GM*00373098765432100017~"
        "MAN*CP*1Z99~HL*5*3*P~CTT*5~"
    )
    document = X12.read(body, "856").document
    assert isinstance(document, DespatchAdvice)
    (line,) = document.lines
    assert line.packages == ("4", "5")
    assert line.outstanding == Quantity(value=Decimal(20), unit="EA")
    assert document.packages[0].ssccs == (SSCC,)
    assert document.tracking == (Identifier(value="1Z99", scheme="tracking-number"),)
    assert document.carrier == Party(identifiers=(Identifier(value="ABCD", scheme="SCAC"),))
    assert (document.order_id, document.transport_mode) == ("PO1", "30")
