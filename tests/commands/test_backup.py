"""`survey-app backup` and `survey-app restore`: whole, checked, never over something, under a new lineage."""

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from survey_app.cli import build_parser
from survey_app.domain.weeks import local_day, utc_now
from survey_app.store import backup, fleet, migrate, questionnaires, schema
from survey_app.store.engine import Database
from survey_app.store.inbox import POISON, Rejected
from survey_app.store.intake import Intake
from tests.support.clock import FakeClock
from tests.support.databases import Databases, Kind
from tests.support.forms import WARD, FormMaker, furnish

pytestmark = pytest.mark.chaos(42)
KEYS = {"receipt-key.pem": b"receipts", "tls/authority.pem": b"authority"}
POISONED = b'{"id": "\xff\x00'


@dataclass
class Installation:
    """A data folder and the address of a database."""

    data_dir: Path
    url: str
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.url)

    def run(self, *words: str) -> int:
        """Run a command; its exit code."""
        args = build_parser().parse_args(words)
        environ = {
            "SURVEY_APP_DATA_DIR": str(self.data_dir),
            "SURVEY_APP_DATABASE_URL": self.url,
            "SURVEY_APP_SECRET_KEY": "a long secret that only tests know, 0123456789",
        }
        return int(args.run(args, environ))

    @property
    def lineage(self) -> str:
        with self.database.reading() as connection:
            return fleet.lineage(connection)

    def rows(self) -> dict[str, list[str]]:
        """All rows but those that no backup holds, and the lineage."""
        with self.database.reading() as connection:
            return {
                table.name: sorted(
                    repr(row) for row in connection.execute(select(table)) if "lineage" not in row
                )
                for table in schema.metadata.sorted_tables
                if table.name not in backup.LEFT_OUT
            }

    def forms(self) -> int:
        with self.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(schema.response)) or 0


