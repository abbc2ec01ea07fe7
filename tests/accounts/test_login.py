"""Logging in: who gets in, how guessing ends, what the answer gives away."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from survey_app.accounts import login as rules
from survey_app.accounts import passwords
from survey_app.store import accounts as store
from survey_app.store import schema
from survey_app.store.engine import Database
from tests.support.client import PageOpener
from tests.support.clock import FakeClock
from tests.support.people import MY_HAO, PASSWORD, Door

WRONG = "sai mật khẩu rồi nhé"


def notices(page_text: str) -> str:
    return page_text.split('role="alert"')[1].split("</div>", maxsplit=1)[0]


def actions(database: Database) -> list[str]:
    with database.reading() as connection:
        order = select(schema.audit_event.c.action).order_by(schema.audit_event.c.id)
        return [a for a in connection.scalars(order) if not a.startswith("account.made")]


def test_the_right_password_opens_the_room_of_the_role(door: Door) -> None:
    assert door.enter("official").response.request.path.startswith(f"/office/{MY_HAO}")


def test_a_login_is_the_same_in_capitals_and_a_password_in_any_composition(door: Door) -> None:
    import unicodedata

    door.enter("  OFFICIAL ", unicodedata.normalize("NFD", PASSWORD))
    assert door.page.get(f"/office/{MY_HAO}/").heading


def test_unknown_wrong_locked_and_closed_get_the_same_answer(
    door: Door, database: Database, clock: FakeClock, people: dict[str, int]
) -> None:
    with database.writing() as connection:
        store.disable(connection, people["reviewer"], clock())
    for _ in range(4):
        door.enter("official", WRONG, status=403)
    answers = {
        notices(page.text)
        for page in (
            door.enter("official", WRONG, status=403),  # the fifth, which locks
            door.enter("official", status=403),  # locked: the right password changes nothing
            door.enter("nobody", status=403),
            door.enter("reviewer", status=403),  # closed
        )
    }
    assert len(answers) == 1


def test_an_unknown_name_costs_the_same_hash(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    verify = passwords.verify

    def noting(known: str, given: str) -> bool:
        hashed.append(known)
        return verify(known, given)

    monkeypatch.setattr(passwords, "verify", noting)
    door.enter("nobody", status=403)
    door.enter("official", WRONG, status=403)
    assert len(hashed) == 2
    assert hashed[0] != hashed[1]


def test_five_failures_lock_for_fifteen_minutes(door: Door, clock: FakeClock) -> None:
    for _ in range(5):
        door.enter("official", WRONG, status=403)
    clock.advance(minutes=14, seconds=59)
    door.enter("official", status=403)
    clock.advance(seconds=1)
    door.enter("official")


def test_after_the_lock_five_more_attempts_are_counted_anew(door: Door, clock: FakeClock) -> None:
    for _ in range(5):
        door.enter("official", WRONG, status=403)
    clock.advance(minutes=15)
    for _ in range(4):
        door.enter("official", WRONG, status=403)
    door.enter("official")


def test_the_right_password_forgets_the_failures(door: Door) -> None:
    for _ in range(2):
        for _ in range(4):
            door.enter("official", WRONG, status=403)
        door.enter("official")
        door.leave(f"/office/{MY_HAO}/")


def test_guesses_at_the_same_time_share_the_five(
    database: Database, clock: FakeClock, people: dict[str, int]
) -> None:
    assert people
    seconds = int(rules.LOCK.total_seconds())
    with database.writing() as connection:
        begun = [
            store.begin_attempt(connection, "official", clock(), most=5, seconds=seconds)
            for _ in range(8)
        ]
    assert [attempt is not None for attempt in begun] == [True] * 5 + [False] * 3


def test_an_account_unused_for_45_days_is_closed(
    door: Door, database: Database, clock: FakeClock
) -> None:
    clock.advance(days=45)
    door.enter("official")
    clock.advance(days=45, seconds=1)
    door.enter("official", status=403)
    assert "account.idle" in actions(database)
    with database.reading() as connection:
        found = store.find(connection, "official")
    assert found is not None
    assert found.disabled_at is not None


def test_the_trail_tells_what_happened_and_no_address(door: Door, database: Database) -> None:
    for _ in range(5):
        door.enter("official", WRONG, status=403)
    door.enter("leader")
    door.leave("/office/")
    done = actions(database)
    assert done.count("session.refused") == 5
    assert done[-3:] == ["account.locked", "session.opened", "session.closed"]
    with database.reading() as connection:
        rows = connection.execute(select(schema.audit_event)).all()
    assert "127.0.0.1" not in str(rows)
    assert WRONG not in str(rows)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "office",
    ],
)
def test_nobody_is_led_to_another_host(page: PageOpener, client: FlaskClient, target: str) -> None:
    data = {"login": "official", "password": PASSWORD}
    token = page.get("/accounts/login").csrf_token
    response = client.post(
        "/accounts/login", query_string={"next": target}, data={"csrf_token": token, **data}
    )
    assert response.location == "/office/"


@pytest.mark.usefixtures("people")
def test_after_log_in_one_is_where_one_wanted_to_be(page: PageOpener) -> None:
    wanted = f"/office/{MY_HAO}/"
    form = page.get(wanted, follow_redirects=True)
    assert form.response.request.path == "/accounts/login"
    address = form.document.all("form")[0].get("action") or ""
    data = {"csrf_token": form.csrf_token, "login": "official", "password": PASSWORD}
    assert page.post(address, data).response.request.path == wanted


@pytest.mark.usefixtures("people")
def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    response = client.post("/accounts/login", data={"login": "official", "password": PASSWORD})
    assert response.status_code == 400
    assert "Biểu mẫu này đã hết hiệu lực" in response.get_data(as_text=True)


def test_empty_fields_are_named(page: PageOpener) -> None:
    text = page.submit("/accounts/login", {"login": "", "password": ""}, status=422).text
    assert "Xin nhập tên đăng nhập." in text
    assert "Xin nhập mật khẩu." in text
