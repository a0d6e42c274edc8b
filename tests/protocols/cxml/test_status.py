"""Every verdict has one status code, and every code one meaning."""

import pytest

from canonical.wire import Status, Verdict
from protocols import xml
from protocols.cxml import status


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_code_that_means_it(verdict):
    assert status.verdict_of(status.status_of(verdict).code) is verdict


def test_the_table_is_the_one_of_the_users_guide():
    assert [code for _, code, _ in status.STATUSES] == [
        200, 201, 204, 400, 401, 403, 406, 409, 412, 417, 450, 475, 476, 477, 500, 550, 551, 560,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (299, Verdict.ACCEPTED),
        (499, Verdict.INVALID),
        (599, Verdict.ERROR),
        (563, Verdict.BUSY),
        (501, Verdict.UNSUPPORTED),
        (0, Verdict.ERROR),
        (999, Verdict.ERROR),
    ],
)
def test_an_unknown_code_is_read_by_its_class(code, verdict):
    assert status.verdict_of(code) is verdict


def test_a_status_is_written_escaped():
    root = xml.parse(status.write(Status(code=400, text='"<', detail="a & b")).encode()).root
    assert root is not None
    assert (root.get("code"), root.get("text"), root.text) == ("400", '"<', "a & b")
    assert status.write(Status(code=200, text="OK")) == '<Status code="200" text="OK"/>'
