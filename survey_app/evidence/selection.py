"""Which units and weeks a reviewer has chosen, out of those there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.rowfile_score import first_week_needed
from survey_app.domain.weeks import Week
from survey_app.store.rows import ClosedWeek

MOST_NAMED_UNITS = 3
_DEMO_MARK = "DU-LIEU-MAU"


class NoSuchChoiceError(ValueError):
    """A week or a unit in the address is not one that can be chosen."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen units (ids) and the closed weeks from `first` to `last` of them.

    `needed`: the first closed week that figures of the last one may draw on.
    """

    units: tuple[str, ...]
    first: Week
    last: Week
    needed: Week
    weeks: tuple[ClosedWeek, ...]

    @property
    def rows(self) -> int:
        """Lines the file will have, without its header."""
        return sum(closed.forms for closed in self.weeks)

    @property
    def by_week(self) -> dict[Week, dict[str, ClosedWeek]]:
        """Vintages in the file by week and unit, the newest week first."""
        result: dict[Week, dict[str, ClosedWeek]] = {}
        for closed in reversed(self.weeks):
            result.setdefault(closed.week, {})[closed.unit_id] = closed
        return result

    @property
    def starts_late(self) -> bool:
        """Whether the newest figures may draw on weeks before the file's first."""
        return self.needed < self.first


def select(
    closed: Sequence[ClosedWeek], units: Sequence[str], first: str | None, last: str | None
) -> Selection:
    """The selection; nothing chosen means every unit and the weeks the newest figures draw on.

    `closed` must not be empty. Raises NoSuchChoiceError.
    """
    known = {each.unit_id for each in closed}
    if not set(units) <= known:
        raise NoSuchChoiceError(units)
    chosen = tuple(sorted(set(units) or known))
    mine = [each for each in closed if each.unit_id in chosen]
    end = _week(last) if last else max(each.week for each in mine)
    needed = max(min(each.week for each in mine), first_week_needed(end))
    start = _week(first) if first else min(needed, end)
    start, end = min(start, end), max(start, end)
    inside = tuple(each for each in mine if start <= each.week <= end)
    return Selection(chosen, start, end, needed, inside)


def row_file_name(selection: Selection, codes: Mapping[str, str]) -> str:
    """The units' codes and the weeks; `codes` by unit id."""
    places = [codes[unit] for unit in selection.units]
    if len(places) > MOST_NAMED_UNITS:
        places = [f"{len(places)}-don-vi"]
    return "_".join(["phieu", "-".join(places), str(selection.first), str(selection.last)])


def marked(name: str, ending: str, *, demo: bool) -> str:
    """A file name that says when the installation holds simulated data."""
    return "_".join([name, *[_DEMO_MARK] * demo]) + ending


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise NoSuchChoiceError(text) from error
