"""The worker: what it keeps, when it is exchanged, how it is switched off (failures.md)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Error, expect
from sqlalchemy import update

from survey_app.kiosk import bundle
from survey_app.store import schema
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.support.browser import Watch
from tests.support.visits import fill_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Count = Callable[[], int]
KEPT = "caches.keys()"
TRACES = """async () => [
  ...await caches.keys(),
  ...(await navigator.serviceWorker.getRegistrations()).map(({scope}) => scope),
  ...(navigator.serviceWorker.controller ? ["controller"] : []),
]"""
# Resolves when a newer worker than the one at the start has taken over.
UPDATED = """async () => {
  const {serviceWorker} = navigator;
  const changed = new Promise((done) => serviceWorker.addEventListener("controllerchange", done));
  await (await serviceWorker.getRegistration()).update();
  await changed;
}"""

NEXT_IS_HERE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  while (!registration.waiting) await registration.update();
}"""
WAITS = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  while (!registration.waiting) await new Promise((r) => registration.installing
    ?.addEventListener("statechange", r, {once: true}));
}"""


def rename_unit(app: Flask, name: str) -> None:
    with app.extensions["survey_app"].database.writing() as connection:
        connection.execute(update(schema.unit).values(name=name))


def switch_offline(app: Flask, *, on: bool) -> None:
    parts = app.extensions["survey_app"]
    settings = replace(parts.settings, kiosk_offline=on)
    app.extensions["survey_app"] = replace(parts, settings=settings)


@pytest.mark.chaos(12)
def test_the_worker_never_answers_a_post(paired: Tablet, count: Count) -> None:
    touched: list[Any] = []
    paired.page.context.on(
        "response", lambda r: touched.append(r) if r.request.method == "POST" else None
    )
    fill_in(paired)
    line(paired, "sẵn sàng")
    assert touched
    assert not [r.url for r in touched if r.from_service_worker]
    assert count() == 1


@pytest.mark.chaos(24)
def test_a_new_version_waits_for_the_welcome_and_comes_within_five_minutes(
    paired: Tablet, app: Flask
) -> None:
    paired.begin()
    paired.choose("cert")
    rename_unit(app, "Phường Mới")
    paired.page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    paired.page.evaluate(WAITS)
    paired.expect_question("stage")
    expect(paired.page.locator('input[value="cert"]').first).to_be_checked()
    with paired.page.expect_event("load"):
        paired.press_exit()
        paired.page.get_by_role("dialog").get_by_role("button", name="Xoá và thoát").tap()
    paired.expect_screen("welcome")
    expect(paired.page.locator(".invitation")).to_contain_text("Phường Mới")
    assert len(paired.page.evaluate(KEPT)) == 1


@pytest.mark.chaos(24)
def test_a_tablet_at_rest_looks_for_a_new_version_by_itself(paired: Tablet, app: Flask) -> None:
    rename_unit(app, "Phường Mới")
    with paired.page.expect_event("load"):
        paired.wait(300_000)
    expect(paired.page.locator(".invitation")).to_contain_text("Phường Mới")


@pytest.mark.chaos(24)
def test_a_version_whose_scripts_fail_is_left_for_the_next_by_itself(
    paired: Tablet, monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    with monkeypatch.context() as patched:
        whole = bundle.content
        patched.setattr(
            bundle,
            "content",
            lambda name: 'throw new Error("broken");' if name == "kiosk.js" else whole(name),
        )
        with paired.page.expect_event("load"):
            paired.wait(300_000)
        expect(paired.page.locator("html.stepwise")).to_have_count(0)
    with paired.page.expect_event("load"):
        with suppress(Error):  # it may be mended already
            paired.page.evaluate(NEXT_IS_HERE)
        paired.page.clock.run_for(120_000)
    paired.expect_screen("welcome")
    watch.allow("broken")


@pytest.mark.chaos(25)
def test_switched_off_the_worker_and_what_it_kept_are_gone(
    paired: Tablet, app: Flask, server: Server, count: Count
) -> None:
    server.stop()
    fill_in(paired)
    switch_offline(app, on=False)
    with paired.page.expect_event("load"):
        server.start()
        paired.wait(300_000)
    paired.expect_screen("welcome")
    line(paired, "chưa sẵn sàng")
    assert paired.page.evaluate(TRACES) == []
    assert count() == 1
    fill_in(paired)
    line(paired, "chưa sẵn sàng")
    assert count() == 2
    paired.page.reload()
    paired.expect_screen("welcome")
    assert paired.page.evaluate(TRACES) == []


def test_switched_on_again_it_is_ready_again(paired: Tablet, app: Flask) -> None:
    with paired.page.expect_event("load"):
        switch_offline(app, on=False)
        paired.wait(300_000)
    line(paired, "chưa sẵn sàng")
    switch_offline(app, on=True)
    paired.page.reload()
    line(paired, "sẵn sàng")


@pytest.mark.chaos(25)
def test_switched_off_while_the_server_is_gone_again_the_page_stays(
    paired: Tablet, app: Flask, server: Server, count: Count
) -> None:
    """The worker is gone, and so is the network: a reload would end in the browser's own error page."""
    paired.begin()
    switch_offline(app, on=False)
    paired.page.evaluate(UPDATED)
    server.stop()
    paired.rush()
    paired.send()
    paired.expect_screen("thanks")
    paired.wait(13_000)
    paired.expect_screen("welcome")
    fill_in(paired)
    with paired.page.expect_event("load"):
        server.start()
        for _ in range(12):
            paired.wait(10_000)
    line(paired, "chưa sẵn sàng")
    # The trial of the certificate takes its own registration away a moment later.
    paired.page.wait_for_function(f"async () => (await ({TRACES})()).length === 0")
    assert count() == 2


def test_the_worker_is_asked_for_anew_each_time(paired: Tablet) -> None:
    answer = paired.page.request.get(paired.url + "sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert "/kiosk/bundle/kiosk.js" in answer.text()
    assert "/kiosk/sw.js" not in answer.text()


def test_a_portals_page_is_never_kept(paired: Tablet, app: Flask) -> None:
    """A file that is not what the list promises stops the installation; the old version stays."""
    before = paired.page.evaluate(KEPT)
    rename_unit(app, "Phường Mới")

    app.view_functions["kiosk.kept_page"] = lambda language: f"<h1>Wi-Fi {language}</h1>"
    paired.page.evaluate(
        """() => navigator.serviceWorker.getRegistration()
          .then((r) => r.update().then(() => new Promise((done) => {
            const worker = r.installing;
            if (!worker) return done();
            worker.addEventListener("statechange", done);
          })))"""
    )
    paired.wait(10_000)
    assert paired.page.evaluate(KEPT) == before
    expect(paired.page.locator(".invitation")).to_contain_text("Phường Mỹ Hào")
