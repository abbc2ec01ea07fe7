"""What was frozen, read back: vintages with their counts, and the sums of those counts that figures read.

The sums are kept beside the counts when a week is frozen, so that a page reads a few numbers of each week. They can always be
made anew: a vintage without them, or with those of an earlier form, is read by its counts and gives the same figures.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import groupby
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
)

from survey_app.domain.columns import KeptParts, dump_parts
from survey_app.domain.counting import Versions
from survey_app.domain.psu import CountedLater, Kept, PsuTotals, WeekCounts
from survey_app.domain.sums import FORMAT, keep_numbers, keep_parts
from survey_app.domain.weeks import Week, Window
from survey_app.store import schema
from survey_app.store.psus import StoredPsu, psu_from_json
from survey_app.store.questionnaires import versions as all_versions

# Five units with two years each; up to 100 kB a week.
_MOST_READ = 520
_table = schema.vintage
_sums = schema.vintage_sum


def _own(table: Table) -> ColumnElement[bool]:
    span = table.c.week.between(bindparam("first"), bindparam("last"))
    return and_(table.c.unit_id == bindparam("unit"), span)


# Built once: building one takes longer than it takes the database to answer it. The newest of a week comes last.
_ENTERED = (
    select(_table.c.week, _table.c.number, _table.c.closed_at, _table.c.forms)
    .where(_own(_table), _table.c.figures_from <= bindparam("as_of"))
    .order_by(_table.c.week, _table.c.number)
)
_OF_TODAY = and_(_own(_sums), _sums.c.format == FORMAT)
_NUMBERS = select(_sums.c.week, _sums.c.number, _sums.c.numbers).where(_OF_TODAY)
_PARTS = select(_sums.c.week, _sums.c.number, _sums.c.parts).where(_OF_TODAY)
# Week and number.
Name = tuple[str, int]
Opened = Callable[[], AbstractContextManager[Connection]]
# Numbers and parts.
Sums = tuple[str, bytes]


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
    for counts in _read_counts(connection, unit_id, missing, connection.engine.connect):
        key = missing[str(counts.week), counts.number]
        found[key] = known[key] = counts
    return {found[key].week: found[key] for key in wanted if key in found}


def week_psus_for_writing(
    connection: Connection, unit_id: str, weeks: Iterable[Week]
) -> dict[Week, WeekCounts]:
    """The same for a transaction that writes, and to be used within it: a second connection would wait for it for ever."""
    wanted = {(key[1], key[2]) for key in _in_figures(connection, unit_id, weeks, None)}
    found = _read_counts(connection, unit_id, wanted, lambda: nullcontext(connection))
    return {counts.week: counts for counts in found}


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


def dump_sums(counts: WeekCounts, versions: Versions) -> Sums:
    """The sums of a vintage as they are kept: numbers (a line of names, and of each a line of JSON), and parts."""
    numbers = keep_numbers(counts, versions)
    text = "\n".join(["\t".join(numbers), *numbers.values()])
    return text, dump_parts(keep_parts(counts, versions))


def store_sums(
    connection: Connection, unit_id: str, counts: WeekCounts, versions: Versions
) -> None:
    """Keep the sums of a vintage, in place of those it had."""
    key = {"unit_id": unit_id, "week": str(counts.week), "number": counts.number}
    own = [_sums.c[name] == value for name, value in key.items()]
    connection.execute(delete(_sums).where(*own))
    numbers, parts = dump_sums(counts, versions)
    values = {**key, "format": FORMAT, "numbers": numbers, "parts": parts}
    connection.execute(insert(_sums).values(**values))


def read_sums(connection: Connection, unit_id: str, week: str) -> dict[int, Sums]:
    """The sums that are kept of the week's vintages, by number; those of another form are none."""
    own = _sums.c
    query = select(own.number, own.numbers, own.parts).where(
        own.unit_id == unit_id, own.week == week, own.format == FORMAT
    )
    return {number: (numbers, parts) for number, numbers, parts in connection.execute(query)}


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
    wanted = {str(week) for week in weeks}
    values = {
        "unit": unit_id,
        "first": min(wanted, default=""),
        "last": max(wanted, default=""),
        # Without a week, one that none reaches: their numbers have two digits.
        "as_of": str(as_of) if as_of else "9999-W99",
    }
    newest = {row[0]: (unit_id, *row) for row in connection.execute(_ENTERED, values)}
    return [key for week, key in newest.items() if week in wanted]


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
    connection: Connection, unit_id: str, wanted: Collection[Name], opened: Opened
) -> Iterable[WeekCounts]:
    """The vintages of these weeks and numbers: by their sums, or by their counts where none are kept.

    `opened`: the connection that fetches what is only fetched when it is looked at.
    """
    if not wanted:
        return
    numbers = _read_numbers(connection, unit_id, wanted)
    for _, names in groupby(sorted(numbers), key=_block):
        parts = _PartsOf(opened, unit_id, list(names))
        for name in parts.names:
            yield _summed(parts, name, numbers[name])
    bare = [week for week, number in wanted if (week, number) not in numbers]
    for vintage in read_vintages(connection, unit_id, bare) if bare else ():
        if (str(vintage.week), vintage.number) in wanted:
            yield vintage.counts


def _read_numbers(
    connection: Connection, unit_id: str, wanted: Collection[Name]
) -> dict[Name, str]:
    span = {"unit": unit_id, "first": min(wanted)[0], "last": max(wanted)[0]}
    rows = connection.execute(_NUMBERS, span)
    return {(week, number): text for week, number, text in rows if (week, number) in wanted}


def _block(name: Name) -> Window:
    return Week.parse(name[0]).block


@dataclass(frozen=True)
class _PartsOf:
    """The parts of a block's vintages, read together when the first is looked at: most figures stand on several weeks."""

    opened: Opened
    unit_id: str
    names: Sequence[Name]

    @cached_property
    def by_name(self) -> Mapping[Name, bytes]:
        span = {"unit": self.unit_id, "first": self.names[0][0], "last": self.names[-1][0]}
        with self.opened() as connection:
            rows = connection.execute(_PARTS, span).all()
        return {(week, number): parts for week, number, parts in rows}


def _summed(parts: _PartsOf, name: Name, text: str) -> WeekCounts:
    week, number = name

    def psus() -> Iterable[PsuTotals]:
        with parts.opened() as connection:
            found = read_vintages(connection, parts.unit_id, [week])
        return next(vintage.counts.psus for vintage in found if vintage.number == number)

    names, *lines = text.split("\n")
    numbers = dict(zip(names.split("\t"), lines, strict=True))
    kept = Kept(numbers, cache(lambda: KeptParts(parts.by_name[name])))
    return WeekCounts(Week.parse(week), number, CountedLater(int(numbers["size"]), psus), kept)
