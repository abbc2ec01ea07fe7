"""What the questionnaire's page shows: one visit, its screens, and what is wrong with them."""

import json
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from wtforms import Field
from wtforms.form import BaseForm

from survey_app.domain.order import FILE_ORDER, shown_order
from survey_app.domain.questionnaire import RESERVED_CODES, Block, Question, Questionnaire
from survey_app.domain.submission import LONGEST_REMARK
from survey_app.kiosk.forms import PREFIX
from survey_app.web.i18n import gettext

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Ticket:
    """What names one form before it is answered: its random id, and the salt of its remark."""

    id: str
    salt: str

    @classmethod
    def mint(cls) -> "Ticket":
        """A new one."""
        return cls(str(uuid.uuid4()), secrets.token_hex(_SALT_BYTES))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tablet stands, in words."""

    unit_id: str
    unit_name: str
    counter_id: str
    counter_name: str
    hotline: str | None
    is_trial: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as a radio button or check box with its label."""

    id: str
    label: str
    reserved: bool
    html: Markup


@dataclass(frozen=True, slots=True)
class Screen:
    """One question as the page shows it; `hidden` where the visit has another module.

    `shuffle`: the block whose questions change places, empty where none do; `show_if`: JSON.
    """

    question: Question
    field: Any
    text: str
    help_lines: tuple[str, ...]
    core: bool
    module: int | None
    shuffle: str
    show_if: str
    hidden: bool

    @property
    def id(self) -> str:
        """The id of the fieldset, target of the summary's links."""
        return f"{PREFIX}{self.question.id}-screen"

    @property
    def errors(self) -> tuple[str, ...]:
        """What is wrong with the answer."""
        return tuple(self.field.errors)

    @property
    def described_by(self) -> str:
        """Ids of the words under the question, for screen readers."""
        parts = [f"{self.id}-help"] if self.help_lines else []
        parts += [f"{self.id}-error"] if self.errors else []
        return " ".join(parts)

    @property
    def has_faces(self) -> bool:
        """Whether faces stand beside the words of the scale."""
        return self.question.role == "satisfaction" and len(self.question.choices) == 5

    @property
    def longest(self) -> int:
        """Characters a remark may have."""
        return LONGEST_REMARK

    @property
    def options(self) -> list[Option]:
        """The choices, reserved ones last and no smaller."""
        if self.question.kind == "remark":
            return []
        return [_option(choice) for choice in self.field]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line of the summary of errors; `anchor` is the id of the place."""

    text: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything the page needs. `order_seed`: which order a shuffled block has; the tablet's script makes its own."""

    ticket: Ticket
    place: Place
    questionnaire: Questionnaire
    language: str
    form: BaseForm
    order_seed: int = FILE_ORDER

    @property
    def screens(self) -> list[Screen]:
        """Every question of the version as this visit meets them; other modules' are hidden."""
        shown = shown_order(self.questionnaire, self.order_seed)
        return [self._screen(block, question) for block, question in shown]

    def complaints(self, elsewhere: list[str]) -> list[Complaint]:
        """The summary: a link to each question that has errors, which stand there; then what has no field."""
        return [*self._field_complaints(), *(Complaint(words, None) for words in elsewhere)]

    def _field_complaints(self) -> Iterator[Complaint]:
        for screen in self.screens:
            if screen.errors:
                yield Complaint(screen.text, screen.id)

    def _screen(self, block: Block, question: Question) -> Screen:
        module = self.questionnaire.module_of(self.ticket.id)
        return Screen(
            question=question,
            field=self.form[question.id],
            text=self.questionnaire.say(self.language, f"{question.id}.text"),
            help_lines=tuple(self._help(question)),
            core=block.core,
            module=block.module,
            shuffle=block.id if block.shuffle else "",
            show_if=_condition(question),
            hidden=block.module is not None and block.module != module,
        )

    def _help(self, question: Question) -> Iterator[str]:
        yield from self.questionnaire.say(self.language, f"{question.id}.help").splitlines()
        if question.kind == "remark" and self.place.hotline:
            yield gettext("To report wrongdoing please call %(number)s.", number=self.place.hotline)
        elif question.kind == "remark":
            yield gettext("To report wrongdoing please call the hotline shown at the counter.")


def purpose() -> list[str]:
    """What is said before the first question, in the page's language."""
    return [
        gettext("Your opinion helps the centre to serve people better."),
        gettext(
            "It takes about 90 seconds. You answer of your own free will and may stop at any time."
        ),
        gettext("We do not ask for your name, telephone number or file number."),
        gettext("Officials never see a single form, only the totals of a whole week."),
        gettext("Answers left behind unfinished are kept, and never scored."),
        gettext("For people aged 18 and over."),
    ]


def _condition(question: Question) -> str:
    if question.show_if is None:
        return ""
    condition = question.show_if.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(condition, separators=(",", ":"))


def _option(choice: Field) -> Option:
    reserved = choice.data in RESERVED_CODES
    html = choice(autocomplete="off", **({"data-reserved": True} if reserved else {}))
    return Option(choice.id, choice.label.text, reserved, html)
