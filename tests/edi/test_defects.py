"""Seven defects that were seeded into an order are all noticed, each with its whole context.

They are those that other products were measured by: none of these noticed all of them with a text,
a path and a place.
"""

import pytest

from canonical.faults import Fault, Severity
from edi.edifact.codec import EdifactCodec
from edi.speaking import rendered
from edi.x12.codec import X12Codec

CODEC = EdifactCodec()
ORDER = (
    "UNA:+.? '\r\n"
    "UNB+UNOC:3+7301234567890:14+7309876543210:14+261121:0230+REF0001'\r\n"
    "UNH+1+ORDERS:D:96A:UN:EAN008'\r\n"
    "BGM+220+PO1403829+9'\r\n"
    "DTM+137:20261121:102'\r\n"
    "NAD+BY+7301234567890::9'\r\n"
    "NAD+SU+7309876543210::9'\r\n"
    "LIN+1++7350012345675:EN'\r\n"
    "IMD+F++:::Bröd?'s 100?+'\r\n"
    "QTY+21:100'\r\n"
    "UNS+S'\r\n"
    "UNT+10+1'\r\n"
    "UNZ+1+REF0001'\r\n"
)
DEFECTS = {
    "mandatory DTM missing": (
        "DTM+137:20261121:102'\r\n", "",
        ("EDIFACT-104", 4, None, "ORDERS/DTM", "DTM", "0085:13"),
    ),
    "code that is not in the list": (
        "BGM+220", "BGM+22X",
        ("EDIFACT-126", 4, "22X", "ORDERS/BGM/C002/1001", "220", "0085:12"),
    ),
    "letters in a quantity": (
        "QTY+21:100", "QTY+21:1OO",
        ("EDIFACT-122", 10, "1OO", "ORDERS/SG25[1]/QTY/C186/6060", "n..15", "0085:37"),
    ),
    "wrong count in UNT": (
        "UNT+10", "UNT+11", ("EDIFACT-020", 12, "11", "UNT/0074", "10", "0085:29"),
    ),
    "wrong reference in UNZ": (
        "UNZ+1+REF0001", "UNZ+1+REF0002",
        ("EDIFACT-017", 13, "REF0002", "UNZ/0020", "REF0001", "0085:28"),
    ),
    "unknown segment": (
        "UNS+S'\r\nUNT+10", "XYZ+1'\r\nUNS+S'\r\nUNT+11",
        ("EDIFACT-101", 11, "XYZ", "ORDERS/SG25[1]/XYZ", "QTY", "0085:15"),
    ),
    "file cut off": (
        "UNT+10+1'\r\nUNZ+1+REF0001'\r\n", "",
        ("EDIFACT-008", 12, None, "UNT", None, "0085:13"),
    ),
}  # fmt: skip


def faults(text: str) -> list[Fault]:
    reading = CODEC.read(text.encode("latin-1"), "application/edifact")
    return [*(one for message in reading.messages for one in message.faults), *reading.faults]


def test_the_order_itself_is_right():
    assert faults(ORDER) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_seeded_defect_is_noticed_with_its_context(name):
    old, new, (code, line, value, path, expected, standard) = DEFECTS[name]
    assert old in ORDER
    found = faults(ORDER.replace(old, new).replace("UNT+10", _count(old, new)))
    fault = next(one for one in found if one.code == code)
    assert (fault.place.line, fault.place.path, fault.standard) == (line, path, standard)
    assert value is None or fault.found == value
    assert expected is None or expected in fault.expected
    assert fault.place.offset is not None
    assert fault.subject or value == "XYZ", "people have a name for it"
    assert fault.source, "somebody rules"
    if value is not None and fault.place.excerpt is not None:
        assert fault.place.excerpt[slice(*fault.place.mark)].startswith(value)
        assert f"\n{' ' * (4 + fault.place.mark[0])}^" in rendered(fault)
    assert len(found) == (2 if name == "file cut off" else 1), "one defect is one fault"


PURCHASE = (
    "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       "
    "*261121*0830*U*00401*000000101*0*P*>~GS*PO*BUYER*SUPPLIER*20261121*0830*7*X*004010~"
    "ST*850*0001~BEG*00*SA*PO1**20261121~PO1*1*1*EA*65.67**VP*584860-82~SE*4*0001~"
    "GE*1*7~IEA*1*000000101~"
)


@pytest.mark.parametrize("blank", ["", "\r\n"])
@pytest.mark.parametrize(
    ("codec", "first", "second", "code"),
    [
        (CODEC, ORDER, PURCHASE, "EDIFACT-043"),
        (X12Codec(), PURCHASE, ORDER, "X12-043"),
    ],
)
def test_an_interchange_of_another_syntax_is_not_skipped_as_if_it_were_nothing(
    codec, first, second, code, blank
):
    reading = codec.read((first.strip() + blank + second).encode("latin-1"), "")
    fault = next(one for one in reading.faults if one.code == code)
    assert fault.severity is Severity.ERROR
    assert fault.place.offset == len((first.strip() + blank).encode("latin-1"))
    assert [message.faults for message in reading.messages] == [()]


def _count(old: str, new: str) -> str:
    """Return a UNT that counts right where the defect is another one."""
    return "UNT+9" if old.startswith("DTM") and not new else "UNT+10"
