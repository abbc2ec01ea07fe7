"""Making, changing and closing accounts; each change leaves its line in the audit trail."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from survey_app.accounts import passwords
from survey_app.accounts.access import Visitor
from survey_app.accounts.login import log_in, normal_login
from survey_app.domain.problem import Problem
from survey_app.store import accounts as store
from survey_app.store import units
from survey_app.store.accounts import Grant
from survey_app.web.services import services


class Refused(ValueError):
    """The account cannot be made or changed so; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def create(
    connection: Connection,
    now: datetime,
    *,
    login: str,
    name: str,
    password: str,
    grants: Iterable[Grant],
    by: int | None = None,
) -> int:
    """Make an account and return its number; raises Refused. `by`: account of who does it, None at the command line."""
    login, listed = normal_login(login), tuple(grants)
    problems = [*_login_problems(login), *passwords.check(password, login)]
    problems += [p for given in listed for p in _grant_problems(connection, given)]
    if problems:
        raise Refused(problems)
    try:
        account_id = store.add(
            connection,
            login=login,
            name=name.strip() or login,
            password_hash=passwords.hash_password(password),
            now=now,
        )
    except store.LoginTaken as error:
        raise Refused([Problem("account.taken", "login")]) from error
    store.record_event(connection, now, "account.made", account_id=by, detail={"login": login})
    for given in listed:
        give(connection, now, account_id, given, by=by)
    return account_id


def give(
    connection: Connection, now: datetime, account_id: int, given: Grant, *, by: int | None = None
) -> None:
    """Give a role on a unit; raises Refused for an unknown role or unit."""
    problems = _grant_problems(connection, given)
    if problems:
        raise Refused(problems)
    store.grant(connection, account_id, given, now)
    detail = {"account": account_id, "role": given.role}
    store.record_event(
        connection, now, "account.granted", account_id=by, unit_id=given.unit_id, detail=detail
    )


def close(connection: Connection, now: datetime, account_id: int, *, by: int | None = None) -> None:
    """Disable an account and end its sessions; raises Refused when it is one's own."""
    if account_id == by:
        raise Refused([Problem("account.own")])
    store.disable(connection, account_id, now)
    detail = {"account": account_id}
    store.record_event(connection, now, "account.closed", account_id=by, detail=detail)


def set_password(
    connection: Connection, now: datetime, account_id: int, password: str, *, by: int | None = None
) -> None:
    """Set a password, which also opens a closed account again; raises Refused."""
    account = store.get(connection, account_id)
    problems = passwords.check(password, account.login if account else "")
    if problems:
        raise Refused(problems)
    store.set_password(connection, account_id, passwords.hash_password(password), now)
    detail = {"account": account_id}
    store.record_event(connection, now, "account.password", account_id=by, detail=detail)


def change_own_password(person: Visitor, old: str, new: str) -> list[Problem]:
    """Change it after proof of the old one, which counts as a log-in attempt; problems where it cannot be."""
    parts = services()
    if log_in(parts.database, person.login, old, parts.clock()) is None:
        return [Problem("password.wrong", "old")]
    with parts.database.writing() as connection:
        try:
            now = parts.clock()
            set_password(connection, now, person.account_id, new, by=person.account_id)
        except Refused as refused:
            return refused.problems
    return []


def note(person: Visitor, action: str) -> None:
    """Note something this person did."""
    parts = services()
    with parts.database.writing() as connection:
        store.record_event(connection, parts.clock(), action, account_id=person.account_id)


def _login_problems(login: str) -> list[Problem]:
    is_plain = 2 <= len(login) <= 60 and all(c.isalnum() or c in ".-_@" for c in login)
    return [] if is_plain else [Problem("account.login", "login")]


def _grant_problems(connection: Connection, given: Grant) -> list[Problem]:
    problems = []
    if given.role not in store.ROLES:
        problems.append(Problem("account.role", "role", {"role": given.role}))
    if units.get_unit(connection, given.unit_id) is None:
        problems.append(Problem("account.unit", "unit", {"unit": given.unit_id}))
    return problems
