"""`survey-app user`."""

import io

import pytest

from survey_app import cli
from survey_app.config import Settings
from survey_app.store import accounts as store
from survey_app.store.accounts import Account, Grant
from survey_app.store.engine import Database
from tests.support.people import DUONG_HAO, MY_HAO

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
ADD = ("user", "add", "Lan", "--role", "official", "--unit", MY_HAO)


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's environment is the test's installation."""
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", settings.secret_key)


def find(settings: Settings, login: str) -> Account | None:
    database = Database(settings.database_url)
    with database.reading() as connection:
        found = store.find(connection, login)
    database.dispose()
    return found


@pytest.mark.usefixtures("command")
def test_add_prints_the_password_once_and_list_never(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(ADD) == 0
    password = capsys.readouterr().out.rpartition(": ")[2].strip()
    assert len(password) >= 14
    found = find(settings, "lan")
    assert found is not None
    assert found.grants == (Grant("official", MY_HAO),)
    assert cli.main(["user", "list"]) == 0
    listed = capsys.readouterr().out
    assert listed == f"lan\tlan\topen\tofficial:{MY_HAO}\n"


@pytest.mark.usefixtures("command")
def test_what_is_refused_says_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ngắn\n"))
    assert cli.main([*ADD, "--password-stdin"]) == 1
    assert "at least 14" in capsys.readouterr().err
    assert cli.main([*ADD[:-1], "99999@2025-07-01"]) == 1
    assert "no unit 99999@2025-07-01" in capsys.readouterr().err
    assert cli.main(ADD) == 0
    assert cli.main(ADD) == 1
    assert "has this login name" in capsys.readouterr().err
    assert cli.main(["user", "disable", "nobody"]) == 1


@pytest.mark.usefixtures("command")
def test_grant_disable_and_open_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.main(ADD) == 0
    assert cli.main(["user", "grant", "lan", "--role", "official", "--unit", DUONG_HAO]) == 0
    assert cli.main(["user", "disable", "lan"]) == 0
    closed = find(settings, "lan")
    assert closed is not None
    assert closed.disabled_at is not None
    assert {grant.unit_id for grant in closed.grants} == {MY_HAO, DUONG_HAO}
    monkeypatch.setattr("sys.stdin", io.StringIO("một mật khẩu mới dài\n"))
    assert cli.main(["user", "password", "lan", "--password-stdin"]) == 0
    opened = find(settings, "lan")
    assert opened is not None
    assert opened.disabled_at is None
