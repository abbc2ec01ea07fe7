"""/office/<unit>/<week>/quality: what the rules found at counters, and where visits are broken off. Never a single form."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from sqlalchemy import Connection

from survey_app.accounts.access import ANY_ROLE, require
from survey_app.domain.breakoff import BreakOffs, break_offs
from survey_app.domain.counting import Versions
from survey_app.domain.doubt import tablet_forms_by_module
from survey_app.domain.modules import ChiSquare
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.weeks import Week
from survey_app.office.beside import RARE, chi_square_numbers
from survey_app.office.room import blueprint
from survey_app.store import break_offs as stored
from survey_app.store import frozen, quality, questionnaires, units, vintages
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.i18n import lazy_gettext as _
from survey_app.web.problem_texts import problem_text
from survey_app.web.services import services

MEANINGS: Mapping[str, LazyString] = {
    "burst": _("Several forms, one right after the other, each filled in within seconds."),
    "out_of_hours": _("Forms arrived while the counter was closed by its opening hours."),
    "pattern": _("One pattern of answers comes more often than comparable counters let expect."),
    "same_citizen": _(
        "The same answers come again and again with the same procedure, age and sex, as if from one person."
    ),
    "many_speed": _("Far more forms filled in too fast than at comparable counters."),
    "many_straight_line": _(
        "Far more forms with one answer throughout than at comparable counters."
    ),
    "above_others": _("The level lies above what comparable counters let expect."),
    "above_past": _("The level lies above what the counter's own earlier quarters let expect."),
    "without_code": _("Far more forms without a one-time code than in comparable units."),
    "coverage": _(
        "More forms than finished dossiers: some cannot come from citizens who were here."
    ),
}
# Found at the quarter's end only, about the whole of it.
_OF_THE_QUARTER = frozenset(
    {"many_speed", "many_straight_line", "above_others", "above_past", "without_code", "coverage"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """Findings of one rule at one place: the rule's code, what it means, and in which weeks."""

    place: str
    rule: str
    meaning: LazyString
    period: str


@dataclass(frozen=True, slots=True)
class Share:
    """A name and a whole percentage; None where too few visits stand behind it."""

    name: str
    percent: int | None


@blueprint.get("/<unit_id>/<week_text>/quality", endpoint="quality")
def show_quality(unit_id: str, week_text: str) -> ResponseReturnValue:
    """The quarter so far, up to a closed week."""
    require(*ANY_ROLE, unit=unit_id)
    asked = _parse(week_text)
    with services().database.reading() as connection:
        if asked not in vintages.closed_weeks(connection, unit_id):
            abort(404)
        weeks = [week for week in asked.quarter.weeks if week <= asked]
        versions = questionnaires.versions(connection)
        broken = _broken(connection, unit_id, weeks, versions)
        judged = quality.rule_versions(connection, unit_id, [str(asked)])
        return render_template(
            "office/quality.html",
            unit=units.get_unit(connection, unit_id),
            week=asked,
            findings=_lines(connection, unit_id, weeks),
            rules=judged.get(str(asked)),
            modules=_modules(broken, _last(versions)),
            questions=_questions(broken, versions),
            verdict=_verdict(broken.test),
        )


def _lines(connection: Connection, unit_id: str, weeks: Sequence[Week]) -> list[Line]:
    names = {counter.id: counter.name for counter in units.counters(connection, unit_id)}
    found: defaultdict[tuple[str, str], list[Week]] = defaultdict(list)
    for week, one in quality.findings(connection, unit_id, map(str, weeks)):
        found[one.place, one.rule].append(Week.parse(week))
    return [
        Line(
            place=names.get(place) or gettext("The whole unit"),
            rule=rule,
            meaning=MEANINGS[rule],
            period=_period(rule, known),
        )
        for (place, rule), known in found.items()
    ]


def _period(rule: str, weeks: Sequence[Week]) -> str:
    """The quarter, or the weeks of one quarter: "Tuần 40–42, 44/2026"."""
    if rule in _OF_THE_QUARTER:
        return formats.short_window(str(weeks[0].quarter))
    runs: list[list[int]] = []
    for number in sorted({week.number for week in weeks}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = (f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return gettext("Week %(numbers)s/%(year)s", numbers=", ".join(told), year=weeks[0].year)


def _broken(
    connection: Connection, unit_id: str, weeks: Sequence[Week], versions: Versions
) -> BreakOffs:
    counts = frozen.week_psus(connection, unit_id, weeks)
    # A phone tells of no visit that was broken off, so its finished forms are no measure either.
    finished = tablet_forms_by_module(counts, weeks[0].quarter, versions)
    return break_offs(finished, stored.of_weeks(connection, unit_id, weeks), versions)


def _last(versions: Versions) -> Questionnaire | None:
    return list(versions.values())[-1] if versions else None


def _modules(broken: BreakOffs, version: Questionnaire | None) -> list[Share]:
    if version is None:
        return []
    titles = {
        block.module: version.say(language(), f"{block.id}.title")
        for block in version.structure.blocks
        if block.module is not None
    }
    return [Share(titles.get(n) or str(n + 1), own) for n, own in enumerate(broken.by_module)]


def _questions(broken: BreakOffs, versions: Versions) -> list[Share]:
    words = {
        question.id: version.say(language(), f"{question.id}.text")
        for version in versions.values()
        for question in version.questions.values()
    }
    listed = [Share(words[question], own) for question, own in broken.by_question.items()]
    rest = [Share(gettext("Other questions"), broken.others)] if broken.others else []
    return [*listed, *rest]


def _verdict(found: ChiSquare | Problem) -> str:
    if isinstance(found, Problem):
        return gettext(
            "Whether some sets are broken off more often was not tested. %(reason)s",
            reason=problem_text(found),
        )
    if found.p < RARE:
        words = gettext("some sets are broken off more often than others")
    else:
        words = gettext("no sign that any set is broken off more often")
    return gettext(
        "Broken-off visits by set: %(verdict)s (%(numbers)s).",
        verdict=words,
        numbers=chi_square_numbers(found),
    )


def _parse(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError:
        abort(404)
