"""Promise: paths into segments give what the language reference says, in every edition."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.despatch import DespatchAdvice
from canonical.faults import Place
from canonical.punchout import Cart
from canonical.rows import Branch, SegmentTree
from canonical.wire import Envelope, Message
from mappings.engine.library import MappingError
from tests.mappings.segments import (
    NEW,
    OLD,
    X12,
    HandLayout,
    library,
    message,
    reader,
    shaped,
    tree,
    value,
)

ORDER = """
    UNH+1+ORDERS:D:96A:UN
    BGM+220+4711+9
    DTM+137:20261122:102
    DTM+2:20261201:102
    FTX+AAI+++Ring the bell:twice
    FTX+DEL+++At the back door
    FTX+AAI+++Thanks
    NAD+BY+7300010000001::9++Buyer ?+ Sons:AB+Main Street 1:Box 7+Lund++22100+SE
    CTA+OC+:Ann
    COM+ann@buyer.example:EM
    COM+?+4646:TE
    RFF+VA:SE55
    NAD+SU+7350053850019::9
    LIN+1++7350053850019:SRV
    PIA+1+ALFA:SA+BETA:BP
    PIA+5+GAMMA:MF
    QTY+21:12:PCE
    LIN+2
    QTY+192: :PCE
    QTY+21:3
