"""The control chart of Thủ tục hành chính công on blocks, laid out for the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from survey_app.content.rules import quality_rules
from survey_app.domain.control import BASELINE, Chart, Judged
from survey_app.domain.movement import dimension_chart
from survey_app.domain.problem import Problem
from survey_app.domain.publication import open_archive
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week, Window
from survey_app.domain.windows import weeks_needed
from survey_app.store import questionnaires, vintages
from survey_app.web import formats
from survey_app.web.i18n import gettext
from survey_app.web.problem_texts import problem_text

DIMENSION = "5"
WIDTH, HEIGHT, LEFT, TOP = 640, 200, 48, 12
STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """One window's place in the picture, with its numbers in words."""

    x: float
    y: float
    low_y: float
    high_y: float
    window: str
    score: str
    limits: str
    signal: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The chart: `ticks` (y, words), `centre_y`; `sentence` says what it shows."""

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    centre_y: float
    sentence: str
    false_alarms: str


def control_picture(
    connection: Connection, unit_id: str, closed: Sequence[Week], scheme: Scheme
) -> Picture | str:
    """The chart as of the last of `closed`, or the sentence why there is none yet."""
    blocks = list(
        dict.fromkeys(week.block for week in closed if week.block.last_week <= closed[-1])
    )
    if len(blocks) < BASELINE:
        params = {"points": len(blocks), "needed": BASELINE}
        return problem_text(Problem("control.few_points", "", params))
    found = _chart(connection, unit_id, blocks, scheme)
    return problem_text(found) if isinstance(found, Problem) else draw(found, scheme)


def draw(chart: Chart, scheme: Scheme) -> Picture:
    """The picture of a chart."""
    dimension = scheme.dimension(DIMENSION)
    span = dimension.high - dimension.low

    def points(p: float) -> float:
        return dimension.low + span * p

    values = [points(p) for j in chart.points for p in (j.p, j.low, j.high)]
    scale = _Scale(min(values), max(values), len(chart.points))
    dots = tuple(
        _dot(j, scale, n, [points(p) for p in (j.p, j.low, j.high)])
        for n, j in enumerate(chart.points)
    )
    return Picture(
        dots=dots,
        ticks=tuple((scale.y(tick), formats.score(tick)) for tick in scale.ticks()),
        centre_y=scale.y(points(chart.centre)),
        sentence=_sentence(chart),
        false_alarms=formats.number(chart.false_alarms, 2),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    number: int

    @property
    def step(self) -> float:
        return next((s for s in STEPS if (self.high - self.low) / s <= 5), STEPS[-1])

    @property
    def bottom(self) -> float:
        return self.low // self.step * self.step

    @property
    def top(self) -> float:
        return -(-self.high // self.step) * self.step

    def ticks(self) -> list[float]:
        return [
            self.bottom + self.step * n
            for n in range(round((self.top - self.bottom) / self.step) + 1)
        ]

    def x(self, position: int) -> float:
        return round(LEFT + (WIDTH - LEFT) * (position + 0.5) / self.number, 1)

    def y(self, value: float) -> float:
        share = (value - self.bottom) / ((self.top - self.bottom) or 1)
        return round(TOP + (HEIGHT - 2 * TOP) * (1 - share), 1)


def _chart(
    connection: Connection, unit_id: str, blocks: Sequence[Window], scheme: Scheme
) -> Chart | Problem:
    first = weeks_needed(blocks[0].last_week)[0]
    wanted = [first]
    while wanted[-1] < blocks[-1].last_week:
        wanted.append(wanted[-1].next())
    weeks = vintages.week_psus(connection, unit_id, wanted)
    versions: dict[str, Questionnaire] = questionnaires.versions(connection)
    archive = open_archive(unit_id, weeks, versions, scheme, quality_rules())
    published = [block for block in blocks if archive.published(DIMENSION, block)]
    return dimension_chart(DIMENSION, published, archive)


def _sentence(chart: Chart) -> str:
    signals = [point for point in chart.points if point.signal is not None]
    if not signals:
        return gettext("No period lies outside its limits.")
    return gettext(
        "Outside its limits: %(windows)s.",
        windows=", ".join(formats.short_window(point.window) for point in signals),
    )


def _dot(judged: Judged, scale: _Scale, position: int, values: list[float]) -> Dot:
    value, low, high = values
    return Dot(
        x=scale.x(position),
        y=scale.y(value),
        low_y=scale.y(low),
        high_y=scale.y(high),
        window=judged.window,
        score=formats.score(value),
        limits=formats.span(low, high),
        signal=_signal(judged),
        is_out=judged.signal is not None,
    )


def _signal(judged: Judged) -> str:
    if judged.in_baseline:
        return gettext("baseline")
    if judged.signal == "above":
        return gettext("above its limits")
    return gettext("below its limits") if judged.signal else gettext("within its limits")
