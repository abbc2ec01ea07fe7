"""The one-use address that makes a browser the tablet of a counter."""

from http.cookies import SimpleCookie

from flask.testing import FlaskClient

from tests.support.client import PageOpener
from tests.support.clock import FakeClock


def test_the_address_shows_a_button_and_uses_nothing_up(page: PageOpener, invitation: str) -> None:
    for _ in range(2):
        opened = page.get(f"/kiosk/pair/{invitation}")
        assert "Kết nối máy này" in opened.text


def test_pressing_it_pairs_the_browser(
    client: FlaskClient, page: PageOpener, invitation: str, origin: str
) -> None:
    answer = client.post(f"/kiosk/pair/{invitation}", headers={"Origin": origin})
    assert (answer.status_code, answer.location) == (303, "/kiosk/")
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["kiosk"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["max-age"] == str(400 * 24 * 3600)
    assert not cookie["secure"]  # the test's address is plain http
    assert "Phường Mỹ Hào" in page.get("/kiosk/").text


def test_an_address_works_once(page: PageOpener, invitation: str, origin: str) -> None:
    headers = {"Origin": origin}
    page.post(f"/kiosk/pair/{invitation}", headers=headers)
    again = page.post(f"/kiosk/pair/{invitation}", status=410, headers=headers)
    assert "không còn dùng được" in again.heading


def test_an_old_address_is_worthless(
    page: PageOpener, invitation: str, origin: str, clock: FakeClock
) -> None:
    clock.advance(hours=24)
    page.post(f"/kiosk/pair/{invitation}", status=410, headers={"Origin": origin})
    page.get("/kiosk/", status=401)


def test_another_sites_page_cannot_pair(page: PageOpener, invitation: str) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    page.post(f"/kiosk/pair/{invitation}", status=403, headers=elsewhere)
    page.get("/kiosk/", status=401)


def test_a_made_up_cookie_is_no_credential(client: FlaskClient, page: PageOpener) -> None:
    client.set_cookie("kiosk", "made-up", domain="127.0.0.1")
    page.get("/kiosk/", status=401)
