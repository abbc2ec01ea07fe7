"""Forms over dossiers, and what the headlines would be if those who did not answer were less content."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from survey_app.domain.bulletin import Figure
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.material import Material
from survey_app.domain.problem import Problem
from survey_app.domain.sensitivity import DROP_POINTS, Sensitivity, if_others_are_lower
from survey_app.office import sentences
from survey_app.web import formats
from survey_app.web.i18n import gettext


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is said of coverage; `is_suspicious`: more forms than dossiers; `is_known`: these are reported.

    `what_if`: of tỷ lệ hài lòng; `scores`: the same sentence for each dimension with a score, by code.
    """

    sentence: str
    what_if: str | None
    is_suspicious: bool = False
    is_known: bool = True
    scores: Mapping[str, str] = field(default_factory=dict)


def coverage(material: Material) -> Coverage:
    """The week's coverage, and the headline's bound that follows from it."""
    forms = material.bulletin.forms
    dossiers = material.week_dossiers()
    if dossiers is None:
        text = gettext("Coverage is not known: the week's number of finished dossiers is missing.")
        return Coverage(text, None, is_known=False)
    if forms is None:
        text = gettext("With fewer than %(least)s forms no coverage is told.", least=LIMITS.forms)
        return Coverage(text, None)
    known = {"forms": formats.number(forms), "dossiers": formats.number(dossiers.total)}
    if forms > dossiers.total:
        text = gettext(
            "There are more forms (%(forms)s) than finished dossiers (%(dossiers)s) this week: "
            "a sign of trouble that must be looked into.",
            **known,
        )
        return Coverage(text, None, is_suspicious=True)
    if not dossiers.total:
        return Coverage(gettext("No dossier was finished this week."), None)
    text = gettext(
        "Coverage of the week: %(forms)s forms for %(dossiers)s finished dossiers (%(percent)s).",
        percent=formats.percent(100 * forms / dossiers.total, 0),
        **known,
    )
    rate = _what_if(material.satisfaction, forms, dossiers.total)
    return Coverage(text, rate, scores=_scores(material, forms, dossiers.total))


def _scores(material: Material, forms: int, dossiers: int) -> dict[str, str]:
    """For scores of longer periods with the week's coverage too: none is told but that of weeks."""
    percent = formats.percent(100 * forms / dossiers, 0)
    result = {}
    for dimension in material.scheme.dimensions:
        value = material.bulletin.figures[dimension.code].value
        if value is None:
            continue
        found = if_others_are_lower(
            value, dimension.low, dimension.high, forms=forms, dossiers=dossiers
        )
        if isinstance(found, Sensitivity):
            result[dimension.code] = gettext(
                "If those without a form are %(drop)s points of 100 less content: %(score)s "
                "(the week's coverage: %(percent)s).",
                drop=formats.number(DROP_POINTS),
                score=formats.score(found.value),
                percent=percent,
            )
    return result


def _what_if(figure: Figure, forms: int, dossiers: int) -> str | None:
    if figure.value is None or figure.bound == "at_most":
        return None
    found = if_others_are_lower(figure.value, 0, 100, forms=forms, dossiers=dossiers)
    if isinstance(found, Problem):
        return None
    return gettext(
        "If those who did not answer are %(drop)s percentage points less content, "
        "the rate over everybody is %(share)s.",
        drop=formats.number(DROP_POINTS),
        share=_lowered(figure, found),
    )


def _lowered(figure: Figure, found: Sensitivity) -> str:
    if figure.bound is None:
        return formats.percent(found.value)
    return sentences.share(replace(figure, value=found.value))
