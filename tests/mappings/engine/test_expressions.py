"""Promise: expressions mean what the language reference says, and mistakes are shown with a caret."""  # noqa: E501

import pytest

from mappings.engine.expressions import MAX_LENGTH, ExpressionError, parse
from mappings.engine.library import MappingError
from tests.mappings.workbench import reader, value

DOC = """<r lang="sv"><a x="1">one</a><a x="2"> two </a><b><c>deep</c></b>
<n>3.50</n><blank>  </blank></r>"""

CASES = {
    "src.a": "one",
    "src.a.@x": "1",
    "src.a[1]": "two",
    "src.a[x='2']": "two",
    "src.a[@x='2'].@x": "2",
    "src.b.c": "deep",
    "src.blank": None,
    "src.nothing.below": None,
    "src.nothing ?? src.b.c": "deep",
    "src.nothing ?? 'fallback'": "fallback",
    "src.a | upper": "ONE",
    "src.nothing | upper": None,
    "src.a == 'one' ? 'yes' : 'no'": "yes",
    "src.a == 'one' and not (src.b.c == 'x') ? 'yes' : 'no'": "yes",
    "src.nothing or src.a ? 'yes' : 'no'": "yes",
    "src.@lang in ['sv', 'en'] ? 'known' : 'other'": "known",
    "src.n * 2 + 1 | string": "8.00",
    "src.n - 1.25 | string": "2.25",
    "-src.n | string": "-3.50",
    "src.n / 0.5 | string": "7.0",
    "src.n > 3 ? 'more' : 'less'": "more",
    "src.nothing > 3 ? 'more' : 'less'": "less",
    "src.nothing == null ? 'null' : 'there'": "null",
    '"{src.a}/{src.b.c}!"': "one/deep!",
    '"{src.nothing}{src.blank}"': None,
    '"{src.nothing}-{src.a}"': "-one",
    "src.a | join('+')": "one+two",
    "src.a.@x | join('+')": "1+2",
    "count(src.a) | string": "2",
    "sum(src.a, it.@x) | string": "3",
    "any(src.a, it.@x == '2') ? 'yes' : 'no'": "yes",
    "all(src.a, it.@x == '2') ? 'yes' : 'no'": "no",
    "pick(src.a, it.@x == '2', it)": "two",
    "index(src.a, it.@x == '2') | string": "2",
    "index(src.a, it.@x == '9') ?? 0 | string": "0",
    "src.b | markup": "<c>deep</c>",
    "'it''s'": "it's",
}


@pytest.mark.parametrize(("expression", "expected"), CASES.items())
def test_expression_gives(expression: str, expected: str | None) -> None:
    assert value(expression, DOC) == expected


def test_own_text_is_the_text_around_the_children() -> None:
    assert value("src.d | text", "<r><d><s>Short</s>Long <s>x</s> text</d></r>") == "Long text"


@pytest.mark.parametrize(
    ("expression", "offset"),
    [("src.a |", 7), ("(src.a", 6), ("src.a src", 6), ("'open", 0), ("1 +", 3), ("src.a ? 'x'", 11),
     ("src.a[x]", 6), ("src.a[1.5]", 6), ("a # b", 2), ("", 0), ("not", 3), ("src.@x.y", 7),
     ('"{src.a"', 1), ("x" * (MAX_LENGTH + 1), MAX_LENGTH), ("(" * 60 + "1" + ")" * 60, 50)],
)  # fmt: skip
def test_a_mistake_is_reported_at_its_place(expression: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(expression)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("src.a | trimm", "unknown function 'trimm'; did you mean 'trim'?"),
        ("sr.a", "unknown name 'sr'; did you mean 'src'?"),
        ("src.a | cut", "cut takes 2 to 3 arguments"),
        ("src.a ?? 1", "one side is a text, the other a number"),
        ("src.a == true", "cannot compare"),
        ("'a' in src.a", "expected a list in [ ]"),
        ("sum(src.a)", "sum(list, expression)"),
        ("true | upper", "expected a text"),
    ],
)
def test_a_mapping_with_a_mistake_does_not_compile(expression: str, words: str) -> None:
    fields = f'fields:\n  code: src.c\n  text: src.t\n  comment: "{expression}"\n'
    with pytest.raises(MappingError) as caught:
        reader(fields)
    assert words in str(caught.value)
    assert str(caught.value).startswith("cxml/test.yaml:6:")
    assert "^" in str(caught.value)
