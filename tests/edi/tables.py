"""Hold a small directory of our own that has one of everything, and messages by it."""

from canonical.rows import Row
from edi.facts import read_facts
from edi.rules import EDIFACT, X12, Rules, Severities
from edi.text import Slice
from edi.validation import Validation

FACTS = """facts 1 T.1
source our own directory T.1
element 0051 an..3
element 0054 an..3
element 0062 an..14
element 0065 an..6
element 0074 n..6
element 0081 a1 = D S
element 1001 an..3 = 105 220 221
element 1004 an..35
element 1082 n..6
element 1131 an..3
element 1225 an..3 = 1 4 5 9
element 1229 an..3
element 2005 an..3 = 137 2 63
element 2379 an..3 = 102 203
element 2380 an..35
element 3035 an..3 = BY DP SU
element 3039 an..35
element 3055 an..3 = 9 91
element 3124 an..35
element 3207 a2..3
element 3412 an..17
element 3413 an..17
element 3148 an..25
element 6060 n..15
element 6063 an..3 = 12 21
element 6411 an3
element 7140 an..35
element 7143 an..3 = EN SA
composite C058 3124! 3124 3124
composite C082 3039! 1131 3055
composite C186 6063! 6060! 6411
composite C212 7140 7143 1131 3055 | P0102 C0403
composite C507 2005! 2380 2379
composite S009 0065! 0051 0054
segment BGM 1001 1004 1225
segment COM 3148!*3
segment DTM C507!
segment LIN 1082 1229 C212
segment LOC 3412 3413 1131- 3207 | R0102 E0102 L040102
segment NAD 3035! C082 C058 3207
segment PIA 1229! C212! C212
segment QTY C186!
segment RFF 1004
service UNH 0062! S009!
service UNS 0081!
service UNT 0074! 0062!
""" + (
    "message ORDERS BGM! DTM!*35 2(NAD! LOC 5(COM! RFF*2)*5)*3"
    " 25(LIN! PIA*25 QTY!*99 DTM*5 30(LOC! RFF!)*2)!*200000 UNS! QTY\n"
)

X12_FACTS = """facts 1 X.1
source our own directory X.1
element 92 id2
element 143 id3
element 96 n0:1..10
element 329 an4..9
element 353 id2 = 00 05
element 373 dt6..8
element 337 tm4..8
element 212 r1..17
element 235 id2 = UP VP
element 234 an1..48
element 350 an1..20
element 782 n2:1..10
segment BEG 353! 92! 350! 373 337
segment PO1 350 212 782 235 234 235 234 | P0405 P0607
segment CTT 96!
service ST 143! 329!
service SE 96! 329!
message 850 BEG! PO1(PO1! CTT*2)*100000 CTT
"""

ORDER = (
    "UNH+1+ORDERS:D:T'BGM+220+4711+9'DTM+137:20260105:102'NAD+BY+7300010000001::9'LOC+A'"
    "COM+1*2'NAD+SU+7300010000018+ANN'LIN+1++7350000000014:EN'PIA+5+ABC:SA'QTY+21:12'"
    "LIN+2+1'QTY+21:1.5'LOC++B'RFF+X'UNS+S'UNT+16+1'"
)
"""A right message of `FACTS` in the spelling of the standard."""

PURCHASE = (
    "ST*850*0001~BEG*00*SA*4711*20260105*1230~PO1*1*12*-995*UP*735000~PO1*2*.5~CTT*2~SE*6*0001~"
)
"""A right message of `X12_FACTS`."""


def rules(severities: Severities | None = None, facts: str = FACTS) -> Rules:
    """Return the rules of the one message of `FACTS`."""
    directory = read_facts(facts)
    (name,) = directory.messages
    syntax = EDIFACT if "UNH" in directory.service else X12
    return Rules(directory.messages[name], directory, syntax, severities or {})


def validation(severities: Severities | None = None, facts: str = FACTS) -> Validation:
    """Return a validation of the one message of `FACTS`."""
    return Validation(rules(severities, facts))


def piece(text: str, by: Rules) -> Slice:
    """Return a message as if it had been received in the spelling of the standard."""
    own = by.syntax.separators
    return Slice(by.table.name, text, text.encode(), own, own, charset="utf-8")


def rows_of(text: str, by: Rules) -> list[Row]:
    """Return the rows of a message."""
    return piece(text, by).rows()
