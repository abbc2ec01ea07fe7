"""The order in which one citizen meets the questions of a shuffled block, from the seed that her form carries.

Whoever has the version and the seed can tell the order again. The tablet runs the same steps (`kiosk/static/order.js`);
`tests/vectors/order.json` holds both to one result.
"""

from collections.abc import Iterator

from survey_app.domain.questionnaire import Block, Question, Questionnaire

# The order of the file; also what a form carries whose order nobody may know.
FILE_ORDER = 0
# Park and Miller's minimal standard generator with their later multiplier (CACM 36:7, 1993): each product is below 2^53, so
# JavaScript's numbers hold it exactly.
_MODULUS = 2**31 - 1
_MULTIPLIER = 48_271


def seed_of(response_id: str) -> int:
    """The seed of a form: its id's last eight digits, which say nothing of its module. Checkable, chosen by nobody."""
    return int(response_id[-8:], 16)


def shown_order(questionnaire: Questionnaire, seed: int) -> list[tuple[Block, Question]]:
    """Every question with its block as a form of this seed shows them; `seed` ≥ 0, FILE_ORDER shuffles nothing."""
    draws = _draws(seed)
    return [
        (block, question)
        for block in questionnaire.structure.blocks
        for question in (_shuffled(block, draws) if block.shuffle and seed else block.questions)
    ]


def _draws(seed: int) -> Iterator[int]:
    state = seed % (_MODULUS - 1) + 1
    while True:
        state = state * _MULTIPLIER % _MODULUS
        yield state


def _shuffled(block: Block, draws: Iterator[int]) -> list[Question]:
    """Fisher and Yates's shuffle (Knuth, TAOCP vol. 2, 3.4.2, algorithm P)."""
    questions = list(block.questions)
    for last in range(len(questions) - 1, 0, -1):
        other = next(draws) % (last + 1)
        questions[last], questions[other] = questions[other], questions[last]
    return questions
