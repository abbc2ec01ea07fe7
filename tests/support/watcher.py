"""Somebody who stood at the counter with a watch, and reads every byte that the server leaves.

He knows in which order people came. A *trace* is what he found: sequences of form ids, each in an order that the system wrote
down somewhere (a file, a page of a file, a table). He holds pairs of one day against each other: the day itself is kept.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

from sqlalchemy import Connection, text

from survey_app.store.engine import Database

Trace = list[list[str]]
_SHUFFLES = 200
_PAGES = {"sqlite": 4096, "postgresql": 8192}
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def evidence(trace: Trace, days: Sequence[Sequence[str]]) -> float:
    """How far from chance a trace agrees with the order of arrival, in standard deviations; 0 where it says nothing.

    `days`: for each day its ids in the order in which people came.
    """
    before = _before(trace, {form: day for day, forms in enumerate(days) for form in forms})
    rng = Random(44)
    chance = [
        _agreement(before, [rng.sample(forms, len(forms)) for forms in days])
        for _ in range(_SHUFFLES)
    ]
    spread = statistics.stdev(chance)
    return abs(_agreement(before, days)) / spread if spread else 0.0


def _before(trace: Trace, day_of: Mapping[str, int]) -> Counter[tuple[str, str]]:
    """How much more often one form of a day stands before another than after it."""
    found: Counter[tuple[str, str]] = Counter()
    for sequence in trace:
        known = [form for form in sequence if form in day_of]
        for one, other in combinations(known, 2):
            if one != other and day_of[one] == day_of[other]:
                found[min(one, other), max(one, other)] += 1 if one < other else -1
    return found


def _agreement(before: Counter[tuple[str, str]], days: Sequence[Sequence[str]]) -> int:
    """Weight of the pairs that stand in the order of `days`, less that of the others."""
    rank = {form: place for forms in days for place, form in enumerate(forms)}
    return sum(n if rank[one] < rank[other] else -n for (one, other), n in before.items())


def traces(database: Database, folder: Path) -> Iterator[tuple[str, Trace]]:
    """Every order in which ids stand in the database's files and other files of the folder, by the name of the place."""
    size = _PAGES["sqlite" if database.is_sqlite else "postgresql"]
    for name, content in _contents(database, folder):
        yield name, [_ids(content)]
        pages = (content[start : start + size] for start in range(0, len(content), size))
        yield f"{name}, page by page", [_ids(page) for page in pages]
    if not database.is_sqlite:
        with database.reading() as connection:
            yield from _heap_orders(connection)


def _ids(content: bytes) -> list[str]:
    return [found.group().decode() for found in _ID.finditer(content)]


def _contents(database: Database, folder: Path) -> Iterable[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
    if not database.is_sqlite:
        with database.writing() as connection:
            connection.execute(text("CHECKPOINT"))
            yield from [(name, bytes(content)) for name, content in _relations(connection)]


def _relations(connection: Connection) -> list[tuple[str, bytes]]:
    query = (
        "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class"
        " WHERE relkind IN ('r', 'i', 't') AND relnamespace = 'public'::regnamespace"
    )
    return [(row[0], row[1]) for row in connection.execute(text(query))]


def _heap_orders(connection: Connection) -> Iterator[tuple[str, Trace]]:
    for table, key in (("response", "id"), ("comment", "response_id"), ("inbox", "id")):
        for order in ("ctid", "xmin::text::bigint"):
            # What has one number has no order: such rows are no sequence.
            groups: dict[object, list[str]] = {}
            for form, place in connection.execute(text(f"SELECT {key}, {order} FROM {table}")):
                groups.setdefault(str(place) if order == "ctid" else place, []).append(form)
            ordered = [
                forms[0] for _, forms in sorted(groups.items(), key=_place) if len(forms) == 1
            ]
            yield f"{table} by {order}", [ordered]


def _place(item: tuple[object, list[str]]) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(item[0])))
