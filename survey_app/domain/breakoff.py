"""Where visits end without a complete form: by rotating module and by question, and nothing of the answers.

Two kinds come together: starts that a citizen abandoned by hand (her answers are gone; the tablet tells module and question
with the next form it sends) and partial forms (nobody was there any more). Both count at the first question without an answer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.modules import ChiSquare, module_completion
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer, path

# What a tablet may tell with one form; it forgets older ones.
MOST_ABANDONED = 50


@dataclass(frozen=True, slots=True, order=True)
class BreakOff:
    """A visit that had drawn `module` ended at `question`."""

    module: int
    question: str


def of_partial(
    questionnaire: Questionnaire, module: int | None, answers: Mapping[str, Answer]
) -> BreakOff:
    """Where a partial form ends: at its first question without an answer, or else at its last."""
    asked = path(questionnaire, module, answers)
    empty = [question.id for question in asked if question.id not in answers]
    return BreakOff(module or 0, empty[0] if empty else asked[-1].id)


def read_abandoned(value: object, questionnaire: Questionnaire) -> tuple[BreakOff, ...] | Problem:
    """The abandoned starts that a form tells of: a list of {"module": …, "question": …}, one for each."""
    items: Sequence[object] = value if isinstance(value, list) else ()
    found = tuple(_read(item, questionnaire) for item in items)
    starts = tuple(item for item in found if item is not None)
    if not isinstance(value, list) or len(starts) != len(found) or len(found) > MOST_ABANDONED:
        return Problem("submission.bad_abandoned", "abandoned", {"most": MOST_ABANDONED})
    return starts


def _read(item: object, questionnaire: Questionnaire) -> BreakOff | None:
    if not isinstance(item, dict) or item.keys() != {"module", "question"}:
        return None
    module, question = item["module"], item["question"]
    if not isinstance(module, int) or isinstance(module, bool) or not isinstance(question, str):
        return None
    known = 0 <= module < max(questionnaire.module_count, 1)
    if not known or question not in _questions(questionnaire, module):
        return None
    return BreakOff(module, question)


def _questions(questionnaire: Questionnaire, module: int) -> set[str]:
    return {
        question.id for block, question in questionnaire.walk() if block.module in {None, module}
    }


@dataclass(frozen=True, slots=True)
class BreakOffs:
    """Break-offs as they may be shown: in whole percent, and only of enough visits.

    `by_module`: broken off, of the visits that drew the module, None where too few; `by_question`: share of all break-offs, the
    most frequent first, without questions where fewer than ten ended; `others`: the share of those together; `test`: χ² of
    finished against broken-off visits by module.
    """

    by_module: tuple[int | None, ...]
    by_question: Mapping[str, int]
    others: int
    test: ChiSquare | Problem


def break_offs(
    finished: Sequence[int], ends: Mapping[str, Counter[BreakOff]], versions: Versions
) -> BreakOffs:
    """Put break-offs beside the forms `finished` by module; versions with another number of modules are left out."""
    broken = [0] * len(finished)
    questions: Counter[str] = Counter()
    for version, counts in ends.items():
        if versions[version].module_count == len(finished):
            for end, starts in counts.items():
                broken[end.module] += starts
                questions[end.question] += starts
    shown, others = _shown_questions(questions)
    return BreakOffs(
        by_module=tuple(_share(own, done) for own, done in zip(broken, finished, strict=True)),
        by_question=shown,
        others=others,
        test=module_completion(finished, broken),
    )


def _share(broken: int, finished: int) -> int | None:
    if broken + finished < LIMITS.score or min(broken, finished) < LIMITS.cell:
        return None
    return round(100 * broken / (broken + finished))


def _shown_questions(questions: Counter[str]) -> tuple[dict[str, int], int]:
    """Shares of the questions with enough break-offs, as long as the others too are none or enough."""
    total = questions.total()
    shown = [(q, n) for q, n in questions.most_common() if n >= LIMITS.cell]
    while shown and 0 < total - sum(n for _, n in shown) < LIMITS.cell:
        shown.pop()
    if total < LIMITS.score or not shown:
        return {}, 0
    rest = total - sum(n for _, n in shown)
    return {q: round(100 * n / total) for q, n in shown}, round(100 * rest / total)
