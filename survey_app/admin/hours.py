"""/admin/hours: when a counter is open, against which its tablets' hours are held."""

from datetime import time
from itertools import groupby

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.accounts import require
from survey_app.accounts.access import Visitor
from survey_app.admin.room import blueprint
from survey_app.admin.views import ADMINISTRATOR, note
from survey_app.domain.opening import Span
from survey_app.domain.problem import Problem
from survey_app.store import hours as store
from survey_app.store import units
from survey_app.store.units import Counter
from survey_app.web.fleet_texts import WEEKDAYS
from survey_app.web.services import services

# Morning and afternoon.
SPANS = 2
FIELDS = tuple((day, part) for day in WEEKDAYS for part in range(SPANS))


@blueprint.get("/hours/<counter_id>")
def hours(counter_id: str) -> ResponseReturnValue:
    """The week of a counter."""
    _person, counter = _allowed(counter_id)
    with services().database.reading() as connection:
        spans = store.hours_of(connection, [counter_id])[counter_id]
    return _page(counter, _filled(spans), [])


@blueprint.post("/hours/<counter_id>")
def set_hours(counter_id: str) -> ResponseReturnValue:
    """New hours; a week without any brings the usual ones back."""
    person, counter = _allowed(counter_id)
    given = {name: request.form.get(name, "") for name in _names()}
    spans = _spans(given)
    if spans is None:
        return _page(counter, given, [Problem("hours.wrong")]), 422
    with services().database.writing() as connection:
        store.set_hours(connection, counter_id, spans)
        note(connection, person, "counter.hours", counter.unit_id, {"counter": counter_id})
    return redirect(url_for("admin.fleet"))


def _allowed(counter_id: str) -> tuple[Visitor, Counter]:
    require(ADMINISTRATOR)
    with services().database.reading() as connection:
        counter = units.get_counter(connection, counter_id) or abort(404)
    return require(ADMINISTRATOR, unit=counter.unit_id), counter


def _names() -> list[str]:
    return [f"{edge}-{day}-{part}" for day, part in FIELDS for edge in ("opens", "closes")]


def _filled(spans: tuple[Span, ...]) -> dict[str, str]:
    filled = {}
    for day, own in groupby(sorted(spans), key=lambda span: span.weekday):
        for part, span in enumerate(own):
            filled[f"opens-{day}-{part}"] = f"{span.opens:%H:%M}"
            filled[f"closes-{day}-{part}"] = f"{span.closes:%H:%M}"
    return filled


def _spans(given: dict[str, str]) -> list[Span] | None:
    """The spans, None where one is not whole, ends before it begins or runs into the next."""
    spans: list[Span] = []
    for day, part in FIELDS:
        opens, closes = given[f"opens-{day}-{part}"], given[f"closes-{day}-{part}"]
        if not opens and not closes:
            continue
        try:
            span = Span(day, time.fromisoformat(opens), time.fromisoformat(closes))
        except ValueError:
            return None
        if span.closes <= span.opens or any(_overlap(span, other) for other in spans):
            return None
        spans.append(span)
    return spans


def _overlap(one: Span, other: Span) -> bool:
    return one.weekday == other.weekday and one.opens < other.closes and other.opens < one.closes


def _page(counter: Counter, filled: dict[str, str], problems: list[Problem]) -> str:
    with services().database.reading() as connection:
        unit = units.get_unit(connection, counter.unit_id)
    return render_template(
        "admin/hours.html",
        counter=counter,
        unit=unit,
        filled=filled,
        problems=problems,
        weekdays=WEEKDAYS,
        spans=range(SPANS),
    )
