"""Where visits end: read strictly from what a form tells, worked out of a partial form."""

import pytest

from survey_app.domain.breakoff import MOST_ABANDONED, BreakOff, of_partial, read_abandoned
from survey_app.domain.problem import Problem
from survey_app.domain.routing import Answer
from tests.support.forms import short_questionnaire

SHORT = short_questionnaire()
HERE = {"module": 1, "question": "posted"}


def test_a_partial_form_ends_at_its_first_question_without_an_answer() -> None:
    assert of_partial(SHORT, 0, {"procedure": "cert"}) == BreakOff(0, "courteous")
    core: dict[str, Answer] = {"procedure": "cert", "courteous": "yes", "channels_seen": ["web"]}
    assert of_partial(SHORT, 1, core) == BreakOff(1, "posted")
    # A question that was not on the path is no end.
    assert of_partial(SHORT, 1, {**core, "posted": "yes", "age": "refused"}).question == "remark"


def test_abandoned_starts_are_read_one_by_one() -> None:
    assert read_abandoned([HERE, HERE, {"module": 0, "question": "procedure"}], SHORT) == (
        BreakOff(1, "posted"),
        BreakOff(1, "posted"),
        BreakOff(0, "procedure"),
    )
    assert read_abandoned([], SHORT) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {},
        [HERE] * (MOST_ABANDONED + 1),
        [{**HERE, "module": 2}],
        [{**HERE, "module": -1}],
        [{**HERE, "module": True}],
        [{**HERE, "module": 0}],  # the question belongs to the other module
        [{**HERE, "question": "nothing"}],
        [{**HERE, "question": ["posted"]}],
        [{**HERE, "at": 9}],  # nothing else may come with it
        ["posted"],
    ],
)
def test_anything_else_is_refused(wrong: object) -> None:
    assert isinstance(read_abandoned(wrong, SHORT), Problem)
