"""Back from a row file to counts: from `count()` on, `score` and the page are one code.

Rows are streamed: no more than a few thousand are held at a time, whatever the size of the file or the order of its lines.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from survey_app.domain.counting import (
    CountedForm,
    Totals,
    add,
    count,
    totals_from_json,
    totals_to_json,
)
from survey_app.domain.problem import Problem
from survey_app.domain.psu import PsuTotals, WeekCounts
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile_cells import RowFileError, read
from survey_app.domain.rowfile_parse import FindVersion, Header, LineParser, Place, PsuKey
from survey_app.domain.weeks import Week

_ROWS_AT_A_TIME = 5000
_MOST_FINDINGS = 20
_UNKNOWN_VINTAGE = 0


@dataclass(slots=True)
class FileCounts:
    """A row file, counted.

    `rows` counts lines by unit and week; `findings` are contradictions inside lines, which do not keep the file from being
    counted: the answers decide.
    """

    versions: dict[str, Questionnaire] = field(default_factory=dict)
    totals: dict[PsuKey, Totals] = field(default_factory=dict)
    rows: Counter[tuple[str, Week]] = field(default_factory=Counter)
    findings: list[Problem] = field(default_factory=list)

    @property
    def units(self) -> list[str]:
        """Units in the file."""
        return sorted({unit for unit, _ in self.rows})

    @property
    def weeks(self) -> list[Week]:
        """Every week from the first to the last in the file, also those without a line."""
        present = {week for _, week in self.rows}
        weeks = [min(present)]
        while weeks[-1] < max(present):
            weeks.append(weeks[-1].next())
        return weeks

    def week_counts(self, unit: str) -> dict[Week, WeekCounts]:
        """The unit's counts as its vintages hold them. A week without lines is a week without forms."""
        psus: dict[Week, list[PsuTotals]] = {week: [] for week in self.weeks}
        for (owner, week, label), totals in sorted(self.totals.items(), key=itemgetter(0)):
            if owner == unit:
                psus[week].append(PsuTotals(label, _as_stored(totals)))
        return {w: WeekCounts(w, _UNKNOWN_VINTAGE, tuple(found)) for w, found in psus.items()}


def read_counts(raw_lines: Iterable[bytes], find_version: FindVersion) -> FileCounts:
    """Count a row file of either dialect.

    `find_version` gives a questionnaire by the label of the first column ("id@" + first 12 digits of its hash). Raises
    RowFileError with the line at the first thing that cannot be counted.
    """
    lines = read(raw_lines)
    _, names = next(lines)
    parser = LineParser(Header.parse(names), find_version)
    counting = _Counting()
    line = 1
    for line, cells in lines:
        counting.take(line, *parser.parse(line, cells))
    counting.flush()
    if not counting.result.rows:
        raise RowFileError(Problem("rowfile.no_rows", str(line)))
    return counting.result


class _Counting:
    """Counts forms a few thousand at a time."""

    def __init__(self) -> None:
        self.result = FileCounts()
        self._waiting: dict[PsuKey, list[CountedForm]] = defaultdict(list)
        self._held = 0

    def take(self, line: int, place: Place, answers: Mapping[str, Answer]) -> None:
        """Keep one form for counting."""
        self._check_group(line, place, answers)
        self._waiting[place.psu].append(place.form(answers))
        self.result.versions[place.version.hash] = place.version.questionnaire
        self.result.rows[place.psu[0], place.psu[1]] += 1
        self._held += 1
        if self._held >= _ROWS_AT_A_TIME:
            self.flush()

    def flush(self) -> None:
        """Count what waits."""
        totals = self.result.totals
        for key, forms in self._waiting.items():
            totals[key] = add([totals.get(key, {}), count(forms, self.result.versions)])
        self._waiting.clear()
        self._held = 0

    def _check_group(self, line: int, place: Place, answers: Mapping[str, Answer]) -> None:
        said = place.version.group(answers)
        if said != place.group and len(self.result.findings) < _MOST_FINDINGS:
            params = {"column": place.group, "answer": said}
            self.result.findings.append(Problem("rowfile.group_contradicts", str(line), params))


def _as_stored(totals: Totals) -> Totals:
    """Counts in the order a vintage keeps them, so that sums of floats come out the same to the last bit."""
    return totals_from_json(totals_to_json(totals))
