"""Sums of a part of the forms as one table: a row a sampling unit, a column a series.

So they are kept with a vintage, and so weeks are joined: one under another, whatever the number of series, without a number
being looked at. What is kept is little-endian, so that one machine's file is another's.
"""

import json
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from operator import add
from typing import Any

from survey_app.domain.tally import Series, Tally

# A store of a tally and the key in it: ("indicators", "5.1", "q"), ("items", "q"), ("shares", "satisfaction").
Name = tuple[str, ...]
_STORES = ("indicators", "items", "shares")
_SUM, _COUNT = "d", "I"
# Which column of another heading goes to each column; None: it has none.
Places = tuple[int | None, ...]


@dataclass(frozen=True, eq=False)
class Heading:
    """The names of each column: an item that counts for one sub-dimension alone is its indicator's. Equal ones are one."""

    names: tuple[tuple[Name, ...], ...]

    @cached_property
    def places(self) -> dict[Name, int]:
        """The column of each name."""
        return {name: place for place, names in enumerate(self.names) for name in names}


@dataclass(frozen=True, slots=True)
class Columns:
    """Sums and answers row by row; `silent`: of each column those who did not know, then those who refused."""

    heading: Heading
    psu_forms: list[int]
    forms_any: dict[str, int]
    versions: frozenset[str]
    sums: "array[float]"
    answers: "array[int]"
    silent: "array[int]"


def columns_of(made: Tally) -> Columns:
    """The columns of a finished tally."""
    named = _named(made)
    series = [one for _, one in named]
    return Columns(
        heading=_one(tuple(names for names, _ in named)),
        psu_forms=list(made.psu_forms),
        forms_any=dict(made.forms_any),
        versions=made.versions,
        sums=array(_SUM, chain.from_iterable(zip(*(s.sums for s in series), strict=True))),
        answers=array(_COUNT, chain.from_iterable(zip(*(s.answers for s in series), strict=True))),
        silent=array(_COUNT, [*(s.dont_know for s in series), *(s.refused for s in series)]),
    )


def tally_of(strata: Sequence[str], columns: Columns) -> Tally:
    """The tally of the columns; `strata`: of each row."""
    result = Tally(list(strata), list(columns.psu_forms), forms=sum(columns.psu_forms))
    result.versions = columns.versions
    result.forms_any.update(columns.forms_any)
    stores: dict[str, dict[Any, Series]] = {store: getattr(result, store) for store in _STORES}
    width = len(columns.heading.names)
    for place, names in enumerate(columns.heading.names):
        sums, answers = columns.sums[place::width], columns.answers[place::width]
        series = Series(sums, answers, *columns.silent[place::width])
        for store, *key in names:
            stores[store][tuple(key) if len(key) > 1 else key[0]] = series
    return result


def below(parts: Sequence[Columns]) -> Columns:
    """The rows of all parts, one part under another."""
    if len(parts) == 1:
        return parts[0]
    aligned = _aligned(parts)
    return Columns(
        heading=aligned[0].heading,
        psu_forms=[forms for part in parts for forms in part.psu_forms],
        forms_any=_added([part.forms_any for part in parts]),
        versions=frozenset().union(*(part.versions for part in parts)),
        sums=_chained(_SUM, [part.sums for part in aligned]),
        answers=_chained(_COUNT, [part.answers for part in aligned]),
        silent=array(_COUNT, map(sum, zip(*(part.silent for part in aligned), strict=True))),
    )


def beside(parts: Sequence[Columns]) -> Columns:
    """The same rows, with the forms of all parts."""
    result, *others = _aligned(parts)
    for part in others:
        result = Columns(
            heading=result.heading,
            psu_forms=[*map(add, result.psu_forms, part.psu_forms)],
            forms_any=_added([result.forms_any, part.forms_any]),
            versions=result.versions | part.versions,
            sums=array(_SUM, map(add, result.sums, part.sums)),
            answers=array(_COUNT, map(add, result.answers, part.answers)),
            silent=array(_COUNT, map(add, result.silent, part.silent)),
        )
    return result


def dump_parts(parts: Mapping[str, Columns]) -> bytes:
    """Parts as they are kept: a line of JSON that says where each is, a line for each heading, then the parts."""
    headings = list(dict.fromkeys(part.heading for part in parts.values()))
    dumped = {name: _dump_part(part) for name, part in parts.items()}
    index = [
        [name, headings.index(part.heading), len(dumped[name])] for name, part in parts.items()
    ]
    lines = [_dump(index), *(_dump(heading.names) for heading in headings)]
    return b"".join([*(f"{line}\n".encode() for line in lines), *dumped.values()])


