"""A partner's guide is read strictly: every mistake is told with its key and the way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.guides import Guide, Wrong, read_guide
from edi.schema import Format


def read(data: dict) -> tuple[Guide, tuple[Wrong, ...]]:
    return read_guide(data, lambda keys: f"g.yaml:{len(keys)}")


def with_rule(path: str, rule: object) -> dict:
    return {"guide": "G", "edition": "D.96A", "messages": {"ORDERS": {"rules": {path: rule}}}}


def test_every_key_of_a_rule_is_read() -> None:
    guide, wrong = read(
        with_rule(
            "SG25/LIN/1082",
            {
                "required": "yes", "repeats": "5", "format": "n..6", "shortest": "2",
                "add": ["1"], "remove": ["2"], "only": "3", "severity": "ignore",
            },
        )
    )  # fmt: skip
    assert wrong == ()
    (rule,) = guide.messages["ORDERS"].rules
    assert (rule.required, rule.forbidden, rule.repeats) == (True, False, 5)
    assert (rule.format, rule.shortest, rule.longest) == (Format.NUMERIC, 2, 6)
    assert (rule.add, rule.remove, rule.only) == (("1",), ("2",), ("3",))
    assert (rule.severity, rule.at) == ("ignore", "g.yaml:4")


def test_a_word_alone_requires_or_forbids() -> None:
    data = with_rule("PAI", "forbidden")
    data["messages"]["ORDERS"]["rules"]["FTX"] = "required"
    pai, ftx = read(data)[0].messages["ORDERS"].rules
    assert pai.forbidden
    assert ftx.required


def test_code_lists_and_severities_are_read_for_the_whole_edition() -> None:
    data = {
        "guide": "G", "edition": "D.96A", "codes": {"4233": {"add": ["33E"]}},
        "severities": {"EDIFACT-116": "ignore"},
    }  # fmt: skip
    guide, wrong = read(data)
    assert wrong == ()
    assert (guide.codes[0].path, guide.codes[0].add) == ("4233", ("33E",))
    assert guide.severities == {"EDIFACT-116": "ignore"}


@pytest.mark.parametrize(
    ("data", "keys", "says"),
    [
        ({"edition": "D.96A"}, ("guide",), "missing"),
        ({"guide": "G"}, ("edition",), "missing"),
        ({"guide": "G", "edition": "D", "mesages": {}}, ("mesages",), "did you mean messages?"),
        ({"guide": "G", "edition": "D", "codes": ["x"]}, ("codes",), "found a list"),
        ({"guide": "G", "edition": "D", "codes": {"1": {"longest": "3"}}},
         ("codes", "1", "longest"), "not known here"),
        ({"guide": "G", "edition": "D", "severities": {"E-1": "note"}},
         ("severities", "E-1"), "no fault code"),
        ({"guide": "G", "edition": "D", "severities": {"EDIFACT-126": "warn"}},
         ("severities", "EDIFACT-126"), 'one of error, warning, note, ignore, found "warn"'),
        (with_rule("PAI", {"repeats": "0"}), "repeats", "whole number from 1"),
        (with_rule("PAI", {"repeats": "²"}), "repeats", "whole number from 1"),
        (with_rule("PAI", {"format": "x3"}), "format", "such as n..6"),
        (with_rule("PAI", {"only": {"a": "b"}}), "only", "a list of codes, found a table"),
        (with_rule("PAI", {"required": "no"}), "required", "a guide tightens"),
        (with_rule("PAI", "forbid"), "PAI",
         'required or forbidden or keys and values, found "forbid" did you mean forbidden?'),
        (with_rule("PAI", "never"), "PAI", "write keys, {required: ...}"),
        ({"guide": "G", "edition": "D", "codes": {"1001": "73E"}}, ("codes", "1001"),
         'expected keys and values, found "73E" write keys, {add: ...}'),
        (with_rule("PAI", {}), "PAI", "says nothing"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_key_and_the_way_out(
    data: dict, keys: tuple[str, ...] | str, says: str
) -> None:
    _, wrong = read(data)
    found = [
        one for one in wrong if one.keys == keys or (isinstance(keys, str) and one.keys[-1] == keys)
    ]
    assert any(says in f"{one.what} {one.hint}" for one in found), wrong


values = st.recursive(
    st.none() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["guide", "edition", "codes", "severities", "messages"]), values
    )
)
def test_no_data_makes_reading_raise(data: dict) -> None:
    read(data)
    read({"guide": "G", "edition": "D", "messages": {"M": {"rules": data}}})
