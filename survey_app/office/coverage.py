"""Forms over dossiers, and what the headline would be if those who did not answer were less content."""

from dataclasses import dataclass, replace

from survey_app.domain.bulletin import Figure
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.problem import Problem
from survey_app.domain.sensitivity import DROP_POINTS, Sensitivity, if_others_are_lower
from survey_app.office import sentences
from survey_app.office.material import Material
from survey_app.web import formats
from survey_app.web.i18n import gettext


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is said of coverage; `is_suspicious`: more forms than dossiers."""

    sentence: str
    what_if: str | None
    is_suspicious: bool = False


def coverage(material: Material) -> Coverage:
    """The week's coverage, and the headline's bound that follows from it."""
    forms = material.bulletin.forms
    dossiers = material.week_dossiers()
    if dossiers is None:
        text = gettext("Coverage is not known: the week's number of finished dossiers is missing.")
        return Coverage(text, None)
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
    return Coverage(text, _what_if(material.satisfaction, forms, dossiers.total))


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
