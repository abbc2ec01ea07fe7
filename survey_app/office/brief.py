"""The week in brief: how are we, how sure is it, what moved, what would help, what is missing."""

from dataclasses import dataclass

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.scheme import Scheme
from survey_app.office import sentences
from survey_app.office.changes import changes_sentence, within
from survey_app.office.coverage import Coverage
from survey_app.office.pulling import DIMENSION, Pulling
from survey_app.web import formats
from survey_app.web.i18n import gettext, language


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the five questions, with its answer in sentences; `figure`: the one number to read first."""

    question: str
    sentences: tuple[str, ...]
    figure: str = ""


def brief(
    bulletin: Bulletin, scheme: Scheme, coverage: Coverage, pulling: Pulling, doubt: str | None
) -> tuple[Answer, ...]:
    """The five answers, in the order in which they are asked; `doubt`: how many forms are flagged, where that is told."""
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
                sentences.forms_sentence(bulletin.forms), _sure(rate), _not_asked(coverage), doubt
            ),
        ),
        Answer(gettext("What has changed?"), (_moved(bulletin, scheme),)),
        Answer(gettext("What would help first?"), (pulling.what_if or pulling.reason,)),
        Answer(gettext("What is missing?"), _missing(bulletin, scheme, coverage)),
    )


def _rate(bulletin: Bulletin, rate: Figure) -> str:
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
    return gettext(
        "%(name)s: %(value)s points of 10 (%(window)s).",
        name=scheme.dimension(DIMENSION).names[language()],
        value=formats.score(figure.value),
        window=within(formats.short_window(figure.window)),
    )


def _sure(rate: Figure) -> str | None:
    if rate.low is None or rate.high is None:
        return None
    return gettext(
        "Among people who choose to answer, the true rate lies between %(low)s and %(high)s "
        "(95%% confidence).",
        low=formats.percent(rate.low),
        high=formats.percent(rate.high),
    )


def _not_asked(coverage: Coverage) -> str | None:
    return coverage.sentence if coverage.is_suspicious else coverage.what_if


def _moved(bulletin: Bulletin, scheme: Scheme) -> str:
    found = changes_sentence(bulletin, scheme)
    return found or gettext("There is no figure yet that could be compared.")


def _missing(bulletin: Bulletin, scheme: Scheme, coverage: Coverage) -> tuple[str, ...]:
    withheld = (
        f"{'; '.join(names)}: {within(reason)}"
        for reason, names in sentences.withheld_dimensions(bulletin, scheme)
    )
    unknown = None if coverage.is_known else coverage.sentence
    return _kept(sentences.dimensions_sentence(bulletin, scheme), *withheld, unknown)


def _kept(*found: str | None) -> tuple[str, ...]:
    return tuple(one for one in found if one)
