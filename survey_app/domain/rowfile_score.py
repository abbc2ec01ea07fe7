"""From a counted row file to bulletins: the page's own path from here on."""

from collections.abc import Mapping, Sequence

from survey_app.domain.bulletin import Bulletin
from survey_app.domain.problem import Problem
from survey_app.domain.publication import make_bulletin
from survey_app.domain.quality import RuleSet
from survey_app.domain.rowfile_cells import RowFileError
from survey_app.domain.rowfile_read import FileCounts
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.windows import weeks_needed

Bulletins = dict[str, dict[Week, Bulletin]]


def recompute(
    counts: FileCounts,
    schemes: Mapping[str, Scheme],
    rules: RuleSet,
    weeks: Sequence[Week] | None = None,
    as_of: Week | None = None,
) -> Bulletins:
    """The bulletin of every unit and week of a file, or of `weeks` of it only.

    `as_of`: as they stood after that week's closing, so that `weeks` may not come after it. Raises RowFileError when its
    questionnaires follow different schemes, or one that is not in `schemes`.
    """
    scheme = _scheme(counts, schemes)
    wanted = counts.weeks_until(as_of) if weeks is None else weeks
    return {unit: _of_unit(unit, counts, scheme, rules, wanted, as_of) for unit in counts.units}


def first_week_needed(week: Week) -> Week:
    """The first week that the bulletin of `week` may draw on.

    A file that starts later gives the published figures only if there were no forms before it.
    """
    return weeks_needed(week)[0]


def _of_unit(
    unit: str,
    counts: FileCounts,
    scheme: Scheme,
    rules: RuleSet,
    wanted: Sequence[Week],
    as_of: Week | None,
) -> dict[Week, Bulletin]:
    needed = {week for of in wanted for week in weeks_needed(of)}
    weeks = counts.week_counts(unit, needed, as_of)
    versions = counts.versions
    return {week: make_bulletin(unit, week, weeks, versions, scheme, rules) for week in wanted}


def _scheme(counts: FileCounts, schemes: Mapping[str, Scheme]) -> Scheme:
    ids = sorted({version.structure.scheme for version in counts.versions.values()})
    if len(ids) > 1:
        raise RowFileError(Problem("rowfile.schemes", "1", {"schemes": ", ".join(ids)}))
    if ids[0] not in schemes:
        raise RowFileError(Problem("rowfile.unknown_scheme", "1", {"scheme": ids[0]}))
    return schemes[ids[0]]
