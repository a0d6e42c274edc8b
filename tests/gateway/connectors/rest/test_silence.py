"""A core that hangs is waited for once, not by every question of every buyer."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from gateway.ambient import system_clock
from gateway.connectors.rest.exchange import WHOLE, Exchange, RestSettings
from gateway.connectors.rest.silence import PAUSE, Silence
from gateway.errors import CoreUnreachableError
from tests.patience import STALLED, wait_until

TIMEOUT = 30.0


class Seconds:
    """Be a clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def silence(seconds: Seconds) -> Silence:
    return Silence(TIMEOUT, seconds)


def fail(silence: Silence, error: type[BaseException], meanwhile: Callable[[], object]) -> None:
    """Ask, do something meanwhile, and get `error` instead of an answer."""
    with suppress(error), silence.question(TimeoutError):
        meanwhile()
        raise error


def wait_in_vain(silence: Silence, seconds: Seconds) -> None:
    fail(silence, TimeoutError, lambda: seconds.move(TIMEOUT))


def asked(silence: Silence) -> bool:
    try:
        with silence.question(TimeoutError):
            return True
    except CoreUnreachableError:
        return False


def test_after_silence_nobody_asks_until_the_pause_is_over(
    silence: Silence, seconds: Seconds
) -> None:
    wait_in_vain(silence, seconds)
    assert not asked(silence)
    seconds.now += PAUSE - 0.1
    with pytest.raises(CoreUnreachableError, match=r"within 30 s and was not asked again"):
        silence.question(TimeoutError).__enter__()
    seconds.now += 0.2
    assert asked(silence)
    assert asked(silence), "it answered, so all may ask"


def test_one_asks_for_all_when_the_pause_is_over(silence: Silence, seconds: Seconds) -> None:
    wait_in_vain(silence, seconds)
    seconds.now += PAUSE
    others: list[bool] = []
    fail(silence, TimeoutError, lambda: others.append(asked(silence)))
    assert others == [False], "one waits already"
    seconds.now += PAUSE - 0.1
    assert not asked(silence)


def test_who_asked_for_all_and_was_stopped_leaves_the_way_to_the_next(
    silence: Silence, seconds: Seconds
) -> None:
    wait_in_vain(silence, seconds)
    seconds.now += PAUSE
    fail(silence, KeyboardInterrupt, lambda: None)
    assert not asked(silence)
    seconds.now += TIMEOUT
    assert asked(silence)


def test_a_refusal_is_an_answer(silence: Silence) -> None:
    fail(silence, ConnectionError, lambda: None)
    assert asked(silence)


def test_one_slow_answer_silences_nobody_while_others_come(
    silence: Silence, seconds: Seconds
) -> None:
    def other() -> None:
        seconds.move(1)
        assert asked(silence)

    fail(silence, TimeoutError, other)
    assert asked(silence)


@contextmanager
def _hanging(first: bytes = b"", drip: bytes = b"") -> Iterator[tuple[str, list[socket.socket]]]:
    """Take every connection, say `first`, then `drip` over and over, and never end."""
    taken: list[socket.socket] = []
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                taken.append(connection)
                with suppress(OSError):  # whoever asked has given up
                    connection.recv(65536)
                    connection.sendall(first)
                    while drip and not over.wait(0.01):
                        connection.sendall(drip)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", taken
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(20)
    for connection in taken:
        connection.close()


def test_a_core_that_hangs_is_waited_for_once(seconds: Seconds) -> None:
    with _hanging() as (url, taken):
        exchange = Exchange(RestSettings(base_url=url, timeout=0.1), system_clock, seconds)
        for words in ("got no answer", "was not asked again", "was not asked again"):
            with pytest.raises(CoreUnreachableError, match=words):
                exchange.send("GET", "/v1/capabilities")
        exchange.close()
        assert wait_until(lambda: taken)
    assert len(taken) == 1


def test_an_answer_that_drips_without_end_is_given_up(seconds: Seconds) -> None:
    def hasty() -> float:
        seconds.move(STALLED)  # however slowly the drops come, each comes in time
        return seconds()

    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n"
    with _hanging(head, b" ") as (url, _):
        exchange = Exchange(RestSettings(base_url=url, timeout=STALLED), system_clock, hasty)
        with pytest.raises(CoreUnreachableError, match=f"not ended after {WHOLE * STALLED:g} s"):
            exchange.send("GET", "/v1/capabilities")
        exchange.close()
