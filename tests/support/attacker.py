"""An attacker who has every bulletin of a unit, knows the questionnaire and the rules, and can solve integer programmes.

Told more than the page tells: that nobody who named a procedure left a criterion out. What even this attacker cannot
narrow down, nobody can.
"""

from collections.abc import Iterable, Mapping, Sequence

from survey_app.domain.bulletin import Bulletin, Change, Figure
from survey_app.domain.comparison import read_window
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.weeks import Week
from tests.support.integer_programme import Programme, Sum, add
from tests.support.small import BY_GROUP, CRITERIA

GROUPS = (*BY_GROUP, "none")
ITEMS = (*CRITERIA, "extra", "gifts")
GRADES = ("not_satisfied", "satisfied", "very_satisfied")
SUBS = {sub: group for group, sub in BY_GROUP.items()}


Counts = dict[str, dict[int, float]]


class Attacker:
    """Unknown counts of every week, and all that the bulletins say of them.

    `programme`, `weeks`: what is known and meant already, by week (`revised`).
    """

    def __init__(
        self,
        bulletins: Iterable[Bulletin],
        programme: Programme | None = None,
        weeks: Mapping[Week, Counts] | None = None,
    ) -> None:
        self.programme = programme or Programme()
        self.weeks: dict[Week, Counts] = dict(weeks or {})
        self.few: set[Week] = set()
        # Answers, and the sum of good ones, by figure and window.
        self.numbers: dict[tuple[str, str], tuple[int, Sum]] = {}
        self.learn(bulletins)

    def learn(self, bulletins: Iterable[Bulletin]) -> None:
        """What the bulletins say, each figure once."""
        seen: set[tuple[str, str, bool]] = set()
        for bulletin in bulletins:
            self._forms(bulletin)
            for figure in bulletin.figures.values():
                known = figure.key, figure.window, figure.value is None
                if known not in seen:
                    seen.add(known)
                    self._learn(figure)
            for change in bulletin.changes.values():
                if isinstance(change, Change):
                    self._learn_change(bulletin, change)

    def revised(self, weeks: Iterable[Week], bulletins: Iterable[Bulletin]) -> "Attacker":
        """The same attacker after late forms came in `weeks` and everything was published again."""
        late = {week: self._unknown() for week in weeks}
        counts = {
            w: together([own, late[w]]) if w in late else own for w, own in self.weeks.items()
        }
        return Attacker(bulletins, self.programme, counts)

    def sum(self, name: str, weeks: Iterable[Week]) -> dict[int, float]:
        """A count over several weeks; there were no forms before the first bulletin."""
        return add(*((1.0, self.weeks[week][name]) for week in weeks if week in self.weeks))

    def count_range(self, name: str, weeks: Iterable[Week]) -> tuple[float, float]:
        """The range of a count, as far as it could be reached."""
        return self.reach(self.sum(name, weeks))

    def mean_range(
        self, group: str, weeks: list[Week], sizes: Iterable[int]
    ) -> tuple[float, float]:
        """The range of a procedure group's mean criterion, trying these numbers of forms."""
        terms = add(*((1.0, self.sum(f"{group} {q} good", weeks)) for q in CRITERIA))
        lows, highs = [], []
        for size in sizes:
            row = self.programme.solver.getNumRow()
            self.programme.between(self.sum(f"{group} forms", weeks), size, size)
            low, high = (self.programme.reached(terms, most=most) for most in (False, True))
            if low is not None and high is not None:
                lows.append(low / size / len(CRITERIA))
                highs.append(high / size / len(CRITERIA))
            self.programme.solver.deleteRows(1, [row])
        return min(lows), max(highs)

    def reach(self, terms: Sum) -> tuple[float, float]:
        """The range of a sum; raises AssertionError when what was published contradicts itself."""
        low, high = (self.programme.reached(terms, most=most) for most in (False, True))
        if low is None or high is None:
            raise AssertionError("the attacker's model contradicts the bulletins")
        return low, high

    def _forms(self, bulletin: Bulletin) -> None:
        if bulletin.week not in self.weeks:
            self.weeks[bulletin.week] = self._unknown()
        counts = self.weeks[bulletin.week]
        if bulletin.forms is None:
            self.few.add(bulletin.week)
            self.programme.between(counts["forms"], 1, LIMITS.forms - 1)
        else:
            self.programme.between(counts["forms"], bulletin.forms, bulletin.forms)

    def _unknown(self) -> Counts:
        """The counts of one week, as sums of unknown whole numbers."""
        new, counts = self.programme.whole, Counts()
        for group in GROUPS:
            counts[f"{group} forms"] = {new(): 1.0}
            for item in CRITERIA:
                name = f"{group} {item}"
                counts[f"{name} good"] = {new(): 1.0}
                counts[f"{name} answers"] = (
                    counts[f"{group} forms"] if group != "none" else {new(): 1.0}
                )
        counts["forms"] = add(*((1.0, counts[f"{group} forms"]) for group in GROUPS))
        for item in CRITERIA:
            for end in ("good", "answers"):
                counts[f"{item} {end}"] = add(
                    *((1.0, counts[f"{group} {item} {end}"]) for group in GROUPS)
                )
        for item in ("extra", "gifts"):
            counts |= {f"{item} {end}": {new(): 1.0} for end in ("good", "answers")}
        counts |= {grade: {new(): 1.0} for grade in GRADES}
        counts["rated"] = add(*((1.0, counts[grade]) for grade in GRADES))
        self._order(counts)
        return counts

    def _order(self, counts: Mapping[str, Sum]) -> None:
        """Good answers ≤ answers ≤ forms."""
        for name, terms in counts.items():
            if name.endswith(" answers"):
                forms = counts["none forms"] if name.startswith("none ") else counts["forms"]
                self.programme.between(add((1, forms), (-1, terms)), 0)
            if name.endswith(" good"):
                answers = counts[name.replace(" good", " answers")]
                self.programme.between(add((1, answers), (-1, terms)), 0)
        self.programme.between(add((1, counts["forms"]), (-1, counts["rated"])), 0)

    def _learn(self, figure: Figure) -> None:
        """What one figure says: n, rounded value or bound, or how few there are."""
        weeks = read_window(figure.window).weeks
        parts = self._parts(figure, weeks)
        if parts is None:
            return
        answers, good, factor = parts
        if figure.withheld is not None:
            if figure.withheld.code == "figure.few_forms":
                self.programme.between(answers, high=29)
            return
        assert figure.n is not None
        assert figure.value is not None
        self.programme.between(answers, figure.n, figure.n)
        self.numbers[figure.key, figure.window] = figure.n * factor, good
        low, high = self._bounds(figure)
        self.programme.between(add((1, good), (-low * factor, answers)), low=-1e-6)
        self.programme.between(add((1, good), (-high * factor, answers)), high=1e-6)

    def _learn_change(self, bulletin: Bulletin, change: Change) -> None:
        """A difference of two means, of the same questions and over the same sub-dimensions."""
        if change.key not in {"5", "satisfaction"} or change.series_break:
            return
        span = 9.0 if change.key == "5" else 100.0
        terms: list[tuple[float, Sum]] = []
        for sign, window in ((1, change.after), (-1, change.before)):
            keys = [k for k in SUBS if bulletin.figures[k].value is not None]
            means = self._means(keys if change.key == "5" else ["satisfaction"], window)
            if means is None or (change.key == "5" and len(keys) != change.measured):
                return
            terms += [(sign * share, good) for share, good in means]
        step = 0.0051 if change.key == "5" else 0.051
        self.programme.between(
            add(*((span * share, good) for share, good in terms)),
            change.value - step,
            change.value + step,
        )

    def _means(self, keys: list[str], window: str) -> list[tuple[float, Sum]] | None:
        """Their mean as (share, good answers); None where a number of forms was never printed."""
        found = []
        for key in keys:
            if (key, window) not in self.numbers:
                return None
            size, good = self.numbers[key, window]
            found.append((1 / size / len(keys), good))
        return found

    def _parts(self, figure: Figure, weeks: tuple[Week, ...]) -> tuple[Sum, Sum, int] | None:
        """Answers, good answers, and how many of these one answer can hold."""
        kind, _, name = figure.key.partition(".")
        if figure.key in SUBS:
            group = SUBS[figure.key]
            good = add(*((1.0, self.sum(f"{group} {q} good", weeks)) for q in CRITERIA))
            return self.sum(f"{group} forms", weeks), good, len(CRITERIA)
        if kind == "item" and name in ITEMS:
            return self.sum(f"{name} answers", weeks), self.sum(f"{name} good", weeks), 1
        if figure.key == "satisfaction":
            pleased = add(*((1.0, self.sum(grade, weeks)) for grade in GRADES[1:]))
            return self.sum("rated", weeks), pleased, 1
        if kind == "grade":
            return self.sum("rated", weeks), self.sum(name, weeks), 1
        return None

    def _bounds(self, figure: Figure) -> tuple[float, float]:
        """The share behind a printed value."""
        assert figure.value is not None
        value = figure.value
        if figure.bound is not None:
            return (0.0, value / 100) if figure.bound == "at_most" else (value / 100, 1.0)
        if figure.kind == "subdimension":
            return (value - 0.0051 - 0.25) / 2.25, (value + 0.0051 - 0.25) / 2.25
        return (value - 0.051) / 100, (value + 0.051) / 100


def together(parts: Sequence[Counts]) -> Counts:
    """Counts of several parts, summed."""
    return {name: add(*((1.0, part[name]) for part in parts)) for name in parts[0]}
