"""The control chart of Thủ tục hành chính công or, until it has enough periods, of tỷ lệ hài lòng."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from survey_app.content.rules import quality_rules
from survey_app.domain.control import BASELINE, Chart, Judged
from survey_app.domain.movement import SATISFACTION, Archive, figure_chart
from survey_app.domain.problem import Problem
from survey_app.domain.publication import open_archive
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.windows import weeks_needed
from survey_app.store import frozen, questionnaires
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text

DIMENSION = "5"
WIDTH, HEIGHT, LEFT, TOP = 640, 200, 48, 12
# Two years of blocks and a little more; older points say nothing of today.
MOST_WEEKS = 118
STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0)


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

    name: str
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    centre_y: float
    sentence: str
    false_alarms: str
    is_weekly: bool
    is_cut: bool

    @property
    def bar_width(self) -> float:
        """Bars of neighbouring periods never touch."""
        return min(12.0, round(0.7 * (WIDTH - LEFT) / len(self.dots), 1))

    @property
    def dot_radius(self) -> float:
        """Dots shrink with their bars."""
        return min(4.0, round(self.bar_width / 2, 1))


def control_picture(
    connection: Connection,
    unit_id: str,
    closed: Sequence[Week],
    scheme: Scheme,
    as_of: Week | None = None,
) -> Picture | str:
    """The chart up to the last of `closed`, or the sentence why there is none yet; `as_of`: as after that closing.

    Of the dimension on blocks, which show smaller shifts; until there are enough of them on weeks.
    """
    if len(closed) < BASELINE:
        return _few(len(closed))
    archive = _archive(connection, unit_id, closed[-MOST_WEEKS:], scheme, as_of)
    blocks = dict.fromkeys(week.block for week in closed[-MOST_WEEKS:])
    whole = [block for block in blocks if block.last_week <= closed[-1]]
    weeks = [week.window for week in closed[-MOST_WEEKS:]]
    longest = 0
    for key, windows in ((DIMENSION, whole), (DIMENSION, weeks), (SATISFACTION, weeks)):
        published = [window for window in windows if archive.published(key, window)]
        found = figure_chart(key, published, archive)
        if isinstance(found, Chart):
            return draw(found, scheme, key, is_cut=len(found.points) < len(published))
        longest = max(longest, len(published))
    return _few(longest)


def draw(chart: Chart, scheme: Scheme, key: str = DIMENSION, *, is_cut: bool = False) -> Picture:
    """The picture of a chart; `is_cut`: earlier periods measured something else and are left out."""
    name, low, high = _range(scheme, key)
    values = [
        _told(low + (high - low) * p, key) for j in chart.points for p in (j.p, j.low, j.high)
    ]
    scale = _Scale(min(values), max(values), len(chart.points))
    dots = tuple(
        _dot(j, scale, n, values[3 * n : 3 * n + 3], key) for n, j in enumerate(chart.points)
    )
    return Picture(
        name=name,
        dots=dots,
        ticks=tuple((scale.y(tick), _number(tick, key)) for tick in scale.ticks()),
        centre_y=scale.y(_told(low + (high - low) * chart.centre, key)),
        sentence=_sentence(chart),
        false_alarms=formats.number(chart.false_alarms, 2),
        is_weekly="W" in chart.points[-1].window,
        is_cut=is_cut,
    )


def _range(scheme: Scheme, key: str) -> tuple[str, float, float]:
    if key == SATISFACTION:
        return gettext("Satisfaction rate"), 0.0, 100.0
    dimension = scheme.dimension(key)
    return dimension.names[language()], dimension.low, dimension.high


def _told(value: float, key: str) -> float:
    # A place in the picture could be measured more finely than its number is printed.
    return round(value, 1 if key == SATISFACTION else 2)


def _number(value: float, key: str) -> str:
    return formats.percent(value, 0) if key == SATISFACTION else formats.score(value)


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


def _few(points: int) -> str:
    params = {"points": points, "needed": BASELINE}
    return problem_text(Problem("control.few_points", "", params))


def _archive(
    connection: Connection,
    unit_id: str,
    closed: Sequence[Week],
    scheme: Scheme,
    as_of: Week | None,
) -> Archive:
    wanted = {*weeks_needed(closed[0]), *closed}
    weeks = frozen.week_psus(connection, unit_id, wanted, as_of)
    versions = questionnaires.versions(connection)
    return open_archive(unit_id, weeks, versions, scheme, quality_rules())


def _sentence(chart: Chart) -> str:
    signals = [point for point in chart.points if point.signal is not None]
    if not signals:
        return gettext("No period lies outside its limits.")
    return gettext(
        "Outside its limits: %(windows)s.",
        windows=", ".join(formats.short_window(point.window) for point in signals),
    )


def _dot(judged: Judged, scale: _Scale, position: int, values: list[float], key: str) -> Dot:
    value, low, high = values
    is_share = key == SATISFACTION
    return Dot(
        x=scale.x(position),
        y=scale.y(value),
        low_y=scale.y(low),
        high_y=scale.y(high),
        window=judged.window,
        score=formats.percent(value) if is_share else formats.score(value),
        limits=(formats.percent_span if is_share else formats.span)(low, high),
        signal=_signal(judged),
        is_out=judged.signal is not None,
    )


def _signal(judged: Judged) -> str:
    if judged.in_baseline:
        return gettext("baseline")
    if judged.signal == "above":
        return gettext("above its limits")
    return gettext("below its limits") if judged.signal else gettext("within its limits")
