"""Words for the problems the domain finds: the only place that has them."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import LazyString

from survey_app.domain.problem import Problem
from survey_app.web.fleet_texts import ALARMS, CODES, DEVICES
from survey_app.web.i18n import gettext
from survey_app.web.i18n import lazy_gettext as _
from survey_app.web.statistics_texts import STATISTICS
from survey_app.web.submission_texts import REQUESTS, SUBMISSIONS

ANSWERS: Mapping[str, LazyString] = {
    "answer.code_expected": _("Please choose one of the answers shown."),
    "answer.unknown_choice": _("This answer is not one of those offered."),
    "answer.codes_expected": _("Please choose from the answers shown."),
    "answer.contradictory": _("These answers cannot stand together. Please choose again."),
    "answer.too_many": _("Please choose at most %(most)s answers."),
    "answer.integer_expected": _("Please enter a whole number."),
    "answer.out_of_range": _("Please enter a number from %(minimum)s to %(maximum)s."),
    "answer.remark_apart": _("A remark is sent apart from the answers."),
    "answer.unknown_question": _("The form has no such question."),
    "answer.off_path": _("This question was not to be asked after the answers before it."),
    "answer.missing": _("Please choose an answer, or “Don't know” or “I'd rather not say”."),
}
SCHEMES: Mapping[str, LazyString] = {
    "scheme.subdimension_code": _(
        "The number of this sub-dimension does not follow its dimension."
    ),
    "scheme.list_expected": _("A list is expected here."),
}
FIGURES: Mapping[str, LazyString] = {
    "figure.few_forms": _("Fewer than %(needed)s forms answered this."),
    "figure.few_days": _("The forms came on too few days to say how certain the figure is."),
    "figure.few_answers": _("One of its questions has fewer than %(needed)s answers."),
    "figure.protected": _(
        "Shown, it would give away a neighbouring figure that rests on too few forms, "
        "or it rests on too few itself."
    ),
    "figure.window_open": _("It is published for a longer period, which is still running."),
    "figure.not_asked": _("The questionnaire does not ask about this."),
    "figure.partial_total": _(
        "A total needs every dimension in full and for the same period; "
        "%(full)s of %(of)s are measured in full."
    ),
}
ACCOUNTS: Mapping[str, LazyString] = {
    "password.short": _("A password has at least %(least)s characters."),
    "password.long": _("A password has at most %(most)s characters."),
    "password.plain": _("This password is too easy to guess."),
    "password.wrong": _("The present password is not right."),
    "account.login": _("A login name has 2 to 60 letters, digits or . - _ @ without spaces."),
    "account.taken": _("Another account has this login name."),
    "account.role": _("There is no such role."),
    "account.unit": _("There is no such unit."),
    "account.own": _("You cannot close your own account."),
    "account.unknown": _("There is no such account."),
}
SURVEY: Mapping[str, LazyString] = {
    "quality.withheld": _("More than %(most)s%% of the period's forms are flagged as doubtful."),
    "quality.impossible_threshold": _("A limit of the quality rules cannot be met."),
    "sensitivity.no_dossiers": _("The number of dossiers is not known."),
    "sensitivity.no_forms": _("There are no forms."),
    "sensitivity.more_forms_than_dossiers": _(
        "There are more forms than dossiers (%(percent)s%%)."
    ),
}
TEXTS: Mapping[str, LazyString] = {
    **ANSWERS,
    **SCHEMES,
    **FIGURES,
    **ACCOUNTS,
    **SURVEY,
    **SUBMISSIONS,
    **REQUESTS,
    **STATISTICS,
    **DEVICES,
    **ALARMS,
    **CODES,
}


def problem_text(problem: Problem) -> str:
    """The problem in the language of the page, without a place."""
    words = TEXTS.get(problem.code)
    if words is None:
        return gettext("This could not be accepted (%(code)s).", code=problem.code)
    return str(words) % problem.params


def install(app: Flask) -> None:
    """Give templates the filter `problem_text`."""
    app.jinja_env.filters["problem_text"] = problem_text
