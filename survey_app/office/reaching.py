"""What would help: how far Thủ tục hành chính công would rise if each counter did as well as the best comparable one.

The only place where something is said of a single counter, and only on a block.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from sqlalchemy import Connection

from survey_app.content.rules import quality_rules
from survey_app.domain.counting import Totals
from survey_app.domain.doubt import flagged_forms
from survey_app.domain.figures import plan_of
from survey_app.domain.material import Material
from survey_app.domain.problem import Problem
from survey_app.domain.quality import withheld
from survey_app.domain.reach import Gain, Measured, Place, Reach, gain, measure, tellable
from survey_app.domain.sums import tally_window
from survey_app.domain.suppression import dimension_family
from survey_app.domain.weeks import Week, Window
from survey_app.office.pulling import DIMENSION, words_of
from survey_app.store import totals, units, vintages
from survey_app.store.quality import compared_units
from survey_app.store.totals import CountedDay
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion of one counter and procedure group: where it stands, and the best comparable level."""

    counter: str
    group: str
    name: str
    own: float
    best: float
    points: str
    comparables: int


@dataclass(frozen=True, slots=True)
class Reaching:
    """The steps with most to gain; `more`: how many others there are; `reason`: why there are none."""

    sentence: str = ""
    steps: tuple[Step, ...] = ()
    more: int = 0
    window: str = ""
    reason: str = ""


def reaching(connection: Connection, material: Material) -> Reaching:
    """What the unit's counters could learn from the best comparable ones, on the last whole block."""
    window = last_block(material.bulletin.week)
    compared = compared_units(connection, material.bulletin.unit)
    days = totals.counted_days(connection, compared, window.weeks)
    # One late form at a counter could be read off that counter's shares before and after it.
    changed = vintages.units_changed(connection, compared, window.weeks, days)
    problem = _refusal(material, window, changed)
    if problem is not None:
        return Reaching(window=str(window), reason=problem_text(problem))
    own, others = _places([day for day in days if day.unit_id not in changed], material)
    return tell(own, others, material, window, _counter_names(connection, material.bulletin.unit))


def tell(
    own: Sequence[Measured],
    others: Sequence[Measured],
    material: Material,
    window: Window,
    names: Mapping[str, str],
) -> Reaching:
    """The gains of the unit's `own` counters, in words."""
    found = _gains(own, others, material, window)
    gains = [one for one in found.values() if isinstance(one, Gain)]
    if not gains:
        few = Problem("drivers.few_comparables", "", {"needed": 3})
        return Reaching(window=str(window), reason=problem_text(few))
    told = tellable(own)
    reaches = [
        (counter, reach)
        for counter, one in found.items()
        if isinstance(one, Gain)
        for reach in one.reaches
        if round(reach.points, 2) > 0 and (counter, reach.group, reach.question) in told
    ]
    points = fsum(reach.points for _, reach in reaches)
    reaches.sort(key=lambda pair: (-pair[1].points, pair[0], pair[1].question))
    steps = [_step(names[counter], reach, material) for counter, reach in reaches]
    return Reaching(
        sentence=_sentence(steps, points),
        steps=tuple(steps[:SHOWN]),
        more=max(0, len(steps) - SHOWN),
        window=str(window),
    )


def last_block(week: Week) -> Window:
    """The last block that is whole when `week` has closed."""
    block = week.block
    return block if block.last_week <= week else block.weeks[0].previous().block


def _refusal(material: Material, window: Window, changed: set[str]) -> Problem | None:
    if material.bulletin.unit in changed:
        return Problem("drivers.late_forms")
    if any(week not in material.weeks for week in window.weeks):
        return Problem("figure.window_open", DIMENSION)
    return withheld(*flagged_forms(window, material.weeks), quality_rules())


def _places(
    days: Iterable[CountedDay], material: Material
) -> tuple[list[Measured], list[Measured]]:
    """The unit's own counters, and those of its neighbours."""
    unit_id = material.bulletin.unit
    psus: defaultdict[tuple[str, str], list[tuple[str, Totals]]] = defaultdict(list)
    for day in days:
        psus[day.unit_id, day.counter_id].append((day.week, day.totals))
    own: list[Measured] = []
    others: list[Measured] = []
    for (unit, counter), found in psus.items():
        measured = measure(Place(counter, found), material.versions, quality_rules())
        (own if unit == unit_id else others).append(measured)
    return own, others


def _gains(
    own: Sequence[Measured], others: Sequence[Measured], material: Material, window: Window
) -> dict[str, Gain | Problem]:
    tallied = tally_window(window, material.weeks, material.versions)
    plan = plan_of(tallied, material.versions, material.scheme)
    shown = dimension_family(tallied, plan, material.scheme.dimension(DIMENSION)).shown
    if not shown:
        return {}
    return {
        counter.id: gain(
            counter, [*(o for o in own if o is not counter), *others], own, plan, shown
        )
        for counter in own
    }


def _step(counter: str, reach: Reach, material: Material) -> Step:
    return Step(
        counter=counter,
        group=_group_name(reach.group, material),
        name=words_of(reach.question, material.versions),
        own=reach.own,
        best=reach.best,
        points=f"+{formats.score(reach.points)}",
        comparables=reach.comparables,
    )


def _sentence(steps: Sequence[Step], points: float) -> str:
    if not steps:
        return gettext(
            "No counter falls behind the best comparable one by more than chance explains."
        )
    first = steps[0]
    return gettext(
        "If every counter did as well as the best comparable one, the unit's score would rise by about "
        "%(points)s points; most of it at %(counter)s, “%(group)s”: “%(name)s” %(best)s instead of %(own)s.",
        points=formats.score(points),
        counter=first.counter,
        group=first.group,
        name=first.name,
        best=formats.percent(first.best, 0),
        own=formats.percent(first.own, 0),
    )


def _group_name(group: str, material: Material) -> str:
    for version in [*material.versions.values()][::-1]:
        for question in version.with_role("procedure"):
            words = version.say(language(), f"{question.id}.choice.{group}")
            if words:
                return words
    return group


def _counter_names(connection: Connection, unit_id: str) -> dict[str, str]:
    return {counter.id: counter.name for counter in units.counters(connection, unit_id)}
