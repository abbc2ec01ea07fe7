"""What figures read of closed weeks: counts summed by sampling unit, week by week, and windows joined from them.

A week is summed once. The store keeps the sums beside the counts that they were made of (`keep_sums`), so that
a page reads them and never the counts; `survey-app verify` makes them anew and compares. A row file has none: there the
same functions sum the counts.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import is_
from typing import TypeVar

from survey_app.domain.columns import Columns, below, beside, columns_of, tally_of
from survey_app.domain.counting import CellKey, Totals, Versions
from survey_app.domain.modules import module_forms
from survey_app.domain.psu import WeekCounts
from survey_app.domain.tally import (
    SCORED_CHANNELS,
    Keep,
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
FORMAT = 2
EVERY, UNFLAGGED, TABLETS, GROUP = "every", "unflagged", "tablets", "group "
_KEEPS: Mapping[str, Keep] = {
    EVERY: every_form,
    UNFLAGGED: without_flagged,
    TABLETS: kiosk_only,
}
Weeks = Mapping[Week, WeekCounts]
Made = TypeVar("Made")


def of_group(group: str) -> str:
    """The name of the part of a week's forms that named the procedure group."""
    return f"{GROUP}{group}"


def week_modules(counts: WeekCounts, versions: Versions) -> dict[str, list[int]]:
    """Complete scored forms by version and module."""

    def make() -> dict[str, list[int]]:
        if counts.kept is not None:
            found: dict[str, list[int]] = json.loads(counts.kept.numbers["modules"])
            return found
        return module_forms((psu.totals for psu in counts.psus), versions)

    return counts.once("modules", make)


def week_columns(counts: WeekCounts, part: str, versions: Versions) -> Columns:
    """The week's sums of a part of its forms: EVERY, UNFLAGGED, TABLETS or `of_group`. Its PSUs stay."""

    def make() -> Columns:
        keep = _keep(part)
        chosen = [keep(key) for key in counts.cells if key.channel in SCORED_CHANNELS]
        if not any(chosen):
            return columns_of(Tally(psu_forms=[0] * len(counts.psus)))
        if all(chosen) and part != EVERY:
            return week_columns(counts, EVERY, versions)
        if counts.kept is not None:
            return counts.kept.parts()[part]
        return columns_of(tally(counts.strata, versions, keep))

    return counts.once(part, make)


def week_thickness(counts: WeekCounts, versions: Versions) -> Thickness:
    """How many answers the week holds, and over how many days."""

    def make() -> Thickness:
        if counts.kept is not None:
            return thickness_from_json(json.loads(counts.kept.numbers["thickness"]))
        return thickness_of(tally_window(counts.week.window, {counts.week: counts}, versions))

    return counts.once("thickness", make)


def keep_numbers(counts: WeekCounts, versions: Versions) -> dict[str, str]:
    """Numbers of one week as they are kept: JSON by name."""
    return {
        "size": str(len(counts.psus)),
        "questionnaires": _dump(sorted(counts.questionnaires)),
        "cells": _dump(
            [[k.questionnaire, k.channel, k.group, k.flagged, n] for k, n in counts.cells.items()]
        ),
        "modules": _dump(week_modules(counts, versions)),
        "thickness": _dump(thickness_to_json(week_thickness(counts, versions))),
    }


def keep_parts(counts: WeekCounts, versions: Versions) -> dict[str, Columns]:
    """Sums of one week as they are kept. Parts of all forms, or of none, need no sums of their own."""
    scored = [key for key in counts.cells if key.channel in SCORED_CHANNELS]
    kept = {}
    for part in (EVERY, UNFLAGGED, TABLETS, *sorted({of_group(key.group) for key in scored})):
        chosen = [_keep(part)(key) for key in scored]
        if any(chosen) and (part == EVERY or not all(chosen)):
            kept[part] = week_columns(counts, part, versions)
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
    return _once(window, weeks, EVERY, lambda parts: _tally(parts, [EVERY], versions))


def tally_part(window: Window, weeks: Weeks, versions: Versions, part: str) -> Tally:
    """The window's counts of a part of its forms, joined once; their PSUs stay."""
    whole = tally_window(window, weeks, versions)
    parts = _weeks_of(window, weeks)
    return whole.once(("part", part), lambda: _tally(parts, [part], versions)) if parts else whole


def tally_groups(window: Window, weeks: Weeks, versions: Versions, groups: Sequence[str]) -> Tally:
    """The window's counts of the forms that named one of the procedure groups; their PSUs stay."""
    return _tally(_weeks_of(window, weeks), [of_group(group) for group in groups], versions)


def _scored_cells(parts: Sequence[WeekCounts]) -> list[tuple[CellKey, int]]:
    result: Counter[CellKey] = Counter()
    for counts in parts:
        result.update(counts.cells)
    return [(key, forms) for key, forms in result.items() if key.channel in SCORED_CHANNELS]


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
    found = map(weeks.get, window.weeks)
    return [counts for counts in found if counts is not None]


def _tally(weeks: Sequence[WeekCounts], parts: Sequence[str], versions: Versions) -> Tally:
    """The tally of the forms that the parts hold between them."""
    if not weeks:
        return Tally()
    strata = [str(counts.week) for counts in weeks for _ in range(len(counts.psus))]
    joined = [below([week_columns(counts, part, versions) for counts in weeks]) for part in parts]
    return tally_of(strata, beside(joined))


def _keep(part: str) -> Keep:
    if part in _KEEPS:
        return _KEEPS[part]
    return lambda key: of_group(key.group) == part


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
