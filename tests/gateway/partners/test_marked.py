"""Every scalar of a YAML file is text, each value knows its line; no bytes make reading raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.partners.marked import MAX_BYTES, read_marked


def test_scalars_stay_as_they_are_spelt() -> None:
    data = read_marked(b"a: no\nb: 1.10\nc: 012\nd: [~, 2026-01-31]\ne:\nf: ''\n", "x").data
    assert data == {
        "a": "no", "b": "1.10", "c": "012", "d": ["~", "2026-01-31"], "e": None, "f": None,
    }  # fmt: skip


def test_every_path_knows_its_line_and_unknown_ones_what_is_around() -> None:
    marked = read_marked(b"a:\n  b:\n    - c\n    - d: e\n", "x")
    assert marked.where(("a", "b", 1, "d")) == "x:4"
    assert marked.where(("a", "b", 0)) == "x:3"
    assert marked.where(("a", "z")) == "x:1"
    assert marked.where(("z",)) == "x"


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", "x:1: expected a mapping"),
        (b"- a", "x:1: expected a mapping"),
        (b"a: 1\na: 2", "x:2: key 'a' stands here twice"),
        (b"a: &x 1\nb: *x", "x:1: anchors and aliases"),
        (b"a: !!python/object:os.system x", "x:1: unknown tag"),
        (b"a: [1", "x:2: not readable as YAML"),
        (b"a: 1\n---\nb: 2", "x:2: expected one document"),
        (b"---\na: 1\n--- \nb: 2", "x:3: expected one document"),
        (b"\xff", "x:1: expected UTF-8, found another byte"),
        (
            b"a: 1\nb:\n\tc: 2\n",
            "x:3: not readable as YAML: found character that cannot start any "
            "token -- indent by spaces, not by tabs",
        ),
        (b"a: " + b"x" * MAX_BYTES, "x: more than"),
        (b"[" * 5000, "x:"),
        (b'a: "\\UFFFFFFFF"', "x:1: not readable as YAML"),
    ],
)
def test_what_is_no_configuration_is_told(content: bytes, finding: str) -> None:
    findings = read_marked(content, "x").findings
    assert any(str(each).startswith(finding) for each in findings), findings


def test_a_marker_and_comments_before_the_first_document_are_fine() -> None:
    assert read_marked(b"# a comment\n---\na: 1 # --- no\n", "x").findings == []


@given(st.binary() | st.text(alphabet="ab:-[]{}&*!|>'\"\\%@`#?, \n\t\0U0F~").map(str.encode))
def test_reading_never_raises(content: bytes) -> None:
    marked = read_marked(content, "x")
    assert all(finding.where.startswith("x") for finding in marked.findings)
