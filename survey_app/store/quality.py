"""Runs the rules on data quality when a week closes, and keeps what they say.

A flag takes effect with a vintage of its week and is never taken back. Repeated patterns, which need a whole quarter to be
seen, are also flagged in the quarter's earlier weeks at its end: those weeks then get a revision.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, func, insert, select, update

from survey_app.domain.counting import Versions
from survey_app.domain.quality import (
    Finding,
    Flag,
    JudgedForm,
    Judgement,
    RuleSet,
    Sample,
    judge,
    judge_unit,
)
from survey_app.domain.weeks import Week, Window
from survey_app.store import schema
from survey_app.store.hours import hours_of
from survey_app.store.judged_forms import read_judged
from survey_app.store.unit_quality import unit_sample
from survey_app.store.upsert import insert_missing

_response = schema.response.c
_flag = schema.flag
_NEIGHBOURS = 3
_KEPT_WEEKS = 128


@dataclass(slots=True)
class Judge:
    """The rules at work for one round of closings; remembers the forms of weeks it has read."""

    rules: RuleSet
    _known: dict[tuple[str, str], list[JudgedForm]] = field(default_factory=dict)

    def close(
        self, connection: Connection, unit_id: str, week: Week, versions: Versions
    ) -> list[str]:
        """Judge a week that is about to be frozen for the first time.

        Returns the earlier weeks of the quarter that got flags too: they need a revision.
        """
        neighbours = compared_units(connection, unit_id)
        places = _counters(connection, unit_id)
        closing = read_judged(connection, unit_id, str(week), versions, timed=True)
        earlier = [
            form
            for unit in neighbours
            for own in week.quarter.weeks
            if own <= week and (unit, own) != (unit_id, week)
            for form in self._forms(connection, unit, str(own), versions)
        ]
        sample = Sample(
            forms=[*closing, *earlier],
            judged=frozenset(form.id for form in closing),
            places=places,
            is_quarter_end=week == week.quarter.last_week,
            hours=hours_of(connection, {form.counter for form in [*closing, *earlier]}),
            past=_past_levels(connection, unit_id, week.quarter),
        )
        judgement = judge(sample, self.rules)
        found = [*judgement.findings]
        if sample.is_quarter_end:
            compared = [own for own in neighbours if own != unit_id]
            found += judge_unit(
                unit_sample(connection, unit_id, compared, week.quarter), self.rules
            )
        _keep_findings(connection, unit_id, str(week), found)
        _keep_judgement(connection, unit_id, str(week), judgement, self.rules)
        return sorted(_keep_flags(connection, unit_id, judgement.flags) - {str(week)})

    def judge_late(
        self, connection: Connection, unit_id: str, week: str, versions: Versions
    ) -> None:
        """Judge forms that came after their week had closed and are in no vintage, by the rules that need no moment."""
        query = select(_response.id).where(
            _response.unit_id == unit_id,
            _response.week == week,
            _response.first_vintage.is_(None),
        )
        late = frozenset(connection.scalars(query))
        forms = read_judged(connection, unit_id, week, versions, timed=False)
        sample = Sample(forms, late, places=(), is_quarter_end=False)
        _keep_flags(connection, unit_id, judge(sample, self.rules).flags)

    def _forms(
        self, connection: Connection, unit_id: str, week: str, versions: Versions
    ) -> list[JudgedForm]:
        key = (unit_id, week)
        if key not in self._known:
            while len(self._known) >= _KEPT_WEEKS:
                del self._known[next(iter(self._known))]
            self._known[key] = read_judged(connection, unit_id, week, versions, timed=False)
        return self._known[key]


def flags_of_week(connection: Connection, unit_id: str, week: str) -> dict[str, list[Flag]]:
    """Flags on the week's forms, by response."""
    own = and_(_response.unit_id == _flag.c.unit_id, _response.id == _flag.c.response_id)
    query = select(_flag).join(schema.response, own)
    query = query.where(_response.unit_id == unit_id, _response.week == week)
    found: dict[str, list[Flag]] = {}
    for row in connection.execute(query.order_by(_flag.c.response_id, _flag.c.rule)):
        flag = Flag(row.response_id, row.rule, row.rule_version, json.loads(row.params))
        found.setdefault(row.response_id, []).append(flag)
    return found


def rule_versions(connection: Connection, unit_id: str, weeks: Iterable[str]) -> dict[str, str]:
    """The version of the thresholds by which each of the weeks was judged when it closed; others are left out."""
    table = schema.judgement.c
    query = select(table.week, table.rule_version)
    query = query.where(table.unit_id == unit_id, table.week.in_(list(weeks)))
    return {row.week: row.rule_version for row in connection.execute(query.order_by(table.week))}


