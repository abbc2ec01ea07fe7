"""/office/: the last closed week of a unit. Views load, authorise, and only then show."""

from collections.abc import Mapping, Sequence

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from sqlalchemy import Connection

from survey_app.accounts.access import ANY_ROLE, Visitor, covered_units, require
from survey_app.content import load_scheme
from survey_app.content import units as bundled_units
from survey_app.content.rules import quality_rules
from survey_app.domain.material import Material
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week, last_closed_week
from survey_app.domain.windows import weeks_used
from survey_app.office import beside, changes, sentences
from survey_app.office.brief import Known, brief
from survey_app.office.chart import control_picture
from survey_app.office.coverage import coverage
from survey_app.office.papi import papi_table
from survey_app.office.pulling import pulling
from survey_app.office.reaching import Reaching, reaching
from survey_app.office.room import blueprint
from survey_app.office.weekpage import lay_out
from survey_app.office.years import year_changes, year_sentence
from survey_app.store import frozen, units, vintages
from survey_app.store.materials import read_material
from survey_app.store.units import Unit
from survey_app.web.i18n import lazy_gettext as _
from survey_app.web.services import services

# A quarter of links is as far as one tap should reach; older weeks have addresses of the same form.
LISTED_WEEKS = 13
GRADE_NAMES: Mapping[str, LazyString] = {
    "grade.not_satisfied": _("Not satisfied"),
    "grade.satisfied": _("Satisfied"),
    "grade.very_satisfied": _("Very satisfied"),
}

for form in (
    beside.common_twin_reason,
    changes.beside_words,
    changes.change_words,
    changes.moved_word,
    changes.common_obstacle,
    changes.detectable,
    changes.signed,
    changes.signed_interval,
    changes.verdict,
    changes.within,
    sentences.common_reason,
    sentences.share,
    sentences.share_with_interval,
    sentences.silence,
    sentences.withheld_reason,
    sentences.withheld_word,
):
    blueprint.add_app_template_filter(form)
blueprint.add_app_template_filter(beside.value, "twin_value")
blueprint.add_app_template_filter(beside.interval, "twin_interval")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The one unit of the person, or the choice among several."""
    person = require(*ANY_ROLE)
    with services().database.reading() as connection:
        own = _own(connection, person)
        if len(own) == 1:
            return redirect(url_for("office.unit", unit_id=own[0].id))
        listed = [(unit, _last(vintages.closed_weeks(connection, unit.id))) for unit in own]
    return render_template("office/units.html", units=listed)


@blueprint.get("/<unit_id>/")
def unit(unit_id: str) -> ResponseReturnValue:
    """The unit's last closed week; before there is one, when it will come."""
    person = require(*ANY_ROLE, unit=unit_id)
    with services().database.reading() as connection:
        last = _last(vintages.closed_weeks(connection, unit_id))
        if last is not None:
            return redirect(url_for("office.week", unit_id=unit_id, week_text=last))
        found = units.get_unit(connection, unit_id)
        running = _running(connection, unit_id, person)
    return render_template("office/none.html", unit=found, **running)


@blueprint.get("/<unit_id>/<week_text>")
def week(unit_id: str, week_text: str) -> ResponseReturnValue:
    """One closed week."""
    person = require(*ANY_ROLE, unit=unit_id)
    asked, as_of = _parse(week_text), _as_of()
    rules = quality_rules()
    with services().database.reading() as connection:
        closed = vintages.closed_weeks(connection, unit_id)
        if asked not in closed or (as_of and as_of < asked):
            abort(404)
        material = read_material(connection, unit_id, asked, load_scheme(), rules, as_of)
        reach = reaching(connection, material)
        shown = _beside(connection, material, closed[: closed.index(asked) + 1])
        shown |= _running(connection, unit_id, person)
    shown |= _figures(material, reach) | _standing(material.scheme) | _neighbours(closed, asked)
    return render_template("office/week.html", week=asked, as_of=as_of, **shown)


def _figures(material: Material, reach: Reaching) -> dict[str, object]:
    """What the page says of the week from its own material, and of its counters."""
    made, scheme, versions = material.bulletin, material.scheme, material.versions
    moved = changes.change_lines(made, made.changes, scheme, versions)
    covered, pulls = coverage(material), pulling(material)
    most = reach.sentence if reach.steps else ""
    known = Known(covered, pulls, most, beside.doubt_sentence(material))
    return {
        "page": lay_out(made, scheme, versions),
        "brief": brief(made, scheme, known),
        "reaching": reach,
        "changes": moved,
        "forest": changes.forest(moved),
        "at_tablets": material.at_tablets(),
        "coverage": covered,
        "pulling": pulls,
        "weighted": beside.weighted_twins(material),
        "doubtful": beside.doubt_twins(material),
        "flagged": beside.flagged_sentence(material),
        "modules": beside.modules_sentence(material),
    }


def _beside(connection: Connection, material: Material, until: Sequence[Week]) -> dict[str, object]:
    """What other weeks, vintages and units say beside it; `until`: the closed weeks up to this one."""
    made, scheme = material.bulletin, material.scheme
    unit_id, asked = made.unit, made.week
    first = frozen.numbers_in_figures(connection, unit_id, weeks_used(asked), asked)
    year = year_changes(connection, material)
    return {
        "unit": units.get_unit(connection, unit_id),
        "revised": [
            (week, made.revisions[str(week)])
            for week, number in first.items()
            if made.revisions.get(str(week), number) != number
        ],
        "is_waiting": bool(vintages.units_that_wait(connection, [unit_id], [asked])),
        "year_sentence": year_sentence(year, scheme),
        "year_changes": changes.change_lines(made, year, scheme, material.versions),
        "chart": control_picture(connection, unit_id, until, scheme, material.as_of),
    }


def _standing(scheme: Scheme) -> dict[str, object]:
    """What stands on the page of every week."""
    return {
        "papi": papi_table(scheme),
        "wards": [ward for ward in bundled_units() if ward.predecessors],
        "grade_names": GRADE_NAMES,
    }


def _neighbours(closed: list[Week], asked: Week) -> dict[str, object]:
    place = closed.index(asked)
    return {
        "previous": closed[place - 1] if place else None,
        "following": closed[place + 1] if place + 1 < len(closed) else None,
        "weeks": closed[: -LISTED_WEEKS - 1 : -1],
    }


def _running(connection: Connection, unit_id: str, person: Visitor) -> dict[str, object]:
    """What may be said of the week that has not closed: roughly how many forms came."""
    running = last_closed_week(services().clock()).next()
    forms = vintages.forms_this_week(connection, unit_id, running)
    return {
        "running": running,
        "arriving": sentences.arriving(forms),
        "has_choice": len(_own(connection, person)) > 1,
    }


def _own(connection: Connection, person: Visitor) -> list[Unit]:
    """The person's units that have counters of their own; the province has none."""
    allowed = covered_units(connection, person, ANY_ROLE)
    own = [unit for unit in units.list_units(connection) if unit.id in allowed]
    return [unit for unit in own if units.counters(connection, unit.id)]


def _last(weeks: list[Week]) -> Week | None:
    return weeks[-1] if weeks else None


def _as_of() -> Week | None:
    """The closing as of which figures are asked for."""
    return _parse(request.args["as-of"]) if "as-of" in request.args else None


def _parse(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError:
        abort(404)