"""

CASES = {
    "src.@0062": "1",
    "src.@0057": None,
    "src.BGM.@1004": "4711",
    "src.BGM.@1001": "220",
    "src.DTM.@2380": "20261122",
    "src.DTM[2005='2'].@2380": "20261201",
    "src.DTM[2005='9'].@2380": None,
    "src.DTM[1].@2005": "2",
    "src.FTX.@4440": "Ring the bell",
    "src.FTX.@4440[2]": "twice",
    "src.FTX.@4440[5]": None,
    "src.FTX[4451='AAI'].@4440 | join(' ')": "Ring the bell twice Thanks",
    "src.FTX.@4440 | last": "Thanks",
    "src.FTX.@4440[1] | join('/')": "Ring the bell/At the back door/Thanks",
    "src.NAD[3035='BY'].@3036": "Buyer + Sons",
    "src.NAD[3035='BY'].@3036[2]": "AB",
    "src.NAD[3035='BY'].@3036 | join(' ')": "Buyer + Sons AB",
    "src.NAD[3035='BY'].RFF[1153='VA'].@1154": "SE55",
    "src.NAD[3035='BY'].CTA.COM[3155='TE'].@3148": "+4646",
    "src.NAD[3035='SU'].RFF[1153='VA'].@1154": None,
    "src.LIN.@7140": "7350053850019",
    "src.LIN[1].@7140": None,
    "src.LIN.PIA[7143='SA'].@7140": "ALFA",
    "src.LIN.PIA[7143='BP'].@7140": "BETA",
    "src.LIN.PIA[7143='BP'].@4347": "1",
    "src.LIN.PIA[7143='MF'].@7140": "GAMMA",
    "src.LIN.PIA[7143='XX'].@7140": None,
    "src.LIN.PIA.@7140 | join('/')": "ALFA/BETA/GAMMA",
    "src.LIN.PIA[7143='BP'].@7140 | join('/')": "BETA",
    "pick(src.LIN.PIA, it.@4347 == '5', it.@7140)": "GAMMA",
    "count(src.LIN) | string": "2",
    "count(src.LIN.PIA) | string": "2",
    "any(src.NAD, it.RFF[1153='VA'].@1154 == 'SE55') ? 'yes' : 'no'": "yes",
    "sum(src.LIN, it.QTY[6063='21'].@6060) | string": "15",
    "sum(src..QTY, it.@6060) | string": "15",
    "src.LIN ? 'lines' : 'none'": "lines",
    "src.CNT ? 'total' : 'none'": "none",
    "src.LIN[1].QTY.@6060 ?? 'blank'": "blank",
    "src..LIN | count | string": "2",
}


@pytest.mark.parametrize(("expression", "expected"), CASES.items())
def test_expression_gives(expression: str, expected: str | None) -> None:
    assert value(expression, ORDER) == expected


@pytest.mark.parametrize("layout", [OLD, NEW])
def test_a_name_means_its_place_in_the_edition_of_the_message(layout: HandLayout) -> None:
    number = "4711" if layout is OLD else "4711:2"
    assert value("src.BGM.@1004", f"UNH+1\nBGM+220+{number}+9", layout) == "4711"
    revision = None if layout is OLD else "2"
    assert value("src.BGM.@1056", f"UNH+1\nBGM+220+{number}+9", layout) == revision


REPEATED = {
    "src.PO1.@02": "12", "src.PO1[235='VP'].@234": "ABC", "src.PO1[235='BP'].@234": "DEF",
    "src.PO1[235='UP'].@234": None, "src.PO1.@234[235='BP']": "DEF", "src.PO1.@234[235='X']": None,
    "src.PO1.@234[235='BP'] | join('/')": "DEF", "pick(src.PO1, true, it.@234[235='BP'])": "DEF",
    "pick(src.PO1, true, it.@234[235='BP'] | join('/'))": "DEF",
    "src.PO1.@234 | join('/')": "ABC/DEF",
}  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), REPEATED.items())
def test_pairs_of_elements_are_found_by_their_qualifier(
    expression: str, expected: str | None
) -> None:
    assert value(expression, "ST+850\nPO1+1+12+EA+9.5++VP+ABC+BP+DEF", X12) == expected


def test_repetitions_are_values_of_their_own() -> None:
    text = "UNH+1\nFTX+AAI+++one:two*three\nBGM+220*221+4711*12"
    assert value("src.FTX.@4440", text, repetition="*") == "one"
    assert value("src.FTX.@4440[2]", text, repetition="*") == "two"
    assert value("src.FTX.@4440 | join('/')", text, repetition="*") == "one/three/two"
    assert value("src.BGM.@1004", text, repetition="*") == "4711"
    assert value("src.BGM[1001='220'].@1004", text, repetition="*") == "4711"


WRONG = {
    "src.BGM.@1024": "BGM has no element 1024 in D.96A, D.01B; did you mean '@1004'?",
    "src.BGM.@9999": "BGM has no element 9999 in D.96A, D.01B",
    "src.BGN.@1004": "there is no segment 'BGN' in D.96A, D.01B",
    "src.FTX.@4440[6]": "FTX has no 6 elements 4440",
    "src.FTX.@4440[0]": "expected [number], the first being 1",
    "src.DTM[2006='2'].@2380": "DTM has no element 2006",
    "src.DTM": "the expression gives a segment (name one of its elements)",
    "src.DTM | upper": "expected a text, found a segment (name one of its elements)",
    "src.DTM | join": "expected texts: name one of the elements",
    "src..LIN.QTY.@6060": "nothing goes on after '..'",
    "src.^LIN.@1082": "'^' starts from a row of an `each` that went down by '..'",
    "src | text": "'src' is not an element",
}


@pytest.mark.parametrize(("expression", "words"), WRONG.items())
def test_a_mistake_is_found_when_the_mapping_is_compiled(expression: str, words: str) -> None:
    quoted = expression.replace("'", "''")
    with pytest.raises(MappingError) as caught:
        reader(f"fields: {{code: {{const: 1}}, text: {{const: x}}, comment: '{quoted}'}}")
    assert words in str(caught.value)


LINES = """
fields:
  cart_id: src.BGM.@1004
  currency: {const: SEK}
  buyer_cookie: {const: x}
  lines:
    each: src.LIN
    as: line
    fields:
      line_id: line.@1082 ?? string(row)
      item:
        fields:
          sku: {from: "line.PIA[7143='SA'].@7140", max: 6}
          manufacturer_sku: line.PIA[7143='MF'].@7140
          buyer_sku: src.NAD[3035='BY'].@3039
      quantity:
        with: line.QTY[6063='21']
        fields: {value: it.@6060, unit: it.@6411 ?? 'EA'}
      properties:
        each: line.PIA.@7140
        as: number
        fields: {name: number.@7143, value: number.@7140}
