"""The week in brief: how are we, how sure is it, what moved, what would help, what is missing."""

from dataclasses import dataclass

from survey_app.content.holidays import tet_dates
from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.comparison import around_tet
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.office import sentences
from survey_app.office.changes import changes_sentence, within
from survey_app.office.coverage import Coverage
from survey_app.office.pulling import DIMENSION, Pulling
from survey_app.web import formats
from survey_app.web.i18n import gettext, language

# An interval so many times as wide as so many independent answers would give: the days differ (usual is about two).
UNEVEN = 3.5
NAMED = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What other parts of the page found; `reaching`: at which counter most is to gain; `doubt`: how many forms are flagged."""

    coverage: Coverage
    pulling: Pulling
    reaching: str = ""
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the five questions, with its answer in sentences; `figure`: the one number to read first."""

    question: str
    sentences: tuple[str, ...]
    figure: str = ""


def brief(bulletin: Bulletin, scheme: Scheme, known: Known) -> tuple[Answer, ...]:
    """The five answers, in the order in which they are asked."""
    rate = bulletin.figures["satisfaction"]
    return (
        Answer(
            gettext("How are we doing?"),
            _kept(_rate(bulletin, rate), _score(bulletin, scheme)),
            "" if rate.withheld else sentences.share(rate),
        ),
        Answer(
            gettext("How sure is it?"),
            _kept(
                sentences.forms_sentence(bulletin.forms),
                _tet(bulletin.week),
                _sure(rate),
                _uneven(rate),
                _not_asked(known.coverage),
                known.doubt,
            ),
        ),
        Answer(gettext("What has changed?"), (_moved(bulletin, scheme),)),
        Answer(gettext("What would help first?"), _helping(rate, known)),
        Answer(gettext("What is missing?"), _missing(bulletin, scheme, known.coverage)),
    )


def _rate(bulletin: Bulletin, rate: Figure) -> str:
    if sentences.is_doubted(rate):
        return gettext(
            "The satisfaction rate is withheld: %(reason)s",
            reason=within(sentences.withheld_reason(rate)),
        )
    if rate.withheld is not None:
        return gettext(
            "The satisfaction rate is not published: %(reason)s",
            reason=within(sentences.withheld_reason(rate)),
        )
    if rate.window == str(bulletin.week):
        return gettext("of those who rated are satisfied or very satisfied") + "."
    return gettext(
        "of those who rated are satisfied or very satisfied (%(window)s).",
        window=within(formats.short_window(rate.window)),
    )


def _score(bulletin: Bulletin, scheme: Scheme) -> str | None:
    figure = bulletin.figures[DIMENSION]
    if figure.value is None:
        return None
    text = {
        "name": scheme.dimension(DIMENSION).names[language()],
        "value": formats.score(figure.value),
        "window": within(formats.short_window(figure.window)),
        "forms": formats.number(figure.n or 0),
    }
    if figure.low is None or figure.high is None:
        return gettext("%(name)s: %(value)s points of 10 (%(window)s; %(forms)s forms).", **text)
    return gettext(
        "%(name)s: %(value)s points of 10 (%(window)s; 95%% confidence interval: %(interval)s; "
        "%(forms)s forms).",
        interval=formats.span(figure.low, figure.high),
        **text,
    )


def _sure(rate: Figure) -> str | None:
    if rate.low is None or rate.high is None:
        return None
    return gettext(
        "Among people who choose to answer, the true rate lies between %(low)s and %(high)s "
        "(95%% confidence, from %(forms)s forms).",
        forms=formats.number(rate.n or 0),
        low=formats.percent(rate.low),
        high=formats.percent(rate.high),
    )


def _tet(week: Week) -> str | None:
    """The week of Tết, and those near it: few come, and other matters bring them."""
    distance = around_tet(week, tet_dates())
    if distance is None:
        return None
    day = formats.day(tet_dates()[week.year])
    if not distance:
        return gettext("It is the week of Tết (%(day)s is its first day).", day=day)
    return gettext("Tết is near (%(day)s is its first day): fewer people come.", day=day)


def _uneven(rate: Figure) -> str | None:
    """Said from the published figures alone: nothing of a single day is told."""
    if rate.value is None or rate.low is None or rate.high is None or not rate.n:
        return None
    alone = 1.96 * (rate.value * (100 - rate.value) / rate.n) ** 0.5
    if rate.high - rate.low < 2 * UNEVEN * alone:
        return None
    return gettext(
        "The days of the period differ widely, which makes the interval so wide: was something "
        "amiss on one of them?"
    )


def _helping(rate: Figure, known: Known) -> tuple[str, ...]:
    if sentences.is_doubted(rate):
        return (
            gettext(
                "Find out first why so many forms are flagged: see “How sound the forms are” below."
            ),
        )
    return _kept(known.pulling.what_if or known.pulling.reason, known.reaching)


def _not_asked(coverage: Coverage) -> str | None:
    return coverage.sentence if coverage.is_suspicious else coverage.what_if


def _moved(bulletin: Bulletin, scheme: Scheme) -> str:
    found = changes_sentence(bulletin, scheme)
    return found or gettext("There is no figure yet that could be compared.")


def _missing(bulletin: Bulletin, scheme: Scheme, coverage: Coverage) -> tuple[str, ...]:
    groups = sentences.withheld_dimensions(bulletin, scheme)
    withheld = (_withheld(reason, names, scheme) for reason, names in groups)
    unknown = None if coverage.is_known else coverage.sentence
    return _kept(sentences.dimensions_sentence(bulletin, scheme), *withheld, unknown)


def _withheld(reason: str, names: list[str], scheme: Scheme) -> str:
    """Few are named; many are only counted, for the picture below names them."""
    if len(names) == len(scheme.dimensions):
        return reason
    if len(names) <= NAMED:
        return f"{'; '.join(names)}: {within(reason)}"
    return gettext("%(count)s dimensions: %(reason)s", count=len(names), reason=within(reason))


def _kept(*found: str | None) -> tuple[str, ...]:
    return tuple(one for one in found if one)
