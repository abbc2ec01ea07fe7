"""The tablet asks what the server asks: tests/vectors/routing.json through both."""

import json
from pathlib import Path
from typing import Any

import pytest

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import path, prune
from tests.kiosk.tablet import Tablet

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "routing.json").read_text(encoding="utf-8")
)
RUN = """async (vectors) => {
  const {path, prune, moduleOf} = await import("/kiosk/static/routing.js");
  const questionsOf = (structure) => structure.blocks.flatMap((block) => block.questions.map(
    (q) => ({id: q.id, module: block.module ?? null, showIf: q.show_if ?? null})));
  return {
    paths: vectors.cases.map((c) =>
      path(questionsOf(vectors.structures[c.structure]), c.module, c.answers).map((q) => q.id)),
    pruned: vectors.cases.map((c) =>
      prune(questionsOf(vectors.structures[c.structure]), c.module, c.answers)),
    modules: vectors.modules.map((m) => moduleOf(m.id, m.count)),
  };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_script_follows_the_vectors(tablet: Tablet) -> None:
    result: dict[str, Any] = tablet.page.evaluate(RUN, VECTORS)
    for case, asked, pruned in zip(
        VECTORS["cases"], result["paths"], result["pruned"], strict=True
    ):
        assert asked == case["path"], case["name"]
        assert pruned == case["pruned"], case["name"]
    assert result["modules"] == [m["module"] for m in VECTORS["modules"]]


@pytest.mark.browser
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_page_carries_the_rules_of_the_version(
    tablet: Tablet, questionnaire: Questionnaire
) -> None:
    for answers in (
        {"stage": "submit"},
        {"stage": "returned", "on_time": "yes"},
        {"stage": "collect", "on_time": "yes", "portal_used": "yes", "portal_easy": "no"},
    ):
        for module in range(questionnaire.module_count):
            asked, kept = tablet.page.evaluate(ON_PAGE, [module, answers])
            assert asked == [q.id for q in path(questionnaire, module, answers)]
            assert kept == prune(questionnaire, module, answers)


ON_PAGE = """async ([module, answers]) => {
  const {path, prune} = await import("/kiosk/static/routing.js");
  const {questionsOf} = await import("/kiosk/static/questions.js");
  const questions = questionsOf(document.querySelector("#visit"));
  return [path(questions, module, answers).map((q) => q.id), prune(questions, module, answers)];
}"""
