"""`survey-app user`: people who may log in. A new password is printed once, or read from standard input."""

import argparse
import sys
from collections.abc import Mapping

from survey_app.accounts import passwords, people
from survey_app.accounts.login import is_idle, normal_login
from survey_app.config import Settings
from survey_app.domain.weeks import utc_now
from survey_app.store import accounts as store
from survey_app.store.accounts import Account, Grant
from survey_app.store.engine import Database

FINDING = 1
WORDS = {
    "password.short": "A password has at least {least} characters.",
    "password.long": "A password has at most {most} characters.",
    "password.plain": "This password is too easy to guess.",
    "account.login": "A login name has 2 to 60 letters, digits or . - _ @ without spaces.",
    "account.taken": "Another account has this login name.",
    "account.unit": "There is no unit {unit}.",
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command with its actions."""
    parser = subparsers.add_parser("user", help="add, list, disable people; set passwords")
    actions = parser.add_subparsers(required=True, metavar="ACTION", dest="action")
    add = actions.add_parser("add", help="make an account; print its password once")
    add.add_argument("login", metavar="NAME")
    add.add_argument("--name", default="", help="the person's full name")
    _grant_arguments(add)
    _password_argument(add)
    grant = actions.add_parser("grant", help="give an account a further role")
    grant.add_argument("login", metavar="NAME")
    _grant_arguments(grant)
    actions.add_parser("list", help="list accounts with their roles")
    disable = actions.add_parser("disable", help="close an account and end its sessions")
    disable.add_argument("login", metavar="NAME")
    password = actions.add_parser("password", help="set a new password; opens a closed account")
    password.add_argument("login", metavar="NAME")
    _password_argument(password)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Do the action; 1 when it is refused, saying why."""
    database = Database(Settings.from_environment(environ).database_url)
    try:
        return ACTIONS[args.action](args, database)
    except people.Refused as refused:
        for problem in refused.problems:
            text = WORDS.get(problem.code, problem.code).format_map(dict(problem.params))
            print(text, file=sys.stderr)
        return FINDING
    finally:
        database.dispose()


def add_account(args: argparse.Namespace, database: Database) -> int:
    """Make an account with its first role."""
    password = _password(args)
    with database.writing() as connection:
        people.create(
            connection,
            utc_now(),
            login=args.login,
            name=args.name,
            password=password,
            grants=[Grant(args.role, args.unit)],
        )
    _say_password(args, password)
    return 0


def grant_role(args: argparse.Namespace, database: Database) -> int:
    """Give a further role."""
    account = _find(args, database)
    if account is None:
        return FINDING
    with database.writing() as connection:
        people.give(connection, utc_now(), account.id, Grant(args.role, args.unit))
    return 0


def list_accounts(_args: argparse.Namespace, database: Database) -> int:
    """One account a line: login, name, state, roles."""
    with database.reading() as connection:
        accounts = store.list_accounts(connection)
    for account in accounts:
        roles = " ".join(f"{grant.role}:{grant.unit_id}" for grant in account.grants)
        print("\t".join((account.login, account.name, _state(account), roles)))
    return 0


def disable(args: argparse.Namespace, database: Database) -> int:
    """Close an account."""
    account = _find(args, database)
    if account is None:
        return FINDING
    with database.writing() as connection:
        people.close(connection, utc_now(), account.id)
    return 0


def set_password(args: argparse.Namespace, database: Database) -> int:
    """Set a new password."""
    account = _find(args, database)
    if account is None:
        return FINDING
    password = _password(args)
    with database.writing() as connection:
        people.set_password(connection, utc_now(), account.id, password)
    _say_password(args, password)
    return 0


ACTIONS = {
    "add": add_account,
    "grant": grant_role,
    "list": list_accounts,
    "disable": disable,
    "password": set_password,
}


def _grant_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=store.ROLES)
    parser.add_argument("--unit", required=True, metavar="UNIT_ID", help='as "12103@2025-07-01"')


def _password_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def _password(args: argparse.Namespace) -> str:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return passwords.new_password()


def _say_password(args: argparse.Namespace, password: str) -> None:
    if not args.password_stdin:
        print(f"Password of {normal_login(args.login)} (shown only now): {password}")


def _find(args: argparse.Namespace, database: Database) -> Account | None:
    with database.reading() as connection:
        account = store.find(connection, normal_login(args.login))
    if account is None:
        print(f"There is no account {args.login}.", file=sys.stderr)
    return account


def _state(account: Account) -> str:
    if account.disabled_at is not None:
        return "disabled"
    return "idle" if is_idle(account, utc_now()) else "open"
