"""The right DTD judges a document: its own version, else the next newer; each is loaded late."""

import pytest

from protocols.cxml.schemas import Schemas, version_key
from protocols.dtd import load_dtd

DTD = b"<!ELEMENT cXML ANY>"


class Source:
    """Count how often a DTD is read."""

    def __init__(self, content: bytes = DTD) -> None:
        self.content = content
        self.reads = 0

    def __call__(self) -> bytes:
        self.reads += 1
        return self.content


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("1.2.014", "1.2.014"),
        ("1.2.008", "1.2.014"),
        ("1.1.007", "1.1.010"),
        ("1.2.060", "1.2.063"),
        ("1.2.099", "1.2.063"),
        ("1.2.14", "1.2.014"),
        (None, "1.2.063"),
        ("odd", "1.2.063"),
        ("1.2", "1.2.063"),
    ],
)
def test_the_same_or_the_next_newer_version_judges(wanted, found):
    versions = ("1.2.063", "1.1.010", "1.2.014")
    schemas = Schemas({(version, "cXML"): Source() for version in versions})
    assert schemas.find(wanted, "cXML") == found


def test_a_module_that_is_not_installed_does_not_judge():
    schemas = Schemas({("1.2.014", "cXML"): Source()})
    assert schemas.for_reading("1.2.014", "Fulfill") is None
    assert schemas.for_writing("1.2.014", "Fulfill") == (None, ())


def test_an_older_dtd_judges_what_we_read_but_not_what_we_write():
    schemas = Schemas({("1.2.014", "cXML"): Source()})
    assert schemas.for_reading("1.2.050", "cXML") is not None
    assert schemas.for_writing("1.2.050", "cXML") == (None, ())


def test_a_dtd_is_loaded_once_and_only_when_needed():
    needed, idle = Source(), Source()
    schemas = Schemas({("1.2.014", "cXML"): needed, ("1.2.063", "cXML"): idle})
    assert needed.reads == 0
    for _ in range(3):
        assert schemas.for_reading("1.2.014", "cXML") is not None
    assert (needed.reads, idle.reads) == (1, 0)


def test_a_broken_dtd_is_no_judge_and_says_so_when_we_write():
    schemas = Schemas({("1.2.014", "cXML"): Source(b"")})
    assert schemas.for_reading("1.2.014", "cXML") is None
    dtd, faults = schemas.for_writing("1.2.014", "cXML")
    assert dtd is None
    assert [fault.code for fault in faults] == ["XML-030"]


def test_versions_sort_as_numbers():
    assert sorted(["1.2.5", "1.2.014", "1.1.010"], key=version_key) == [
        "1.1.010",
        "1.2.5",
        "1.2.014",
    ]


def test_every_official_dtd_loads(reference):
    for file in reference.glob("dtd/*/*.dtd"):
        assert load_dtd(file.read_bytes())[0] is not None, file
