"""What pulls Thủ tục hành chính công down: its criteria with most to gain, and what one of them would bring."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.comparison import read_window
from survey_app.domain.drivers import Driver, drivers
from survey_app.domain.figures import make_plan
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.tally import psus_in, tally_window
from survey_app.domain.whatif import WhatIf, what_if
from survey_app.office.material import Material
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text

DIMENSION = "5"
SHOWN = 3
MORE = 10


@dataclass(frozen=True, slots=True)
class Pull:
    """A criterion with the points it could add: up to 100 %, and for ten percentage points more."""

    name: str
    driver: Driver


@dataclass(frozen=True, slots=True)
class Pulling:
    """The first few criteria; `reason`: why there are none; `what_if`: the first one in a sentence."""

    pulls: tuple[Pull, ...] = ()
    what_if: str = ""
    window: str = ""
    reason: str = ""


def pulling(material: Material) -> Pulling:
    """The criteria that hold most of the points that Thủ tục hành chính công lacks."""
    figures = material.bulletin.figures
    dimension = material.scheme.dimension(DIMENSION)
    plan = make_plan(material.versions, material.scheme)
    windows = {figure.window for figure in figures.values()}
    psus = {text: len(psus_in(read_window(text), material.weeks)) for text in windows}
    found = drivers(plan, dimension, figures, psus)
    if isinstance(found, Problem):
        return Pulling(reason=problem_text(found))
    first = [driver for driver in found if driver.room][:SHOWN]
    pulls = tuple(Pull(_words(driver.question, material.versions), driver) for driver in first)
    if not pulls:
        return Pulling(reason=gettext("Every criterion is close to 100 percent."))
    window = figures[DIMENSION].window
    tallied = tally_window(read_window(window), material.weeks, material.versions)
    question = first[0].question
    share = min((first[0].item.value or 0.0) + MORE, 100.0)
    answer = what_if(tallied, plan, dimension, figures, question, share)
    return Pulling(pulls, _sentence(pulls[0].name, answer), window)


def _sentence(name: str, answer: WhatIf | Problem) -> str:
    if isinstance(answer, Problem):
        return problem_text(answer)
    return gettext(
        "If “%(name)s” reached %(share)s instead of %(now)s, the score would be %(after)s "
        "instead of %(before)s.",
        name=name,
        share=formats.percent(answer.share),
        now=formats.percent(answer.item.value or 0.0),
        after=formats.score(answer.after.value or 0.0),
        before=formats.score(answer.before.value or 0.0),
    )


def _words(question: str, versions: Mapping[str, Questionnaire]) -> str:
    said = (v.say(language(), f"{question}.text") for v in [*versions.values()][::-1])
    return next(filter(None, said), question)
