"""Words for what can be wrong with a form that is sent, and with the request that brings it."""

from collections.abc import Mapping

from flask_babel import LazyString

from survey_app.web.i18n import lazy_gettext as _

SUBMISSIONS: Mapping[str, LazyString] = {
    "submission.missing_field": _("The form lacks a part it must have."),
    "submission.unknown_field": _("The form has a part that is not known."),
    "submission.wrong_type": _("A part of the form is not of the kind it must be."),
    "submission.bad_id": _("The form's number is not a random UUID in lower case."),
    "submission.not_yours": _("The form names a place other than this tablet's own."),
    "submission.unknown_status": _("A form is either complete or partial."),
    "submission.bad_day": _("The day is not written as year-month-day."),
    "submission.old_day": _("The day lies more than %(days)s days back."),
    "submission.out_of_range": _("A number must be from %(minimum)s to %(maximum)s."),
    "submission.remark_too_long": _("A remark has at most %(most)s characters."),
    "submission.remark_not_text": _("The remark has signs that are not text."),
    "submission.remark_not_asked": _("This questionnaire asks for no remark."),
    "submission.bad_salt": _("A remark comes with a salt of 32 hexadecimal digits."),
    "submission.bad_abandoned": _(
        "Abandoned starts are a list of at most %(most)s, each with a module and one of its questions."
    ),
    "submission.unknown_version": _("This version of the questionnaire was never published here."),
    "submission.unknown_language": _("The questionnaire does not exist in this language."),
    "store.conflict": _("Another form with the same number is stored. Both are kept."),
    "store.unavailable": _("Nothing can be stored just now. The form stays where it is."),
}
REQUESTS: Mapping[str, LazyString] = {
    "request.content_type": _("Only JSON in UTF-8 is accepted here."),
    "request.origin": _("The request does not come from a page of this server."),
    "request.header": _("The request lacks a header that our own pages send."),
    "request.too_large": _("At most %(most)s bytes are accepted here."),
    "request.too_many": _("At most %(most)s forms are accepted at once."),
    "request.no_credential": _("This tablet is not paired, or its pairing was withdrawn."),
    "request.not_json": _("The content is not valid JSON."),
    "request.duplicate_key": _("The content names the same part twice."),
    "request.too_deep": _("The content is nested too deeply."),
    "request.not_an_object": _("A form is one JSON object."),
    "request.not_a_batch": _("A batch is one JSON object with a list named responses."),
    "sealed.unreadable": _("The form is not sealed to this server, or it was altered."),
    "questionnaire.none_published": _("No questionnaire is published yet."),
}
