"""A bulletin laid out for the page: which figures stand together, under which names. No arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Dimension, Scheme
from survey_app.office.papi import Published, latest_published
from survey_app.web.i18n import language

GRADES = ("grade.not_satisfied", "grade.satisfied", "grade.very_satisfied")


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with the words in front of it, and the range it lies in."""

    name: str
    figure: Figure
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Card:
    """One dimension: its figure, its sub-dimensions, what PAPI published last."""

    line: Line
    subdimensions: tuple[Line, ...]
    published: tuple[Published, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The dimension and its sub-dimensions, as the table lists them."""
        return (self.line, *self.subdimensions)


@dataclass(frozen=True, slots=True)
class WeekPage:
    """Everything the week's page shows."""

    bulletin: Bulletin
    cards: tuple[Card, ...]
    total: Figure
    satisfaction: Figure
    grades: tuple[Figure, ...]
    criteria: tuple[Line, ...]
    items: tuple[Line, ...]


def lay_out(bulletin: Bulletin, scheme: Scheme, versions: Mapping[str, Questionnaire]) -> WeekPage:
    """Sort the bulletin's figures into the page's places."""
    questions = _questions(versions)
    items = [f for f in bulletin.figures.values() if f.kind == "item"]
    criteria = [f for f in items if questions[_question_id(f)].is_criterion]
    others = [f for f in items if not questions[_question_id(f)].is_criterion]
    return WeekPage(
        bulletin=bulletin,
        cards=tuple(_card(bulletin, dimension) for dimension in scheme.dimensions),
        total=bulletin.figures["total"],
        satisfaction=bulletin.figures["satisfaction"],
        grades=tuple(bulletin.figures[key] for key in GRADES),
        criteria=tuple(_item(f, questions) for f in criteria),
        items=tuple(_item(f, questions) for f in others if _question_id(f) != "satisfaction"),
    )


@dataclass(frozen=True, slots=True)
class _Wording:
    text: str
    is_criterion: bool


def _questions(versions: Mapping[str, Questionnaire]) -> dict[str, _Wording]:
    """Words of every question; of one that stands in several versions the last version's."""
    return {
        question.id: _Wording(
            questionnaire.say(language(), f"{question.id}.text"), question.role == "criterion"
        )
        for questionnaire in versions.values()
        for question in questionnaire.questions.values()
    }


def _question_id(figure: Figure) -> str:
    return figure.key.removeprefix("item.")


def _item(figure: Figure, questions: Mapping[str, _Wording]) -> Line:
    return Line(questions[_question_id(figure)].text, figure, 0, 100)


def _card(bulletin: Bulletin, dimension: Dimension) -> Card:
    name = f"{dimension.code}. {dimension.names[language()]}"
    subs = tuple(
        Line(f"{sub.code}. {sub.names[language()]}", bulletin.figures[sub.code], sub.low, sub.high)
        for sub in dimension.subdimensions
        if sub.code in bulletin.figures
    )
    line = Line(name, bulletin.figures[dimension.code], dimension.low, dimension.high)
    return Card(line, subs, latest_published(dimension.code))