"""


def test_each_gives_a_row_for_every_group_and_composite() -> None:
    document = reader(LINES, "Cart").read(message(ORDER)).document
    assert isinstance(document, Cart)
    first, second = document.lines
    assert (first.line_id, first.item.sku, first.item.buyer_sku) == ("1", "ALFA", "7300010000001")
    assert [(one.name, one.value) for one in first.properties] == [
        ("SA", "ALFA"), ("BP", "BETA"), ("MF", "GAMMA"),
    ]  # fmt: skip
    assert (second.item.sku, second.quantity) == (None, Quantity(value=Decimal(3), unit="EA"))


SPELT = {"12,5": "12.5", "12.5": "12.5", "5-": "-5", "-5": "-5", "+5": "5"}


@pytest.mark.parametrize(("spelt", "number"), SPELT.items())
def test_numbers_are_read_with_either_mark_and_the_sign_at_either_end(
    spelt: str, number: str
) -> None:
    protected = spelt.replace("+", "?+")
    text = f"UNH+1\nBGM+220+1\nLIN+1\nQTY+21:{protected}"
    document = reader(LINES, "Cart").read(message(text)).document
    assert isinstance(document, Cart)
    assert document.lines[0].quantity.value == Decimal(number)


def test_a_fault_names_the_segment_and_its_path() -> None:
    text = "UNH+1\nBGM+220+1\nLIN+1\nQTY+21:3\nLIN+2\nPIA+5+BP1:BP+TOOLONG:SA\nQTY+21:1.234,5"
    faults = reader(LINES, "Cart").read(message(text)).faults
    assert [(fault.code, fault.target) for fault in faults] == [
        ("MAP-007", "lines[1].item.sku"), ("MAP-002", "lines[1].quantity.value"),
    ]  # fmt: skip
    places = [fault.place for fault in faults]
    assert all(place is not None for place in places)
    assert [(place.line, place.column, place.path) for place in places if place is not None] == [
        (6, 3, "LIN[2]/PIA/@7140"), (7, 1, "LIN[2]/QTY/@6060"),
    ]  # fmt: skip


def test_a_fault_of_a_message_without_places_has_a_path() -> None:
    (fault,) = reader(LINES, "Cart").read(message("UNH+1\nLIN+1\nQTY+21:1", place=None)).faults
    assert (fault.code, fault.place) == ("MAP-001", Place(path="BGM/@1004"))


def test_a_trace_names_the_line_of_the_segment() -> None:
    found = library(LINES, "Cart").tracing_reader("edifact", "TEST")
    assert found is not None
    _, steps = found.trace(message(ORDER))
    assert ("lines[0].quantity.value", "it.@6060", "12", 17) in [
        (step.target, step.expression, step.value, step.line) for step in steps
    ]


NESTED = """
    ST+856
    HL+1++S
    HL+2+1+O
    PRF+ORDER-1
    HL+3+2+P
    HL+4+3+I
    LIN+1+VP+A
    HL+5+2+I
    LIN+2+VP+B
    HL+6+1+O
    PRF+ORDER-2
    HL+7+6+I
    LIN+1+BP+X+VP+C
"""
HIERARCHY = """
fields:
  despatch_id: {const: d}
  issued_at: "'2026-11-22'"
  lines:
    each: src..HL[03='I']
    fields:
      line_id: string(row)
      quantity: {fields: {value: {const: 1}, unit: {const: EA}}}
      item: {fields: {sku: "it.LIN[235='VP'].@234"}}
      order_id: it.^HL[03='O'].PRF.@01
      outstanding: {with: "it.^HL[03='P']", as: package, fields: {value: package.@01, unit: {const: EA}}}
      packages:
        collect: {package: {from: "it.^HL[03='P'].@01"}}
  packages:
    each: src..HL[03='P']
    fields: {package_id: it.@01, parent: "it.^HL[03='P'].@01"}
"""  # noqa: E501


def nested(branch: Branch) -> Branch:
    """Put each HL below its parent, as the shape of X12 does."""
    root: Branch = [branch[0]]
    known: dict[str, Branch] = {}
    for child in branch[1:]:
        row = child[0]
        known.get(row[2], root).append(child)
        known[row[1]] = child
    return root


def test_levels_are_found_at_any_depth_and_know_what_is_above() -> None:
    whole = tree(NESTED, X12)
    whole = replace(whole, shape=nested(whole.root))
    found = reader(HIERARCHY, "DespatchAdvice", "x12").read(
        Message("TEST", Envelope(message_id="m"), whole)
    )
    document = found.document
    assert isinstance(document, DespatchAdvice), found.faults
    assert [(line.item.sku, line.order_id, line.packages) for line in document.lines] == [
        ("A", "ORDER-1", ("3",)), ("B", "ORDER-1", ()), ("C", "ORDER-2", ()),
    ]  # fmt: skip
    assert [line.outstanding for line in document.lines] == [
        Quantity(value=Decimal(3), unit="EA"), None, None,
    ]  # fmt: skip
    assert [(one.package_id, one.parent) for one in document.packages] == [("3", None)]


TEXTS = st.text(alphabet="+:'?* aå1\x00", max_size=4)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["BGM", "DTM", "NAD", "LIN", "PIA", "QTY", "FTX", "X"]),
        st.lists(TEXTS, max_size=5),
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(ROWS, st.sampled_from([None, "*"]))
def test_reading_never_raises_on_any_rows(given_rows: list, repetition: str | None) -> None:
    found = [["UNH"], *([tag, *texts] for tag, texts in given_rows)]
    whole = SegmentTree(shaped(found), OLD, repetition=repetition)
    mapped = READER.read(Message("TEST", Envelope(message_id="m"), whole))
    assert "MAP-015" not in [fault.code for fault in mapped.faults]


READER = reader(LINES, "Cart")
