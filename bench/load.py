"""Send many requests over a few kept connections and count the answers: loopback only, bounded."""

import socket
import threading
import time
from collections.abc import Callable


def drive(
    port: int, path: str, body: Callable[[int], bytes], *, connections: int = 16, seconds: float = 2
) -> float:
    """Return answers a second; `body(n)` makes the n-th request, each one different.

    Raises `RuntimeError` when a server answers anything but HTTP 200.
    """
    counts = [0] * connections
    failures: list[str] = []
    end = time.perf_counter() + seconds

    def work(index: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number = index
            while time.perf_counter() < end and not failures:
                content = body(number)
                head = (
                    f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
                    f"Content-Length: {len(content)}\r\n\r\n"
                )
                peer.sendall(head.encode() + content)
                answer = _answer(peer)
                if not answer.startswith(b"HTTP/1.1 200"):
                    failures.append(answer[:300].decode("latin-1"))
                    return
                counts[index] += 1
                number += connections

    start = time.perf_counter()
    threads = [threading.Thread(target=work, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return sum(counts) / (time.perf_counter() - start)


def _answer(peer: socket.socket) -> bytes:
    received = bytearray()
    while b"\r\n\r\n" not in received:
        received += _more(peer)
    head, _, rest = bytes(received).partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    body = bytearray(rest)
    while len(body) < length:
        body += _more(peer)
    return head + b"\r\n\r\n" + bytes(body)


def _more(peer: socket.socket) -> bytes:
    chunk = peer.recv(65536)
    if not chunk:
        message = "the server closed the connection"
        raise RuntimeError(message)
    return chunk


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 20) -> None:
    """Wait until something listens on `port`."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"nothing listens on port {port}"
    raise RuntimeError(message)
