"""How often something may be done: a bucket that refills steadily. Never one per address: a whole office shares one address."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

# Names a caller can invent must not fill the memory; the oldest is forgotten.
MOST_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, `per_second` refilled."""

    burst: float
    per_second: float


@dataclass(slots=True)
class Buckets:
    """One bucket a name, all with the same rate; for the threads of one process."""

    rate: Rate
    _levels: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, now: datetime, number: int = 1) -> int:
        """0 when `number` may be done now and is counted; else the seconds to wait, at least 1."""
        with self._turn:
            level = self._level(name, now)
            if level < number:
                self._keep(name, level, now)
                return max(1, round((number - level) / self.rate.per_second))
            self._keep(name, level - number, now)
            return 0

    def _level(self, name: str, now: datetime) -> float:
        level, since = self._levels.get(name, (self.rate.burst, now))
        passed = max(0.0, (now - since).total_seconds())
        return min(self.rate.burst, level + passed * self.rate.per_second)

    def _keep(self, name: str, level: float, now: datetime) -> None:
        self._levels[name] = (level, now)
        self._levels.move_to_end(name)
        if len(self._levels) > MOST_NAMES:
            self._levels.popitem(last=False)