@pytest.fixture
def home(database_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[Installation]:
    """Forms, a remark, a form nobody could read, an account with a log-in, keys."""
    made = Installation(tmp_path / "home", database_url)
    for name, content in KEYS.items():
        path = made.data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    maker = FormMaker(furnish(made.database))
    intake = Intake(made.database, clock)
    intake.submit_many([maker.form() for _ in range(20)])
    intake.submit(maker.remark("Cảm ơn; “số lẻ ½”\nvà dòng thứ hai"))
    intake.reject(Rejected(WARD, "", POISONED, POISON, []))
    intake.close()
    _add_rows(made.database)
    yield made
    made.database.dispose()


def _add_rows(database: Database) -> None:
    # A unit whose id comes before that of the unit above it.
    unit = {"id": "00001@2025-07-01", "code": "00001", "name": "Xã", "kind": "ward"}
    person = {"login": "lan", "name": "Lan", "password_hash": "x", "created_at": 1}
    session = {"token_hash": "0", "account_id": 1, "created_at": 1, "last_seen": 1}
    with database.writing() as connection:
        connection.execute(
            insert(schema.unit), {**unit, "parent_id": WARD, "valid_from": "2025-07-01"}
        )
        connection.execute(insert(schema.account), {**person, "password_set_at": 1})
        connection.execute(insert(schema.session), {**session, "expires_at": 2})


@pytest.fixture
def elsewhere(databases: Databases, tmp_path: Path) -> Iterator[Callable[[Kind], Installation]]:
    """`elsewhere(kind)`: an empty machine."""
    made: list[Installation] = []

    def make(kind: Kind) -> Installation:
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        made.append(Installation(folder / "data", databases.fresh(kind, "empty", folder)))
        return made[-1]

    yield make
    for installation in made:
        installation.database.dispose()
    databases.return_borrowed()


@pytest.fixture
def file(home: Installation, tmp_path: Path) -> Path:
    """A backup of home."""
    path = tmp_path / "backup.zip"
    assert home.run("backup", "--output", str(path)) == 0
    return path


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_comes_back_whole_on_either_database(
    home: Installation, elsewhere: Callable[[Kind], Installation], file: Path, kind: Kind
) -> None:
    there = elsewhere(kind)
    assert there.run("restore", str(file)) == 0
    assert there.rows() == home.rows()
    assert {name: (there.data_dir / name).read_bytes() for name in KEYS} == KEYS
    assert (there.data_dir / "receipt-key.pem").stat().st_mode & 0o077 == 0
    assert migrate.is_current(there.database)
    assert there.run("verify") == 0


def test_a_backup_under_load_is_of_one_moment(
    home: Installation,
    elsewhere: Callable[[Kind], Installation],
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    with home.database.reading() as connection:
        maker = FormMaker(questionnaires.current(connection))
    intake, is_over = Intake(home.database, clock), threading.Event()

    def come() -> None:
        while not is_over.is_set():
            intake.submit(maker.remark("giữa lúc sao lưu"))

    with ThreadPoolExecutor(2) as pool:
        coming = [pool.submit(come) for _ in range(2)]
        try:
            files = [tmp_path / f"{number}.zip" for number in range(3)]
            assert [home.run("backup", "--output", str(file)) for file in files] == [0] * 3
        finally:
            is_over.set()
    assert [done.result() for done in coming] == [None, None]
    intake.close()
    there = elsewhere("sqlite")
    for file in files:  # forms, remarks and the counts of each day agree
        assert there.run("restore", str(file), "--replace") == 0
        assert 21 <= there.forms() < home.forms()


def test_numbers_go_on_after_those_restored(
    home: Installation, elsewhere: Callable[[Kind], Installation], file: Path
) -> None:
    there = elsewhere("sqlite" if home.database.is_sqlite else "postgresql")
    there.run("restore", str(file))
    person = {"login": "mai", "name": "Mai", "password_hash": "x", "created_at": 1}
    with there.database.writing() as connection:
        connection.execute(insert(schema.account), {**person, "password_set_at": 1})
        assert set(connection.scalars(select(schema.account.c.id))) == {1, 2}


def test_yesterdays_backup_takes_the_place_of_today(
    home: Installation, file: Path, clock: FakeClock
) -> None:
    before, rows = home.lineage, home.rows()
    with home.database.reading() as connection:
        [published] = connection.scalars(select(schema.questionnaire.c.hash))
    assert published
    intake = Intake(home.database, clock)
    intake.reject(Rejected(WARD, "", b"after the backup", POISON, []))
    intake.close()
    assert home.rows() != rows
    assert home.run("restore", str(file)) == 2
    assert home.lineage == before
    assert home.run("restore", str(file), "--replace") == 0
    assert home.rows() == rows
    first = home.lineage
    assert first != before
    home.run("restore", str(file), "--replace")
    assert home.lineage not in {first, before}


def test_when_forms_came_and_who_was_logged_in_is_not_in_it(home: Installation, file: Path) -> None:
    with home.database.reading() as connection:
        assert len(list(connection.execute(select(schema.response_timing)))) == 21
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert not {f"tables/{name}.jsonl" for name in backup.LEFT_OUT} & set(names)
        # No time of day: neither of the file nor of a form.
        assert {info.date_time[3:] for info in archive.infolist()} == {(0, 0, 0)}
        lines = archive.read("tables/response.jsonl").decode().splitlines()
    ids = [json.loads(line)[1] for line in lines]
    assert ids == sorted(ids)
    assert len(ids) == 21


def test_it_is_for_its_owner_alone_and_overwrites_nothing(
    home: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.run("backup") == 0
    [made] = (home.data_dir / "backups").iterdir()
    assert made.name == f"survey-app-{local_day(utc_now())}.zip"
    assert made.stat().st_mode & 0o077 == 0
    content = made.read_bytes()
    assert home.run("backup") == 2
    assert made.read_bytes() == content
    assert "is there already" in capsys.readouterr().err
    with zipfile.ZipFile(made) as archive:  # an earlier backup and the database are no part of it
        files = {name for name in archive.namelist() if name.startswith("files/")}
    assert files == {f"files/{name}" for name in KEYS}


def test_another_key_is_replaced_only_when_told_and_then_kept(
    home: Installation, file: Path
) -> None:
    key = home.data_dir / "receipt-key.pem"
    key.write_bytes(b"another")
    assert home.run("restore", str(file)) == 2
    assert key.read_bytes() == b"another"
    assert home.run("restore", str(file), "--replace") == 0
    assert key.read_bytes() == KEYS["receipt-key.pem"]
    assert key.with_name(key.name + ".before-restore").read_bytes() == b"another"


def test_a_backup_can_be_made_and_brought_back_around_an_upgrade(
    home: Installation, elsewhere: Callable[[Kind], Installation], tmp_path: Path
) -> None:
    migrate.downgrade(home.url, "0002")
    path = tmp_path / "old.zip"
    assert home.run("backup", "--output", str(path)) == 0
    there = elsewhere("sqlite" if home.database.is_sqlite else "postgresql")
    assert there.run("restore", str(path)) == 0
    assert migrate.is_current(there.database)
    assert there.forms() == 21


def rewritten(source: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The backup with one member changed."""
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return target


def of_a_newer_program(manifest: bytes) -> bytes:
    value: dict[str, Any] = json.loads(manifest)
    return json.dumps({**value, "migration": "9999"}).encode()


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("tables/response.jsonl", lambda content: content.replace(b"yes", b"no", 1)),
        ("files/receipt-key.pem", lambda content: content + b"x"),
        ("manifest.json", lambda _: b"{}"),
        ("manifest.json", lambda _: b"not json"),
        ("manifest.json", of_a_newer_program),
    ],
)
def test_what_is_not_as_it_was_written_changes_nothing(
    home: Installation, file: Path, member: str, change: Callable[[bytes], bytes]
) -> None:
    rows, before = home.rows(), home.lineage
    assert home.run("restore", str(rewritten(file, member, change)), "--replace") == 2
    assert (home.rows(), home.lineage) == (rows, before)
    assert (home.data_dir / "receipt-key.pem").read_bytes() == KEYS["receipt-key.pem"]


@pytest.mark.parametrize("content", [b"", b"PK", b'{"format": 1}'])
def test_another_file_is_wrong_use(home: Installation, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(content)
    assert home.run("restore", str(other), "--replace") == 2
    assert home.run("restore", str(tmp_path / "none.zip")) == 2


def test_no_backup_is_left_half_written(home: Installation, tmp_path: Path) -> None:
    locked = home.data_dir / "receipt-key.pem"
    locked.unlink()
    locked.symlink_to("/proc/self/mem")  # can be found, cannot be read
    folder = tmp_path / "backups"
    assert home.run("backup", "--output", str(folder / "backup.zip")) == 2
    assert list(folder.iterdir()) == []
