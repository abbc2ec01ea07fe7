"""Whether late forms may enter the figures: what two vintages of a figure tell when one is taken from the other.

A revision enters the figures of all windows at once, or of none, and the decision is frozen with it: page, print, JSON and
`score` then read the same counts and need no rule of their own. The rule (docs/disclosure): nothing that was published may gain
a few forms, and nothing that was hidden beside it may open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.comparison import read_window
from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import LIMITS, hidden_count
from survey_app.domain.doubt import flagged_forms
from survey_app.domain.movement import channel_forms
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_figures
from survey_app.domain.scheme import Scheme
from survey_app.domain.sums import tally_window
from survey_app.domain.weeks import Week, Window

Weeks = Mapping[Week, WeekCounts]
Verdicts = dict[Week, Problem | None]


@dataclass(frozen=True, slots=True)
class Published:
    """What a unit has published up to a closing: its weeks as figures know them, and the closed weeks in order."""

    unit: str
    weeks: Weeks
    closed: Sequence[Week]
    versions: Versions
    scheme: Scheme
    _made: dict[Week, Bulletin] = field(default_factory=dict)

    def bulletin(self, week: Week) -> Bulletin:
        """The figures as of `week`, made once."""
        if week not in self._made:
            self._made[week] = self.figures(week, self.weeks)
        return self._made[week]

    def figures(self, week: Week, weeks: Weeks) -> Bulletin:
        """The figures of `week` from other counts."""
        return make_figures(self.unit, week, weeks, self.versions, self.scheme)


def admit(published: Published, revised: Weeks) -> Verdicts:
    """Of each revised week, in order, why it must wait; None where its revision enters the figures.

    Weeks that wait keep the vintage before, and are asked again with the next revision.
    """
    weeks = dict(published.weeks)
    verdicts: Verdicts = {}
    for week in sorted(revised):
        tried = {**weeks, week: revised[week]}
        verdicts[week] = refusal(published, tried, min(revised))
        if verdicts[week] is None:
            weeks = tried
    return verdicts


def refusal(published: Published, weeks: Weeks, first: Week) -> Problem | None:
    """Why figures from `weeks` must not follow the published ones; the first week that differs is `first`."""
    since = [week for week in published.closed if week >= first]
    for week in since:
        problem = _of_counts(week, published.weeks, weeks)
        if problem is not None:
            return problem
    pairs = [(published.bulletin(week), published.figures(week, weeks)) for week in since]
    shown = {f.window for before, _ in pairs for f in before.figures.values() if _is_shown(f)}
    for before, after in pairs:
        problem = _of_bulletins(before, after, shown) or _of_rest(before, published, weeks)
        if problem is not None:
            return problem
    return None


def _of_counts(week: Week, before: Weeks, after: Weeks) -> Problem | None:
    """Forms of one week, all and flagged ones."""
    (forms, _), (forms_now, _) = (flagged_forms(week.window, weeks) for weeks in (before, after))
    params = {"before": forms, "after": forms_now}
    if forms and not forms_now:
        return Problem("revision.emptied", str(week), params)
    if forms_now < forms:
        return Problem("revision.forms_lost", str(week), params)
    if not hidden_count(forms):
        return None
    gains_few = 0 < forms_now - forms < LIMITS.score
    return (
        _few_late(str(week)) if gains_few or _parts_gain_few(week.window, before, after) else None
    )


def _of_bulletins(before: Bulletin, after: Bulletin, shown: Iterable[str]) -> Problem | None:
    if before.forms is None and after.forms is not None and _is_inside(before.week, shown):
        return _opened(str(before.week))
    for key, figure in after.figures.items():
        old = before.figures.get(key)
        problem = _of_figures(old, figure, shown) if old else None
        if problem is not None:
            return problem
    return None


def _of_figures(old: Figure, new: Figure, shown: Iterable[str]) -> Problem | None:
    if not _is_shown(old):
        return _opened(new.key) if _is_shown(new) and new.window in shown else None
    if not _is_shown(new) or new.window != old.window:
        return Problem("revision.closed", new.key)
    return _few_late(new.key) if 0 < abs((new.n or 0) - (old.n or 0)) < LIMITS.score else None


def _of_rest(before: Bulletin, published: Published, weeks: Weeks) -> Problem | None:
    """What is left over beside the shown figures is counted by subtraction: it gained none, or enough to hide in."""
    for text in {figure.window for figure in before.figures.values() if _is_shown(figure)}:
        if _parts_gain_few(read_window(text), published.weeks, weeks):
            return _few_late(text)
    for figure in before.figures.values():
        if figure.kind != "dimension" or figure.key == "total":
            continue
        subs = [f for f in before.figures.values() if f.key.startswith(f"{figure.key}.")]
        shown = [sub.key for sub in subs if _is_shown(sub)]
        window = read_window(figure.window)
        old, new = (tally_window(window, w, published.versions) for w in (published.weeks, weeks))
        rest = [t.forms - sum(t.forms_any[key] for key in shown) for t in (old, new)]
        if shown and len(shown) < len(subs) and _is_few(abs(rest[1] - rest[0])):
            return _few_late(figure.key)
    return None


def _parts_gain_few(window: Window, before: Weeks, after: Weeks) -> bool:
    """Flagged forms and phones' forms: figures without them are told, before and after, where neither part is a few."""
    for count in (_flagged_and_others, channel_forms):
        old, new = count(window, before), count(window, after)
        is_told = not any(map(_is_few, (*old, *new)))
        if is_told and any(_is_few(abs(b - a)) for a, b in zip(old, new, strict=True)):
            return True
    return False


def _flagged_and_others(window: Window, weeks: Weeks) -> tuple[int, int]:
    forms, flagged = flagged_forms(window, weeks)
    return flagged, forms - flagged


def _is_few(number: int) -> bool:
    return 0 < number < LIMITS.cell


def _is_inside(week: Week, windows: Iterable[str]) -> bool:
    return any(week in read_window(text).weeks for text in windows)


def _is_shown(figure: Figure) -> bool:
    return figure.value is not None


def _few_late(where: str) -> Problem:
    return Problem("revision.few_late", where, {"needed": LIMITS.score})


def _opened(where: str) -> Problem:
    return Problem("revision.opened", where)
