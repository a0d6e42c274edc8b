"""A fault told in one line says what, where, what was found and what to do."""

from canonical.faults import Fault, Place, sentence


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
