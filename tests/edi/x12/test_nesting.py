"""Promise: loops that name the one above them are put below it and numbered as they are written."""

import pytest

from canonical.rows import Branch
from edi.x12.nesting import arranged, nested


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("BSN*00~HL*S**S~PRF*1~CTT*1~", "BSN*00~HL*1**S~PRF*1~CTT*1~"),
        (
            "BSN*00~HL*S**S~HL*Pb*Pa*P~HL*Pa*S*T~TD1*1~HL*I*Pb*I~HL*I*Pa*I~CTT*5~",
            "BSN*00~HL*1**S~HL*2*1*T~TD1*1~HL*3*2*P~HL*4*3*I~HL*5*2*I~CTT*5~",
        ),
        ("BSN*00~HL*S**S~HL*I*X*I~", "BSN*00~HL*1**S~HL*2**I~"),
        ("BSN*00~HL*S**S~HL*A*B*P~HL*B*A*P~", "BSN*00~HL*1**S~HL*2**P~HL*3*2*P~"),
        ("BSN*00~HL*A*A*S~", "BSN*00~HL*1**S~"),
        ("BEG*00~PO1*1~", "BEG*00~PO1*1~"),
    ],
)
def test_each_loop_follows_the_one_that_it_names(given: str, expected: str) -> None:
    assert arranged(given) == expected


def test_loops_are_nested_a_hundred_deep_and_no_deeper() -> None:
    chain = [[["HL", str(number), str(number - 1 or ""), "P"]] for number in range(1, 251)]
    chain[0][0][2] = ""
    root: Branch = [["ST", "856"], [["BSN", "00"]], *chain]
    received = [branch[0] for branch in chain]
    walk, lost = nested(root)
    assert [row[1] for row in lost] == ["101", "201"]
    assert [branch[0][0] for branch in root[1:]] == ["BSN", "HL", "HL", "HL"]
    deep, branch = 0, root[2]
    while len(branch) > 1:
        deep, branch = deep + 1, branch[1]
    assert deep == 99
    assert list(walk())[2:] == received
