"""Several web processes serve one database and port, take each order once, and one may die."""

import http.client
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.store.database import open_database
from tests.builders import make_order_request
from tests.e2e.crash_house import CXML_HEADERS, Company, kill
from tests.e2e.test_crash_recovery import states_of, wait_until

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="this system does not tell whose process is whose"
)
WEB_PROCESSES = 2
ORDERS = 60
BUYERS = 12


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    opened = Company(database_url, tmp_path, random.SystemRandom().randrange(1 << 30), kills=0)
    try:
        opened.open()
        assert wait_until(lambda: opened.listening == WEB_PROCESSES)
        yield opened
    finally:
        opened.close()


def ask(port: int, method: str, path: str, content: bytes = b"") -> tuple[int, bytes]:
    """Ask over a connection of its own, which any of the processes may take."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, content, CXML_HEADERS)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def order(port: int, number: int) -> bytes:
    content = make_order_request(f"PO-{number}", payload_id=f"{number}@buyer.example")
    status, answer = ask(port, "POST", "/cxml", content)
    assert status == 200
    assert b'code="200"' in answer, answer
    return answer


def counted(port: int) -> int:
    text = ask(port, "GET", "/metrics")[1].decode()
    found = re.findall(
        r'^gateway_interchanges_total\{syntax="cxml",verdict="\w+"\} (\S+)$', text, re.MULTILINE
    )
    return int(sum(map(float, found)))


def test_they_take_each_order_once_and_count_together(company: Company) -> None:
    numbers = [*range(ORDERS), *range(ORDERS)]  # each twice, at about the same time
    with ThreadPoolExecutor(BUYERS) as pool:
        answers = list(pool.map(lambda number: order(company.port, number), sorted(numbers)))
    assert answers[::2] == answers[1::2], "the second answer is the first one, kept"
    assert {counted(company.port) for _ in range(8)} == {2 * ORDERS}, "whoever is asked"
    database = open_database(company.url)
    try:
        wait_until(lambda: states_of(database).get("delivered") == ORDERS)
        assert states_of(database) == {"delivered": ORDERS}
    finally:
        database.close()


def test_one_that_dies_is_replaced_and_the_others_serve_on(company: Company) -> None:
    before = company.web_processes()
    kill(before[0])
    sent = 0

    def replaced() -> bool:
        nonlocal sent
        try:
            order(company.port, sent)
            sent += 1
        except (OSError, http.client.HTTPException):
            pass  # it was on its way to the one that died: the buyer's system sends it again
        now = company.web_processes()
        return before[0] not in now and company.listening == len(now) == WEB_PROCESSES

    assert wait_until(replaced)
    order(company.port, sent)
