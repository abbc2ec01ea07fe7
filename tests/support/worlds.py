"""Other sets of forms that are published alike: what they differ in, nobody can tell from all that is published.

An integer programme goes through the forms of every day and procedure, with those sums of each day held fast that an exactly
published figure is made of. Standard errors, intervals, degrees of freedom, tests and smallest changes are functions of these:
every solution keeps them to the last digit, whatever their formula. What is found is laid out as forms, and the program itself
says whether it publishes them alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from survey_app.domain import suppression
from survey_app.domain.bulletin import Bulletin
from survey_app.domain.comparison import read_window
from survey_app.domain.counting import CountedForm
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.weeks import Week
from tests.support.integer_programme import Programme, Sum, add
from tests.support.offices import Days, group_of, hidden_groups, true_count
from tests.support.small import BY_GROUP, CRITERIA

GROUPS = (*BY_GROUP, "none")
MANY = 1000
Cell = tuple[int, int, str]
Exact = set[tuple[Week, str]]


class Worlds:
    """Sets of forms of a unit's weeks that are published like those that were `made`.

    `group`: hidden, and in these worlds too thin itself; `bulletins`: all that there are, the last
    one that hides it for these weeks.
    """

    def __init__(
        self, weeks: Sequence[Week], made: Sequence[Days], bulletins: Sequence[Bulletin], group: str
    ) -> None:
        self.weeks, self.made, self.group = weeks, made, group
        self.programme = Programme()
        self.exact = set(_exact(bulletins))
        self.forms: dict[Cell, Sum] = {}
        self.good: dict[Cell, dict[str, Sum]] = {}
        for week, days in enumerate(made):
            for day, forms in enumerate(days):
                self._day(week, day, forms)
        self._bounded(bulletins)
        self._what_ifs(bulletins)
        self._same_reasons(hidden_groups(bulletins[-1], made))

    def counted(self, *, most: bool) -> list[Days]:
        """A world with as many forms of the group as there can be, or as few."""
        return self._found(self._total(self.group), most=most)

    def alone(self, *, best: bool) -> list[Days]:
        """A world in which the group has a single form, and that is as good as it can be, or as bad."""
        row = self.programme.solver.getNumRow()
        self._fix(self._total(self.group), 1)
        mine = (by for cell, by in self.good.items() if cell[2] == self.group)
        found = self._found(add(*((1.0, one) for by in mine for one in by.values())), most=best)
        self.programme.solver.deleteRows(1, [row])
        return found

    def _found(self, terms: Sum, *, most: bool) -> list[Days]:
        reached = self.programme.reached(terms, most=most)
        assert reached is not None
        values = [round(value) for value in self.programme.solver.getSolution().col_value]
        return [
            [self._laid_out(week, day, values) for day in range(len(days))]
            for week, days in enumerate(self.made)
        ]

    def _laid_out(self, week: int, day: int, values: Sequence[int]) -> list[CountedForm]:
        """The day's forms with procedures and criteria dealt out anew; all else stays."""
        left = list(self.made[week][day])
        result = []
        for group in GROUPS:
            number = _value(self.forms[week, day, group], values)
            good = {q: _value(one, values) for q, one in self.good[week, day, group].items()}
            for place in range(number):
                criteria = {q: "yes" if place < count else "no" for q, count in good.items()}
                named = {"procedure": "refused" if group == "none" else group}
                one = left.pop()
                result.append(replace(one, answers={**one.answers, **criteria, **named}))
        assert not left
        return result

    def _total(self, group: str) -> dict[int, float]:
        return add(*((1.0, one) for cell, one in self.forms.items() if cell[2] == group))

    def _day(self, week: int, day: int, forms: Sequence[CountedForm]) -> None:
        for group in GROUPS:
            mine = [one for one in forms if group_of(one) == group]
            self._of_group((week, day, group), mine)
        self._fix(add(*((1.0, self.forms[week, day, g]) for g in GROUPS)), len(forms))
        for q in CRITERIA:
            if (self.weeks[week], f"item.{q}") in self.exact:
                good = add(*((1.0, self.good[week, day, g][q]) for g in GROUPS))
                self._fix(good, sum(one.answers[q] == "yes" for one in forms))

    def _of_group(self, cell: Cell, mine: Sequence[CountedForm]) -> None:
        week, _, group = cell
        forms = self.forms[cell] = {self.programme.whole(): 1.0}
        answers = self.good[cell] = {q: {self.programme.whole(): 1.0} for q in CRITERIA}
        for good in answers.values():
            self.programme.between(add((1, forms), (-1, good)), 0)
        if (self.weeks[week], BY_GROUP.get(group, "")) in self.exact:
            self._fix(forms, len(mine))
            self._fix(add(*((1.0, one) for one in answers.values())), sum(map(_good, mine)))

    def _bounded(self, bulletins: Sequence[Bulletin]) -> None:
        """An item that is printed as a bound alone stays beyond it; nothing else is said of it."""
        figures = (figure for bulletin in bulletins for figure in bulletin.figures.values())
        known = {(f.key, f.window): f.bound for f in figures if f.bound is not None}
        for (key, text), bound in known.items():
            question = key.removeprefix("item.")
            weeks = {self.weeks.index(w) for w in read_window(text).weeks if w in self.weeks}
            cells = [cell for cell in self.forms if cell[0] in weeks]
            if question in CRITERIA:
                good = add(*((1.0, self.good[cell][question]) for cell in cells))
                forms = add(*((1.0, self.forms[cell]) for cell in cells))
                told = good if bound == "at_most" else add((1, forms), (-1, good))
                self.programme.between(add((LIMITS.edge / 100, forms), (-1, told)), 0)

    def _what_ifs(self, bulletins: Sequence[Bulletin]) -> None:
        """What the score would be with one item otherwise tells the shown groups' answers to it: each keeps its sum."""
        figures = (figure for bulletin in bulletins for figure in bulletin.figures.values())
        shown = {(f.key, f.window) for f in figures if f.value is not None}
        for group, sub in BY_GROUP.items():
            for text in {window for key, window in shown if key == sub}:
                weeks = {self.weeks.index(w) for w in read_window(text).weeks if w in self.weeks}
                for q in CRITERIA:
                    mine = (by[q] for c, by in self.good.items() if c[0] in weeks and c[2] == group)
                    forms = (f for w in weeks for day in self.made[w] for f in day)
                    number = sum(f.answers[q] == "yes" for f in forms if group_of(f) == group)
                    self._fix(add(*((1.0, one) for one in mine)), number)

    def _same_reasons(self, hidden: Sequence[str]) -> None:
        """Thin groups stay thin; one that is hidden for their sake stays the thinnest of the others, and needed.

        Which of the hidden is the thin one is not told: here it is `group`, whichever it is in truth.
        """
        numbers = {group: true_count(self.made, group) for group in GROUPS}
        thick = [group for group in hidden if numbers[group] >= LIMITS.score]
        if self.group in thick:
            thin_one = min(hidden, key=lambda group: numbers[group])
            thick = [thin_one if group == self.group else group for group in thick]
        thin = [group for group in hidden if group not in thick]
        for group in thin:
            self.programme.between(self._total(group), 1, LIMITS.score - 1)
        others = {group: numbers[group] for group in BY_GROUP if group not in hidden}
        for group, number in others.items():
            self._fix(self._total(group), number)
        thinnest = min(filter(None, others.values()), default=MANY)
        for group in thick:
            self.programme.between(self._total(group), LIMITS.score, thinnest)
        if thick:
            small = [g for g in hidden if numbers[g] < LIMITS.score]
            self._without_them([*thin, "none"], [*small, "none"])

    def _without_them(self, rest: Sequence[str], true: Sequence[str]) -> None:
        """Beside the shown sub-dimensions alone `rest` is too small, or its answers are too much alike, as `true` was."""
        mine = [f for days in self.made for day in days for f in day if group_of(f) in true]
        if len(mine) < LIMITS.cell:
            self.programme.between(add(*((1.0, self._total(g)) for g in rest)), 1, LIMITS.cell - 1)
            return
        kinds = suppression.room_needed(len(CRITERIA)) - 1
        is_good = sum(any(f.answers[q] == "no" for f in mine) for q in CRITERIA) <= kinds
        rare = [self._rare(rest, q, is_bad=is_good) for q in CRITERIA]
        self.programme.between(add(*((1.0, one) for one in rare)), 0, kinds)

    def _rare(self, rest: Sequence[str], question: str, *, is_bad: bool) -> Sum:
        """1 if `rest` gave a bad answer to the question, or a good one, else 0."""
        some = {self.programme.whole(0, 1): 1.0}
        good = add(*((1.0, by[question]) for cell, by in self.good.items() if cell[2] in rest))
        forms = add(*((1.0, one) for cell, one in self.forms.items() if cell[2] in rest))
        told = add((1, forms), (-1, good)) if is_bad else good
        self.programme.between(add((MANY, some), (-1, told)), 0)
        return some

    def _fix(self, terms: Sum, number: int) -> None:
        self.programme.between(terms, number, number)


def mean(made: Sequence[Days], group: str) -> float:
    """The share of good answers among a procedure's criteria."""
    mine = [one for days in made for day in days for one in day if group_of(one) == group]
    return sum(map(_good, mine)) / len(mine) / len(CRITERIA)


def _exact(bulletins: Iterable[Bulletin]) -> Iterator[tuple[Week, str]]:
    """(week, key) of what some bulletin shows exactly."""
    for bulletin in bulletins:
        for figure in bulletin.figures.values():
            if figure.value is not None and figure.bound is None:
                for week in read_window(figure.window).weeks:
                    yield week, figure.key


def _good(one: CountedForm) -> int:
    return sum(one.answers[q] == "yes" for q in CRITERIA)


def _value(terms: Mapping[int, float], values: Sequence[int]) -> int:
    return sum(values[variable] for variable in terms)
