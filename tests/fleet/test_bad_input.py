"""What goes wrong between a tablet and the server is said in Vietnamese to whoever can act, and loses nothing."""

import uuid
from collections.abc import Callable
from json import dumps

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import intake, kiosks, questionnaires, schema
from survey_app.store.engine import Database
from tests.fleet.conftest import MakeCode, NewTablet
from tests.support.clock import FakeClock
from tests.support.forms import form_json
from tests.support.tablets import KeyedTablet

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
RESPONSES = "/api/v1/responses"
WRONG_CODE = (
    "Mã này không đúng hoặc đã hết hiệu lực. Xin kiểm tra lại sáu chữ số, hoặc xin người quản trị "
    "cấp mã mới."
)


@pytest.fixture
def form(database: Database) -> dict[str, object]:
    with database.reading() as connection:
        questionnaire: Questionnaire = questionnaires.current(connection)
    first = {"procedure": "cert"}
    return form_json(questionnaire, id=str(uuid.uuid4()), status="partial", answers=first)


def said(answer: TestResponse) -> tuple[int, str]:
    [problem] = answer.get_json()["problems"]
    return answer.status_code, problem["message"]


def stored(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(schema.response)) or 0


def test_a_wrong_a_used_and_an_old_code(
    new_tablet: NewTablet, make_code: MakeCode, clock: FakeClock
) -> None:
    code = make_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert said(new_tablet().pair(wrong)) == (403, WRONG_CODE)
    assert new_tablet().pair(code).status_code == 201
    assert said(new_tablet().pair(code)) == (403, WRONG_CODE)
    old = make_code()
    clock.advance(minutes=10)
    assert said(new_tablet().pair(old)) == (403, WRONG_CODE)


def revoke(tablet: KeyedTablet, database: Database, clock: FakeClock) -> None:
    assert tablet.key is not None
    with database.writing() as connection:
        [paired] = kiosks.list_kiosks(connection)
        kiosks.revoke(connection, paired.kiosk.id, clock())


def test_a_withdrawn_tablet_is_connected_again_and_sends_what_it_kept(
    tablet: KeyedTablet,
    database: Database,
    clock: FakeClock,
    form: dict[str, object],
    make_code: MakeCode,
) -> None:
    revoke(tablet, database, clock)
    refused = (401, "Kết nối của máy này đã bị thu hồi. Các phiếu vẫn còn nguyên trên máy.")
    assert said(tablet.post(RESPONSES, form)) == refused
    assert said(tablet.beat()) == refused
    assert tablet.pair(make_code()).status_code == 201
    assert tablet.post(RESPONSES, form).status_code == 201
    assert stored(database) == 1


def test_a_copied_cookie_without_the_key(
    tablet: KeyedTablet, new_tablet: NewTablet, form: dict[str, object], database: Database
) -> None:
    thief = new_tablet()
    cookie = tablet.client.get_cookie("kiosk", domain="127.0.0.1")
    assert cookie is not None
    thief.client.set_cookie("kiosk", cookie.value, domain="127.0.0.1")
    words = (
        "Yêu cầu không được ký bằng khoá của máy này. Xin kết nối lại máy; các phiếu vẫn còn "
        "nguyên trên máy."
    )
    assert said(thief.post(RESPONSES, form)) == (401, words)
    assert stored(database) == 0


@pytest.mark.parametrize("years", [-5, 5])
def test_a_clock_five_years_off(
    tablet: KeyedTablet, form: dict[str, object], database: Database, years: int
) -> None:
    tablet.offset = years * 365 * 86_400
    words = "Đồng hồ của máy bị sai. Máy sẽ gửi lại theo giờ của máy chủ."
    assert said(tablet.post(RESPONSES, form)) == (401, words)
    tablet.offset = 0
    assert tablet.post(RESPONSES, form).status_code == 201
    assert stored(database) == 1


def test_a_full_disk(
    tablet: KeyedTablet,
    form: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    words = "Hiện chưa thể lưu dữ liệu. Phiếu vẫn được giữ nguyên trên máy."
    with monkeypatch.context() as patched:
        patched.setattr(intake, "write_group", full)
        for _ in range(3):
            assert said(tablet.post(RESPONSES, form)) == (503, words)
    # The operator reads it once, without a word of the form.
    assert caplog.messages == ["forms cannot be stored: database or disk is full"]
    assert tablet.post(RESPONSES, form).status_code == 201
    assert caplog.messages[1:] == ["forms are stored again"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[: len(body) // 2],
        lambda _: b"",
        lambda _: b"<html><body>Wi-Fi</body></html>",
    ],
)
def test_a_request_that_the_network_cut_or_exchanged(
    tablet: KeyedTablet,
    form: dict[str, object],
    database: Database,
    spoil: Callable[[bytes], bytes],
) -> None:
    signed = tablet.signature(RESPONSES, dumps(form).encode())
    headers = {"Origin": tablet.origin, "X-Survey-App": "1", "X-Kiosk-Signature": signed}
    answer = tablet.client.post(
        RESPONSES,
        base_url=tablet.origin,
        data=spoil(dumps(form).encode()),
        headers={**headers, "Content-Type": "application/json"},
    )
    # Not what the tablet signed: nothing is judged, so the tablet keeps its form and sends it again.
    assert answer.status_code == 401
    assert stored(database) == 0
    assert tablet.post(RESPONSES, form).status_code == 201
