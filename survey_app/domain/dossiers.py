"""Dossiers that a centre finished: reading what an administrator reports, and summing it over a window."""

import re
from collections.abc import Mapping, Sequence

from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week, Window
from survey_app.domain.weighted import Dossiers

TOTAL = "total"
MOST = 1_000_000
# "1.234", "1 234", "1,234": points, spaces and commas only between groups of three digits.
_NUMBER = re.compile(r"\d+|\d{1,3}([., \u00a0]\d{3})+")


def read_dossiers(cells: Mapping[str, str], groups: Sequence[str]) -> Dossiers | list[Problem]:
    """A week's report from what was typed: the total, and every procedure group or none.

    `cells` by group and "total"; an empty total is the sum of the groups.
    """
    typed = {key: cells.get(key, "").strip() for key in (*groups, TOTAL)}
    numbers = {key: _number(text) for key, text in typed.items() if text}
    problems = [
        Problem("dossiers.number", key, {"most": MOST})
        for key, number in numbers.items()
        if number is None or number > MOST
    ]
    if problems:
        return problems
    known = {key: number for key, number in numbers.items() if number is not None}
    return _checked(known, groups)


def in_window(reported: Mapping[Week, Dossiers], window: Window) -> Dossiers | None:
    """The window's dossiers; None unless each of its weeks was reported.

    A group counts only where every week has it.
    """
    weeks = [reported.get(week) for week in window.weeks]
    known = [week for week in weeks if week is not None]
    if len(known) < len(weeks):
        return None
    shared = [group for group in known[0].by_group if all(group in k.by_group for k in known)]
    return Dossiers(
        by_group={group: sum(week.by_group[group] for week in known) for group in shared},
        total=sum(week.total for week in known),
    )


def _checked(known: Mapping[str, int], groups: Sequence[str]) -> Dossiers | list[Problem]:
    by_group = {group: known[group] for group in groups if group in known}
    total = known.get(TOTAL)
    if by_group and len(by_group) < len(groups):
        missing = (group for group in groups if group not in by_group)
        return [Problem("dossiers.group_missing", group) for group in missing]
    if total is None and not by_group:
        return [Problem("dossiers.nothing", TOTAL)]
    added = sum(by_group.values())
    if total is not None and by_group and added != total:
        return [Problem("dossiers.sum_differs", TOTAL, {"sum": added, "total": total})]
    return Dossiers(by_group, added if total is None else total)


def _number(text: str) -> int | None:
    return int(re.sub(r"\D", "", text)) if _NUMBER.fullmatch(text) else None
