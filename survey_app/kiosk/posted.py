"""The long form as it comes back, from a tablet without script and from a citizen's own phone alike."""

from flask import abort, request

from survey_app.domain.canonical import canonical_json
from survey_app.domain.order import FILE_ORDER
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import prune
from survey_app.domain.submission import Rules, Sender, Submission, is_response_id, validate
from survey_app.domain.weeks import local_day
from survey_app.kiosk.forms import answers_of, make_form, remark_of
from survey_app.kiosk.page import Place, Ticket, Visit
from survey_app.store import questionnaires, units
from survey_app.web.i18n import language
from survey_app.web.services import services


def live_version() -> Questionnaire:
    """The version that new visits are asked with."""
    with services().database.reading() as connection:
        return questionnaires.current(connection)


def version() -> Questionnaire:
    """The version that was answered, of all there ever were; 400 for another."""
    with services().database.reading() as connection:
        versions = questionnaires.versions(connection)
    return versions.get(request.form.get("visit-questionnaire", "")) or abort(400)


def ticket() -> Ticket:
    """The id that the empty form carried; 400 for what is none."""
    posted = Ticket(request.form.get("visit-id", ""), request.form.get("visit-salt", ""))
    return posted if is_response_id(posted.id) else abort(400)


def visit(
    sender: Sender,
    questionnaire: Questionnaire,
    named: Ticket,
    *,
    order_seed: int = FILE_ORDER,
    is_trial: bool = True,
) -> Visit:
    """A visit in the browser's language, filled with what was posted."""
    given = request.form if request.method == "POST" else None
    made = make_form(questionnaire, language(), given)
    place = _place(sender, is_trial=is_trial)
    return Visit(named, place, questionnaire, language(), made, order_seed)


def _place(sender: Sender, *, is_trial: bool) -> Place:
    with services().database.reading() as connection:
        unit = units.get_unit(connection, sender.unit_id)
        counter = units.get_counter(connection, sender.counter_id)
    if unit is None or counter is None:
        raise LookupError(sender.counter_id)
    return Place(unit.id, unit.name, counter.id, counter.name, unit.hotline, is_trial)


def check(answered: Visit, sender: Sender) -> Submission | list[Problem]:
    """What is stored of a visit, or every complaint about it."""
    questionnaire = answered.questionnaire
    module = questionnaire.module_of(answered.ticket.id)
    remark = remark_of(answered.form, questionnaire)
    raw: dict[str, object] = {
        "id": answered.ticket.id,
        "questionnaire": questionnaire.hash,
        "unit": sender.unit_id,
        "counter": sender.counter_id,
        "channel": sender.channel,
        "language": answered.language,
        "status": "complete",
        "answers": prune(questionnaire, module, answers_of(answered.form, questionnaire)),
        "order_seed": answered.order_seed,
        "active_seconds": 0,  # not known without script
        "remark": remark,
        "salt": answered.ticket.salt if remark else None,
    }
    rules = Rules(sender, {questionnaire.hash: questionnaire}, local_day(services().clock()))
    return validate(raw, rules, canonical_json(raw))
