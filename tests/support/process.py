"""The real server in a process of its own, which can be killed and started again, and tablets that speak to it."""

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

SECRET = "a long secret that only tests know, 0123456789"


class ServerProcess:
    """`survey-app run` on a free port, over a database that is set up already."""

    def __init__(self, data_dir: Path, database_url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = {
            "SURVEY_APP_DATA_DIR": str(data_dir),
            "SURVEY_APP_DATABASE_URL": database_url,
            "SURVEY_APP_SECRET_KEY": SECRET,
            "SURVEY_APP_PORT": str(self.port),
        }
        self._log = data_dir / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns as soon as it answers."""
        path = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "survey_app", "run"],
                env={**self.environ, **path},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(1_200):
            if self._answers():
                return
            self._must_live()
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """What a power cut does to it: no handler runs, every process of it is gone at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def limit_file_size(self, most: int) -> None:
        """No file may grow beyond so many bytes: what a full disk is to whoever writes."""
        assert self._process is not None
        for pid in _family(self._process.pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    @property
    def log(self) -> str:
        """Everything it has printed."""
        return self._log.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def _answers(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def _must_live(self) -> None:
        assert self._process is not None
        try:
            self._process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            return
        raise AssertionError(self.log)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


class Line:
    """One connection to the server, with a tablet's cookie; opened when it is needed."""

    def __init__(self, server: ServerProcess, credential: str) -> None:
        self._server = server
        self._headers = {
            "Content-Type": "application/json",
            "Cookie": f"kiosk={credential}",
            "Origin": server.url,
            "X-Survey-App": "1",
        }
        self._connection: http.client.HTTPConnection | None = None

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, object]]:
        """Status and value; raises OSError or HTTPException where no whole answer of ours came."""
        if self._connection is None:
            address = ("127.0.0.1", self._server.port)
            self._connection = http.client.HTTPConnection(*address, timeout=60)
        try:
            self._connection.request("POST", path, body, {**self._headers, **(headers or {})})
            response = self._connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.hang_up()
            raise

    def break_off(
        self, path: str, body: bytes, headers: Mapping[str, str], *, sent: float, heard: int
    ) -> None:
        """A network that goes away: a share of the request is sent, so many bytes of the answer are heard."""
        named = {**self._headers, **headers, "Host": f"127.0.0.1:{self._server.port}"}
        named["Content-Length"] = str(len(body))
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {text}" for name, text in named.items())]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        with socket.create_connection(("127.0.0.1", self._server.port), timeout=60) as broken:
            broken.sendall(request[: round(len(request) * sent)])
            if heard:
                broken.recv(heard)

    def hang_up(self) -> None:
        """Close the connection, whatever is under way."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
