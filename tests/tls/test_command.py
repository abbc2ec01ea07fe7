"""`survey-app tls` and the server that uses what it made."""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from survey_app.cli import build_parser
from survey_app.config import Settings, SettingsError
from survey_app.store import authority
from survey_app.transport import CertificateWatch
from tests.support.clock import FakeClock

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
Run = Callable[..., int]
HOST = "khaosat.test"
NAME = "may-chu.test"


@pytest.fixture
def environ(tmp_path: Path, empty_database_url: str) -> dict[str, str]:
    return {
        "SURVEY_APP_DATA_DIR": str(tmp_path / "data"),
        "SURVEY_APP_DATABASE_URL": empty_database_url,
    }


@pytest.fixture
def run(environ: dict[str, str]) -> Run:
    """Run a command in that environment; its exit code."""

    def command(*words: str) -> int:
        args = build_parser().parse_args(words)
        return int(args.run(args, environ))

    assert command("setup") == 0
    return command


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_it_makes_sets_and_says_what_is_needed(
    run: Run, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = Settings.from_environment(environ)
    assert run("tls", "192.168.1.10") == 0
    said = capsys.readouterr().out
    settings = Settings.from_environment(environ)
    made = authority.files(settings.data_dir)
    assert settings.public_url == "https://192.168.1.10:8080"
    assert (settings.host, settings.http_port) == ("0.0.0.0", 8081)
    assert (settings.tls_certificate, settings.tls_key) == (made.server, made.server_key)
    assert settings.secret_key == before.secret_key
    assert authority.fingerprint(made.authority) in said
    assert "http://192.168.1.10:8081/trust/" in said


def test_again_it_leaves_everything_as_it_is(run: Run, environ: dict[str, str]) -> None:
    run("tls", HOST)
    data = Path(environ["SURVEY_APP_DATA_DIR"])
    before = {p: p.read_bytes() for p in data.rglob("*") if p.is_file()}
    assert run("tls") == 0
    assert {p: p.read_bytes() for p in data.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    "host", [(), ("localhost",), ("0.0.0.0",), ("https://a.vn",), ("a.vn:80",)]
)
def test_it_asks_for_an_address_that_tablets_can_open(
    run: Run, host: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("tls", *host) == 2
    assert capsys.readouterr().err


def test_another_host_needs_a_new_authority(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("tls", HOST)
    assert run("tls", "10.0.0.1") == 2
    assert HOST in capsys.readouterr().err


def test_a_certificate_from_elsewhere_is_left_alone(
    run: Run, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run("tls", HOST)
    environ["SURVEY_APP_TLS_CERTIFICATE"] = "/etc/letsencrypt/fullchain.pem"
    assert run("tls") == 2
    assert "elsewhere" in capsys.readouterr().err
    with pytest.raises(SettingsError, match=r"fullchain\.pem"):
        run("run")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"SURVEY_APP_TLS_KEY": "/key.pem"}, "belong together"),
        ({"SURVEY_APP_HTTP_PORT": "0"}, "SURVEY_APP_HTTP_PORT"),
        ({"SURVEY_APP_TLS_KEY": "/k", "SURVEY_APP_TLS_CERTIFICATE": "/c"}, "https://"),
    ],
)
def test_half_a_setting_is_refused(
    run: Run, environ: dict[str, str], wrong: dict[str, str], message: str
) -> None:
    assert run is not None
    with pytest.raises(SettingsError, match=message):
        Settings.from_environment({**environ, **wrong})


