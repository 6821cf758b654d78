"""A small HTTP load generator: keep-alive connections of one process, as many requests in flight as connections.

It speaks only to servers on this machine. In one thread on non-blocking sockets it
takes about a tenth of the time a request costs the barest Django view, so that the server is what is measured.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

END_OF_HEAD = b"\r\n\r\n"
TIMEOUT_SECONDS = 20


class UnexpectedAnswer(Exception):
    """An answer other than the one that is measured: the figures would be of something else."""


@dataclass
class Figures:
    """What a measurement gave: answers, the seconds they took together, and each answer's own time."""

    answers: int = 0
    seconds: float = 0.0
    times: list[float] = field(default_factory=list, repr=False)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds if self.seconds else 0.0

    def percentile(self, percent: int) -> float:
        """Milliseconds within which that share of the answers came."""
        if len(self.times) < 2:
            return float("nan")
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1] * 1000

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.answers + other.answers, self.seconds + other.seconds, self.times + other.times)


def get(path: str, *, headers: dict[str, str] | None = None) -> bytes:
    return _request("GET", path, headers or {}, b"")


def post(path: str, body: bytes, *, headers: dict[str, str] | None = None) -> bytes:
    return _request("POST", path, {"Content-Type": "application/json", **(headers or {})}, body)


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + END_OF_HEAD + body


class _Connection:
    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.request = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.request, self.sent_at = request, time.perf_counter()
        self.received.clear()
        self.socket.sendall(request)

    def answer(self) -> int | None:
        """Status of the answer once all of it is there."""
        data = self.socket.recv(262_144)
        if not data:
            raise UnexpectedAnswer(f"the server hung up on {self._about()}")
        self.received += data
        end = self.received.find(END_OF_HEAD)
        if end < 0:
            return None
        head = bytes(self.received[:end]).lower()
        if b"transfer-encoding: chunked" in head:
            return int(head[9:12]) if self.received.endswith(b"\r\n0\r\n\r\n") else None
        at = head.find(b"content-length:")
        if at < 0:
            raise UnexpectedAnswer(f"no length in the answer to {self._about()}: {head[:200]!r}")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        return int(head[9:12]) if len(self.received) >= end + len(END_OF_HEAD) + length else None

    def _about(self) -> str:
        return self.request.split(b"\r\n", 1)[0].decode()

    def refuse(self, status: int) -> UnexpectedAnswer:
        body = self.received.partition(END_OF_HEAD)[2][:300].decode(errors="replace")
        return UnexpectedAnswer(f"{self._about()} was answered {status}: {body}")


def measure(port: int, requests: Iterable[bytes], *, connections: int, seconds: float, expect: int = 200) -> Figures:
    """Send requests over so many connections for so long; each answer must have the status `expect`.

    Ends earlier when `requests` does. Answers of requests sent in time are waited for and counted.
    """
    figures, source = Figures(), iter(requests)
    with selectors.DefaultSelector() as selector:
        open_connections = [_Connection(port) for _ in range(connections)]
        try:
            started = time.perf_counter()
            busy = sum(_next(connection, source, selector, first=True) for connection in open_connections)
            while busy:
                ready = selector.select(TIMEOUT_SECONDS)
                if not ready:
                    raise UnexpectedAnswer(f"no answer within {TIMEOUT_SECONDS} s")
                for key, _mask in ready:
                    busy -= _take(key.data, source, selector, figures, expect, until=started + seconds)
            figures.seconds = time.perf_counter() - started
        finally:
            for connection in open_connections:
                connection.socket.close()
    return figures


def _take(connection, source, selector, figures, expect, *, until) -> bool:
    """Read what has come; True when this connection has nothing more to do."""
    status = connection.answer()
    if status is None:
        return False
    if status != expect:
        raise connection.refuse(status)
    now = time.perf_counter()
    figures.answers += 1
    figures.times.append(now - connection.sent_at)
    if now < until and _next(connection, source, selector):
        return False
    selector.unregister(connection.socket)
    return True


def _next(connection: _Connection, source: Iterator[bytes], selector, *, first: bool = False) -> bool:
    request = next(source, None)
    if request is None:
        return False
    connection.send(request)
    if first:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    return True
