"""What if those who did not answer are less content? The bound beside each headline.

Whoever fills in a form chose to. With coverage c = forms ÷ dossiers and people who did not answer d lower, the level over
everybody is p − (1 − c)·d (Cochran 1977, 13.2: the bias of nonresponse is its share times the difference). No interval
knows of it.
"""

from dataclasses import dataclass

from survey_app.domain.problem import Problem

DROP_POINTS = 10.0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """A headline as it would be. `value`: in the figure's own range; `coverage`: forms ÷ dossiers in percent, at most 100.

    `drop`: by how many points of 100 those without a form are taken to be less content.
    """

    value: float
    coverage: float
    drop: float


def if_others_are_lower(
    value: float, low: float, high: float, *, forms: int, dossiers: int, drop: float = DROP_POINTS
) -> Sensitivity | Problem:
    """The figure `value` of the range `low` to `high` over everybody who had a dossier, or why it cannot be said.

    `drop` is in points of 100 of the range: on PAPI's 1 to 10 ten points are 0.9. Coverage is published per week only, so
    `forms` and `dossiers` are those of one closed week (docs/methodology, disclosure).
    """
    if not low <= value <= high or not low < high or not 0 <= drop <= 100:
        raise ValueError((value, low, high, drop))
    if dossiers <= 0:
        return Problem("sensitivity.no_dossiers")
    if forms <= 0:
        return Problem("sensitivity.no_forms")
    if forms > dossiers:
        params = {"percent": round(100 * forms / dossiers)}
        return Problem("sensitivity.more_forms_than_dossiers", "", params)
    coverage = forms / dossiers
    lowered = value - (1 - coverage) * drop / 100 * (high - low)
    return Sensitivity(round(max(lowered, low), 2), float(round(100 * coverage)), drop)