def test_doctor_speaks_up_before_the_certificate_ends(
    run: Run, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run("tls", HOST)
    run("doctor")
    assert "ok    certificate" in capsys.readouterr().out
    settings = Settings.from_environment(environ)
    made = authority.files(settings.data_dir)
    made.server.unlink()
    authority.renew(settings.data_dir, HOST, datetime(2020, 1, 1, tzinfo=UTC))
    assert run("doctor") == 1
    assert "FIX   certificate" in capsys.readouterr().out


def test_a_running_server_renews_and_asks_to_be_reloaded(
    run: Run, environ: dict[str, str], clock: FakeClock
) -> None:
    run("tls", HOST)
    settings = Settings.from_environment(environ)
    made = authority.files(settings.data_dir)
    end = authority.ends_at(made.server)
    reloads: list[int] = []
    watch = CertificateWatch(settings, clock, lambda: reloads.append(1))
    watch.look()
    assert reloads == []
    clock.advance(days=380)
    watch.look()
    watch.look()
    assert reloads == [1]
    assert authority.ends_at(made.server) > end


@dataclass(frozen=True)
class Running:
    """A server in a process of its own: the ports of https and http, and its main process."""

    https: int
    http: int
    pid: int


@pytest.fixture
def running(run: Run, environ: dict[str, str]) -> Iterator[Running]:
    """`survey-app run` as its own process."""
    ports = free_port(), free_port()
    environ["SURVEY_APP_PORT"], environ["SURVEY_APP_HTTP_PORT"] = map(str, ports)
    assert run("tls", NAME) == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "survey_app", "run"],
        env={**environ, "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(*ports, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert f"https://{NAME}" in out
    assert errors == ""
    assert process.returncode == 0


@pytest.mark.slow
def test_the_server_speaks_tls_and_tells_how_to_trust_it(
    running: Running, environ: dict[str, str]
) -> None:
    made = authority.files(Path(environ["SURVEY_APP_DATA_DIR"]))
    trusting = ssl.create_default_context(cafile=str(made.authority))
    assert get(running.https, "/readyz", trusting)[:2] == (200, "application/json")
    status, kind, body = get(running.http, "/trust/khao-sat.crt")
    assert (status, kind) == (200, "application/x-x509-ca-cert")
    sent = x509.load_der_x509_certificate(body)
    assert sent == x509.load_pem_x509_certificate(made.authority.read_bytes())
    assert get(running.http, "/trust/")[0] == 200
    assert get(running.http, "/static/tokens.css")[0] == 200
    for path in (
        "/",
        "/office/",
        "/kiosk/",
        "/accounts/login",
        "/api/v1/questionnaire",
        "/healthz",
    ):
        assert get(running.http, path)[0] == 302


@pytest.mark.slow
def test_a_reload_shows_the_renewed_certificate(running: Running, environ: dict[str, str]) -> None:
    data = Path(environ["SURVEY_APP_DATA_DIR"])
    made = authority.files(data)
    trusting = ssl.create_default_context(cafile=str(made.authority))
    first = shown(running.https, trusting)
    made.server.unlink()
    authority.renew(data, NAME, datetime.now(UTC))
    renewed = ssl.PEM_cert_to_DER_cert(made.server.read_text(encoding="ascii"))
    assert shown(running.https, trusting) == first != renewed
    os.kill(running.pid, signal.SIGHUP)
    seen: list[bytes | None] = []
    # The worker of before shares the port with the new one for a while, and drops what it holds when it goes.
    while set(seen[-200:]) != {renewed} or len(seen) < 200:
        seen.append(shown(running.https, trusting))
        assert len(seen) < 20_000
    assert set(seen) <= {first, renewed, None}
    assert seen.count(None) <= 2


def shown(port: int, trusting: ssl.SSLContext) -> bytes | None:
    """The certificate that a new connection meets; None where it is dropped without an answer."""
    with (
        closing(connected(port)) as opened,
        closing(http.client.HTTPConnection(NAME, port)) as connection,
    ):
        try:
            named = trusting.wrap_socket(opened, server_hostname=NAME)
            certificate = named.getpeercert(binary_form=True)
            connection.sock = named
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return None
        return certificate


def get(port: int, path: str, trusting: ssl.SSLContext | None = None) -> tuple[int, str, bytes]:
    """Status, kind and body, asked of the host by its name as soon as the process listens."""
    with closing(http.client.HTTPConnection(NAME, port)) as connection:
        opened = connected(port)
        named = trusting.wrap_socket(opened, server_hostname=NAME) if trusting else opened
        connection.sock = named
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.headers.get_content_type(), response.read()


def connected(port: int) -> socket.socket:
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            threading.Event().wait(0.1)  # for another process: there is nothing else to wait on
    raise AssertionError("the server does not listen")
