"""The published JSON Schema: current, valid, and of one mind with the checker."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from survey_app.content import questionnaire_source
from survey_app.domain.authoring import json_schema
from tests.support.authored import SOUND, changed, found

DOCS = Path(__file__).parents[2] / "docs"
PUBLISHED = json.loads((DOCS / "questionnaire-format.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(PUBLISHED)


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_it_is_what_the_models_say() -> None:
    # After a change: survey-app questionnaire schema > docs/questionnaire-format.schema.json
    assert json_schema() == PUBLISHED


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(PUBLISHED)


@pytest.mark.parametrize("text", [SOUND, questionnaire_source()], ids=["small", "bundled"])
def test_sound_files_pass(text: str) -> None:
    assert list(VALIDATOR.iter_errors(load(text))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: integer", "kind: number"),
        ("maximum: 9", "maximun: 9"),
        ("maximum: 9", "maximum: nine"),
        ("id: stage", "id: Stage"),
        ("in: [collect]", "in: []"),
        ("show_if: {question: stage, in: [collect]}", "show_if: {any: []}"),
        ("scale: [1, 9]", "scale: [1]"),
        ("title: Khảo sát nhỏ\n", ""),
    ],
)
def test_schema_and_checker_refuse_the_same(old: str, new: str) -> None:
    text = changed((old, new))
    assert list(VALIDATOR.iter_errors(load(text)))
    assert found(text)


def test_the_description_names_every_key() -> None:
    text = (DOCS / "questionnaire-format.md").read_text(encoding="utf-8")
    models = [PUBLISHED, *PUBLISHED["$defs"].values()]
    keys = {key for model in models for key in model.get("properties", {})}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []
