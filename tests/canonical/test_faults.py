"""A fault told in one line says what, where, what was found and what to do."""

import pytest

from canonical.faults import Fault, FaultKind, FaultTable, Place, Severity, sentence


def test_the_place_in_the_bytes_comes_first():
    fault = Fault(
        code="MAP-002",
        message="a value is not a number",
        place=Place(line=7, path="ItemOut[1]/@quantity"),
        found="ten",
        hint="write digits",
        target="lines[0].quantity",
        source="order.yaml:20",
    )
    assert sentence(fault) == (
        "MAP-002 line 7 ItemOut[1]/@quantity (order.yaml:20): a value is not a number, "
        "found 'ten' -- write digits"
    )


def test_a_rule_that_saw_only_the_document_names_the_place_there():
    fault = Fault(
        code="ORDER-012",
        message="another currency",
        target="lines[1].price.currency",
        expected="SEK",
    )
    told = "ORDER-012 lines[1].price.currency: another currency, expected SEK"
    assert sentence(fault) == told


def test_what_has_no_path_in_the_bytes_is_named_by_the_document():
    kind = FaultKind(code="MAP-001", title="a required value is missing")
    told = kind.fault(target="currency", source="orders.yaml:10", place=Place(line=1))
    assert sentence(told) == "MAP-001 line 1 currency (orders.yaml:10): a required value is missing"
    known = kind.fault(target="currency", source="orders.yaml:10", place=Place(line=1, path="CUX"))
    assert sentence(known) == "MAP-001 line 1 CUX (orders.yaml:10): a required value is missing"


KIND = FaultKind(code="X-001", title="too long", severity=Severity.WARNING, hint="cut it")


def test_a_kind_gives_its_fault_title_severity_and_hint():
    assert KIND.fault() == Fault(
        code="X-001", message="too long", severity=Severity.WARNING, hint="cut it"
    )


def test_what_a_case_says_of_itself_stands_for_what_its_kind_says():
    made = KIND.fault("longer than 40", severity=Severity.ERROR, hint="send less", expected="40")
    assert made == Fault(code="X-001", message="longer than 40", hint="send less", expected="40")


def test_a_kind_without_hint_gives_none():
    assert FaultKind(code="X-002", title="lost").fault(hint=None).hint is None


def test_what_strangers_wrote_is_shortened():
    made = KIND.fault(found="x" * 900, place=Place(line=3, path="y" * 900))
    assert made.found == "x" * 200
    assert made.place == Place(line=3, path="y" * 400)


def test_what_is_short_stays_as_it_is():
    made = KIND.fault(found="", place=Place(path="a/b"), target="lines[0]", source="order.yaml:2")
    assert (made.found, made.place) == ("", Place(path="a/b"))
    assert (made.target, made.source) == ("lines[0]", "order.yaml:2")


def test_a_table_makes_its_faults_by_code():
    fault = FaultTable((KIND,))
    assert fault("X-001", found="abc") == KIND.fault(found="abc")
    with pytest.raises(KeyError):
        fault("X-002")
