"""Every verdict has one status code; "try later" is one code whoever is the reason."""

import pytest

from canonical.wire import Status, Verdict
from protocols import xml
from protocols.cxml import status

TRY_LATER = {Verdict.BUSY, Verdict.THROTTLED}


@pytest.mark.parametrize("verdict", sorted({*Verdict} - TRY_LATER))
def test_every_verdict_has_a_code_of_its_own(verdict):
    code = status.status_of(verdict).code
    assert [row[0] for row in status.STATUSES if row[1] == code] == [verdict]


def test_cxml_has_one_code_for_try_later():
    assert {row[0] for row in status.STATUSES if row[1] == 560} == TRY_LATER
    assert len(status.STATUSES) == len(Verdict)


def test_the_table_is_the_one_of_the_users_guide():
    assert sorted({code for _, code, _ in status.STATUSES}) == [
        200, 201, 204, 400, 401, 403, 406, 409, 412, 417, 450, 475, 476, 477, 500, 550, 551, 560,
    ]  # fmt: skip


def test_a_status_is_written_escaped():
    root = xml.parse(status.write(Status(code=400, text='"<', detail="a & b")).encode()).root
    assert root is not None
    assert (root.get("code"), root.get("text"), root.text) == ("400", '"<', "a & b")
    assert status.write(Status(code=200, text="OK")) == '<Status code="200" text="OK"/>'
