"""What was frozen, read back: vintages with their counts, and the sums of those counts that figures read.

The sums are kept beside the counts when a week is frozen, so that a page reads a few numbers of each week. They can always be
made anew: a vintage without them, or with those of an earlier form, is read by its counts and gives the same figures.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, and_, delete, insert, select

from survey_app.domain.counting import Versions
from survey_app.domain.psu import CountedLater, PsuTotals, WeekCounts
from survey_app.domain.sums import FORMAT, keep_sums
from survey_app.domain.weeks import Week
from survey_app.store import schema
from survey_app.store.psus import StoredPsu, psu_from_json
from survey_app.store.questionnaires import versions as all_versions

# Five units with two years each; up to 100 kB a week.
_MOST_READ = 520
_table = schema.vintage
_sums = schema.vintage_sum
# Week and number.
Name = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Vintage:
    """A stored vintage: its sampling units by label, each with its days, forms and totals.

    `figures_from`: the closing from which figures use it, None where they keep the vintage before.
    """

    week: Week
    number: int
    closed_at: datetime
    forms: int
    psus: tuple[StoredPsu, ...]
    figures_from: Week | None

    @property
    def counts(self) -> WeekCounts:
        """What figures are made of, nothing summed yet."""
        psus = tuple(PsuTotals(psu.label, psu.totals) for psu in self.psus)
        return WeekCounts(self.week, self.number, psus)


def week_psus(
    connection: Connection, unit_id: str, weeks: Iterable[Week], as_of: Week | None = None
) -> dict[Week, WeekCounts]:
    """Of each of the weeks the vintage that figures use, as of the closing of `as_of` or now.

    Weeks that were not frozen then are left out.
    """
    wanted = _in_figures(connection, unit_id, weeks, as_of)
    known = _read.setdefault(connection.engine, {})
    if len(known) > _MOST_READ:
        known.clear()
    found = {key: known[key] for key in wanted if key in known}
    missing = {(key[1], key[2]): key for key in wanted if key not in found}
    for counts in _read_counts(connection, unit_id, missing) if missing else ():
        key = missing[str(counts.week), counts.number]
        found[key] = known[key] = counts
    return {found[key].week: found[key] for key in wanted if key in found}


# Vintages never change. Beside its name a key holds what tells a restored database from the one before.
_VintageKey = tuple[str, str, int, int, int]
_read: WeakKeyDictionary[Engine, dict[_VintageKey, WeekCounts]] = WeakKeyDictionary()


def numbers_in_figures(
    connection: Connection, unit_id: str, weeks: Iterable[Week], as_of: Week
) -> dict[Week, int]:
    """Of each of the weeks the number of the vintage that figures used after the closing of `as_of`."""
    found = _in_figures(connection, unit_id, weeks, as_of)
    return {Week.parse(week): number for _, week, number, *_ in found}


def read_vintages(connection: Connection, unit_id: str, weeks: Sequence[str]) -> list[Vintage]:
    """All vintages of the weeks, by week and number."""
    query = select(_table).where(_table.c.unit_id == unit_id, _table.c.week.in_(weeks))
    rows = connection.execute(query.order_by(_table.c.week, _table.c.number))
    return [
        Vintage(
            week=Week.parse(row.week),
            number=row.number,
            closed_at=datetime.fromtimestamp(row.closed_at, UTC),
            forms=row.forms,
            psus=tuple(psu_from_json(item) for item in json.loads(row.psus)),
            figures_from=Week.parse(row.figures_from) if row.figures_from else None,
        )
        for row in rows
    ]


def dump_sums(counts: WeekCounts, versions: Versions) -> str:
    """The sums of a vintage as they are kept: a line of names, and of each a line of JSON."""
    kept = keep_sums(counts, versions)
    return "\n".join(["\t".join(kept), *kept.values()])


def store_sums(
    connection: Connection, unit_id: str, counts: WeekCounts, versions: Versions
) -> None:
    """Keep the sums of a vintage, in place of those it had."""
    key = {"unit_id": unit_id, "week": str(counts.week), "number": counts.number}
    own = [_sums.c[name] == value for name, value in key.items()]
    connection.execute(delete(_sums).where(*own))
    sums = dump_sums(counts, versions)
    connection.execute(insert(_sums).values(**key, format=FORMAT, sums=sums))


def read_sums(connection: Connection, unit_id: str, weeks: Iterable[str]) -> dict[Name, str]:
    """The sums that are kept of the weeks' vintages, by week and number; those of another form are none."""
    own = _sums.c
    query = select(own.week, own.number, own.sums).where(
        own.unit_id == unit_id, own.week.in_(list(weeks)), own.format == FORMAT
    )
    return {(week, number): sums for week, number, sums in connection.execute(query)}


