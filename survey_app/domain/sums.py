"""What figures read of closed weeks: counts summed by sampling unit, week by week, and windows joined from them.

A week is summed once. The store keeps the sums beside the counts that they were made of (`keep_sums`), so that
a page reads them and never the counts; `survey-app verify` makes them anew and compares. A row file has none: there the
same functions sum the counts.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import is_
from typing import Any, TypeVar

from survey_app.domain.counting import CellKey, Totals, Versions
from survey_app.domain.modules import module_forms
from survey_app.domain.psu import WeekCounts
from survey_app.domain.tally import (
    SCORED_CHANNELS,
    Keep,
    Series,
    Tally,
    every_form,
    kiosk_only,
    tally,
    without_flagged,
)
from survey_app.domain.thickness import (
    Thickness,
    joined_thickness,
    thickness_from_json,
    thickness_of,
    thickness_to_json,
)
from survey_app.domain.weeks import Week, Window

# What is kept must be made anew when its form or its arithmetic changes.
FORMAT = 1
EVERY, UNFLAGGED, TABLETS, GROUP = "every", "unflagged", "tablets", "group "
_KEEPS: Mapping[str, Keep] = {
    EVERY: every_form,
    UNFLAGGED: without_flagged,
    TABLETS: kiosk_only,
}
Weeks = Mapping[Week, WeekCounts]
Key = TypeVar("Key")
Made = TypeVar("Made")


def of_group(group: str) -> str:
    """The name of the part of a week's forms that named the procedure group."""
    return f"{GROUP}{group}"


def week_modules(counts: WeekCounts, versions: Versions) -> dict[str, list[int]]:
    """Complete scored forms by version and module."""

    def make() -> dict[str, list[int]]:
        if "modules" in counts.kept:
            found: dict[str, list[int]] = json.loads(counts.kept["modules"])
            return found
        return module_forms((psu.totals for psu in counts.psus), versions)

    return counts.once("modules", make)


def week_tally(counts: WeekCounts, part: str, versions: Versions) -> Tally:
    """The week's sums of a part of its forms: EVERY, UNFLAGGED, TABLETS or `of_group`. Its PSUs stay."""

    def make() -> Tally:
        if part in counts.kept:
            return _read(counts, counts.kept[part])
        keep = _keep(part)
        chosen = [keep(key) for key in counts.cells if key.channel in SCORED_CHANNELS]
        if not any(chosen):
            return Tally([str(counts.week)] * len(counts.psus), [0] * len(counts.psus))
        if all(chosen) and part != EVERY:
            return week_tally(counts, EVERY, versions)
        return tally(counts.strata, versions, keep)

    return counts.once(part, make)


def week_thickness(counts: WeekCounts, versions: Versions) -> Thickness:
    """How many answers the week holds, and over how many days."""

    def make() -> Thickness:
        if "thickness" in counts.kept:
            return thickness_from_json(json.loads(counts.kept["thickness"]))
        return thickness_of(week_tally(counts, EVERY, versions))

    return counts.once("thickness", make)


def keep_sums(counts: WeekCounts, versions: Versions) -> dict[str, str]:
    """Everything above of one week, as it is kept: JSON by name. Parts of all forms, or of none, need no sums of their own."""
    cells = counts.cells
    scored = [key for key in cells if key.channel in SCORED_CHANNELS]
    kept = {
        "size": str(len(counts.psus)),
        "questionnaires": _dump(sorted(counts.questionnaires)),
        "cells": _dump(
            [[k.questionnaire, k.channel, k.group, k.flagged, n] for k, n in cells.items()]
        ),
        "modules": _dump(week_modules(counts, versions)),
        "thickness": _dump(thickness_to_json(week_thickness(counts, versions))),
    }
    for part in (EVERY, UNFLAGGED, TABLETS, *sorted({of_group(key.group) for key in scored})):
        chosen = [_keep(part)(key) for key in scored]
        if any(chosen) and (part == EVERY or not all(chosen)):
            kept[part] = _dump(_plain(week_tally(counts, part, versions)))
    return kept


def psus_in(window: Window, weeks: Weeks) -> list[tuple[str, Totals]]:
    """(stratum, totals) of a window's PSUs, week by week."""
    return [psu for week in window.weeks if week in weeks for psu in weeks[week].strata]


def cells_in(window: Window, weeks: Weeks) -> list[tuple[CellKey, int]]:
    """Scored cells of a window's weeks with their complete forms."""
    return _once(window, weeks, "cells", _scored_cells)


def window_thickness(window: Window, weeks: Weeks, versions: Versions) -> Thickness:
    """How many answers the window holds, and over how many days."""
    return _once(
        window,
        weeks,
        "thickness",
        lambda parts: joined_thickness([week_thickness(counts, versions) for counts in parts]),
    )


def tally_window(window: Window, weeks: Weeks, versions: Versions) -> Tally:
    """The window's official counts: each week is summed once, longer windows join the sums of their weeks."""
    return _once(window, weeks, EVERY, lambda parts: _sum(parts, EVERY, versions))


def tally_part(window: Window, weeks: Weeks, versions: Versions, part: str) -> Tally:
    """The window's counts of a part of its forms, joined once; their PSUs stay."""
    whole = tally_window(window, weeks, versions)
    parts = _weeks_of(window, weeks)
    return whole.once(("part", part), lambda: _sum(parts, part, versions)) if parts else whole


