"""Forms become counts: the counter-day, the one input of every figure.

Means, shares, grades, don't-know and n are all linear in these counts, so a new scheme recounts
nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import cast

from survey_app.domain.answers import KINDS, procedure_group
from survey_app.domain.questionnaire import DONT_KNOW, NOT_ASKED, REFUSED, Question, Questionnaire
from survey_app.domain.routing import Answer

Versions = Mapping[str, Questionnaire]


@dataclass(frozen=True, slots=True)
class CountedForm:
    """What counting needs of a response."""

    questionnaire: str
    channel: str
    complete: bool
    flagged: bool
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """What counts are kept apart by within a counter-day."""

    questionnaire: str
    channel: str
    group: str
    flagged: bool


@dataclass(slots=True)
class Cell:
    """Counts of one key.

    `forms`: complete forms; `partial`: kept but never scored; `forms_any`: per dimension and
    sub-dimension, complete forms with at least one scale answer to an indicator of it; `codes`:
    per question, complete forms by code, `not_asked` included.
    """

    forms: int = 0
    partial: int = 0
    forms_any: Counter[str] = field(default_factory=Counter)
    codes: dict[str, dict[str, int]] = field(default_factory=dict)


Totals = dict[CellKey, Cell]


def count(forms: Iterable[CountedForm], versions: Versions) -> Totals:
    """Count forms; a form of an unknown version raises KeyError."""
    totals: Totals = {}
    for form in forms:
        questionnaire = versions[form.questionnaire]
        group = procedure_group(questionnaire, form.answers)
        key = CellKey(form.questionnaire, form.channel, group, form.flagged)
        cell = totals.setdefault(key, Cell())
        if form.complete:
            _count_complete(cell, questionnaire, group, form.answers)
        else:
            cell.partial += 1
    return totals


def add(totals: Iterable[Totals]) -> Totals:
    """Sum counter-days, cell by cell."""
    result: Totals = {}
    for part in totals:
        for key, cell in part.items():
            _add_cell(result.setdefault(key, Cell()), cell)
    return result


def form_count(totals: Totals) -> int:
    """Forms of every kind in `totals`."""
    return sum(cell.forms + cell.partial for cell in totals.values())


def is_counted(question: Question) -> bool:
    """Whether totals carry the question: every closed one but age and sex, which no figure uses."""
    return question.kind in KINDS and not question.is_personal


def _count_complete(
    cell: Cell, questionnaire: Questionnaire, group: str, answers: Mapping[str, Answer]
) -> None:
    cell.forms += 1
    reached: set[str] = set()
    for question in questionnaire.questions.values():
        if not is_counted(question):
            continue
        counted = cell.codes.setdefault(question.id, {})
        answer = answers.get(question.id)
        if answer is None:
            counted[NOT_ASKED] = counted.get(NOT_ASKED, 0) + 1
            continue
        for code in KINDS[question.kind].codes(answer):
            counted[code] = counted.get(code, 0) + 1
        reached |= reaches(question, group, answer)
    cell.forms_any.update(reached)


def reaches(question: Question, group: str, answer: Answer) -> set[str]:
    """The sub-dimension and dimension that an answer of the procedure group counts for; none without a place on a scale."""
    if question.indicator is None or scale_value(question, str(answer)) is None:
        return set()
    sub = question.indicator.subdimension_for(group)
    return {sub, sub.partition(".")[0]} if sub else set()


def scale_value(question: Question, code: str) -> int | None:
    """The place of a code on the indicator's scale; None for reserved and valueless codes."""
    if code in {DONT_KNOW, REFUSED, NOT_ASKED}:
        return None
    if question.kind == "integer":
        return int(code)
    return question.values.get(code)


def _add_cell(target: Cell, other: Cell) -> None:
    target.forms += other.forms
    target.partial += other.partial
    target.forms_any.update(other.forms_any)
    for question, codes in other.codes.items():
        counted = target.codes.setdefault(question, {})
        for code, number in codes.items():
            counted[code] = counted.get(code, 0) + number


def totals_to_json(totals: Totals) -> list[dict[str, object]]:
    """Totals as stored: a list of cells in key order, zero counts left out."""
    return [
        {
            "questionnaire": key.questionnaire,
            "channel": key.channel,
            "group": key.group,
            "flagged": key.flagged,
            "forms": cell.forms,
            "partial": cell.partial,
            "forms_any": _plain(cell.forms_any),
            "codes": {question: _plain(codes) for question, codes in sorted(cell.codes.items())},
        }
        for key, cell in sorted(totals.items())
    ]


def totals_from_json(cells: list[dict[str, object]]) -> Totals:
    """The inverse of `totals_to_json`, of which it keeps the mappings; raises TypeError for counts that are none."""
    return dict(_cell_from_json(item) for item in cells)


def _cell_from_json(item: dict[str, object]) -> tuple[CellKey, Cell]:
    key = CellKey(
        str(item["questionnaire"]), str(item["channel"]), str(item["group"]), bool(item["flagged"])
    )
    codes = cast("dict[str, dict[str, int]]", item["codes"])
    forms_any = cast("dict[str, int]", item["forms_any"])
    forms, partial = cast("tuple[int, int]", (item["forms"], item["partial"]))
    # A year has a hundred thousand of these: dict.values raises TypeError for what is no mapping.
    counts = map(dict.values, (forms_any, *codes.values()))
    if not {*map(type, chain((forms, partial), *counts))} <= {int}:
        raise TypeError(item)
    return key, Cell(forms, partial, Counter(forms_any), codes)


def _plain(numbers: Mapping[str, int]) -> dict[str, int]:
    return {key: number for key, number in sorted(numbers.items()) if number}
