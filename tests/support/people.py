"""People with and without roles, and how a test logs them in."""

from dataclasses import dataclass

from survey_app.accounts.people import create
from survey_app.store.accounts import Grant
from survey_app.store.engine import Database
from tests.support.client import OpenedPage, PageOpener
from tests.support.clock import FakeClock

PROVINCE = "HY@2025-07-01"
MY_HAO = "12103@2025-07-01"
THUONG_HONG = "12127@2025-07-01"
DUONG_HAO = "12133@2025-07-01"
PASSWORD = "chín con trâu ăn cỏ"
PEOPLE = {
    "official": Grant("official", MY_HAO),
    "leader": Grant("official", PROVINCE),
    "neighbour": Grant("official", DUONG_HAO),
    "reviewer": Grant("reviewer", MY_HAO),
    "administrator": Grant("administrator", PROVINCE),
    "ward_administrator": Grant("administrator", MY_HAO),
}


def add_people(database: Database, clock: FakeClock) -> dict[str, int]:
    """An account for each of PEOPLE; their numbers by login."""
    with database.writing() as connection:
        return {
            login: create(
                connection, clock(), login=login, name=login, password=PASSWORD, grants=[given]
            )
            for login, given in PEOPLE.items()
        }


@dataclass(frozen=True)
class Door:
    """Logs the test's browser in and out."""

    page: PageOpener

    def enter(self, login: str, password: str = PASSWORD, *, status: int = 200) -> OpenedPage:
        """Fill in the log-in form; the page it leads to."""
        data = {"login": login, "password": password}
        return self.page.submit("/accounts/login", data, status=status)

    def leave(self, path: str) -> OpenedPage:
        """Press "log out" on the page at `path`."""
        return self.page.post("/accounts/logout", {"csrf_token": self.page.get(path).csrf_token})
