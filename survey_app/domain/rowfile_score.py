"""From a counted row file to figures: the page's own path from here on."""

from collections.abc import Iterator, Mapping, Sequence

from survey_app.domain.material import Material, make_material
from survey_app.domain.problem import Problem
from survey_app.domain.quality import RuleSet
from survey_app.domain.rowfile_cells import RowFileError
from survey_app.domain.rowfile_read import FileCounts
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.windows import weeks_needed


def recompute(
    counts: FileCounts,
    schemes: Mapping[str, Scheme],
    rules: RuleSet,
    weeks: Sequence[Week] | None = None,
    as_of: Week | None = None,
) -> Iterator[Material]:
    """Every unit and week of a file, or `weeks` of it only, unit by unit.

    One at a time, for each holds its unit's counts. `as_of`: as they stood after that week's closing, so that `weeks` may not
    come after it. Raises RowFileError when its questionnaires follow different schemes, or one that is not in `schemes`.
    """
    scheme = _scheme(counts, schemes)
    wanted = counts.weeks_until(as_of) if weeks is None else weeks
    for unit in counts.units:
        needed = {week for of in wanted for week in weeks_needed(of)}
        known = counts.week_counts(unit, needed, as_of)
        for week in wanted:
            yield make_material(unit, week, known, counts.versions, scheme, rules)


def first_week_needed(week: Week) -> Week:
    """The first week that the bulletin of `week` may draw on.

    A file that starts later gives the published figures only if there were no forms before it.
    """
    return weeks_needed(week)[0]


def _scheme(counts: FileCounts, schemes: Mapping[str, Scheme]) -> Scheme:
    ids = sorted({version.structure.scheme for version in counts.versions.values()})
    if len(ids) > 1:
        raise RowFileError(Problem("rowfile.schemes", "1", {"schemes": ", ".join(ids)}))
    if ids[0] not in schemes:
        raise RowFileError(Problem("rowfile.unknown_scheme", "1", {"scheme": ids[0]}))
    return schemes[ids[0]]
