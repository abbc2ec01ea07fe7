"""Translations complete and current; ids, codes and scales true to the version before."""

import pytest

from survey_app.domain.authoring import Catalogue, Entry, texts
from survey_app.domain.authoring.document import read_document
from survey_app.domain.authoring.shape import read_source
from tests.support.authored import SOUND, changed, checked, compiled, line_of


def english(text: str = SOUND) -> dict[str, Entry]:
    """A complete catalogue."""
    authored = read_source(read_document(text))
    assert authored is not None
    return {key: Entry(words, f"English of {key}") for key, words in texts(authored.source)}


def complaints(text: str, catalogue: Catalogue) -> list[tuple[int, str, str]]:
    problems = checked(text, {"en": catalogue}).problems
    return [(int(str(p.params["line"])), p.code, p.where) for p in problems]


def test_a_complete_catalogue_is_compiled_in() -> None:
    questionnaire = checked(SOUND, {"en": english()}).questionnaire
    assert questionnaire is not None
    assert questionnaire.say("en", "stage.choice.submit") == "English of stage.choice.submit"
    assert questionnaire.text["en"].keys() == questionnaire.text["vi"].keys()


def test_every_missing_text_is_listed_by_key() -> None:
    catalogue = english()
    del catalogue["stage.text"]
    catalogue["remark.text"] = Entry("Ông/Bà muốn góp ý điều gì?", "  ")
    assert complaints(SOUND, catalogue) == [
        (line_of(SOUND, "text: Ông/Bà đang ở bước nào?"), "catalogue.missing", "stage.text"),
        (line_of(SOUND, "text: Ông/Bà muốn góp ý"), "catalogue.missing", "remark.text"),
    ]


def test_an_empty_catalogue_lacks_everything_beside_the_other_mistakes() -> None:
    text = changed(("Cán bộ có lịch sự không?", "Cán bộ có không lịch sự không?"))
    codes = {code for _, code, _ in complaints(text, {})}
    assert codes == {"catalogue.missing", "text.double_negative"}


def test_a_translation_of_older_words_is_stale() -> None:
    text = changed(("Ông/Bà đang ở bước nào?", "Hồ sơ của Ông/Bà đang ở bước nào?"))
    (complaint,) = complaints(text, english())
    assert complaint[1:] == ("catalogue.stale", "stage.text")


def test_a_translation_with_loose_marks_is_refused() -> None:
    catalogue = english() | {"title": Entry("Khảo sát nhỏ", "Cafe\u0301")}
    assert [code for _, code, _ in complaints(SOUND, catalogue)] == ["catalogue.not_nfc"]


def after(*changes: tuple[str, str], version: int = 2) -> list[tuple[int, str]]:
    """What is said of a changed next version of the small survey."""
    text = changed(("version: 1", f"version: {version}"), *changes)
    problems = checked(text, previous=compiled()).problems
    return [(int(str(p.params["line"])), p.code) for p in problems]


def test_the_same_file_again_is_no_problem() -> None:
    assert checked(SOUND, previous=compiled()).problems == ()


def test_a_changed_file_needs_a_higher_version() -> None:
    new_words = ("Khảo sát nhỏ", "Khảo sát rất nhỏ")
    assert after(new_words, version=1) == [(3, "stable.version")]
    assert after(new_words) == []


@pytest.mark.parametrize(
    ("changes", "piece", "code"),
    [
        (
            [
                ("kind: integer", "kind: single"),
                (
                    "        minimum: 1\n        maximum: 9\n",
                    "        choices: [{code: v1, label: 1 lần, value: 1}, {code: v9, label: 9 lần, value: 9}]\n",
                ),
            ],
            "- id: visits",
            "stable.kind",
        ),
        ([("        role: age\n", "")], "- id: age", "stable.role"),
        (
            [("maximum: 9", "maximum: 5"), ("scale: [1, 9]", "scale: [1, 5]")],
            "- id: visits",
            "stable.scale",
        ),
        ([("direction: negative", "direction: positive")], "- id: visits", "stable.scale"),
        (
            [
                ("label: Có, value: 1", "label: Có, value: 0"),
                ("label: Không, value: 0", "label: Không, value: 1"),
            ],
            "- id: courteous",
            "stable.code",
        ),
        (
            [
                ("label: Nộp hồ sơ", "label: Nhận kết quả"),
                ("{code: collect, label: Nhận kết quả", "{code: collect, label: Nộp hồ sơ"),
            ],
            "{code: submit",
            "stable.code",
        ),
    ],
)
def test_what_would_change_given_answers_is_refused(
    changes: list[tuple[str, str]], piece: str, code: str
) -> None:
    text = changed(("version: 1", "version: 2"), *changes)
    assert (line_of(text, piece), code) in after(*changes)


def test_new_questions_new_codes_and_better_words_are_welcome() -> None:
    changes = [
        ("label: Việc khác}", "label: Việc khác}, {code: land, label: Đất đai}"),
        ('other: "5.4"}', 'other: "5.4", land: "5.3"}'),
        ('other: "5.4"}, evidence', 'other: "5.4", land: "5.3"}, evidence'),
        ("label: Nộp hồ sơ", "label: Đến nộp hồ sơ"),
    ]
    assert after(*changes) == []


def test_another_questionnaire_is_no_version_of_this_one() -> None:
    other = changed(
        ("id: small-survey", "id: other-survey"), ("direction: negative", "direction: positive")
    )
    assert checked(other, previous=compiled()).problems == ()
