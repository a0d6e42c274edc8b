"""Keep a port of this machine for whoever is to listen on it, and for nobody else.

A port that was found free and let go may be another's a moment later: of a test process beside
this one, or of a connection that somebody opens. So it stays bound here, by a socket that does not
listen. Who names it may listen on it all the same, as servers share such a port (`SO_REUSEADDR`);
the system gives it to nobody who asks for any. Until somebody listens, connections are refused.
"""

import socket


def free_port() -> int:
    """Return a port of the loopback address that stays free until this process ends."""
    with _bound(0) as kept:
        port: int = kept.getsockname()[1]
        if _may_be_shared(port):
            kept.detach()  # open as long as this process
        return port


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def _may_be_shared(port: int) -> bool:
    """Tell whether this system lets somebody listen where another socket is bound."""
    try:
        with _bound(port) as server:
            server.listen()
    except OSError:
        return False
    return True
