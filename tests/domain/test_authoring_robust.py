"""Whatever is done to a file, the checker answers with problems, never with a crash."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.web.authoring_texts import TEXTS
from tests.support.authored import SOUND, checked

LINES = SOUND.splitlines()
WORDS = sorted(set(re.findall(r"[\w\"/.]+", SOUND)))
STRANGE = [
    "",
    "null",
    "~",
    "[]",
    "{}",
    "-1",
    "true",
    '"yes"',
    "no",
    "1.5",
    "2026-01-01",
    "&a",
    "*a",
    "!!set",
    "|",
    "\t",
    "’",
]


def say(problems: object) -> None:
    assert isinstance(problems, tuple)
    for problem in problems:
        assert TEXTS[problem.code] % {"line": 1, **problem.params}


@settings(max_examples=60)
@given(st.data())
def test_lines_taken_out_doubled_or_moved(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "indent", "move"]))
        line = lines.pop(index)
        if change == "double":
            lines[index:index] = [line, line]
        elif change == "indent":
            lines.insert(index, "  " + line)
        elif change == "move":
            lines.insert(data.draw(st.integers(0, len(lines))), line)
    result = checked("\n".join(lines))
    say(result.problems)
    assert (result.questionnaire is None) == bool(result.problems)


@settings(max_examples=120)
@given(st.data())
def test_words_replaced_by_others_or_by_strange_ones(data: st.DataObject) -> None:
    text = SOUND
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(re.finditer(r"[\w\"/.]+", text))
        place = data.draw(st.sampled_from(places))
        new = data.draw(st.sampled_from([*WORDS, *STRANGE]))
        text = text[: place.start()] + new + text[place.end() :]
    result = checked(text)
    say(result.problems)
    assert (result.questionnaire is None) == bool(result.problems)


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_at_all(text: str) -> None:
    result = checked(text)
    say(result.problems)
    assert result.questionnaire is None
