"""From a window's tally to raw figures: items, shares, sub-dimensions, dimensions, total.

indicator → z on a fixed scale → sub = lo + (hi − lo) · mean of its indicators' z → dimension = Σ
subs (PAPI's form, without a claim of equivalence). With k of m sub-dimensions measured a
dimension is 1 + 9 · mean z over those, marked partial. Source: the arithmetic of the published PAPI tables
(CECODES; docs/decisions/0002).
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import Evidence, RawFigure, shortage
from survey_app.domain.estimation import Estimate, Term, combine
from survey_app.domain.questionnaire import Question
from survey_app.domain.scheme import Dimension, Scheme, SubDimension
from survey_app.domain.tally import Series, Tally

_MOST_PLANS = 50
SHARES = ("satisfaction", "grade.not_satisfied", "grade.satisfied", "grade.very_satisfied")


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the versions in use ask: questions by sub-dimension, and the items of each family.

    A family shares one window: "core" (satisfaction, grades, criteria), each dimension's code,
    "facts" (items in no score).
    """

    scheme: Scheme
    questions: dict[str, tuple[Question, ...]]
    items: dict[str, tuple[Question, ...]]

    def asked(self, dimension: Dimension) -> tuple[SubDimension, ...]:
        """The dimension's sub-dimensions that some question measures."""
        return tuple(sub for sub in dimension.subdimensions if sub.code in self.questions)


def plan_of(tally: Tally, versions: Versions, scheme: Scheme) -> Plan:
    """What the forms of a tally were asked."""
    return tally.once(
        ("plan", tuple(versions), id(scheme)), lambda: plan_for(tally.versions, versions, scheme)
    )


def plan_for(answered: Container[str], versions: Versions, scheme: Scheme) -> Plan:
    """What the versions that forms `answered` ask; without a form, what all `versions` ask.

    A question that another version asks, before or after, is none of these forms' shortages.
    """
    used = {name: version for name, version in versions.items() if name in answered}
    return make_plan(used or versions, scheme)


def make_plan(versions: Versions, scheme: Scheme) -> Plan:
    """Collect indicators over all versions in use; of one question the last version's counts."""
    # A hash names one content for ever, and a plan keeps its scheme, so that nothing else gets its id.
    key = (tuple(versions), id(scheme))
    if key not in _plans:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        _plans[key] = _collect(versions, scheme)
    return _plans[key]


_plans: dict[tuple[tuple[str, ...], int], Plan] = {}


def _collect(versions: Versions, scheme: Scheme) -> Plan:
    by_sub: dict[str, dict[str, Question]] = {}
    by_family: dict[str, dict[str, Question]] = {}
    for questionnaire in versions.values():
        for question in questionnaire.questions.values():
            if question.indicator is None:
                continue
            by_family.setdefault(_family(question), {})[question.id] = question
            for sub in question.indicator.subdimensions:
                by_sub.setdefault(sub, {})[question.id] = question
    return Plan(scheme, _freeze(by_sub), _freeze(by_family))


def item_figure(tally: Tally, question: Question) -> RawFigure:
    """One item over all procedure groups: mean z in percent (Có/Không: the good answer's share)."""
    evidence = _evidence([question])

    def make() -> RawFigure:
        series = tally.items.get(question.id)
        answers = ((question.id, _total(series), question.sensitive),)
        return _percent(f"item.{question.id}", "item", tally, series, answers, evidence)

    return tally.once(("item", question.id, question.sensitive, evidence), make)


def share_figure(tally: Tally, key: str) -> RawFigure:
    """tỷ lệ hài lòng (top two of five) or a grade, in percent of those who rated."""
    return tally.once(
        ("share", key),
        lambda: _percent(key, "share", tally, tally.shares.get(key), (), "experience"),
    )


def subdimension_figure(tally: Tally, plan: Plan, sub: SubDimension) -> RawFigure:
    """A sub-dimension in its own range."""
    return tally.once((plan, sub.code), lambda: _subdimension(tally, plan, sub))


def _subdimension(tally: Tally, plan: Plan, sub: SubDimension) -> RawFigure:
    questions = plan.questions.get(sub.code, ())
    series = [tally.indicators.get((sub.code, q.id)) for q in questions]
    counted = tuple((q.id, _total(s), q.sensitive) for q, s in zip(questions, series, strict=True))
    known = [s for s in series if s is not None]
    return RawFigure(
        key=sub.code,
        kind="subdimension",
        evidence=_evidence(questions),
        n=tally.forms_any[sub.code],
        answers=counted,
        estimate=_combined(tally, [known] if len(known) == len(series) else []),
        low=sub.low,
        high=sub.high,
        **_silence(known),
    )


def dimension_figure(
    tally: Tally, plan: Plan, dimension: Dimension, subs: Sequence[SubDimension]
) -> RawFigure:
    """A dimension over `subs`, those of its sub-dimensions that may be shown in this window."""
    key = (plan, dimension.code, *(sub.code for sub in subs))
    return tally.once(key, lambda: _dimension(tally, plan, dimension, subs))


