"""A DTD judges trees from any thread; each complaint has a code, a place and what was expected."""

import pytest

from protocols import xml
from protocols.dtd import load_dtd

DTD = b"""
<!ELEMENT order (id, line+)>
<!ATTLIST order type (new|delete) "new" key CDATA #REQUIRED>
<!ELEMENT id (#PCDATA)>
<!ELEMENT line EMPTY>
"""


def validate(document: bytes) -> dict[str, str | None]:
    dtd, faults = load_dtd(DTD)
    root = xml.parse(document).root
    assert dtd is not None
    assert root is not None
    assert faults == ()
    return {fault.code: fault.found for fault in dtd.validate(root)}


def test_a_dtd_accepts_what_it_describes():
    assert validate(b'<order key="1"><id/><line/></order>') == {}


def test_each_deviation_from_a_dtd_has_its_code_and_what_was_found():
    document = b'<order type="odd" colour="red"><line/><id/><extra/></order>'
    assert validate(document) == {
        "XML-020": "(line id extra)",
        "XML-021": None,
        "XML-022": "colour",
        "XML-023": "odd",
        "XML-024": None,
    }


def test_a_dtd_fault_has_line_path_and_expectation():
    dtd, _ = load_dtd(DTD)
    root = xml.parse(b'<order key="1">\n<id/>\n</order>').root
    assert dtd is not None
    assert root is not None
    (fault,) = dtd.validate(root)
    assert fault.place is not None
    assert fault.place.line == 1
    assert fault.place.path == "order"
    assert fault.expected == "(id , line+)"
    assert fault.hint == "give all required children, in the expected order"


def test_what_has_no_rule_of_ours_is_said_in_the_words_of_the_parser():
    dtd, _ = load_dtd(b"<!ELEMENT a EMPTY><!ATTLIST a id ID #IMPLIED>")
    root = xml.parse(b"<a id='1'/>").root
    assert dtd is not None
    assert root is not None
    assert [fault.code for fault in dtd.validate(root)] == ["XML-025"]


def test_validators_of_several_threads_do_not_mix_their_complaints():
    from concurrent.futures import ThreadPoolExecutor

    dtd, _ = load_dtd(DTD)
    assert dtd is not None

    def judge(number: int) -> bool:
        root = xml.parse(b'<order key="1" bad%d="x"><id/><line/></order>' % number).root
        assert root is not None
        return [fault.found for fault in dtd.validate(root)] == [f"bad{number}"]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(judge, range(400)))


@pytest.mark.parametrize(
    "content",
    [
        b"<!ELEMENT",
        b"not a dtd",
        b"",
        b'<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;',
        b'<!ENTITY  %  p  PUBLIC "-//x" "http://127.0.0.1/x"> %p; <!ELEMENT a ANY>',
    ],
)
def test_an_unusable_dtd_is_a_fault(content):
    dtd, faults = load_dtd(content)
    assert dtd is None
    assert [fault.code for fault in faults] == ["XML-030"]