def tally_groups(window: Window, weeks: Weeks, versions: Versions, groups: Sequence[str]) -> Tally:
    """The window's counts of the forms that named one of the procedure groups; their PSUs stay."""
    return _side_by_side([tally_part(window, weeks, versions, of_group(group)) for group in groups])


def _scored_cells(parts: Sequence[WeekCounts]) -> list[tuple[CellKey, int]]:
    cells = (item for counts in parts for item in counts.cells.items())
    return [(key, forms) for key, forms in cells if key.channel in SCORED_CHANNELS]


def _once(
    window: Window, weeks: Weeks, name: str, make: Callable[[Sequence[WeekCounts]], Made]
) -> Made:
    """What `make` makes of a window's weeks; the last of them keeps it, for as long as the earlier ones are the same."""
    parts = _weeks_of(window, weeks)
    if not parts:
        return make(parts)
    *earlier, last = parts
    key = f"{window.kind} {name}"
    known = last.derived.get(key)
    if known is None or len(known[0]) != len(earlier) or not all(map(is_, known[0], earlier)):
        known = last.derived[key] = (earlier, make(parts))
    found: Made = known[1]
    return found


def _weeks_of(window: Window, weeks: Weeks) -> list[WeekCounts]:
    return [weeks[week] for week in window.weeks if week in weeks]


def _sum(weeks: Sequence[WeekCounts], part: str, versions: Versions) -> Tally:
    parts = [week_tally(counts, part, versions) for counts in weeks]
    return parts[0] if len(parts) == 1 else _joined(parts)


def _keep(part: str) -> Keep:
    if part in _KEEPS:
        return _KEEPS[part]
    return lambda key: of_group(key.group) == part


def _joined(parts: Sequence[Tally]) -> Tally:
    """The tally of all the parts' PSUs, in order."""
    result = Tally(
        strata=[stratum for part in parts for stratum in part.strata],
        psu_forms=[forms for part in parts for forms in part.psu_forms],
    )
    sizes = [len(part.strata) for part in parts]
    return _fill(result, parts, lambda stores: _joined_series(stores, sizes))


def _joined_series(
    stores: Sequence[Mapping[Key, Series]], sizes: Sequence[int]
) -> dict[Key, Series]:
    result = {key: Series([], []) for store in stores for key in store}
    nothing = [_nothing(size) for size in sizes]
    for key, series in result.items():
        for store, empty in zip(stores, nothing, strict=True):
            part = store.get(key, empty)
            series.sums += part.sums
            series.answers += part.answers
            series.dont_know += part.dont_know
            series.refused += part.refused
    return result


def _side_by_side(parts: Sequence[Tally]) -> Tally:
    """The tally of forms that the parts hold between them, of the same PSUs."""
    if len(parts) == 1:
        return parts[0]
    result = Tally(list(parts[0].strata), _columns([part.psu_forms for part in parts]))
    return _fill(result, parts, lambda stores: _added_series(stores, len(result.strata)))


def _added_series(stores: Sequence[Mapping[Key, Series]], size: int) -> dict[Key, Series]:
    keys = dict.fromkeys(key for store in stores for key in store)
    return {key: _added([s[key] for s in stores if key in s], size) for key in keys}


def _added(parts: Sequence[Series], size: int) -> Series:
    result = _nothing(size)
    for part in parts:
        result.sums = [one + other for one, other in zip(result.sums, part.sums, strict=True)]
        result.answers = _columns([result.answers, part.answers])
        result.dont_know += part.dont_know
        result.refused += part.refused
    return result


def _fill(
    result: Tally,
    parts: Sequence[Tally],
    series: Callable[[Sequence[Mapping[Any, Series]]], dict[Any, Series]],
) -> Tally:
    result.forms = sum(part.forms for part in parts)
    result.versions = frozenset().union(*(part.versions for part in parts))
    for part in parts:
        result.forms_any.update(part.forms_any)
    result.indicators.update(series([part.indicators for part in parts]))
    result.items.update(series([part.items for part in parts]))
    result.shares.update(series([part.shares for part in parts]))
    return result


def _columns(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _nothing(size: int) -> Series:
    return Series([0.0] * size, [0] * size)


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _plain(made: Tally) -> dict[str, object]:
    """A tally as it is kept; a series without a form that was asked is an empty list."""
    return {
        "psu_forms": made.psu_forms,
        "forms_any": made.forms_any,
        "versions": sorted(made.versions),
        "indicators": [
            [*key, *_numbers(series)] for key, series in sorted(made.indicators.items())
        ],
        "items": {key: _numbers(series) for key, series in made.items.items()},
        "shares": {key: _numbers(series) for key, series in made.shares.items()},
    }


def _numbers(series: Series) -> list[object]:
    if not series.asked:
        return []
    return [series.sums, series.answers, series.dont_know, series.refused]


def _read(counts: WeekCounts, text: str) -> Tally:
    """The inverse of `_plain`."""
    found = json.loads(text)
    size = len(counts.psus)
    result = Tally([str(counts.week)] * size, found["psu_forms"])
    result.forms = sum(result.psu_forms)
    result.forms_any.update(found["forms_any"])
    result.versions = frozenset(found["versions"])
    for sub, question, *numbers in found["indicators"]:
        result.indicators[sub, question] = Series(*numbers) if numbers else _nothing(size)
    for store, name in ((result.items, "items"), (result.shares, "shares")):
        for key, numbers in found[name].items():
            store[key] = Series(*numbers) if numbers else _nothing(size)
    return result