def findings(
    connection: Connection, unit_id: str, weeks: Iterable[str]
) -> list[tuple[str, Finding]]:
    """What was found at the closings of the weeks, each with its week, in order of week, place and rule."""
    table = schema.finding
    query = select(table).where(table.c.unit_id == unit_id, table.c.week.in_(list(weeks)))
    rows = connection.execute(query.order_by(table.c.week, table.c.place, table.c.rule))
    return [
        (row.week, Finding(row.place, row.rule, row.rule_version, json.loads(row.params)))
        for row in rows
    ]


def _counters(connection: Connection, unit_id: str) -> tuple[str, ...]:
    query = select(schema.counter.c.id).where(schema.counter.c.unit_id == unit_id)
    return tuple(connection.scalars(query.order_by(schema.counter.c.id)))


def compared_units(connection: Connection, unit_id: str) -> list[str]:
    """The unit and the next few of its siblings, in a circle: few enough to read, always the same."""
    parent = select(schema.unit.c.parent_id).where(schema.unit.c.id == unit_id)
    query = select(schema.unit.c.id).where(
        schema.unit.c.parent_id == parent.scalar_subquery(), schema.unit.c.id != unit_id
    )
    siblings = list(connection.scalars(query.order_by(schema.unit.c.id)))
    after = [sibling for sibling in siblings if sibling > unit_id]
    before = [sibling for sibling in siblings if sibling < unit_id]
    return [unit_id, *(after + before)[:_NEIGHBOURS]]


def _past_levels(connection: Connection, unit_id: str, quarter: Window) -> dict[str, list[float]]:
    """Levels of the unit's counters at the ends of earlier quarters, oldest first."""
    table = schema.judgement.c
    before = table.week < str(quarter.weeks[0])
    query = select(table.levels).where(table.unit_id == unit_id, before, table.levels != "{}")
    levels: dict[str, list[float]] = {}
    for text in connection.scalars(query.order_by(table.week)):
        for counter, level in json.loads(text).items():
            levels.setdefault(counter, []).append(float(level))
    return levels


def _keep_judgement(
    connection: Connection, unit_id: str, week: str, judgement: Judgement, rules: RuleSet
) -> None:
    values = {
        "unit_id": unit_id,
        "week": week,
        "rule_version": rules.version,
        "levels": _dump(judgement.levels),
    }
    connection.execute(insert(schema.judgement).values(values))


def _keep_findings(
    connection: Connection, unit_id: str, week: str, found: Sequence[Finding]
) -> None:
    rows = [
        {
            "unit_id": unit_id,
            "week": week,
            "place": item.place,
            "rule": item.rule,
            "rule_version": item.version,
            "params": _dump(item.params),
        }
        for item in found
    ]
    if rows:
        connection.execute(insert_missing(connection, schema.finding), rows)


def _keep_flags(connection: Connection, unit_id: str, flags: Sequence[Flag]) -> set[str]:
    """Keep flags; the weeks of new ones. Each counts from the next vintage of its week."""
    forms = sorted({flag.form for flag in flags})
    query = select(_flag.c.response_id, _flag.c.rule).where(_flag.c.unit_id == unit_id)
    rows = connection.execute(query.where(_flag.c.response_id.in_(forms)))
    known = {(row.response_id, row.rule) for row in rows}
    new = [flag for flag in flags if (flag.form, flag.rule) not in known]
    if not new:
        return set()
    weeks = _weeks_of(connection, unit_id, {flag.form for flag in new})
    numbers = {week: _next_vintage(connection, unit_id, week) for week in weeks.values()}
    connection.execute(
        insert_missing(connection, _flag),
        [_flag_row(unit_id, flag, numbers[weeks[flag.form]]) for flag in new],
    )
    _count_anew(connection, unit_id, set(numbers))
    return set(numbers)


def _flag_row(unit_id: str, flag: Flag, vintage: int) -> dict[str, object]:
    return {
        "unit_id": unit_id,
        "response_id": flag.form,
        "rule": flag.rule,
        "rule_version": flag.version,
        "vintage": vintage,
        "params": _dump(flag.params),
    }


def _weeks_of(connection: Connection, unit_id: str, ids: set[str]) -> dict[str, str]:
    query = select(_response.id, _response.week).where(_response.unit_id == unit_id)
    rows = connection.execute(query.where(_response.id.in_(sorted(ids))))
    return {row.id: row.week for row in rows}


def _next_vintage(connection: Connection, unit_id: str, week: str) -> int:
    table = schema.vintage.c
    query = select(func.max(table.number)).where(table.unit_id == unit_id, table.week == week)
    return (connection.scalar(query) or 0) + 1


def _count_anew(connection: Connection, unit_id: str, weeks: set[str]) -> None:
    """Let the weeks' counter-days be counted before they are read again."""
    table = schema.counter_day
    own = (table.c.unit_id == unit_id, table.c.week.in_(sorted(weeks)))
    connection.execute(update(table).where(*own).values(counted_revision=0))


def _dump(params: Mapping[str, float]) -> str:
    return json.dumps(dict(params), sort_keys=True, separators=(",", ":"))
