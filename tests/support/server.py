"""A real server in the test's own process, so that the test holds its clock."""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class QuietHandler(WSGIRequestHandler):
    """Logs nothing: the log is not what these tests read."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@dataclass(frozen=True)
class LiveServer:
    """The address of a running application."""

    url: str
    app: Flask


def read_whole(app: "WSGIApplication") -> "WSGIApplication":
    """`app` with each body read before it is sent: a browser that leaves in the middle leaves no file open.

    The development server closes a body only after it has been sent to its end.
    """

    def reading(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return reading


def listening_socket(port: int = 0) -> socket.socket:
    """A socket on `port` of the loopback, 0: a free one: the port is ours until it is closed."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


@contextmanager
def serve(
    app: Flask, listener: socket.socket, certificate: tuple[str, str] | None = None
) -> Iterator[LiveServer]:
    """Serve `app` on `listener` until the block ends, over TLS with a certificate's and its key's files."""
    listener.listen()
    host, port = listener.getsockname()[:2]
    server = make_server(
        host,
        port,
        read_whole(app),
        threaded=True,
        request_handler=QuietHandler,
        ssl_context=certificate,
        fd=listener.fileno(),
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield LiveServer(f"{'https' if certificate else 'http'}://{host}:{port}", app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
