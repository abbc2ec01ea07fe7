"""Reading time: syllables on each screen.

A syllable is a run of characters between spaces that holds a letter or digit. A screen's syllables are those of the
question, its help and its choices. A shared choice set costs its syllables only on the first screen of a path that shows
it, and the two fixed buttons "Không biết" and "Không muốn trả lời" (the interface's own, the same everywhere) cost nothing.
"""

from survey_app.domain.authoring.paths import Screen
from survey_app.domain.authoring.source import SourceQuestion, SourceQuestionnaire

MOST_SECONDS = 90.0
MOST_SCREENS = 16


def syllables(text: str) -> int:
    """Space-separated syllables of `text`; lone punctuation is none."""
    return sum(any(ch.isalnum() for ch in word) for word in text.split())


def screens(source: SourceQuestionnaire) -> dict[str, Screen]:
    """What there is to read on the screen of each question."""
    return {q.id: _screen(source, q) for block in source.blocks for q in block.questions}


def _screen(source: SourceQuestionnaire, question: SourceQuestion) -> Screen:
    words = syllables(question.text) + syllables(question.help or "")
    choices = sum(syllables(choice.label) for choice in source.choices_of(question))
    if isinstance(question.choices, str):
        return Screen(words, question.choices, choices)
    return Screen(words + choices)
