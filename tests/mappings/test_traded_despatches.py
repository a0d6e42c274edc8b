"""Promise: what was sent leaves by either standard with its packages, and comes in as such."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.despatch import DespatchAdvice, DespatchLine, NumberRange
from canonical.identifiers import Identifier, Property
from canonical.party import Address
from tests.mappings.examples import ADVICE, PACKAGES
from tests.mappings.standards import (
    DAYS,
    EDIFACT,
    QUANTITIES,
    REFERENCES,
    X12,
    Standard,
    Way,
    codes,
    places,
    ways,
)

SERIALS = st.just(()) | st.just((NumberRange(first="S100", last="S199"),))


def lines(standard: Standard) -> st.SearchStrategy[DespatchLine]:
    """Return lines of mixed contents: any may lie in several packages, or in none."""
    ids = standard.ids
    packages = st.sampled_from([one.package_id for one in PACKAGES])
    more = {} if standard is X12 else {
        "outstanding": st.none() | QUANTITIES, "serial_ranges": SERIALS
    }  # fmt: skip
    return st.builds(
        DespatchLine,
        line_id=ids | st.just("7"),
        quantity=QUANTITIES,
        item=standard.items,
        order_id=st.sampled_from(["PO-1", "PO-2", "PO-3"]),
        order_line_id=st.none() | ids | st.just("10"),
        packages=st.lists(packages, unique=True).map(tuple),
        description=st.none() | standard.words,
        batch=st.none() | ids,
        best_before=st.none() | DAYS,
        serials=st.lists(ids, max_size=3).map(tuple),
        **more,
    )


def advices(standard: Standard) -> st.SearchStrategy[DespatchAdvice]:
    rows = st.lists(
        lines(standard), min_size=1, max_size=4, unique_by=lambda line: line.line_id
    ).map(tuple)
    tracking = (
        Identifier(value="W1", scheme="waybill"),
        Identifier(value="T", scheme="consignment"),
    )
    return st.builds(
        DespatchAdvice,
        despatch_id=standard.ids,
        issued_at=standard.times,
        lines=rows,
        packages=st.just(PACKAGES),
        despatched_at=st.none() | standard.times,
        expected_at=st.none() | standard.times,
        buyer=st.none() | standard.parties,
        seller=st.none() | standard.parties,
        carrier=st.none() | standard.parties,
        ship_from=st.none() | st.just(Address(name="Lager 1", city="Borås")),
        ship_to=st.none() | places(standard),
        tracking=st.just(()) | st.just(tracking),
        transport_mode=st.none() | st.just("30"),
        references=REFERENCES,
        note=st.none() | standard.words,
    )


def of_orders(advice: DespatchAdvice, *, same: bool) -> DespatchAdvice:
    """Return an advice that names the order of its lines where they have but one."""
    named = {line.order_id for line in advice.lines}
    if same or len(named) == 1:
        order = min(named, key=str)
        rows = tuple(replace(line, order_id=order) for line in advice.lines)
        return replace(advice, lines=rows, order_id=order)
    return advice


def arranged(found: object) -> DespatchAdvice:
    """Return an advice with lines and packages by name: messages have them where they lie."""
    assert isinstance(found, DespatchAdvice)
    return replace(
        found,
        lines=tuple(sorted(found.lines, key=lambda line: line.line_id)),
        packages=tuple(sorted(found.packages, key=lambda one: one.package_id)),
    )


@ways(edifact="DESADV", x12="856")
@settings(max_examples=30, deadline=None)
@given(data=st.data(), same=st.booleans())
def test_an_advice_reads_back_the_same(way: Way, data: st.DataObject, same: bool) -> None:
    advice = of_orders(data.draw(advices(way.standard)), same=same)
    assert arranged(way.back(advice)) == arranged(advice)


NAMES = {"edifact": "DESADV", "x12": "856"}
BOTH = pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)


@BOTH
def test_what_is_cut_or_left_out_is_told(standard: Standard) -> None:
    (line,) = ADVICE.lines
    for changed in (
        replace(ADVICE, note="word " * 90),
        replace(ADVICE, lines=(replace(line, description="word " * 60),)),
        replace(ADVICE, lines=(replace(line, properties=(Property(name="a", value="b"),)),)),
    ):
        assert codes(standard.sent(changed, NAMES[standard.name])) == ["MAP-011"]


RANGES = {
    "edifact": (
        "BGM+351+FS1+9'DTM+137:20261122:102'CPS+1'CPS+2+1'PAC+3++CT'PCI+30'"
        "GIN+BJ+373098765432100017:373098765432100031+373098765432100048'GIN+AW+1:1'"
        "LIN+1'PIA+5+A:SA'QTY+12:3:PCE'GIN+BN+S1:S5+S9'",
        "DESADV:D:96A:UN",
    ),
    "x12": (
        "BSN*00*FS1*20261122*0915*0001~HL*1**S~HL*2*1*P~TD1*CTN*3~"
        "MAN*GM*00373098765432100017*00373098765432100031*GM*00373098765432100048~MAN*GM*1*1~"
        "HL*3*2*I~LIN**VP*A~SN1**3*EA~CTT*3~",
        "856",
    ),
}


@BOTH
def test_numbers_told_from_and_to_are_read_as_a_range(standard: Standard) -> None:
    document = standard.read(*RANGES[standard.name]).document
    assert isinstance(document, DespatchAdvice)
    (package,) = document.packages
    assert (package.package_id, package.count) == ("2", 3)
    assert set(package.ssccs) == {"373098765432100048", "1"}
    assert package.sscc_ranges == (
        NumberRange(first="373098765432100017", last="373098765432100031"),
    )
    (line,) = document.lines
    assert line.packages == ("2",)
    if standard is EDIFACT:
        assert line.serials == ("S9",)
        assert line.serial_ranges == (NumberRange(first="S1", last="S5"),)


def test_packages_of_several_kinds_in_one_level_are_all_read() -> None:
    body = (
        "BGM+351+FS1+9'DTM+137:20261122:102'CPS+1'CPS+2+1'PAC+1++201'PCI+30'GIN+BJ+1'"
        "PAC+4++CT'PCI+30'GIN+BJ+2+3'LIN+1'PIA+5+A:SA'QTY+12:3:PCE'"
    )
    mapped = EDIFACT.read(body, "DESADV:D:96A:UN")
    assert isinstance(mapped.document, DespatchAdvice)
    packages = mapped.document.packages
    assert [(one.package_id, one.kind, one.count, one.ssccs) for one in packages] == [
        ("2", "201", 1, ("1",)), ("2-CT", "CT", 4, ("2", "3")),
    ]  # fmt: skip
    assert mapped.document.lines[0].packages == ("2",)
    assert codes(mapped) == ["MAP-011"]
