"""Figures that stand beside the published ones: weighted, and without flagged forms."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_app.domain.bulletin import Figure
from survey_app.domain.doubt import module_test
from survey_app.domain.material import Material
from survey_app.domain.modules import ChiSquare
from survey_app.domain.problem import Problem
from survey_app.domain.scheme import Scheme
from survey_app.office import sentences
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text

# Below this, shares as uneven are too rare to be chance: looked at every week, it is wrong once in two years.
RARE = 0.01


@dataclass(frozen=True, slots=True)
class Twin:
    """A published figure and the one beside it, or why there is none; `decimals` of that one's share."""

    name: str
    published: Figure
    other: Figure | None
    reason: str
    decimals: int = 1


def weighted_twins(material: Material) -> list[Twin]:
    """Dimensions and tỷ lệ hài lòng of blocks and quarters, with their weighted figures."""
    return [replace(twin, decimals=0) for twin in _twins(material, material.weighted())]


def doubt_twins(material: Material) -> list[Twin]:
    """Dimensions and tỷ lệ hài lòng, with those without flagged forms."""
    return _twins(material, material.without_flagged())


def common_twin_reason(twins: list[Twin]) -> str | None:
    """Why not one of them has a figure beside it, where the reason is the same."""
    reasons = {twin.reason for twin in twins}
    return reasons.pop() or None if len(reasons) == 1 else None


def doubt_sentence(material: Material) -> str | None:
    """The same only where some are, and their share may be told."""
    found = material.flagged()
    return flagged_sentence(material) if isinstance(found, float) and found else None


def flagged_sentence(material: Material) -> str:
    """How many of the week's forms are in doubt."""
    found = material.flagged()
    if isinstance(found, Problem):
        return problem_text(found)
    if not found:
        return gettext("No form of the week was flagged.")
    return gettext(
        "%(percent)s of the week's forms are flagged as doubtful.",
        percent=formats.percent(found, 0),
    )


def modules_sentence(material: Material) -> str:
    """Whether the rotating sets of questions came up evenly in the quarter so far."""
    quarter = material.bulletin.week.quarter
    known = {
        week: counts for week, counts in material.weeks.items() if week <= material.bulletin.week
    }
    found = module_test(known, quarter, material.versions)
    if isinstance(found, Problem):
        return gettext("Rotating question sets: not tested. %(reason)s", reason=problem_text(found))
    return gettext(
        "Rotating question sets in the quarter so far: %(verdict)s (%(numbers)s).",
        verdict=_evenness(found),
        numbers=chi_square_numbers(found),
    )


def chi_square_numbers(found: ChiSquare) -> str:
    """The numbers behind a χ² test."""
    return f"χ² = {formats.score(found.statistic)}; df = {found.df}; p {_p(found.p)}"


def value(figure: Figure, decimals: int = 1) -> str:
    """A score, or a share with so many decimals."""
    if figure.kind == "share" and figure.bound is None and figure.value is not None:
        return formats.percent(figure.value, decimals)
    if figure.kind == "share":
        return sentences.share(figure)
    return formats.DASH if figure.value is None else formats.score(figure.value)


def interval(figure: Figure, decimals: int = 1) -> str:
    """Its interval."""
    if figure.low is None or figure.high is None:
        return formats.DASH
    if figure.kind == "share":
        return formats.percent_span(figure.low, figure.high, decimals)
    return formats.span(figure.low, figure.high)


def _twins(material: Material, found: Mapping[str, Figure | Problem]) -> list[Twin]:
    figures = material.bulletin.figures
    keys = [d.code for d in material.scheme.dimensions] + ["satisfaction"]
    return [
        _twin(_name(key, material.scheme), figures[key], found[key]) for key in keys if key in found
    ]


def _twin(name: str, published: Figure, other: Figure | Problem) -> Twin:
    if isinstance(other, Problem):
        return Twin(name, published, None, problem_text(other))
    return Twin(name, published, other, "")


def _name(key: str, scheme: Scheme) -> str:
    if key == "satisfaction":
        return gettext("Satisfaction rate")
    return f"{key}. {scheme.dimension(key).names[language()]}"


def _evenness(found: ChiSquare) -> str:
    if found.p < RARE:
        return gettext("they came up unevenly, a sign that somebody chooses among them")
    return gettext("no sign that anybody chooses among them")


def _p(p: float) -> str:
    return f"< {formats.number(0.001, 3)}" if p < 0.001 else f"= {formats.number(p, 3)}"
