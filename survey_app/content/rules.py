"""The rules on the quality of forms that ship with the program, by version."""

from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from survey_app.content import ContentError
from survey_app.domain.quality import RuleSet, build_ruleset

CURRENT_RULES = "quality-1"


@cache
def quality_rules(version: str = CURRENT_RULES) -> RuleSet:
    """The thresholds of a version; raises ContentError when the file is broken, FileNotFoundError when there is none."""
    path = files("survey_app.content").joinpath("quality", f"{version}.yaml")
    rules = build_ruleset(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))
    if not isinstance(rules, RuleSet):
        raise ContentError(f"{version}: {', '.join(problem.where for problem in rules)}")
    return rules
