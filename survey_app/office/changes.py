"""What the page says of changes: a rise or a fall only where the family's test supports one."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.bulletin import Bulletin, Change
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Scheme
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text

SATISFACTION = "satisfaction"
REACHES = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
Changes = Mapping[str, Change | Problem]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A row of the table of changes.

    `left_out`: words of the questions that could not be compared; `is_narrower`: it rests on fewer
    sub-dimensions than the published score.
    """

    key: str
    name: str
    change: Change | None
    reason: str
    left_out: tuple[str, ...]
    is_narrower: bool


def change_lines(
    bulletin: Bulletin,
    found: Changes,
    scheme: Scheme,
    versions: Mapping[str, Questionnaire],
) -> list[ChangeLine]:
    """Published dimensions in order, then tỷ lệ hài lòng."""
    return [
        ChangeLine(
            key=key,
            name=_name(key, scheme),
            change=change if isinstance(change, Change) else None,
            reason=problem_text(change) if isinstance(change, Problem) else "",
            left_out=_left_out(change, versions),
            is_narrower=isinstance(change, Change)
            and change.measured < bulletin.figures[key].measured,
        )
        for key, change in found.items()
    ]


@dataclass(frozen=True, slots=True)
class Forest:
    """The picture of the dimensions' changes: all on one scale from −`reach` to +`reach` points."""

    reach: float
    lines: tuple[ChangeLine, ...]

    def x(self, value: float, width: int) -> float:
        """The place of a difference in a box so wide, zero in its middle."""
        return round(width / 2 * (1 + value / self.reach), 1)


def forest(lines: list[ChangeLine]) -> Forest | None:
    """The dimensions that could be compared; None where there is none."""
    drawn = tuple(line for line in lines if line.change and line.key != SATISFACTION)
    compared = [line.change for line in drawn if line.change]
    widest = max((abs(end) for one in compared for end in (one.low, one.high)), default=0.0)
    return Forest(next((r for r in REACHES if r >= widest), REACHES[-1]), drawn) if drawn else None


def common_obstacle(lines: list[ChangeLine]) -> str | None:
    """The one reason why nothing at all can be compared."""
    reasons = {line.reason for line in lines}
    return reasons.pop() or None if len(reasons) == 1 else None


def changes_sentence(bulletin: Bulletin, scheme: Scheme) -> str | None:
    """What changed, as far as that can be said; None when the week has no figure to compare."""
    changes = bulletin.changes
    compared = [c for c in changes.values() if isinstance(c, Change) and c.key != SATISFACTION]
    moved = [_moved(change, scheme) for change in compared if change.direction is not None]
    if moved and len(moved) < len(compared):
        return gettext(
            "Compared with the period before: %(moved)s; of the other dimensions there are no "
            "grounds to speak of a rise or a fall.",
            moved="; ".join(moved),
        )
    if moved:
        return gettext("Compared with the period before: %(moved)s.", moved="; ".join(moved))
    if compared:
        return gettext(
            "Compared with the period before, no dimension has changed clearly enough "
            "to speak of a rise or a fall."
        )
    reasons = {problem_text(c) for c in changes.values() if isinstance(c, Problem)}
    if len(reasons) == 1 and len(changes) > 1:
        return gettext(
            "Nothing can be compared with the period before yet: %(reason)s",
            reason=within(reasons.pop()),
        )
    return None


def change_words(change: Change | Problem | None) -> str:
    """A card's line: the difference, its interval, the verdict, what could have been found."""
    if change is None:
        return ""
    if isinstance(change, Problem):
        return gettext(
            "Not compared with the period before: %(reason)s", reason=within(problem_text(change))
        )
    parts = [
        gettext(
            "Compared with %(window)s: %(value)s (95%% confidence interval: %(interval)s).",
            window=within(formats.short_window(change.before)),
            value=signed(change),
            interval=signed_interval(change),
        ),
        verdict(change) + ".",
        gettext("Smallest change that could be found: %(value)s.", value=detectable(change)),
    ]
    if change.series_break is not None:
        parts.append(gettext("The form has changed: only the questions in common are compared."))
    return " ".join(parts)


def verdict(change: Change) -> str:
    """A rise, a fall, or that there are no grounds for either."""
    if change.key == SATISFACTION:
        return gettext("Not tested: an interval only")
    if change.direction == "up":
        return gettext("A rise")
    if change.direction == "down":
        return gettext("A fall")
    return gettext("No grounds to speak of a rise or a fall")


def moved_word(change: Change | Problem | None) -> str:
    """The verdict in a word or two, where there is room for no more."""
    if not isinstance(change, Change):
        return gettext("not compared")
    if change.key == SATISFACTION:
        return gettext("interval only")
    if change.direction == "up":
        return gettext("up %(points)s", points=formats.score(abs(change.value)))
    if change.direction == "down":
        return gettext("down %(points)s", points=formats.score(abs(change.value)))
    return gettext("not clear")


def signed(change: Change) -> str:
    """+0,12; of a share "+1,2 điểm phần trăm"."""
    if change.key == SATISFACTION:
        return gettext("%(value)s percentage points", value=_signed(change.value, 1))
    return _signed(change.value, 2)


def signed_interval(change: Change) -> str:
    """−0,20 đến +0,44."""
    decimals = _decimals(change)
    return gettext(
        "%(low)s to %(high)s",
        low=_signed(change.low, decimals),
        high=_signed(change.high, decimals),
    )


def detectable(change: Change) -> str:
    """The smallest change that would have been found with 80 % probability."""
    return formats.number(change.detectable, _decimals(change))


def beside_words(change: Change | Problem | None) -> str:
    """A change that stands beside another: the difference with its interval, a dash where there is none."""
    if not isinstance(change, Change):
        return formats.DASH
    return f"{_signed(change.value, _decimals(change))} ({signed_interval(change)})"


def within(words: str) -> str:
    """A name of a window as it stands within a sentence."""
    return words[:1].lower() + words[1:]


def _moved(change: Change, scheme: Scheme) -> str:
    name = scheme.dimension(change.key).names[language()]
    points = formats.score(abs(change.value))
    if change.direction == "up":
        return gettext("%(name)s rose by %(points)s points", name=name, points=points)
    return gettext("%(name)s fell by %(points)s points", name=name, points=points)


def _decimals(change: Change) -> int:
    return 1 if change.key == SATISFACTION else 2


def _signed(value: float, decimals: int) -> str:
    text = formats.number(abs(value), decimals)
    sign = "+" if value > 0 else "−"
    return sign + text if round(value, decimals) else text


def _name(key: str, scheme: Scheme) -> str:
    if key == SATISFACTION:
        return gettext("Satisfaction rate")
    return f"{key}. {scheme.dimension(key).names[language()]}"


def _left_out(change: Change | Problem, versions: Mapping[str, Questionnaire]) -> tuple[str, ...]:
    if isinstance(change, Problem) or change.series_break is None:
        return ()
    return tuple(_words(question, versions) for question in change.series_break.left_out)


def _words(question: str, versions: Mapping[str, Questionnaire]) -> str:
    """The newest version that has the question says it."""
    said = (v.say(language(), f"{question}.text") for v in [*versions.values()][::-1])
    return next(filter(None, said), question)
