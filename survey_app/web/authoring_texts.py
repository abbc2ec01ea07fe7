"""Words for what the questionnaire checker finds and says; translated when printed, outside any page."""

from collections.abc import Mapping

from babel.numbers import format_decimal

from survey_app.domain.problem import Problem
from survey_app.web.i18n import translate


def _(msgid: str) -> str:
    """Mark for extraction; the language is chosen when it is said."""
    return msgid


UNREADABLE = _("The file cannot be read: %(path)s")
BAD_CATALOGUE = _("The catalogue cannot be read or does not name its language: %(path)s")
COUNT = _("Problems: %(count)s")
NO_PROBLEMS = _("No problems found in %(path)s.")
HEADING = _("Longest way through the form (limits: %(screens)s screens, %(seconds)s seconds)")
MODULE = _("Module %(module)s: %(screens)s screens, %(seconds)s seconds")
LONGEST = _("Longest of all: %(screens)s screens, %(seconds)s seconds")
PUBLISHED = _("Published: %(label)s")
ALREADY_LIVE = _("The form is already live: %(label)s")

TEXTS: Mapping[str, str] = {
    "yaml.syntax": _(
        "The YAML is malformed here or just above: look at colons, brackets and indentation."
    ),
    "yaml.unreadable": _("The file cannot be read as YAML."),
    "yaml.empty": _("The file is empty."),
    "yaml.too_long": _("The file is longer than %(limit)s characters."),
    "yaml.too_deep": _("Entries are nested too deeply here."),
    "yaml.alias": _(
        "References with & and * are not allowed; write the entry out or use a shared set."
    ),
    "yaml.key": _("This key is not a plain word."),
    "yaml.duplicate_key": _("“%(key)s” stands twice; it is already in line %(first)s."),
    "yaml.quote": _("Put “%(value)s” in quotation marks, or it may be read as something else."),
    "text.not_nfc": _("Letters are stored with separate marks; save the file in Unicode NFC."),
    "shape.missing": _("“%(name)s” is missing."),
    "shape.unknown_key": _("“%(name)s” is not known here; is it misspelt?"),
    "shape.string": _("“%(name)s” must be text; put numbers in quotation marks."),
    "shape.integer": _("“%(name)s” must be a whole number."),
    "shape.boolean": _("“%(name)s” must be true or false."),
    "shape.list": _("“%(name)s” must be a list."),
    "shape.mapping": _("“%(name)s” must have entries of its own."),
    "shape.one_of": _("“%(name)s” must be one of: %(expected)s."),
    "shape.pattern": _(
        "“%(value)s” is not a valid name: use small letters without marks, digits and underscores."
    ),
    "shape.spaces": _("“%(name)s” begins or ends with a space, or breaks the line."),
    "shape.subdimension": _('“%(value)s” is not the number of a sub-dimension, such as "5.4".'),
    "shape.empty": _("“%(name)s” is empty."),
    "shape.too_long": _("“%(name)s” is longer than %(max_length)s characters."),
    "shape.too_few": _("“%(name)s” needs at least %(min_length)s."),
    "shape.too_many": _("“%(name)s” may have at most %(max_length)s."),
    "shape.too_small": _("“%(name)s” must be at least %(ge)s."),
    "shape.invalid": _("“%(name)s” is not valid."),
    "id.duplicate": _("The question id “%(id)s” is used twice; first in line %(first)s."),
    "id.reserved": _("The question id “%(id)s” is reserved."),
    "block.duplicate": _("The block id “%(id)s” is used twice; first in line %(first)s."),
    "choices.unknown_set": _("There is no shared set of choices named “%(name)s”."),
    "choices.unused": _("No question uses the set of choices “%(name)s”."),
    "kind.forbids": _("A question of kind “%(kind)s” cannot have “%(key)s”."),
    "kind.needs_choices": _("The question “%(id)s” needs at least two choices."),
    "kind.needs_range": _(
        "The question “%(id)s” needs minimum and maximum, minimum being the smaller."
    ),
    "code.duplicate": _("The code “%(code)s” stands twice in these choices."),
    "code.reserved": _("The code “%(code)s” is reserved."),
    "role.single": _("A question with the role “%(role)s” must be of kind single."),
    "role.criterion": _("The criterion “%(id)s” needs an indicator."),
    "role.always": _(
        "The question with the role “%(role)s” must be in a core block and asked of everybody."
    ),
    "role.grades": _("Each choice of “%(id)s” needs a value and a grade."),
    "role.one_procedure": _(
        "There must be exactly one question with the role “procedure”; there are %(found)s."
    ),
    "role.once": _("Only one question may have the role “%(role)s”."),
    "module.numbers": _("Modules must be numbered from 0 to %(last)s, each once."),
    "module.length": _(
        "Module %(module)s has %(found)s questions; all modules must have %(wanted)s."
    ),
    "module.core": _("Module %(module)s cannot be core: not everybody is asked it."),
    "condition.unknown": _("The condition refers to the question “%(id)s”, which does not exist."),
    "condition.later": _(
        "The condition refers to “%(id)s”, which is not asked before this question."
    ),
    "condition.shuffled": _("The condition refers to “%(id)s” in the same shuffled block."),
    "condition.other_module": _("The condition refers to “%(id)s” in another module."),
    "condition.unknown_code": _("The question “%(id)s” has no answer “%(code)s”."),
    "scheme.unknown": _("There is no scoring scheme “%(scheme)s”."),
    "scheme.no_subdimension": _("The scoring scheme has no sub-dimension “%(code)s”."),
    "indicator.unknown_set": _("There is no shared indicator named “%(name)s”."),
    "indicator.scale": _("The scale must run from the smaller to the larger number."),
    "indicator.both": _("An indicator has either subdimension or by_group, not both."),
    "indicator.group_missing": _("by_group lacks the procedure group “%(group)s”."),
    "indicator.group_unknown": _("by_group names “%(group)s”, which is not a procedure group."),
    "indicator.range": _("The range of “%(id)s” must equal its scale, %(minimum)s to %(maximum)s."),
    "indicator.outside": _(
        "A value of “%(id)s” lies outside its scale, %(minimum)s to %(maximum)s."
    ),
    "indicator.ends": _(
        "The choices of “%(id)s” do not use both ends of the scale, %(minimum)s and %(maximum)s."
    ),
    "path.unreachable": _("No combination of answers leads to the question “%(id)s”."),
    "path.screens": _("Somebody would see %(found)s screens; at most %(most)s are allowed."),
    "path.seconds": _(
        "Somebody would need %(found)s seconds to read; at most %(most)s are allowed."
    ),
    "path.too_many": _("The conditions branch too much to be checked."),
    "path.few_indicators": _(
        "The sub-dimension %(code)s has %(found)s questions that can be reached; it needs at least %(least)s."
    ),
    "text.abbreviation": _(
        "“%(word)s” is an abbreviation that is not spelled out on the same screen."
    ),
    "text.double_negative": _("Two denials in one clause: “%(text)s”"),
    "text.address": _("“%(word)s” is not how citizens are addressed; write “Ông/Bà”."),
    "text.long": _("The question has %(found)s syllables; at most %(most)s are allowed."),
    "text.question_mark": _("The question must end with a question mark."),
    "text.no_dont_know": _("The question “%(id)s” must offer “Don't know”."),
    "text.no_refusal": _("The question “%(id)s” must offer “I'd rather not say”."),
    "catalogue.missing": _("The catalogue “%(language)s” lacks the text “%(key)s”."),
    "catalogue.stale": _("The translation “%(language)s” of “%(key)s” was made from other words."),
    "catalogue.not_nfc": _("The translation “%(language)s” of “%(key)s” is not in Unicode NFC."),
    "stable.version": _("The version must be greater than %(previous)s, the one before."),
    "stable.kind": _(
        "“%(id)s” was of kind %(before)s and is now %(after)s; give the new question an id of its own."
    ),
    "stable.role": _(
        "“%(id)s” had the role %(before)s and now has %(after)s; give the new question an id of its own."
    ),
    "stable.scale": _(
        "“%(id)s” has another scale or direction than before; give the new question an id of its own."
    ),
    "stable.code": _(
        "The code “%(code)s” of “%(id)s” means something else than before; use a new code."
    ),
}


def describe(problem: Problem, language: str) -> str:
    """A problem in words, with its line."""
    message = say(language, TEXTS[problem.code], **problem.params)
    return say(
        language, _("Line %(line)s: %(message)s"), line=problem.params["line"], message=message
    )


def say(language: str, msgid: str, /, **params: object) -> str:
    """One message with its values filled in, numbers as the language writes them."""
    shown = {key: _written(value, language) for key, value in params.items()}
    return translate(language, msgid) % shown


def _written(value: object, language: str) -> object:
    return format_decimal(value, "#,##0.0#", locale=language) if isinstance(value, float) else value
