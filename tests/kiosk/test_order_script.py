"""The tablet shuffles as the server would: tests/vectors/order.json through its script."""

import json
from pathlib import Path
from typing import Any

import pytest

from survey_app.domain.order import shown_order
from survey_app.domain.questionnaire import Questionnaire
from tests.kiosk.tablet import Tablet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "order.json").read_text(encoding="utf-8")
)
RUN = """async (vectors) => {
  const {arrange, seedOf} = await import("/kiosk/static/order.js");
  const questionsOf = (blocks) => blocks.flatMap((block) =>
    block.questions.map((id) => ({id, shuffle: block.shuffle ? block.id : null})));
  return {
    orders: vectors.cases.map((c) => arrange(questionsOf(vectors.blocks[c.blocks]), c.seed).map((q) => q.id)),
    seeds: vectors.seeds.map((s) => seedOf(s.id)),
  };
}"""
ON_PAGE = """async (seed) => {
  const {arrange} = await import("/kiosk/static/order.js");
  const {questionsOf} = await import("/kiosk/static/questions.js");
  return arrange(questionsOf(document.querySelector("#visit")), seed).map((q) => q.id);
}"""


def test_the_script_follows_the_vectors(tablet: Tablet) -> None:
    result: dict[str, Any] = tablet.page.evaluate(RUN, VECTORS)
    assert result["orders"] == [case["order"] for case in VECTORS["cases"]]
    assert result["seeds"] == [case["seed"] for case in VECTORS["seeds"]]


@pytest.mark.parametrize("seed", [0, 1, 4_294_967_295])
def test_the_page_says_which_blocks_may_be_shuffled(
    tablet: Tablet, questionnaire: Questionnaire, seed: int
) -> None:
    expected = [question.id for _, question in shown_order(questionnaire, seed)]
    assert tablet.page.evaluate(ON_PAGE, seed) == expected
