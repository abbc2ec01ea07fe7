"""The bulletin: every figure of one unit and one closed week, for page, print, mail and JSON.

Figures here have passed the disclosure gate and are rounded: what is not in a bulletin is not
published.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Literal

from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week

FigureKind = Literal["dimension", "subdimension", "share", "item"]
Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published (or withheld) figure.

    `key`: "5" a dimension, "5.4" a sub-dimension, "total", "satisfaction", "grade.satisfied",
    "item.staff_courteous". `window`: "2026-W47", "2026-Q4-B2" or "2026-Q4". `value`, `low`,
    `high`: a score in its own range with two decimals, or a percentage with one; the interval is
    a true 95 % logit-t interval. `bound`: a share near 0 or 100 % is published only as "at
    most"/"at least" `value`. `n`: distinct forms behind the figure, None when withheld.
    `dont_know`, `refused`: whole percent of those asked; 5 stands for "at most 5".
    `measured`/`of`: sub-dimensions in the figure and in the scheme. `withheld`: why there is no
    value.
    """

    key: str
    kind: FigureKind
    window: str
    evidence: Literal["experience", "reference"]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: Literal["at_most", "at_least"] | None = None
    n: int | None = None
    psus: int | None = None
    df: int | None = None
    dont_know: float | None = None
    refused: float | None = None
    measured: int = 0
    of: int = 0
    withheld: Problem | None = None

    @property
    def is_partial(self) -> bool:
        """Whether the dimension lacks sub-dimensions ("2/4 nội dung thành phần")."""
        return self.measured < self.of

    def as_json(self) -> dict[str, object]:
        """The figure without its key."""
        result = {field.name: getattr(self, field.name) for field in fields(self)}
        del result["key"]
        return {**result, "withheld": self.withheld.as_json() if self.withheld else None}


@dataclass(frozen=True, slots=True)
class Break:
    """What a new version cost the comparison: question ids measured on one side only, or reworded."""

    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it may be shown, in points (shares: percentage points).

    `low`/`high`: 95 % interval; `detectable`: the smallest true change that would have been found
    with 80 % probability; `direction`: set only for a change that the family's test supports, and
    nothing else may be called a rise or a fall. `measured`/`of`: sub-dimensions compared and in the
    dimension.
    """

    key: str
    after: str
    before: str
    value: float
    low: float
    high: float
    df: int
    detectable: float
    direction: Direction | None
    measured: int
    of: int
    series_break: Break | None

    def as_json(self) -> dict[str, object]:
        """The change without its key."""
        result = asdict(self)
        del result["key"]
        return result


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One unit's figures as of one closed week.

    `forms`: complete forms of the week, None when 1 to 14; `revisions`: vintage number of every
    week used. `figures` keep their order: total, dimensions with their sub-dimensions,
    satisfaction, grades, items.
    """

    unit: str
    week: Week
    scheme: str
    forms: int | None
    revisions: Mapping[str, int]
    figures: Mapping[str, Figure]
    changes: Mapping[str, Change | Problem] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The bulletin as `score --json` prints it."""
        return {
            "unit": self.unit,
            "week": str(self.week),
            "scheme": self.scheme,
            "forms": self.forms,
            "figures": said(self.figures),
            "changes": said(self.changes),
        }


def said(found: Mapping[str, Figure | Change | Problem]) -> dict[str, object]:
    """Each as JSON by key; a Problem says why nothing is published in its place."""
    return {
        key: {"withheld": one.as_json()} if isinstance(one, Problem) else one.as_json()
        for key, one in found.items()
    }
