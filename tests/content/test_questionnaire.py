"""The questionnaire that ships: what others rely on, and the promises of its words."""

import pytest

from survey_app.content import (
    bundled_questionnaire,
    bundled_questionnaires,
    check_bundled,
    load_scheme,
    released_questionnaires,
)
from survey_app.content.catalogues import CatalogueFileError, bundled_catalogues, read_catalogue
from survey_app.domain.authoring.reading import MOST_SCREENS, MOST_SECONDS, syllables
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.routing import path

FORM = bundled_questionnaire()
QUESTIONS = FORM.questions
CRITERIA = (
    "clear_information",
    "fees_posted",
    "staff_competent",
    "staff_courteous",
    "paperwork_reasonable",
    "deadline_told",
    "on_time",
    "overall_content",
)


def codes(question_id: str) -> list[str]:
    return [choice.code for choice in QUESTIONS[question_id].choices]


def test_it_is_sound_and_short() -> None:
    result = check_bundled()
    assert result.problems == ()
    assert len(result.longest) == 7
    for longest in result.longest:
        assert longest.screens <= MOST_SCREENS
        assert longest.seconds <= MOST_SECONDS


def test_ids_and_codes_others_rely_on() -> None:
    assert FORM.structure.id == "hai-long-mot-cua"
    assert codes("procedure") == ["cert", "construction", "land", "other"]
    assert codes("stage") == ["submit", "collect", "returned", "ask"]
    assert codes("satisfaction") == ["s1", "s2", "s3", "s4", "s5"]
    assert codes("age") == ["18_34", "35_59", "60_up"]
    assert codes("sex") == ["female", "male"]
    assert [q.id for q in FORM.with_role("criterion")] == list(CRITERIA)
    assert {"visits", "counters_needed"} <= set(QUESTIONS)
    assert QUESTIONS["remark"].kind == "remark"


def test_the_eight_criteria_count_for_the_procedure_of_the_visit() -> None:
    for question_id in CRITERIA:
        indicator = QUESTIONS[question_id].indicator
        assert indicator is not None
        assert indicator.by_group == {
            "cert": "5.1",
            "construction": "5.2",
            "land": "5.3",
            "other": "5.4",
        }
        assert (indicator.evidence, indicator.direction) == ("experience", "positive")
        assert QUESTIONS[question_id].values == {"yes": 1, "no": 0}


def test_neutral_never_flatters() -> None:
    grades = {choice.code: choice.grade for choice in QUESTIONS["satisfaction"].choices}
    assert grades == {
        "s1": "not_satisfied",
        "s2": "not_satisfied",
        "s3": "not_satisfied",
        "s4": "satisfied",
        "s5": "very_satisfied",
    }


def test_seven_modules_of_three_questions() -> None:
    modules = {b.module: len(b.questions) for b in FORM.structure.blocks if b.module is not None}
    assert modules == dict.fromkeys(range(7), 3)


def experienced() -> dict[str, set[str]]:
    """Questions by sub-dimension, where people tell from their own experience."""
    found: dict[str, set[str]] = {}
    for question in QUESTIONS.values():
        if question.indicator is not None and question.indicator.evidence == "experience":
            for code in question.indicator.subdimensions:
                found.setdefault(code, set()).add(question.id)
    return found


def test_every_sub_dimension_a_visitor_can_speak_to_has_two_indicators() -> None:
    found = experienced()
    assert set(found) == {"3.1", "3.2", "4.2", "5.1", "5.2", "5.3", "5.4", "8.1", "8.3"}
    assert all(len(questions) >= 2 for questions in found.values())


def test_what_a_visitor_cannot_speak_to_is_marked_as_reference() -> None:
    reference = {
        sub.partition(".")[0]
        for q in QUESTIONS.values()
        if q.indicator is not None and q.indicator.evidence == "reference"
        for sub in q.indicator.subdimensions
    }
    assert reference == {"1", "2", "6", "7"}


