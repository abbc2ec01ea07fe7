"""A questionnaire small enough to compute by hand, and forms and weeks for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from survey_app.domain.counting import CountedForm, Totals, count
from survey_app.domain.psu import PsuTotals, WeekCounts
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer
from survey_app.domain.scheme import Scheme, build_scheme
from survey_app.domain.tally import Keep
from survey_app.domain.weeks import Week

CRITERIA = tuple(f"criterion_{number}" for number in range(1, 9))
YES_NO = [{"code": "yes", "value": 1}, {"code": "no", "value": 0}]
BY_GROUP = {"cert": "5.1", "construction": "5.2", "land": "5.3", "other": "5.4"}


def criterion(question_id: str) -> dict[str, object]:
    """A Có/Không criterion that counts for the sub-dimension of the form's procedure."""
    return {
        "id": question_id,
        "kind": "single",
        "role": "criterion",
        "choices": YES_NO,
        "dont_know": True,
        "refusable": True,
        "indicator": {
            "minimum": 0,
            "maximum": 1,
            "direction": "positive",
            "by_group": BY_GROUP,
            "evidence": "experience",
        },
    }


def small_questionnaire() -> Questionnaire:
    """The structure below, without words."""
    given = {"structure": small_structure(), "text": {"vi": {}}}
    return Questionnaire.model_validate(given, strict=False)


def small_structure() -> dict[str, Any]:
    """procedure, eight criteria, satisfaction, a sensitive item in a module of its own, age."""
    satisfaction = [
        {"code": f"s{n}", "value": n, "grade": grade}
        for n, grade in enumerate(
            ["not_satisfied", "not_satisfied", "not_satisfied", "satisfied", "very_satisfied"], 1
        )
    ]
    blocks = [
        {
            "id": "core",
            "core": True,
            "questions": [
                {
                    "id": "procedure",
                    "kind": "single",
                    "role": "procedure",
                    "choices": [{"code": code} for code in BY_GROUP],
                    "refusable": True,
                },
                *map(criterion, CRITERIA),
                {
                    "id": "satisfaction",
                    "kind": "single",
                    "role": "satisfaction",
                    "choices": satisfaction,
                    "dont_know": True,
                    "refusable": True,
                },
            ],
        },
        {"id": "money", "module": 0, "questions": [sensitive("extra"), sensitive("gifts")]},
        {
            "id": "about",
            "questions": [
                {
                    "id": "age",
                    "kind": "single",
                    "role": "age",
                    "choices": [{"code": "18_34"}, {"code": "60_up"}],
                    "refusable": True,
                }
            ],
        },
    ]
    return {"format": 1, "id": "small", "version": 1, "scheme": "papi-2019", "blocks": blocks}


def sensitive(question_id: str) -> dict[str, object]:
    """A Có/Không item about informal payments: "no" is the good answer."""
    item = criterion(question_id)
    item |= {"role": None, "sensitive": True}
    item["indicator"] = {
        "minimum": 0,
        "maximum": 1,
        "direction": "negative",
        "subdimension": "4.2",
        "evidence": "experience",
    }
    return item


def small_scheme() -> Scheme:
    """Eight dimensions with PAPI's numbers of sub-dimensions and made-up names."""
    sizes = {"1": 4, "2": 4, "3": 3, "4": 4, "5": 4, "6": 4, "7": 3, "8": 3}
    names = {"vi": "tên", "en": "name"}
    dimensions = [
        {
            "code": code,
            **names,
            "subdimensions": [{"code": f"{code}.{n}", **names} for n in range(1, size + 1)],
        }
        for code, size in sizes.items()
    ]
    return build_scheme({"id": "papi-2019", "source": "tests", "dimensions": dimensions})


SMALL = small_questionnaire()
VERSIONS = {SMALL.hash: SMALL}


def form(answers: Mapping[str, Answer], **changes: object) -> CountedForm:
    """A complete, unflagged kiosk form of the small questionnaire."""
    values: dict[str, object] = {
        "questionnaire": SMALL.hash,
        "channel": "kiosk",
        "complete": True,
        "flagged": False,
        "answers": answers,
    }
    return CountedForm(**(values | changes))  # type: ignore[arg-type]  # tests may break the types


def good_form(group: str = "other", *, yes: int = 8, satisfaction: str = "s4") -> CountedForm:
    """A form whose first `yes` criteria are met."""
    answers: dict[str, Answer] = {"procedure": group, "satisfaction": satisfaction}
    answers |= {q: "yes" if n < yes else "no" for n, q in enumerate(CRITERIA)}
    answers |= {"extra": "no", "gifts": "no"}
    return form(answers)


def totals(forms: Sequence[CountedForm]) -> Totals:
    """Counts of forms of the small questionnaire."""
    return count(forms, VERSIONS)


def week_counts(
    week: Week,
    days: Sequence[Sequence[CountedForm]],
    number: int = 1,
    versions: Mapping[str, Questionnaire] = VERSIONS,
) -> WeekCounts:
    """A closed week with one sampling unit a day."""
    psus = tuple(PsuTotals(f"p{n}", count(forms, versions)) for n, forms in enumerate(days))
    return WeekCounts(week, number, psus)


def in_one_of(groups: Sequence[str]) -> Keep:
    """Keeps the forms that named one of the procedure groups."""
    return lambda key: key.group in groups