def sum_all(connection: Connection) -> int:
    """Make the sums of every vintage anew; how many."""
    own = _table.c
    return _store(connection, select(own.unit_id, own.week).distinct())


def sum_missing(connection: Connection) -> int:
    """Make the sums of vintages that an earlier version of the program froze; how many."""
    return _store(connection, _unsummed().distinct())


def lacks_sums(connection: Connection) -> bool:
    """Whether a vintage has no sums of today's form."""
    return connection.execute(_unsummed().limit(1)).first() is not None


def _in_figures(
    connection: Connection, unit_id: str, weeks: Iterable[Week], as_of: Week | None
) -> list[_VintageKey]:
    own = _table.c
    query = select(own.week, own.number, own.closed_at, own.forms).where(
        own.unit_id == unit_id, own.week.in_([str(week) for week in weeks])
    )
    # Without a week, one that none reaches: their numbers have two digits.
    entered = own.figures_from <= (str(as_of) if as_of else "9999-W99")
    rows = connection.execute(query.where(entered).order_by(own.week, own.number))
    newest = {row.week: (unit_id, *row) for row in rows}  # in order of their numbers
    return [*newest.values()]


def _unsummed() -> Select[tuple[str, str]]:
    own = _table.c
    same = and_(
        _sums.c.unit_id == own.unit_id,
        _sums.c.week == own.week,
        _sums.c.number == own.number,
        _sums.c.format == FORMAT,
    )
    both = select(own.unit_id, own.week).join(_sums, same, isouter=True)
    return both.where(_sums.c.number.is_(None))


def _store(connection: Connection, wanted: Select[tuple[str, str]]) -> int:
    versions = all_versions(connection)
    made = 0
    for row in connection.execute(wanted).all():
        for vintage in read_vintages(connection, row.unit_id, [row.week]):
            store_sums(connection, row.unit_id, vintage.counts, versions)
            made += 1
    return made


def _read_counts(
    connection: Connection, unit_id: str, wanted: Collection[Name]
) -> Iterable[WeekCounts]:
    """The vintages of these weeks and numbers: by their sums, or by their counts where none are kept."""
    sums = read_sums(connection, unit_id, [week for week, _ in wanted])
    for name in wanted:
        if name in sums:
            yield _summed(connection.engine, unit_id, name, sums[name])
    bare = [week for week, number in wanted if (week, number) not in sums]
    for vintage in read_vintages(connection, unit_id, bare) if bare else ():
        if (str(vintage.week), vintage.number) in wanted:
            yield vintage.counts


def _summed(engine: Engine, unit_id: str, name: Name, sums: str) -> WeekCounts:
    week, number = name

    def psus() -> Iterable[PsuTotals]:
        with engine.connect() as connection:
            found = read_vintages(connection, unit_id, [week])
        return next(vintage.counts.psus for vintage in found if vintage.number == number)

    names, *lines = sums.split("\n")
    kept = dict(zip(names.split("\t"), lines, strict=True))
    return WeekCounts(Week.parse(week), number, CountedLater(int(kept["size"]), psus), kept)
