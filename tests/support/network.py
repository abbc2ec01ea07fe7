"""No test reaches beyond this machine: a socket that tries raises at once."""

import sys

LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost", ""})


class OutsideWorldError(RuntimeError):
    """A test tried to reach another machine."""


def block_outside_world() -> None:
    """Refuse connections and look-ups of anything but the loopback, for the life of the process."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise OutsideWorldError(f"A test connects to {address!r}")
    if event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        raise OutsideWorldError(f"A test looks up {arguments[0]!r}")


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host is None or (isinstance(host, str) and host in LOCAL_HOSTS)
