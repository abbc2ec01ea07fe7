"""Servers under measurement: started as processes of their own, watched for the processor time they use."""

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.forms import HOST
from survey_app.commands.setup import open_and_provision
from survey_app.config import Settings
from survey_app.store.engine import Database

REPOSITORY = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server; `pid` is that of its first process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time of the process and all its children so far."""
        return sum(_ticks(pid) for pid in _family(self.pid)) / _TICKS


def provision(folder: Path, port: int) -> tuple[dict[str, str], Database]:
    """Seed a database of our own in `folder`; the environment of a server for it, and the open database."""
    environ = {
        "SURVEY_APP_DATA_DIR": str(folder),
        "SURVEY_APP_SECRET_KEY": uuid.uuid4().hex * 2,
        "SURVEY_APP_PORT": str(port),
        "SURVEY_APP_PUBLIC_URL": f"http://{HOST}:{port}",
        "SURVEY_APP_ADMIN_PASSWORD": uuid.uuid4().hex,
    }
    settings = Settings.from_environment(environ)
    open_and_provision(settings, environ)
    return environ, Database(settings.database_url)


@contextmanager
def running(command: Sequence[str], port: int, environ: Mapping[str, str]) -> Iterator[Server]:
    """Start a server, wait until it answers, and end it with the block."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def _family(pid: int) -> list[int]:
    """The process and everything below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        children = (task / "children").read_text().split()
        found += [member for child in children for member in _family(int(child))]
    return found


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
