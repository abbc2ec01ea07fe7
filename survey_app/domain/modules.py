"""Rotating modules: whether forms are shared out evenly and no module is abandoned more often.

A form's module follows from its random id. Whoever restarts until an easier module comes up leaves
abandoned starts behind and uneven shares (Pearson's χ²; Agresti 2013, 1.5.2 and 3.2.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from survey_app.domain.counting import Cell, Totals, Versions
from survey_app.domain.distributions import chi_square_tail
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import NOT_ASKED, Questionnaire
from survey_app.domain.tally import SCORED_CHANNELS

LEAST_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """Pearson's statistic, its df and the probability of one at least as large by chance."""

    statistic: float
    df: int
    p: float


def module_shares(counts: Sequence[int]) -> ChiSquare | Problem:
    """χ² of forms by module against equal shares; `counts[k]`: forms of module k, zeros included."""
    expected = [sum(counts) / len(counts)] * len(counts) if counts else []
    return _pearson([counts], [expected])


def module_completion(finished: Sequence[int], abandoned: Sequence[int]) -> ChiSquare | Problem:
    """χ² of finished against abandoned starts by module: large when one is broken off more often."""
    if len(finished) != len(abandoned):
        return Problem("modules.lengths_differ")
    starts = [done + left for done, left in zip(finished, abandoned, strict=True)]
    total = sum(starts) or 1
    rows = [finished, abandoned]
    return _pearson(rows, [[sum(row) * start / total for start in starts] for row in rows])


def module_forms(
    totals: Iterable[Totals], versions: Versions, channels: frozenset[str] = SCORED_CHANNELS
) -> dict[str, list[int]]:
    """Complete forms of the channels by version and module. Not for printing."""
    result: dict[str, list[int]] = {}
    for part in totals:
        for key, cell in part.items():
            if key.channel not in channels:
                continue
            version = versions[key.questionnaire]
            counts = result.setdefault(version.hash, [0] * version.module_count)
            for module, question in _module_questions(version).items():
                counts[module] += _asked(cell, question)
    return result


def _asked(cell: Cell, question: str) -> int:
    codes = cell.codes.get(question, {})
    return sum(number for code, number in codes.items() if code != NOT_ASKED)


def _module_questions(version: Questionnaire) -> dict[int, str]:
    """Of each module a question that every form of it is asked, and that gives one code a form."""
    return {
        block.module: question.id
        for block, question in version.walk()
        if block.module is not None
        and question.show_if is None
        and question.kind in {"single", "integer"}
    }


def _pearson(
    rows: Sequence[Sequence[int]], expected: Sequence[Sequence[float]]
) -> ChiSquare | Problem:
    observed = [number for row in rows for number in row]
    fitted = [number for row in expected for number in row]
    if len(rows[0]) < 2:
        return Problem("modules.one_module")
    if min(observed) < 0:
        return Problem("modules.negative_count")
    if min(fitted) < LEAST_EXPECTED:
        return Problem("modules.few_forms", "", {"needed": LEAST_EXPECTED})
    statistic = fsum((o - e) ** 2 / e for o, e in zip(observed, fitted, strict=True))
    df = len(rows[0]) - 1
    return ChiSquare(statistic, df, chi_square_tail(statistic, df))
