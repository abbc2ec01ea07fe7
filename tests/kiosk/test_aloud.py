"""Reading aloud: offered where a recording of the screen's words exists, and silent as soon as the screen is left."""

import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from survey_app.domain.questionnaire import Questionnaire
from survey_app.kiosk import recordings
from tests.kiosk.tablet import Tablet

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
Save = Callable[..., Path]
SPY = """() => {
  for (const name of ["start", "stop"]) {
    const original = AudioScheduledSourceNode.prototype[name];
    AudioScheduledSourceNode.prototype[name] = function (...rest) {
      document.body.dataset.heard = `${document.body.dataset.heard ?? ""} ${name}`.trim();
      return original.apply(this, rest);
    };
    AudioBufferSourceNode.prototype[name] = AudioScheduledSourceNode.prototype[name];
  }
}"""


@pytest.fixture
def spoken(app: Flask, questionnaire: Questionnaire) -> dict[tuple[str, str], recordings.Reading]:
    """What can be read, by language and screen."""
    with app.app_context():
        found = recordings.readings(questionnaire)
    return {(reading.language, reading.screen): reading for reading in found}


@pytest.fixture
def save(app: Flask, spoken: dict[tuple[str, str], recordings.Reading]) -> Save:
    """`save(language, screen)` puts a minute of silence where its recording belongs."""

    def make(language: str, screen: str, ending: str = ".wav") -> Path:
        folder = app.extensions["survey_app"].settings.data_dir / "audio" / language
        folder.mkdir(parents=True, exist_ok=True)
        path: Path = folder / f"{spoken[language, screen].stem}{ending}"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(1)
            file.setframerate(8_000)
            file.writeframes(b"\x80" * 8_000 * 60)
        return path

    return make


def test_a_screen_is_read_in_its_order_with_every_choice(
    spoken: dict[tuple[str, str], recordings.Reading],
) -> None:
    assert spoken["vi", "staff_competent"].lines == (
        "Cán bộ có thạo việc không?",
        "Có",
        "Không",
        "Không biết",
        "Không muốn trả lời",
    )
    assert spoken["en", "staff_competent"].lines[-1] == "I'd rather not say"
    assert spoken["vi", "purpose"].lines[0] == "Trước khi bắt đầu"


def test_every_screen_has_a_name_of_its_own_in_each_language(
    spoken: dict[tuple[str, str], recordings.Reading], questionnaire: Questionnaire
) -> None:
    screens = {"purpose", *questionnaire.questions}
    assert set(spoken) == {(code, screen) for code in ("vi", "en") for screen in screens}
    assert len({reading.stem for reading in spoken.values()}) == len(spoken)


def test_other_words_are_another_file(
    spoken: dict[tuple[str, str], recordings.Reading],
) -> None:
    before = spoken["vi", "stage"]
    after = replace(before, lines=("Việc gì?", *before.lines[1:]))
    assert before.stem != after.stem
    assert before.stem.startswith("stage-")


def test_what_people_recorded_comes_before_what_a_machine_made(save: Save) -> None:
    made = save("vi", "stage", ".opus")
    person = save("vi", "stage", ".m4a")
    assert recordings.found(made.parents[1], "vi") == {person.stem: person}


def test_only_recordings_are_given_out(kiosk_client: FlaskClient, save: Save) -> None:
    path = save("vi", "stage")
    (path.parent / "notes.txt").write_text("not for citizens", encoding="utf-8")
    assert kiosk_client.get(f"/kiosk/audio/vi/{path.name}").mimetype == "audio/wav"
    for address in ("vi/notes.txt", "vi/none.opus", f"xx/{path.name}", "vi/..%2F..%2Fsurvey.wav"):
        assert kiosk_client.get(f"/kiosk/audio/{address}").status_code == 404


def test_an_address_changes_with_its_file(
    app: Flask, questionnaire: Questionnaire, save: Save
) -> None:
    path = save("vi", "stage")
    with app.test_request_context():
        first = recordings.listed(questionnaire, path.parents[1])
        path.write_bytes(path.read_bytes()[:-1])
        second = recordings.listed(questionnaire, path.parents[1])
    assert set(first) == set(second) == {"stage"}
    assert first["stage"]["vi"].partition("?")[0] == second["stage"]["vi"].partition("?")[0]
    assert first != second


def expect_heard(page: Page, words: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-heard", words)


@pytest.fixture
def listening(save: Save, tablet: Tablet) -> Tablet:
    """A tablet with two recordings in Vietnamese and one in English, what it plays noted down."""
    for language, screen in (("vi", "procedure"), ("vi", "purpose"), ("en", "procedure")):
        save(language, screen)
    tablet.page.reload()
    tablet.expect_screen("welcome")
    tablet.page.evaluate(SPY)
    return tablet


@pytest.mark.browser
def test_it_is_offered_where_a_recording_is_and_nowhere_else(listening: Tablet) -> None:
    button = listening.page.locator('[data-do="readAloud"]')
    expect(button).to_be_hidden()
    listening.choose_language("vi")
    expect(button).to_be_visible()
    listening.press("begin")
    listening.expect_question("procedure")
    expect(button).to_have_text("Nghe đọc", use_inner_text=True)
    listening.wait()
    listening.choose("land")
    listening.expect_question("stage")
    expect(button).to_be_hidden()


@pytest.mark.browser
def test_it_plays_stops_by_a_touch_and_never_by_choosing(listening: Tablet) -> None:
    listening.begin()
    button = listening.page.locator('[data-do="readAloud"]')
    button.tap()
    expect(button).to_have_text("Dừng đọc", use_inner_text=True)
    expect_heard(listening.page, "start")
    button.tap()
    expect(button).to_have_text("Nghe đọc", use_inner_text=True)
    expect_heard(listening.page, "start stop")
    listening.wait()
    listening.choose("land")
    listening.expect_question("stage")
    listening.press("back")
    listening.expect_question("procedure")
    expect_heard(listening.page, "start stop")  # neither a choice nor a chosen answer is spoken


@pytest.mark.browser
@pytest.mark.parametrize("way", ["answer", "back", "exit", "language"])
def test_it_stops_when_the_screen_is_left(listening: Tablet, way: str) -> None:
    page = listening.page
    listening.begin()
    page.locator('[data-do="readAloud"]').tap()
    expect_heard(page, "start")
    ways: dict[str, Callable[[], Any]] = {
        "answer": lambda: listening.choose("land"),
        "back": lambda: listening.press("back"),
        "exit": listening.press_exit,
        "language": lambda: page.locator('button[value="en"]').tap(),
    }
    ways[way]()
    expect_heard(page, "start stop")
