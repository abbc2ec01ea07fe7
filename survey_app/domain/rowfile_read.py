"""Back from a row file to counts: what `count()` makes of the forms, so that `score` and the page are one code from there on.

Rows are streamed: none is held, whatever the size of the file or the order of its lines.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern

from survey_app.domain.counting import Totals
from survey_app.domain.problem import Problem
from survey_app.domain.psu import CountedLater, PsuTotals, WeekCounts
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rowfile_bins import Bin, PsuKey, totals_by_psu
from survey_app.domain.rowfile_cells import RowFileError, read
from survey_app.domain.rowfile_parse import FindVersion, FirstColumns, Header, LineParser
from survey_app.domain.rowfile_version import CellError
from survey_app.domain.weeks import Week

_MOST_FINDINGS = 20
_UNKNOWN_VINTAGE = 0


@dataclass(frozen=True)
class FileCounts:
    """A row file, counted.

    `findings` are contradictions inside lines, which do not keep the file from being counted: the answers decide.
    """

    bins: Sequence[Bin]
    findings: Sequence[Problem]

    @cached_property
    def versions(self) -> dict[str, Questionnaire]:
        """The versions that lines answer, by hash."""
        return {found.version.hash: found.version.questionnaire for found in self.bins}

    @cached_property
    def rows(self) -> Counter[tuple[str, Week]]:
        """Lines by unit and week."""
        result: Counter[tuple[str, Week]] = Counter()
        for found in self.bins:
            result[found.psu[:2]] += found.forms
        return result

    @property
    def totals(self) -> dict[PsuKey, Totals]:
        """Counts of every sampling unit; of a large file rather take one unit after the other (`week_counts`)."""
        return totals_by_psu(self.bins)

    @cached_property
    def units(self) -> list[str]:
        """Units in the file."""
        return sorted(self._by_unit)

    @cached_property
    def weeks(self) -> list[Week]:
        """Every week from the first to the last in the file, also those without a line."""
        present = {week for _, week in self.rows}
        weeks = [min(present)]
        while weeks[-1] < max(present):
            weeks.append(weeks[-1].next())
        return weeks

    def weeks_until(self, as_of: Week | None) -> list[Week]:
        """Weeks of the file that had closed with `as_of`."""
        return [week for week in self.weeks if as_of is None or week <= as_of]

    def week_counts(
        self, unit: str, weeks: Iterable[Week] | None = None, as_of: Week | None = None
    ) -> dict[Week, WeekCounts]:
        """The unit's counts as figures know them, in all of the file's weeks or those of `weeks` in it.

        `as_of`: as they knew them after that week's closing. A week without lines is a week without forms.
        """
        wanted = self.weeks_until(as_of) if weeks is None else sorted({*weeks} & {*self.weeks})
        bins: dict[Week, list[Bin]] = {week: [] for week in wanted}
        for found in self._by_unit[unit]:
            if found.psu[1] in bins and found.entered.counts(as_of):
                bins[found.psu[1]].append(found)
        return {week: _week_counts(week, own, as_of) for week, own in bins.items()}

    @cached_property
    def _by_unit(self) -> dict[str, list[Bin]]:
        result: defaultdict[str, list[Bin]] = defaultdict(list)
        for found in self.bins:
            result[found.psu[0]].append(found)
        return dict(result)


def _week_counts(week: Week, bins: Sequence[Bin], as_of: Week | None) -> WeekCounts:
    def psus() -> Iterable[PsuTotals]:
        totals = totals_by_psu(bins, as_of).items()
        return [PsuTotals(label, counted) for (_, _, label), counted in totals]

    number = len({found.psu for found in bins})
    result = WeekCounts(week, _UNKNOWN_VINTAGE, CountedLater(number, psus))
    # Known without counting.
    result.once("questionnaires", lambda: frozenset(found.version.hash for found in bins))
    return result


def read_counts(raw_lines: Iterable[bytes], find_version: FindVersion) -> FileCounts:
    """Count a row file of either dialect.

    `find_version` gives a questionnaire by the label of the first column ("id@" + first 12 digits of its hash). Raises
    RowFileError with the line at the first thing that cannot be counted.
    """
    lines = read(raw_lines)
    _, names = next(lines)
    counting = _Counting(LineParser(Header.parse(names), find_version))
    line = 1
    try:
        for line, cells in lines:
            counting.take(line, cells)
    except CellError as error:
        raise RowFileError(Problem(error.code, str(line), error.params)) from error
    counts = counting.result()
    if not counts.bins:
        raise RowFileError(Problem("rowfile.no_rows", str(line)))
    return counts


@dataclass(slots=True)
class _Counting:
    """Puts lines into bins, found by their first columns as they stand in the line."""

    parser: LineParser
    findings: list[Problem] = field(default_factory=list)
    bins: dict[FirstColumns, Bin] = field(default_factory=dict)

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Count one line; raises CellError."""
        parser = self.parser
        if len(cells) != parser.header.width:
            raise parser.wrong_length(cells)
        raw = parser.first_columns(cells)
        found = self.bins.get(raw) or self._new_bin(raw, None)
        version = found.version
        numbers = version.numbers(cells)
        said = version.group(cells)
        if said != found.key.group:
            self._note(line, found.key.group, said)
            found = self.bins.get((*raw, said)) or self._new_bin(raw, said)
        found.take(numbers)

    def result(self) -> FileCounts:
        """What was counted."""
        return FileCounts([found for found in self.bins.values() if found.forms], self.findings)

    def _new_bin(self, raw: FirstColumns, said: str | None) -> Bin:
        """A bin for the group that the column says, or `said` by answers that contradict it."""
        key = raw if said is None else (*raw, said)
        # The same few texts stand in a hundred thousand keys.
        result = self.bins[tuple(map(intern, key))] = self.parser.bin(raw, said)
        return result

    def _note(self, line: int, column: str, said: str) -> None:
        if len(self.findings) < _MOST_FINDINGS:
            params = {"column": column, "answer": said}
            self.findings.append(Problem("rowfile.group_contradicts", str(line), params))
