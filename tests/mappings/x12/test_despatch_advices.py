"""Promise: what was sent leaves as 856 with its levels in order, and comes in as such."""

from decimal import Decimal

import msgspec

from canonical.amounts import Quantity
from canonical.despatch import DespatchAdvice
from canonical.identifiers import Identifier
from canonical.party import Party
from tests.mappings.examples import ADVICE
from tests.mappings.standards import X12, codes

SSCC = "373098765432100017"


(LINE,) = ADVICE.lines


def test_levels_stand_below_one_another_and_are_numbered() -> None:
    assert X12.sent(ADVICE, "856").segments == [
        "ST*856*0001", "BSN*00*FS1*20261122*0000*0001", "HL*1**S", "HL*2*1*O", "PRF*PO1",
        "HL*3*2*T", "TD1*PLT*1", "MAN*SM*PALL", "MAN*GM*00373098765432100017",
        "HL*4*3*T", "TD1*CTN*1****G*12.5*KG*0.125*CR", "MAN*SM*2",
        "MAN*GM*00373098765432100024", "MAN*GM*00373098765432100031",
        "HL*5*4*P", "TD1*BOX*4", "MAN*SM*3",
        "HL*6*4*I", "LIN*1*VP*A***********PL*10", "SN1**5*PC", "MAN*SM*3", "CTT*6", "SE*23*0001",
    ]  # fmt: skip


def test_orders_stand_below_packages_where_there_are_several() -> None:
    other = msgspec.structs.replace(LINE, line_id="2", order_id="PO2")
    third = msgspec.structs.replace(LINE, line_id="3", packages=())
    mixed = msgspec.structs.replace(ADVICE, order_id=None, lines=(LINE, other, third))
    levels = [one for one in X12.sent(mixed, "856").segments if one[:3] in ("HL*", "PRF", "BSN")]
    assert levels == [
        "BSN*00*FS1*20261122*0000*0003", "HL*1**S", "HL*2*1*T", "HL*3*2*T", "HL*4*3*P",
        "HL*5*3*O", "PRF*PO1", "HL*6*5*I", "HL*7*3*O", "PRF*PO2", "HL*8*7*I",
        "HL*9*1*O", "PRF*PO1", "HL*10*9*I",
    ]  # fmt: skip


def test_an_advice_without_order_and_packages_has_items_only() -> None:
    bare = msgspec.structs.replace(
        ADVICE,
        order_id=None,
        packages=(),
        lines=(msgspec.structs.replace(LINE, order_id=None, packages=()),),
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
