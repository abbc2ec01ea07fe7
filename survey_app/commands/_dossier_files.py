"""Numbers of finished dossiers for `survey-app score`: the very table that an administrator enters, one file a unit."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from survey_app.domain.counting import Versions
from survey_app.domain.dossier_table import WEEK, LineProblem, read_table
from survey_app.domain.dossiers import TOTAL
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers, declared_groups

Reported = Mapping[str, Mapping[Week, Dossiers]]
# What the table's columns are called on the page, beside the words that `read_table` knows itself.
NAMES = {WEEK: ("Tuần",), TOTAL: ("Tổng số hồ sơ",)}
# Weeks that no figure of the row file draws on do no harm.
NO_END = Week(9999, 1)
WORDS = {
    "dossiers.number": "cần một số nguyên từ 0 đến {most}.",
    "dossiers.group_missing": "cần đủ các nhóm thủ tục, hoặc chỉ tổng số.",
    "dossiers.sum_differs": "các nhóm thủ tục cộng lại là {sum}, nhưng tổng số là {total}.",
    "dossiers.nothing": "cần số hồ sơ; nếu không có, ghi 0.",
    "dossiers.no_lines": "không có dòng số liệu nào.",
    "dossiers.many_lines": "có hơn {most} dòng.",
    "dossiers.no_week_column": "thiếu cột “Tuần”.",
    "dossiers.unknown_column": "cột “{name}” không phải nhóm thủ tục, cũng không phải tổng số.",
    "dossiers.column_twice": "có hai cột trùng nhau.",
    "dossiers.cells": "có {cells} ô, trong khi bảng có {columns} cột.",
    "dossiers.week": "“{text}” không phải là tuần. Tuần viết như 2026-W47 hoặc 47/2026.",
    "dossiers.week_twice": "tuần này đã có ở dòng {line}.",
}


class UnusableDossiers(ValueError):
    """What was given with --dossiers names no unit of the row file, or is no such table."""


def read_dossier_files(given: Sequence[str], units: Sequence[str], versions: Versions) -> Reported:
    """Dossiers by unit and week from texts "UNIT=FILE"; a unit by its id or its code.

    Raises UnusableDossiers, and OSError for a file that cannot be read.
    """
    groups = _groups(versions)
    return dict(_read(text, units, groups) for text in given)


def _read(
    text: str, units: Sequence[str], groups: Mapping[str, str]
) -> tuple[str, Mapping[Week, Dossiers]]:
    name, _, path = text.partition("=")
    named = [unit for unit in units if name in {unit, unit.partition("@")[0]}]
    if len(named) != 1 or not path:
        known = ", ".join(units)
        raise UnusableDossiers(f"--dossiers {text}: cần ĐƠN-VỊ=TỆP, đơn vị là một trong: {known}.")
    try:
        table = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableDossiers(f"{path}: không phải văn bản UTF-8.") from error
    found = read_table(table, groups, NO_END, NAMES)
    if not isinstance(found, dict):
        raise UnusableDossiers("\n".join(_line_text(path, one) for one in found))
    return named[0], found


def _groups(versions: Versions) -> dict[str, str]:
    """Procedure groups by code, with the words of the newest version."""
    newest = max(versions.values(), key=lambda version: version.structure.version)
    questions = newest.with_role("procedure")
    return {
        code: newest.say("vi", f"{question.id}.choice.{code}")
        for question in questions
        for code in declared_groups(versions)
    }


def _line_text(path: str, found: LineProblem) -> str:
    column = f" {found.column}:" if found.column else ""
    words = WORDS[found.problem.code].format_map(dict(found.problem.params))
    return f"{path}: dòng {found.line}:{column} {words}"
