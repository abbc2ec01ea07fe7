"""The end of the server's certificate: tablets are told of it beforehand, for afterwards they hear nothing any more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from survey_app.store import authority
from survey_app.store.engine import Database
from tests.support.client import PageOpener
from tests.support.clock import FakeClock
from tests.support.people import Door, add_people
from tests.support.tablets import KeyedTablet

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
Show = Callable[[Path | None], None]


@pytest.fixture
def show(app: Flask) -> Show:
    """`show(file)`: the certificate that the server speaks TLS with."""
    parts = app.extensions["survey_app"]

    def use(certificate: Path | None) -> None:
        settings = replace(parts.settings, tls_certificate=certificate)
        app.extensions["survey_app"] = replace(parts, settings=settings)

    return use


def made(folder: Path, end: datetime) -> Path:
    authority.renew(folder, "khaosat.test", end - authority.SERVER_LIFE)
    return authority.files(folder).server


def test_the_tablet_hears_when_it_ends(
    tablet: KeyedTablet, show: Show, tmp_path: Path, clock: FakeClock
) -> None:
    end = clock() + timedelta(days=40)
    show(made(tmp_path, end))
    assert tablet.beat().get_json()["certificate_ends"] == int(end.timestamp())


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_where_nobody_knows_the_tablet_hears_nothing(
    tablet: KeyedTablet, show: Show, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "certificate.pem"
    if content is not None:
        file.write_bytes(content)
    for certificate in (None, file):
        show(certificate)
        assert tablet.beat().get_json()["certificate_ends"] is None


@pytest.mark.parametrize(("days", "is_said"), [(15, False), (13, True)])
def test_the_administrator_reads_it_two_weeks_before(
    page: PageOpener,
    database: Database,
    show: Show,
    tmp_path: Path,
    clock: FakeClock,
    days: int,
    is_said: bool,
) -> None:
    add_people(database, clock)
    Door(page).enter("administrator")
    show(made(tmp_path, clock() + timedelta(days=days)))
    text = page.get("/admin/fleet").text
    assert ("Chứng chỉ của máy chủ sẽ hết hạn ngày 06/12/2026" in text) is is_said
