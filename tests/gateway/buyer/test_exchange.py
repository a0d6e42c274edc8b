"""An answer is judged by what a procurement system looks at: HTTP, media type, syntax, status."""

from canonical.faults import Fault, Place, Severity
from canonical.wire import Payload, Status
from gateway.buyer.exchange import Exchange, judge_answer, judge_validity
from tests.gateway.buyer.cart_message import CANCELLED, message_of


def exchange(*, status: int = 200, media_type: str = "text/xml; charset=UTF-8", code: int = 200):
    message = message_of(CANCELLED, Status(code=code, text="said", detail="why"))
    return Exchange(
        name="OrderRequest.new",
        message_id="1",
        sent=Payload(b"", "text/xml"),
        http_status=status,
        answer=Payload(b"<cXML/>", media_type),
        message=message,
    )


def codes(found) -> list[str]:
    return [finding.code for finding in found]


def test_a_right_answer_has_no_findings():
    assert judge_answer(exchange(), ()) == ()
    assert exchange(code=201).accepted


def test_another_http_status_or_media_type_is_found():
    assert codes(judge_answer(exchange(status=401), ())) == ["BUYER-001"]
    assert codes(judge_answer(exchange(media_type="text/html"), ())) == ["BUYER-002"]


def test_a_refusal_is_found_with_its_words():
    (finding,) = judge_answer(exchange(code=409), ())
    assert (finding.code, finding.found) == ("BUYER-004", "409 said why")


def test_an_answer_without_message_is_found_with_its_beginning():
    page = Payload(b"<html>Bad gateway</html>", "text/html")
    broken = Exchange("OrderRequest.new", "1", Payload(b"", "text/xml"), 502, page)
    found = judge_answer(broken, ())
    assert codes(found) == ["BUYER-001", "BUYER-002", "BUYER-003"]
    assert found[-1].found == "<html>Bad gateway</html>"


def test_faults_of_the_syntax_become_findings_with_their_place():
    faults = (
        Fault(code="CXML-1", message="bad", place=Place(line=7, path="Message")),
        Fault(code="CXML-2", message="odd", severity=Severity.WARNING),
        Fault(code="CXML-3", message="fine", severity=Severity.NOTE),
    )
    found = judge_validity("PunchOutOrderMessage", faults)
    assert codes(found) == ["BUYER-007", "BUYER-008"]
    assert (found[0].line, found[0].path) == (7, "Message")
