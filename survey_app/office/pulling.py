"""What pulls Thủ tục hành chính công down: its criteria with most to gain, and what one of them would bring."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.comparison import read_window
from survey_app.domain.drivers import Driver, drivers
from survey_app.domain.figures import plan_of
from survey_app.domain.material import Material
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.sums import tally_window
from survey_app.domain.tally import Tally
from survey_app.domain.whatif import WhatIf, what_if
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text

DIMENSION = "5"
SHOWN = 3
MORE = 10


@dataclass(frozen=True, slots=True)
class Pull:
    """A criterion; `ten`, `full`: points that ten percentage points more, or 100 %, would add."""

    name: str
    driver: Driver
    ten: str
    full: str


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
    ask = _Asking(material)
    windows = {figure.window for figure in figures.values()}
    psus = {text: len(ask.tally_of(text).strata) for text in windows}
    found = drivers(ask.plan, material.scheme.dimension(DIMENSION), figures, psus)
    if isinstance(found, Problem):
        return Pulling(reason=problem_text(found))
    first = [driver for driver in found if driver.room][:SHOWN]
    if not first:
        return Pulling(reason=gettext("Every criterion is close to 100 percent."))
    pulls = tuple(_pull(driver, ask) for driver in first)
    answer = telling(ask.ten(first[0]), ask.at(first[0].question, 100.0))
    return Pulling(pulls, _sentence(pulls[0].name, answer), figures[DIMENSION].window)


class _Asking:
    """What-if questions about the dimension's own window, whose counts are summed once."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.tally = self.tally_of(material.bulletin.figures[DIMENSION].window)
        # What this window's forms were asked: another version's questions hold none of its points.
        self.plan = plan_of(self.tally, material.versions, material.scheme)

    def tally_of(self, window: str) -> Tally:
        """A window's counts."""
        return tally_window(read_window(window), self.material.weeks, self.material.versions)

    def at(self, question: str, share: float) -> WhatIf | Problem:
        """The dimension with the question's share at `share` percent."""
        dimension = self.material.scheme.dimension(DIMENSION)
        figures = self.material.bulletin.figures
        return what_if(self.tally, self.plan, dimension, figures, question, share)

    def ten(self, driver: Driver) -> WhatIf | Problem:
        """With ten percentage points more."""
        return self.at(driver.question, min((driver.item.value or 0.0) + MORE, 100.0))


def telling(ten: WhatIf | Problem, whole: WhatIf | Problem) -> WhatIf | Problem:
    """Ten points more, or the whole way where ten bring nothing: a longer window may stand above the week's share."""
    is_idle = isinstance(ten, WhatIf) and round(ten.change, 2) <= 0
    return whole if is_idle else ten


def _pull(driver: Driver, ask: _Asking) -> Pull:
    return Pull(
        name=words_of(driver.question, ask.material.versions),
        driver=driver,
        ten=_added(ask.ten(driver)),
        full=_added(ask.at(driver.question, 100.0)),
    )


def _added(answer: WhatIf | Problem) -> str:
    if isinstance(answer, Problem):
        return formats.DASH
    # A criterion of a longer window may stand above the week's share plus ten.
    return f"+{formats.score(max(answer.change, 0.0))}"


def _sentence(name: str, answer: WhatIf | Problem) -> str:
    if isinstance(answer, Problem):
        return problem_text(answer)
    return gettext(
        "If “%(name)s” reached %(share)s instead of %(now)s, the score of administrative procedures "
        "would be %(after)s instead of %(before)s.",
        name=name,
        share=formats.percent(answer.share),
        now=formats.percent(answer.item.value or 0.0),
        after=formats.score(answer.after.value or 0.0),
        before=formats.score(answer.before.value or 0.0),
    )


def words_of(question: str, versions: Mapping[str, Questionnaire]) -> str:
    """The question as the newest version that has it says it."""
    said = (v.say(language(), f"{question}.text") for v in [*versions.values()][::-1])
    return next(filter(None, said), question)
