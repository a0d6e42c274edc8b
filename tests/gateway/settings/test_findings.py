"""A mistake is told in the reader's words: the nearest key, what was expected, never a secret."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.settings.findings import (
    Finding,
    dotted,
    explain,
    fields_at,
    nearest,
    without_tags,
)
from gateway.settings.loader import Settings


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int = 0
    secret: Literal["a"] = "a"


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    named: dict[str, Inner] = {}


def told(data: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(data)
    return [str(each) for each in explain(caught.value, Outer, lambda _: "f:1")]


UNKNOWN = "this key is not known here -- "
CUT = "x" * 80


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"inner": {"sise": "1"}}, f"inner.sise: {UNKNOWN}did you mean size?"),
        ({"many": [{}, {"zzz": 1}]}, f"many[1].zzz: {UNKNOWN}known here: secret, size"),
        ({"named": {"x": {"sizes": 1}}}, f"named.x.sizes: {UNKNOWN}did you mean size?"),
        ({"inner": {"size": "x" * 99}}, f'inner.size: expected a whole number, found "{CUT}..."'),
        ({"inner": []}, "inner: expected a table of keys and values, found a list"),
        ({"many": {}}, "many: expected a list, found a table"),
        ({"inner": {"secret": "hunter2"}}, "inner.secret: expected 'a'"),
        ({"inner": {"size": None}}, "inner.size: expected a whole number, found nothing"),
    ],
)
def test_the_line_says_where_what_and_the_way_out(data: object, line: str) -> None:
    assert told(data) == [f"f:1: {line}"]


def test_known_keys_are_found_through_lists_options_and_unions() -> None:
    assert fields_at(Outer, ("many", 3)) == {"size", "secret"}
    assert fields_at(Outer, ("inner", "size")) == set()
    assert {"folder", "url", "kind"} <= fields_at(Settings, ("core",))


def test_the_kind_of_a_union_is_left_out_of_paths() -> None:
    assert without_tags(Settings, ("core", "rest", "url")) == ("core", "url")
    assert without_tags(Settings, ("core", "nonsense")) == ("core", "nonsense")


def test_words_without_a_near_one_get_the_whole_list() -> None:
    assert nearest("zzz", ["b", "a"]) == "known here: a, b"
    assert nearest("zzz", []) == ""


def test_paths_and_findings_read_well() -> None:
    assert dotted(("a", 0, "b")) == "a[0].b"
    assert str(Finding("f:1", "", "broken")) == "f:1: broken"