class KeptParts(Mapping[str, Columns]):
    """The inverse of `dump_parts`; a part is read when it is asked for."""

    def __init__(self, kept: bytes) -> None:
        line, _, rest = kept.partition(b"\n")
        index = json.loads(line.decode())
        *headings, rest = rest.split(b"\n", len({heading for _, heading, _ in index}))
        self._found: dict[str, tuple[bytes, bytes]] = {}
        start = 0
        for name, heading, length in index:
            self._found[name] = headings[heading], rest[start : start + length]
            start += length

    def __getitem__(self, name: str) -> Columns:
        heading, kept = self._found[name]
        return _load_part(_load_heading(heading), kept)

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _named(made: Tally) -> list[tuple[tuple[Name, ...], Series]]:
    by_question: dict[str, list[str]] = {}
    for sub, question in made.indicators:
        by_question.setdefault(question, []).append(sub)
    result: list[tuple[tuple[Name, ...], Series]] = []
    doubled = set()
    for (sub, question), series in sorted(made.indicators.items()):
        names: tuple[Name, ...] = (("indicators", sub, question),)
        if len(by_question[question]) == 1 and made.items.get(question) == series:
            names += (("items", question),)
            doubled.add(question)
        result.append((names, series))
    items = sorted(made.items.items())
    result += [((("items", name),), series) for name, series in items if name not in doubled]
    return result + [((("shares", key),), made.shares[key]) for key in sorted(made.shares)]


def _aligned(parts: Sequence[Columns]) -> Sequence[Columns]:
    """The parts under one heading, with columns of zeros where a part has none; names stay together where they are in all."""
    headings = tuple(dict.fromkeys(part.heading for part in parts))
    if len(headings) == 1:
        return parts
    heading, moved = _merged(headings)
    return [_under(heading, moved[part.heading], part) for part in parts]


@lru_cache(maxsize=1024)
def _merged(headings: Sequence[Heading]) -> tuple[Heading, Mapping[Heading, Places]]:
    """A heading with the names of all, and of each of them the columns that go there."""
    by_places: dict[Places, list[Name]] = {}
    for name in dict.fromkeys(name for heading in headings for name in heading.places):
        places = tuple([heading.places.get(name) for heading in headings])
        by_places.setdefault(places, []).append(name)
    moved = dict(zip(headings, zip(*by_places, strict=True), strict=True))
    return _one(tuple(map(tuple, by_places.values()))), moved


def _under(heading: Heading, places: Places, part: Columns) -> Columns:
    width, old_width, rows = len(heading.names), len(part.heading.names), len(part.psu_forms)
    sums = array(_SUM, [0.0]) * (rows * width)
    answers, silent = array(_COUNT, [0]) * (rows * width), array(_COUNT, [0]) * (2 * width)
    for new, old in enumerate(places):
        if old is not None:
            sums[new::width] = part.sums[old::old_width]
            answers[new::width] = part.answers[old::old_width]
            silent[new::width] = part.silent[old::old_width]
    return Columns(heading, part.psu_forms, part.forms_any, part.versions, sums, answers, silent)


def _added(numbers: Sequence[Mapping[str, int]]) -> dict[str, int]:
    result: dict[str, int] = {}
    for one in numbers:
        for key, number in one.items():
            result[key] = result.get(key, 0) + number
    return result


def _chained(kind: str, parts: Sequence["array[Any]"]) -> "array[Any]":
    result = array(kind)
    for part in parts:
        result.extend(part)
    return result


def _dump_part(part: Columns) -> bytes:
    numbers = [part.psu_forms, dict(sorted(part.forms_any.items())), sorted(part.versions)]
    columns = (part.sums, part.answers, part.silent)
    return b"".join([f"{_dump(numbers)}\n".encode(), *(_little(one).tobytes() for one in columns)])


def _load_part(heading: Heading, kept: bytes) -> Columns:
    line, _, data = kept.partition(b"\n")
    psu_forms, forms_any, versions = json.loads(line.decode())
    cells = len(psu_forms) * len(heading.names)
    sums, answers, silent = array(_SUM), array(_COUNT), array(_COUNT)
    first, second = cells * sums.itemsize, cells * (sums.itemsize + answers.itemsize)
    sums.frombytes(data[:first])
    answers.frombytes(data[first:second])
    silent.frombytes(data[second:])
    found = (_little(sums), _little(answers), _little(silent))
    return Columns(heading, psu_forms, forms_any, frozenset(versions), *found)


def _little(numbers: "array[Any]") -> "array[Any]":
    """Little-endian from this machine's order, and back."""
    if sys.byteorder == "little":
        return numbers
    swapped = array(numbers.typecode, numbers)
    swapped.byteswap()
    return swapped


# Few exist, and parts that share one are joined without looking at it.
_headings: dict[tuple[tuple[Name, ...], ...], Heading] = {}


def _one(names: tuple[tuple[Name, ...], ...]) -> Heading:
    return _headings.setdefault(names, Heading(names))


@lru_cache(maxsize=1024)
def _load_heading(line: bytes) -> Heading:
    return _one(tuple(tuple(map(tuple, names)) for names in json.loads(line.decode())))


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
