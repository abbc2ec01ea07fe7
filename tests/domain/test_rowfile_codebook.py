"""The codebook has a line for every code a row file can hold."""

from survey_app.domain.rowfile_codebook import HEADER, codebook_lines, question_entries
from tests.support.rowfiles import questionnaire

ONE, TWO = questionnaire(1), questionnaire(2)


def entries() -> dict[str, dict[str, str]]:
    """Codes and labels of the first version by column."""
    return {e.column: {c.code: c.label for c in e.codes} for e in question_entries(ONE)}


def test_every_closed_question_has_its_column() -> None:
    assert list(entries()) == ["q_procedure", "q_courteous", "q_needs", "q_warmth", "age", "sex"]


def test_silence_is_explained_beside_the_choices() -> None:
    assert entries()["q_courteous"] == {
        "yes": "Có",
        "no": '=HYPERLINK("http://x";"Không")',
        "partly": "Lúc có, lúc không",
        "dont_know": "Không biết",
        "refused": "Không muốn trả lời",
    }


def test_a_line_says_how_an_answer_is_scored() -> None:
    lines = [dict(zip(HEADER, line, strict=True)) for line in codebook_lines([ONE, TWO])]
    [found] = [
        line
        for line in lines
        if (line["questionnaire"], line["column"], line["code"]) == (TWO.label, "q_courteous", "no")
    ]
    assert (found["value"], found["scale_minimum"], found["scale_maximum"]) == (0, 0, 1)
    assert (found["direction"], found["subdimension"]) == ("positive", "cert:5.1 land:5.3")
    assert found["evidence"] == "experience"


def test_a_whole_number_has_its_range_and_its_silence() -> None:
    lines = [line for line in codebook_lines([ONE]) if line[1] == "q_warmth"]
    assert [line[3] for line in lines] == ["-10…10", "refused"]
