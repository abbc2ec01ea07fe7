"""Every path through a questionnaire: what can be reached, how many screens and how long at most.

Only answers that some condition looks at make a difference, and of those only one for each way the conditions can turn out.
The walk keeps one state for each such combination that still matters, so the maxima are true ones, not samples.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from survey_app.domain.questionnaire import RESERVED_CODES, Condition, Question, Questionnaire
from survey_app.domain.routing import Answer, holds

MOST_STATES = 20_000


class TooManyPathsError(ValueError):
    """The conditions branch too much to follow every path."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Syllables to read on a question's screen; `shared` are those of a choice set that are read only once."""

    own: int
    shared_set: str | None = None
    shared: int = 0


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest way through one module: most screens and most seconds, each its own maximum."""

    module: int | None
    screens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Exploration:
    """What one walk found."""

    asked: frozenset[str]
    longest: Longest


@dataclass(frozen=True, slots=True)
class _State:
    answers: tuple[tuple[str, str | int | tuple[str, ...]], ...] = ()
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Length:
    screens: int = 0
    seconds: float = 0.0

    def longer(self, other: "_Length | None") -> "_Length":
        if other is None:
            return self
        return _Length(max(self.screens, other.screens), max(self.seconds, other.seconds))


def seconds_to_read(syllables: int) -> float:
    """Estimated seconds for one screen: syllables ÷ 4 + 1.5 (median reading speed, and a tap)."""
    return syllables / 4 + 1.5


def explore(
    questionnaire: Questionnaire,
    module: int | None,
    screens: Mapping[str, Screen],
    fixed: Mapping[str, str] | None = None,
) -> Exploration:
    """Walk all paths of `module`; `fixed` answers narrow the walk. Raises TooManyPathsError."""
    walker = _Walker(questionnaire, module, screens, fixed or {})
    return walker.run()


class _Walker:
    def __init__(
        self,
        questionnaire: Questionnaire,
        module: int | None,
        screens: Mapping[str, Screen],
        fixed: Mapping[str, str],
    ) -> None:
        self.module, self.screens, self.fixed = module, screens, fixed
        self.questions = [q for block, q in questionnaire.walk() if block.module in {None, module}]
        self.leaves = _leaves(self.questions)
        self.asked: set[str] = set()

    def run(self) -> Exploration:
        states: dict[_State, _Length] = {_State(): _Length()}
        for index, question in enumerate(self.questions):
            states = self.step(states, question, self.questions[index + 1 :])
        total = _Length()
        for length in states.values():
            total = length.longer(total)
        longest = Longest(self.module, total.screens, total.seconds)
        return Exploration(frozenset(self.asked), longest)

    def step(
        self, states: Mapping[_State, _Length], question: Question, later: list[Question]
    ) -> dict[_State, _Length]:
        found: dict[_State, _Length] = {}
        gates = {leaf.question or "" for q in later for leaf in _leaves_of(q.show_if)}
        sets = {self.screens[q.id].shared_set or "" for q in later}
        for state, length in states.items():
            for answers, seen, longer in self.follow(state, length, question):
                kept = tuple(item for item in answers if item[0] in gates)
                key = _State(kept, frozenset(seen & sets))
                found[key] = longer.longer(found.get(key))
        if len(found) > MOST_STATES:
            raise TooManyPathsError
        return found

    def follow(
        self, state: _State, length: _Length, question: Question
    ) -> list[tuple[tuple[tuple[str, str | int | tuple[str, ...]], ...], set[str], _Length]]:
        live: dict[str, Answer] = {
            key: list(value) if isinstance(value, tuple) else value for key, value in state.answers
        }
        if question.show_if is not None and not holds(question.show_if, live):
            return [(state.answers, set(state.seen), length)]
        self.asked.add(question.id)
        screen = self.screens[question.id]
        is_new = screen.shared_set is not None and screen.shared_set not in state.seen
        seconds = seconds_to_read(screen.own + screen.shared * is_new)
        longer = _Length(length.screens + 1, length.seconds + seconds)
        seen = set(state.seen) | ({screen.shared_set} if screen.shared_set else set())
        return [
            ((*state.answers, (question.id, answer)), seen, longer)
            for answer in self.answers(question)
        ]

    def answers(self, question: Question) -> Collection[str | int | tuple[str, ...]]:
        """One answer for each way the later conditions on `question` can turn out."""
        if question.id in self.fixed:
            return [self.fixed[question.id]]
        leaves = self.leaves.get(question.id, [])
        single = {_outcome(leaves, (code,)): (code,) for code in reversed(question.codes)}
        if question.kind == "multiple":
            return _unions(leaves, single, question.most or len(question.choices)).values()
        if question.kind == "integer":
            return [question.minimum or 0, *(codes[0] for codes in single.values())]
        return [codes[0] for codes in single.values()] or [""]


_Outcome = tuple[bool, ...]


def _outcome(leaves: list[Condition], codes: tuple[str, ...]) -> _Outcome:
    return tuple(any(code in (leaf.codes or ()) for code in codes) for leaf in leaves)


def _unions(
    leaves: list[Condition], single: Mapping[_Outcome, tuple[str, ...]], most: int
) -> dict[_Outcome, tuple[str, ...]]:
    """Answers of a multiple question, up to `most` codes; an outcome keeps its smallest answer.

    "Don't know" and "refused" stand alone: they are never chosen beside another code.
    """
    choices = {way: codes for way, codes in single.items() if codes[0] not in RESERVED_CODES}
    found = dict(choices)
    for _ in range(most - 1):
        for codes in list(found.values()):
            for (extra,) in choices.values():
                both = (*codes, extra)
                if len(set(both)) == len(both) <= most:
                    found.setdefault(_outcome(leaves, both), both)
    return {**single, **found}


def _leaves(questions: list[Question]) -> dict[str, list[Condition]]:
    leaves: dict[str, list[Condition]] = {}
    for question in questions:
        for leaf in _leaves_of(question.show_if):
            leaves.setdefault(leaf.question or "", []).append(leaf)
    return leaves


def _leaves_of(condition: Condition | None) -> list[Condition]:
    if condition is None:
        return []
    parts = condition.all or condition.any
    if parts is None:
        return [condition]
    return [leaf for part in parts for leaf in _leaves_of(part)]
