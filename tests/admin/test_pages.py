"""/admin/: units, tablets, people."""

import re

import pytest
from sqlalchemy import select

from survey_app.store import accounts as store
from survey_app.store import kiosks, schema
from survey_app.store.accounts import Grant
from survey_app.store.engine import Database
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, PROVINCE, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def post(
    door: Door, form_page: str, path: str, data: dict[str, str] | None = None, *, status: int = 200
) -> OpenedPage:
    token = door.page.get(form_page).csrf_token
    return door.page.post(path, {"csrf_token": token, **(data or {})}, status=status)


def actions(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(select(schema.audit_event.c.action)))


def test_units_with_their_counters_and_tablets(door: Door) -> None:
    text = words(door.enter("administrator"))  # the first room of an administrator is the figures
    text = words(door.page.get("/admin/"))
    for name in ("Phường Mỹ Hào", "Phường Đường Hào", "Phường Thượng Hồng", "Quầy 3"):
        assert name in text


def test_an_address_for_a_tablet_pairs_one_and_is_shown_once(
    door: Door, database: Database, clock: FakeClock
) -> None:
    door.enter("administrator")
    shown = post(door, "/admin/", "/admin/counters/12103-q1/invitations")
    found = re.search(r"http://127\.0\.0\.1:\d+/kiosk/pair/([\w-]+)", shown.text)
    assert found is not None
    assert found[1] not in door.page.get("/admin/").text
    with database.writing() as connection:
        assert kiosks.claim(connection, found[1], clock()) is not None
        assert kiosks.claim(connection, found[1], clock()) is None
    assert "kiosk.invited" in actions(database)


def test_a_tablet_is_withdrawn(door: Door, database: Database, clock: FakeClock) -> None:
    with database.writing() as connection:
        token = kiosks.invite(connection, "12103-q1", clock())
        credential = kiosks.claim(connection, token, clock())
    assert credential is not None
    with database.reading() as connection:
        tablet = kiosks.authenticate(connection, credential)
    assert tablet is not None
    door.enter("administrator")
    shown = post(door, "/admin/", f"/admin/kiosks/{tablet.id}/revocation")
    assert "đã thu hồi" in words(shown)
    with database.reading() as connection:
        assert kiosks.authenticate(connection, credential) is None


def test_a_new_person_gets_a_password_that_works(door: Door, database: Database) -> None:
    door.enter("administrator")
    data = {"name": "Trần Văn Út", "login": "ut", "role": "official", "unit": DUONG_HAO}
    shown = post(door, "/admin/people/new", "/admin/people/new", data)
    secret = next(e for e in shown.document.all("p") if e.get("class") == "secret")
    password = text_of(secret)
    assert password not in door.page.get("/admin/people").text
    with database.reading() as connection:
        made = store.find(connection, "ut")
    assert made is not None
    assert made.grants == (Grant("official", DUONG_HAO),)
    door.leave("/admin/people")
    assert door.enter("ut", password).response.request.path == f"/office/{DUONG_HAO}/"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"login": "official"}, "Tên đăng nhập này đã có người dùng."),
        ({"login": "có dấu cách"}, "không có dấu cách"),
        ({"name": ""}, "Xin nhập họ và tên."),
        ({"role": "king"}, "Không có vai trò này."),
        ({"unit": "99999@2025-07-01"}, "Không có đơn vị này."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    door: Door, changes: dict[str, str], message: str
) -> None:
    door.enter("administrator")
    data = {"name": "Út", "login": "ut", "role": "official", "unit": MY_HAO, **changes}
    shown = post(door, "/admin/people/new", "/admin/people/new", data, status=422)
    assert message in shown.text


def test_a_person_is_closed_opened_again_and_given_a_role(
    door: Door, database: Database, people: dict[str, int]
) -> None:
    path = f"/admin/people/{people['official']}"
    door.enter("administrator")
    assert "đã khoá" in words(post(door, path, f"{path}/closing"))
    shown = post(door, path, f"{path}/password")
    assert "Mật khẩu của official" in shown.heading
    assert "đang dùng" in words(door.page.get(path))
    post(door, path, f"{path}/roles", {"role": "official", "unit": DUONG_HAO})
    with database.reading() as connection:
        found = store.find(connection, "official")
    assert found is not None
    assert {grant.unit_id for grant in found.grants} == {MY_HAO, DUONG_HAO}
    wanted = {"account.closed", "account.password", "account.granted"}
    assert wanted <= set(actions(database))


def test_nobody_closes_the_own_account(door: Door, people: dict[str, int]) -> None:
    path = f"/admin/people/{people['administrator']}"
    door.enter("administrator")
    shown = post(door, path, f"{path}/closing", status=422)
    assert "không thể tự khoá tài khoản" in words(shown)


def test_an_administrator_of_a_ward_stays_in_the_ward(
    door: Door, database: Database, people: dict[str, int]
) -> None:
    door.enter("ward_administrator")
    assert "Phường Đường Hào" not in words(door.page.get("/admin/"))
    listed = words(door.page.get("/admin/people"))
    assert "neighbour" not in listed
    assert "leader" not in listed
    door.page.get(f"/admin/people/{people['administrator']}", status=403)
    new = "/admin/people/new"
    person = {"name": "Út", "login": "ut", "role": "administrator"}
    post(door, new, new, {**person, "unit": PROVINCE}, status=422)
    post(door, new, f"/admin/people/{people['leader']}/password", status=403)
    post(door, new, f"/admin/people/{people['leader']}/closing", status=403)
    post(
        door,
        new,
        f"/admin/people/{people['official']}/roles",
        {"role": "official", "unit": PROVINCE},
        status=422,
    )
    post(door, new, "/admin/counters/12133-q1/invitations", status=403)
    with database.reading() as connection:
        assert store.find(connection, "ut") is None


@pytest.mark.parametrize(
    "path", ["/admin/counters/99999-q1/invitations", "/admin/kiosks/nothing/revocation"]
)
def test_what_is_not_there_is_not_found(door: Door, path: str) -> None:
    door.enter("administrator")
    post(door, "/admin/", path, status=404)
