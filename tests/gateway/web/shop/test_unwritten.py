"""Why a cart cannot be written is not what a shopper is told, but it is at hand to show."""

from canonical.faults import Fault, Severity
from gateway.punchout.faults import fault
from gateway.web.shop.unwritten import SHOWN, told_apart

FOREIGN = Fault(code="MAP-006", message="a code is not in its code list", found="ZZZZ")
OWN = fault("PUNCHOUT-024", found="1", expected="at least 5")


def test_what_the_shop_finds_itself_is_told_as_it_is() -> None:
    assert told_apart((OWN,)) == ((OWN,), ())


def test_what_others_find_becomes_one_sentence_with_the_reasons_apart() -> None:
    told, reasons = told_apart((FOREIGN, OWN, FOREIGN))
    assert [one.code for one in told] == ["PUNCHOUT-032", "PUNCHOUT-024"]
    assert reasons == ("MAP-006: a code is not in its code list, found 'ZZZZ'",) * 2


def test_warnings_of_others_are_no_reason() -> None:
    warned = Fault(code="MAP-008", message="cut", severity=Severity.WARNING)
    assert told_apart((warned,)) == ((), ())


def test_there_are_never_too_many_reasons() -> None:
    assert len(told_apart((FOREIGN,) * 200)[1]) == SHOWN
