"""Which kind of window a quarter has: experience needs nine weeks, a younger unit's own beginning decides until then."""

from collections import Counter

import pytest

from survey_app.domain.thickness import Thickness
from survey_app.domain.weeks import Week, Window
from survey_app.domain.windows import Calendar, kind_in_quarter

LAST = Week(2026, 40)
BEFORE = LAST.previous().quarter


@pytest.mark.parametrize(("known", "kind"), [(9, "block"), (8, "week")])
def test_experience_counts_from_nine_weeks_on(known: int, kind: str) -> None:
    # No week of the quarter before reached the limits, its blocks did; the first week of this quarter does.
    def thickness(window: Window) -> Thickness:
        is_thick = window.kind == "block" or window == LAST.window
        return Thickness(n=Counter(x=is_thick))

    calendar = Calendar(LAST, BEFORE.weeks[-known], thickness)
    assert kind_in_quarter(calendar, LAST, lambda held: bool(held.n["x"])) == kind
