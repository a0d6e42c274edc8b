"""Promise: folded code does what the code did, and asks nothing whose answer is known."""

import ast
from itertools import product

import pytest

from mappings.engine.folding import added_to, folded, loaded, looked_at, looked_into, stored

KNOWN = {"a": ast.Constant(None), "l": ast.Tuple([], ast.Load())}
CASES = {
    "x = b if a is None else c": "x = b",
    "x = b if a is not None else c": "x = c",
    "x = (w if (w := a) is not None else b)": "x = b",
    "x = a or b": "x = b",
    "x = b or a": "x = b or None",
    "x = a and b": "x = None",
    "x = not a": "x = True",
    "x = not b": "x = not b",
    "x = (c if a is not None and b is None else d)": "x = d",
    "x = (c if (a is not None or b is None) else d)": "x = c if b is None else d",
    "x = ','.join(l) if l else b": "x = b",
    "x = l or None": "x = None",
    "x = f\"{a or ''}{b or ''}\"": "x = f\"{b or ''}\"",
    "x = M1(a)": "x = None",
    "x = M1(b)": "x = M1(b)",
    "x = F(a)": "x = F(None)",
    "if a is None:\n    x = b\nelse:\n    x = c": "x = b",
    "if a is not None:\n    x = b": "",
    "if b is None or a is None:\n    x = c": "x = c",
    "if b is None and a is not None:\n    x = c": "",
    "if b is None or a is not None:\n    x = c": "if b is None:\n    x = c",
    "x = a\nif x is None:\n    x = c": "x = None\nx = c",
    "if b is None:\n    a = c\nx = a": "if b is None:\n    a = c\nx = a",
    "a = b\nx = a": "a = b\nx = a",
    "for e in l:\n    x = e": "",
    "for e in b:\n    x = a\n    a = e": "for e in b:\n    x = a\n    a = e",
    "l.append(b)\nx = l": "l.append(b)\nx = l",
    "x = a == b": "x = None == b",
}


@pytest.mark.parametrize("code", CASES)
def test_what_cannot_happen_is_left_out(code: str) -> None:
    after = unparsed(folded(ast.parse(code).body, dict(KNOWN)))
    assert after == unparsed(ast.parse(CASES[code]).body)  # quoted as this Python does


def unparsed(statements: list[ast.stmt]) -> str:
    return ast.unparse(ast.fix_missing_locations(ast.Module(statements, [])))


@pytest.mark.parametrize("code", [code for code in CASES if "F(" not in code])
def test_folded_code_does_what_the_code_did(code: str) -> None:
    after = unparsed(folded(ast.parse(code).body, dict(KNOWN)))
    for b, c in product([None, "", "t", ["u"]], repeat=2):
        if "for e in b" in code and b is None:
            continue
        given = {"a": None, "l": [], "b": b, "c": c, "d": "d", "M1": {"t": "T"}.get}
        if "M1" in code and isinstance(b, list):
            continue
        assert run(code, given) == run(after, given)


def run(code: str, given: dict[str, object]) -> object:
    names = {
        key: value.copy() if isinstance(value, list) else value for key, value in given.items()
    }
    exec(code, names)
    found = names.get("x")
    return list(found) if isinstance(found, (list, tuple)) else found


def test_names_are_told_by_what_is_done_with_them() -> None:
    code = ast.parse(
        "x = b.c\nl.append(x)\nif n is None:\n    y = len(m)\nrun.fail(o)\nfor e in p:\n    e"
    ).body
    assert stored(code) == {"x", "y", "e"}
    assert added_to(code) == {"l"}
    assert {"b", "l", "n", "m", "run", "o", "p"} <= loaded(code)
    assert "n" not in looked_into(code)
    assert "m" in looked_into(code)
    assert [name for name in "bnmop" if looked_at(code, {name})] == ["b", "n"]
