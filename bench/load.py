"""Send requests over several connections at once and note how long each answer took.

Plain sockets in threads: the load generator shares the processors with the server, so it must cost as little as it can.
"""

import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.forms import HOST

_BUFFER = 65_536


@dataclass
class Load:
    """What came back: seconds the whole took, seconds of each answer, how often each status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def p99(self) -> float:
        """Seconds that 99 of 100 answers took at most."""
        return sorted(self.latencies)[int(len(self.latencies) * 0.99) - 1]


def send_all(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send every request once."""
    parts = [Load() for _ in range(connections)]
    threads = [
        threading.Thread(target=_send, args=(port, requests[number::connections], part))
        for number, part in enumerate(parts)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Load(time.perf_counter() - started)
    for part in parts:
        whole.latencies += part.latencies
        whole.statuses += part.statuses
    return whole


def _send(port: int, requests: Sequence[bytes], part: Load) -> None:
    with socket.create_connection((HOST, port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            started = time.perf_counter()
            connection.sendall(request)
            part.statuses[_status(connection)] += 1
            part.latencies.append(time.perf_counter() - started)


def _status(connection: socket.socket) -> str:
    answer = connection.recv(_BUFFER)
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    missing = _length(head) - len(body)
    while missing > 0:
        missing -= len(_more(connection))
    return head[9:12].decode()


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(_BUFFER)
    if not received:
        raise ConnectionError("the server closed the connection")
    return received


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError(head)
