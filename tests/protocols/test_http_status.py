"""Every verdict has one status of HTTP, and what may be tried again is told apart."""

from http import HTTPStatus

import pytest

from canonical.wire import Status, Verdict
from protocols import http_status


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_stands_in_the_table_once(verdict: Verdict) -> None:
    assert [row[0] for row in http_status.STATUSES].count(verdict) == 1


@pytest.mark.parametrize(("verdict", "code", "text"), http_status.STATUSES)
def test_a_status_is_one_of_http_with_its_phrase(verdict: Verdict, code: int, text: str) -> None:
    assert HTTPStatus(code).phrase == text
    assert http_status.status_of(verdict, "why") == Status(code=code, text=text, detail="why")


def test_only_what_waiting_mends_asks_to_wait() -> None:
    waits = {verdict for verdict, code, _ in http_status.STATUSES if code in {429, 503}}
    assert waits == {Verdict.THROTTLED, Verdict.BUSY, Verdict.CORE_UNREACHABLE}


def test_who_asks_too_often_is_told_apart_from_a_busy_shop() -> None:
    assert http_status.status_of(Verdict.THROTTLED).code == 429
    assert http_status.status_of(Verdict.BUSY).code == 503
