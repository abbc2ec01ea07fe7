"""Who may do what: views load, ask `require`, and only then act."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, url_for
from flask_babel import LazyString
from sqlalchemy import Connection

from survey_app.accounts import sessions
from survey_app.store import units
from survey_app.store.accounts import Account, Grant
from survey_app.web.i18n import lazy_gettext as _
from survey_app.web.services import services

ANY_ROLE = ("official", "reviewer", "administrator")


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A room in the navigation, and the roles that open it."""

    endpoint: str
    label: LazyString
    roles: tuple[str, ...]


ROOMS = (
    RoomLink("office.index", _("The week's figures"), ANY_ROLE),
    RoomLink("evidence.index", _("Evidence"), ("reviewer",)),
    RoomLink("admin.index", _("Administration"), ("administrator",)),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person of this request."""

    account_id: int
    login: str
    name: str
    grants: tuple[Grant, ...]

    @property
    def rooms(self) -> tuple[RoomLink, ...]:
        """The rooms this person can enter."""
        held = {grant.role for grant in self.grants}
        return tuple(room for room in ROOMS if held & set(room.roles))


def visitor() -> Visitor | None:
    """The person of this request, None for a stranger; templates find it as `g.visitor`."""
    if "visitor" not in g:
        account = sessions.current()
        g.visitor = _visitor(account) if account else None
    found: Visitor | None = g.visitor
    return found


def require(*roles: str, unit: str | None = None) -> Visitor:
    """The visitor, who has one of `roles` (on `unit`, where one is given).

    A stranger is sent to log in and comes back; who has not the role gets 403, and so does who asks for a unit that is not.
    """
    person = visitor()
    if person is None:
        abort(redirect(url_for("accounts.login", next=_here())))
    with services().database.reading() as connection:
        allowed = covered_units(connection, person, roles)
    if not allowed or (unit is not None and unit not in allowed):
        abort(403)
    return person


def covered_units(
    connection: Connection, person: Visitor, roles: tuple[str, ...]
) -> frozenset[str]:
    """Ids of all units on which the person has one of `roles`."""
    given = {grant.unit_id for grant in person.grants if grant.role in roles}
    return frozenset().union(*(units.subtree_ids(connection, unit_id) for unit_id in given))


def local_path(target: str | None) -> str | None:
    """`target` where it is a path of this server, else None: nobody is led elsewhere after log-in."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    has_control = any(ord(letter) <= 32 or letter == "\\" for letter in target)
    parts = urlsplit(target)
    return None if has_control or parts.scheme or parts.netloc else target


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _visitor(account: Account) -> Visitor:
    return Visitor(account.id, account.login, account.name, account.grants)