def test_informal_payment_is_asked_about_the_locality_never_the_person() -> None:
    sensitive = [q for q in QUESTIONS.values() if q.sensitive]
    assert [q.indicator.subdimension for q in sensitive if q.indicator] == ["4.2"] * 3
    for question in sensitive:
        words = FORM.say("vi", f"{question.id}.text")
        assert "ở đây" in words.lower()
        assert "Ông/Bà" not in words
        assert question.indicator is not None
        assert question.indicator.direction == "negative"


@pytest.mark.parametrize("stage", ["submit", "collect", "returned", "ask", "refused"])
def test_each_stage_is_asked_only_what_it_can_know(stage: str) -> None:
    asked = {q.id for q in path(FORM, 0, {"stage": stage})}
    assert ("on_time" in asked) == (stage == "collect")
    assert ("deadline_told" in asked) == (stage in {"submit", "returned"})
    assert ("paperwork_reasonable" in asked) == (stage in {"submit", "collect", "returned"})
    assert {"staff_courteous", "overall_content", "satisfaction"} <= asked


def must_be_refusable(question: Question) -> bool:
    return question.kind != "remark"


def test_nobody_has_to_answer_anything() -> None:
    assert all(q.refusable for q in QUESTIONS.values() if must_be_refusable(q))
    assert all(q.dont_know for q in QUESTIONS.values() if q.indicator or q.role == "satisfaction")


def test_no_identity_is_asked() -> None:
    words = " ".join(FORM.text["vi"].values()).lower()
    for word in ("căn cước", "địa chỉ", "dân tộc", "mã hồ sơ", "số hồ sơ", "họ và tên"):
        assert word not in words


def test_the_remark_carries_its_warnings() -> None:
    warning = FORM.say("vi", "remark.help")
    assert "đừng ghi tên, số điện thoại" in warning
    assert "Đây không phải kênh tiếp nhận tố cáo" in warning
    assert "not a channel for denunciations" in FORM.say("en", "remark.help")


def test_questions_keep_to_twenty_syllables() -> None:
    for question_id in QUESTIONS:
        assert syllables(FORM.say("vi", f"{question_id}.text")) <= 20


def test_english_is_complete_and_is_english() -> None:
    assert FORM.text["en"].keys() == FORM.text["vi"].keys()
    for key, words in FORM.text["en"].items():
        assert words.isascii(), key
        assert words != FORM.text["vi"][key] or words.isdigit(), key
        assert words.endswith("?") == FORM.text["vi"][key].endswith("?"), key


def test_indicators_belong_to_the_scheme() -> None:
    scheme = load_scheme(FORM.structure.scheme)
    for question in QUESTIONS.values():
        for code in question.indicator.subdimensions if question.indicator else ():
            assert scheme.subdimension(code).code == code


def test_the_stored_bytes_read_back_as_the_same_version() -> None:
    again = Questionnaire.from_json(FORM.canonical)
    assert (again, again.hash) == (FORM, FORM.hash)
    assert bundled_questionnaires() == (FORM,)


def test_the_catalogue_holds_nothing_that_is_gone() -> None:
    (english,) = bundled_catalogues("hai-long-mot-cua").values()
    assert english.keys() == FORM.text["vi"].keys()
    assert bundled_catalogues("other-form") == {"en": {}}


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"not a catalogue", b'msgid "a"\nmsgstr "b"\n'])
def test_a_broken_catalogue_is_refused(raw: bytes) -> None:
    with pytest.raises(CatalogueFileError):
        read_catalogue(raw, "hai-long-mot-cua")


def test_a_released_version_never_changes() -> None:
    # The authored file compiles to what was released under its number; a change needs a new number and
    # a new file in content/released, or row files of the old one could not be scored any more.
    released = {(q.structure.id, q.structure.version): q for q in released_questionnaires()}
    same = released[FORM.structure.id, FORM.structure.version]
    assert same.canonical == FORM.canonical
