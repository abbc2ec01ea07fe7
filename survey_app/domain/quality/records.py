"""What rules look at, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class JudgedForm:
    """One complete form as the rules see it; made when a week closes and never kept.

    `seconds`: moment it arrived, in seconds of any fixed clock,
    None where unknown; `minute`: minute of the local day (0 to 1439) and `weekday` (0 Monday) of that moment. `items`:
    questions answered. `shape`: which core questions it answered; `pattern`: how; `score`: mean z of those, 0 to 1. `who`:
    what it says of procedure, age and sex. `run`,
    `reversed_run`: length of its longest run of one answer that holds a reversed item, and how many it holds (0 without).
    """

    id: str
    counter: str
    channel: str
    questionnaire: str
    items: int
    active_seconds: int
    shape: str
    pattern: str
    score: float
    who: str = ""
    run: int = 0
    reversed_run: int = 0
    seconds: int | None = None
    minute: int | None = None
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class Flag:
    """One rule's doubt about one form. `params`: the numbers behind it, never a clock time."""

    form: str
    rule: str
    version: str
    params: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's doubt about a counter (or a unit, for rules that know no counter)."""

    place: str
    rule: str
    version: str
    params: Mapping[str, float] = field(default_factory=dict)
