"""What is said of figures in words: how many forms, which dimensions, why something is withheld."""

from collections.abc import Iterable

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.scheme import Scheme
from survey_app.web import formats
from survey_app.web.i18n import gettext, language, ngettext
from survey_app.web.problem_texts import problem_text

TENS = 10


def forms_sentence(forms: int | None) -> str:
    """How many complete forms the week has; a small number is not told."""
    if forms == 0:
        return gettext("No complete form arrived this week.")
    if forms is None:
        return gettext("Fewer than %(least)s complete forms arrived this week.", least=LIMITS.forms)
    return ngettext(
        "%(count)s complete form arrived this week.",
        "%(count)s complete forms arrived this week.",
        forms,
        count=formats.number(forms),
    )


def dimensions_sentence(bulletin: Bulletin, scheme: Scheme) -> str:
    """How many dimensions have a score, and how many of those only in part."""
    figures = dimension_figures(bulletin, scheme)
    shown = [figure for figure in figures if figure.value is not None]
    partial = [figure for figure in shown if figure.is_partial]
    if not shown:
        return gettext("None of the %(all)s dimensions has a score yet.", all=len(figures))
    text = gettext(
        "%(shown)s of %(all)s dimensions have a score", shown=len(shown), all=len(figures)
    )
    if partial:
        text += gettext(" (%(partial)s of them only in part)", partial=len(partial))
    return text + "."


def withheld_dimensions(bulletin: Bulletin, scheme: Scheme) -> list[tuple[str, list[str]]]:
    """Each reason with the names of the dimensions that are withheld for it, in their order."""
    groups: dict[str, list[str]] = {}
    for figure in dimension_figures(bulletin, scheme):
        if figure.withheld is not None:
            name = scheme.dimension(figure.key).names[language()]
            groups.setdefault(withheld_reason(figure), []).append(f"{figure.key}. {name}")
    return list(groups.items())


def withheld_reason(figure: Figure) -> str:
    """Why there is no value, and from which day there may be one."""
    problem = figure.withheld
    if problem is None:
        return ""
    reason = problem_text(problem)
    until = problem.params.get("until")
    if until is None:
        return reason
    day = formats.closing_day(str(until))
    return reason + " " + gettext("The next figures come on %(day)s.", day=day)


def withheld_word(figure: Figure) -> str:
    """Not published yet, or withheld because too many forms are in doubt."""
    return gettext("withheld for doubt") if is_doubted(figure) else gettext("withheld")


def is_doubted(figure: Figure) -> bool:
    """Whether the figure is withheld for its flagged forms."""
    return figure.withheld is not None and figure.withheld.code == "quality.withheld"


def common_reason(figures: Iterable[Figure]) -> str | None:
    """The reason why all of them are withheld, where it is one and the same: then it is said once."""
    reasons = {withheld_reason(figure) for figure in figures}
    only = reasons.pop() if len(reasons) == 1 else ""
    return only or None


def share_with_interval(figure: Figure) -> str:
    """87,5% (khoảng tin cậy 95%: 84,1–90,2%), or the bound alone."""
    if figure.withheld is not None:
        return withheld_word(figure)
    text = share(figure)
    if figure.low is None or figure.high is None:
        return text
    interval = formats.percent_span(figure.low, figure.high)
    return gettext(
        "%(value)s (95%% confidence interval: %(interval)s)", value=text, interval=interval
    )


def share(figure: Figure) -> str:
    """A percentage; near 0 or 100 it is only bounded."""
    if figure.value is None:
        return formats.DASH
    if figure.bound is None:
        return formats.percent(figure.value)
    value = formats.percent(figure.value, 0)
    if figure.bound == "at_most":
        return gettext("at most %(value)s", value=value)
    return gettext("at least %(value)s", value=value)


def silence(percent: float | None) -> str:
    """A share of don't know or refusals: whole percent, small ones only bounded."""
    if percent is None:
        return formats.DASH
    value = formats.percent(percent, 0)
    return f"≤ {value}" if percent <= 5 else value


def arriving(forms: int) -> str:
    """Forms of the running week, rounded to tens so that nobody sees a single one arrive.

    From twenty on: with ten to nineteen it would say more than the closed week's bulletin does.
    """
    least = 2 * TENS
    if forms < least:
        return gettext("fewer than %(least)s forms", least=least)
    return gettext("about %(count)s forms", count=formats.number(forms // TENS * TENS))


def dimension_figures(bulletin: Bulletin, scheme: Scheme) -> list[Figure]:
    """The dimensions' figures in the scheme's order."""
    return [bulletin.figures[dimension.code] for dimension in scheme.dimensions]
