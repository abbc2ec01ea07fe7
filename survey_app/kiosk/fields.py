"""Question kind → WTForms field. Fields render, keep what was typed and carry errors; `domain` alone decides validity."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.fields.core import UnboundField
from wtforms.widgets import CheckboxInput, TextInput

from survey_app.domain.questionnaire import DONT_KNOW, REFUSED, Question, Questionnaire
from survey_app.domain.routing import Answer
from survey_app.web.i18n import gettext

_NUMBER = re.compile(r"[0-9]{1,9}")


class AnswerField(Protocol):
    """A bound field that knows its answer as the domain means it."""

    id: str
    errors: Sequence[str]

    @property
    def answer(self) -> Answer | None:
        """The answer given, unchecked; None when there is none."""


class SingleField(RadioField):
    """One code out of the choices."""

    @property
    def answer(self) -> Answer | None:
        """The chosen code."""
        return self.data or None


class MultipleField(SelectMultipleField):
    """Some of the choices."""

    option_widget = CheckboxInput()

    @property
    def answer(self) -> Answer | None:
        """The chosen codes."""
        return cast("list[str] | None", self.data) or None


class NumberField(RadioField):
    """A whole number typed, or one of the reserved codes. What is neither stays as it was typed, for the domain to refuse."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The text box and the radio buttons share one name; at most one of them should have been used."""
        given = [value.strip() for value in valuelist if value.strip()]
        self.data = given if len(given) > 1 else next(iter(given), None)

    def _value(self) -> str:
        given = self.data if isinstance(self.data, list) else [self.data]
        return next((v for v in given if v and v not in {DONT_KNOW, REFUSED}), "")

    @property
    def answer(self) -> Answer | None:
        """The number, or the code."""
        if isinstance(self.data, str) and _NUMBER.fullmatch(self.data):
            return int(self.data)
        return self.data or None


class RemarkField(TextAreaField):
    """The citizen's own words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Forms carry line ends as CR LF and letters in any normal form; stored are LF and NFC."""
        words = "".join(valuelist).replace("\r\n", "\n").strip()
        self.data = unicodedata.normalize("NFC", words)

    @property
    def answer(self) -> Answer | None:
        """The words; None when there are none."""
        return self.data or None


Choices = list[Any]
Maker = Callable[[str, Choices], object]


def _number(label: str, choices: Choices) -> object:
    attributes = {"inputmode": "numeric", "data-number": True, "type": "text", "maxlength": "9"}
    return NumberField(label, choices=choices, render_kw=attributes)


# A new kind of question is a line here, a reader in static/questions.js and a class in domain/answers.py.
MAKERS: Mapping[str, Maker] = {
    "single": lambda label, choices: SingleField(label, choices=choices),
    "multiple": lambda label, choices: MultipleField(label, choices=choices),
    "integer": _number,
    "remark": lambda label, _choices: RemarkField(label),
}


def make_field(
    questionnaire: Questionnaire, question: Question, language: str
) -> "UnboundField[Any]":
    """The unbound field of a question, its words in `language` (which is also the page's)."""
    label = questionnaire.say(language, f"{question.id}.text")
    words = choice_words(questionnaire, question, language)
    made = MAKERS[question.kind](label, [SelectChoice(code, said) for code, said in words.items()])
    return cast("UnboundField[Any]", made)  # a WTForms field made outside a form is unbound


def choice_words(questionnaire: Questionnaire, question: Question, language: str) -> dict[str, str]:
    """Code → words of every choice as the screen shows them, reserved ones last; `language` is also the page's."""
    said = {
        choice.code: questionnaire.say(language, f"{question.id}.choice.{choice.code}")
        for choice in question.choices
    }
    if question.dont_know:
        said[DONT_KNOW] = gettext("Don't know")
    if question.refusable:
        said[REFUSED] = gettext("I'd rather not say")
    return said
