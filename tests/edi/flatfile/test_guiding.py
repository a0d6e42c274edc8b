"""A guide over a schema changes what a partner's files have to be, and faults name its line."""

import pytest

from canonical.faults import Fault, Severity
from edi.flatfile.codec import FlatCodec
from edi.flatfile.dialect import FlatDialect
from edi.flatfile.guiding import guided
from edi.guides import Guide, Wrong, read_guide
from tests.edi.flatfile.making import FIXED, GOOD, LIST, ORDERS, schema


def guide(rules: dict, name: str = "orders", **more: object) -> Guide:
    data = {"guide": "G", "edition": name, "messages": {name: {"rules": rules}}} | more
    made, wrong = read_guide(data, lambda keys: f"g.yaml:{keys[-1]}")
    assert wrong == ()
    return made


def faults(by: Guide, content: str = GOOD, text: str = ORDERS) -> list[Fault]:
    codec = FlatCodec({"orders": schema(text)}, {"g": by})
    reading = codec.read(content.encode(), "", dialect=FlatDialect(schema="orders", guide="g"))
    inside = [one for message in reading.messages for one in message.faults]
    return [*inside, *reading.faults]


def mistakes(by: Guide, text: str = ORDERS) -> list[Wrong]:
    return list(guided(schema(text), by)[1])


@pytest.mark.parametrize(
    ("rules", "code", "path"),
    [
        ({"head/order_id": {"longest": "3"}}, "FLAT-121", "orders/head/order_id"),
        ({"head/order_id": {"shortest": "9"}}, "FLAT-120", "orders/head/order_id"),
        ({"head/line/quantity": {"longest": "1"}}, "FLAT-121", "orders/head/line[1]/quantity"),
        ({"*/line/letters": "required"}, "FLAT-110", "orders/head/line[1]/letters"),
        ({"head/line/unit": {"only": ["KG"]}}, "FLAT-126", "orders/head/line[1]/unit"),
        ({"head/line/unit": "forbidden"}, "FLAT-112", "orders/head/line[1]/unit"),
        ({"*/text": "required"}, "FLAT-105", "orders/head/line[2]/text[1]"),
        ({"head/line": {"repeats": "1"}}, "FLAT-107", "orders/head/line"),
        ({"*/text": "forbidden"}, "FLAT-102", None),
        ({"end/lines": {"shortest": "2"}}, "FLAT-120", "orders/end/lines"),
    ],
)  # fmt: skip
def test_what_a_guide_wants_is_checked_and_its_line_named(
    rules: dict, code: str, path: str | None
) -> None:
    by = guide(rules)
    assert mistakes(by) == []
    first = faults(by)[0]
    assert first.code == code, first
    if path is not None:
        assert (first.place.path, first.source) == (path, f"G (g.yaml:{next(iter(rules))})")


def test_a_file_that_keeps_to_the_guide_passes_and_the_schema_rules_elsewhere() -> None:
    by = guide({"head/order_id": {"longest": "4"}, "head/line/sku": {"longest": "4"}})
    assert faults(by) == []
    (wrong,) = faults(by, GOOD.replace("SKU1;1,5", "SKU1;X"))
    assert (wrong.code, wrong.source) == ("FLAT-122", "s.yaml:24")


def test_codes_are_added_wherever_the_field_stands() -> None:
    by = guide({}, codes={"unit": {"add": ["PAR"], "remove": ["KG"]}})
    assert mistakes(by) == []
    (wrong,) = faults(by, GOOD.replace(";ST", ";PAR"))
    assert (wrong.code, wrong.found, wrong.source) == ("FLAT-126", "KG", "G (g.yaml:unit)")


def test_severities_count_by_code_and_nearest_by_place() -> None:
    content = GOOD.replace(";ST", ";XX").replace("PO-1", "PO-12345678")
    by = guide({"head/line": {"severity": "note"}, "head/order_id": {"severity": "ignore"}})
    assert [one.severity for one in faults(by, content)] == [Severity.NOTE, Severity.NOTE]
    by = guide({}, severities={"FLAT-126": "warning", "FLAT-121": "ignore"})
    assert [one.severity for one in faults(by, content)] == [Severity.WARNING] * 2


def test_a_guide_for_another_file_does_not_count() -> None:
    by = guide({"head/order_id": {"longest": "3"}}, name="other")
    assert faults(by) == []
    assert ["is made for other" in one.what for one in mistakes(by)] == [True]


def test_a_fixed_file_and_one_with_headings_have_guides_too() -> None:
    by = guide({"head/line/code": "required", "head/line/quantity": {"longest": "5"}})
    assert mistakes(by, FIXED) == []
    found = faults(by, "HPO-1      20261122\nLSKU1      1234567     \n", FIXED)
    assert [one.code for one in found] == ["FLAT-121", "FLAT-110"]
    by = guide({"item/price": "required"})
    assert [one.code for one in faults(by, "Article No,Price,Name\nA,,N\n", LIST)] == ["FLAT-110"]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"head/ordr_id": "required"}, "head has no element ordr_id"),
        ({"hed/order_id": "required"}, "there is no place hed"),
        ({"head/line[unit='ST']": "required"}, "types and no qualifiers"),
        ({"head/ordered": {"longest": "4"}}, "ordered is a date as YYYY-MM-DD"),
        ({"head/line/quantity": {"only": ["1"]}}, "quantity is a number"),
        ({"head/order_id": {"longest": "11"}}, "cannot be widened"),
        ({"head/line/sku": "forbidden"}, "mandatory in orders"),
    ],
)
def test_what_the_schema_cannot_do_is_told(rules: dict, says: str) -> None:
    (wrong,) = mistakes(guide(rules))
    assert says in wrong.what
    assert wrong.keys[-1] == next(iter(rules))