def _dimension(
    tally: Tally, plan: Plan, dimension: Dimension, subs: Sequence[SubDimension]
) -> RawFigure:
    parts = [_indicator_series(tally, plan, sub) for sub in subs]
    questions = [q for sub in plan.asked(dimension) for q in plan.questions[sub.code]]
    return RawFigure(
        key=dimension.code,
        kind="dimension",
        evidence=_evidence(questions),
        n=_forms_behind(tally, dimension, subs),
        answers=(),
        estimate=_combined(tally, parts),
        low=dimension.low,
        high=dimension.high,
        measured=len(subs),
        of=len(dimension.subdimensions),
        **_silence([series for part in parts for series in part]),
    )


def showable(tally: Tally, plan: Plan, dimension: Dimension) -> tuple[SubDimension, ...]:
    """The asked sub-dimensions that pass the limits in this window."""
    return tally.once(("showable", plan, dimension.code), lambda: _showable(tally, plan, dimension))


def _showable(tally: Tally, plan: Plan, dimension: Dimension) -> tuple[SubDimension, ...]:
    return tuple(
        sub
        for sub in plan.asked(dimension)
        if shortage(subdimension_figure(tally, plan, sub)) is None
    )


def total_figure(tally: Tally, plan: Plan, full: int) -> RawFigure:
    """Σ dimensions, 8 to 80: only when one window measures every sub-dimension; `full` dimensions."""
    dimensions = plan.scheme.dimensions
    parts = [_indicator_series(tally, plan, sub) for d in dimensions for sub in d.subdimensions]
    weights = [
        1 / (len(dimensions) * len(d.subdimensions)) for d in dimensions for _ in d.subdimensions
    ]
    return RawFigure(
        key="total",
        kind="dimension",
        evidence="reference",
        n=tally.forms,
        answers=(),
        estimate=_combined(tally, parts, weights),
        low=sum(d.low for d in dimensions),
        high=sum(d.high for d in dimensions),
        measured=full,
        of=len(dimensions),
    )


def _forms_behind(tally: Tally, dimension: Dimension, subs: Sequence[SubDimension]) -> int:
    """Distinct forms; never more than those of `subs` together, or the rest would count the hidden."""
    return min(tally.forms_any[dimension.code], sum(tally.forms_any[sub.code] for sub in subs))


def _indicator_series(tally: Tally, plan: Plan, sub: SubDimension) -> list[Series]:
    found = (tally.indicators.get((sub.code, q.id)) for q in plan.questions.get(sub.code, ()))
    return [series for series in found if series is not None]


def _combined(
    tally: Tally, parts: Sequence[Sequence[Series]], weights: Sequence[float] | None = None
) -> Estimate | None:
    """Weighted sum of the mean over each part's indicators; None when one has no answer."""
    if not parts or not all(parts):
        return None
    weights = weights or [1 / len(parts)] * len(parts)
    ratios = [
        (weight / len(part), series.ratio)
        for weight, part in zip(weights, parts, strict=True)
        for series in part
    ]
    if not all(ratio.total for _, ratio in ratios):
        return None
    return combine(tally.strata, [Term(weight, ratio) for weight, ratio in ratios])


def _percent(
    key: str,
    kind: str,
    tally: Tally,
    series: Series | None,
    answers: tuple[tuple[str, int, bool], ...],
    evidence: Evidence,
) -> RawFigure:
    return RawFigure(
        key=key,
        kind="item" if kind == "item" else "share",
        evidence=evidence,
        n=_total(series),
        answers=answers,
        estimate=_combined(tally, [[series]] if series else []),
        low=0.0,
        high=100.0,
        **_silence([series] if series else []),
    )


def _silence(series: Iterable[Series]) -> dict[str, int]:
    listed = list(series)
    return {
        "asked": sum(s.asked for s in listed),
        "dont_know": sum(s.dont_know for s in listed),
        "refused": sum(s.refused for s in listed),
    }


def _total(series: Series | None) -> int:
    return series.ratio.total if series else 0


def _evidence(questions: Sequence[Question]) -> Evidence:
    """Weak ("tham khảo") as soon as one question is weak evidence, or nothing is asked at all."""
    kinds = {q.indicator.evidence for q in questions if q.indicator}
    return "experience" if kinds == {"experience"} else "reference"


def _family(question: Question) -> str:
    indicator = question.indicator
    if question.role in {"criterion", "satisfaction"} or indicator is None:
        return "core"
    subs = sorted(indicator.subdimensions)
    return subs[0].partition(".")[0] if subs else "facts"


def _freeze(groups: dict[str, dict[str, Question]]) -> dict[str, tuple[Question, ...]]:
    return {key: tuple(questions.values()) for key, questions in groups.items()}
