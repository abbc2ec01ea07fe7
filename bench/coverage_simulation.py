"""Do 95 % intervals hold the truth? Windows of days with known truth, judged with the program's own estimator.

p of a day and of a counter-day are drawn from beta distributions, so that their mean is the truth exactly and the binary
intraclass correlation of a counter-day is `icc`; the part `shared` of it is common to all counters of the day.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist

from survey_app.domain.distributions import beta_quantile
from survey_app.domain.estimation import Estimate, Ratio, Term, combine, interval

LEAST_PSUS, LEAST_DF, LEAST_FORMS = 5, 4, 30
DAYS_A_WEEK = 5
SHARED = (0.0, 0.25, 0.5)
CORRELATIONS = (0.02, 0.05, 0.1)
SHARES = (0.5, 0.8, 0.9, 0.95, 0.97)
CELL_WINDOWS = 3000


@dataclass(frozen=True, slots=True)
class Setting:
    """One cell of the table. `weeks`: 1 a week, 4 a block.

    What the table leaves out: `by_counter`: counter-days as sampling units, the wrong way; `along`: correlation of
    neighbouring days' normal scores.
    """

    shared: float
    icc: float
    p: float
    weeks: int = 1
    by_counter: bool = False
    along: float = 0.0


def coverage(setting: Setting, windows: int, rng: random.Random) -> float:
    """Share of `windows` simulated windows whose interval holds `setting.p`."""
    return sum(holds(setting, rng) for _ in range(windows)) / windows


def printed_cell(table: str, setting: Setting, windows: int = CELL_WINDOWS) -> str:
    """Percent as docs/methodology-simulation.md prints them, from the seed of this cell of this table."""
    seed = f"{table}{setting.shared} {setting.icc} {setting.p} {setting.weeks}"
    return f"{100 * coverage(setting, windows, random.Random(seed)):.1f}"


def holds(setting: Setting, rng: random.Random) -> bool:
    """Whether the interval of one publishable window holds the truth; windows that are too thin are drawn anew."""
    for strata, ratio in _windows(setting, rng):
        estimate = combine(strata, [Term(1.0, ratio)])
        if _is_published(estimate, ratio):
            low, high = interval(estimate, ratio.total)
            return low <= setting.p <= high
    raise AssertionError("the stream of windows is endless")


def _is_published(estimate: Estimate, ratio: Ratio) -> bool:
    enough = estimate.psus >= LEAST_PSUS and estimate.df >= LEAST_DF
    return enough and ratio.total >= LEAST_FORMS


def _windows(setting: Setting, rng: random.Random) -> Iterator[tuple[Sequence[str], Ratio]]:
    while True:
        counters = rng.randint(3, 5)
        mean = rng.randint(5, 40)
        psus = [
            (str(number // DAYS_A_WEEK), *psu)
            for number, day in enumerate(_days(setting, rng))
            for psu in _day(setting, day, counters, mean, rng)
        ]
        strata, sums, answers = zip(*psus, strict=True)
        yield strata, Ratio(tuple(map(float, sums)), answers)


def _days(setting: Setting, rng: random.Random) -> Iterator[float]:
    """The chance of a good answer on each day of a window, as all counters share it."""
    common = setting.icc * setting.shared
    score = rng.gauss(0, 1) if setting.along else 0.0
    for _ in range(DAYS_A_WEEK * setting.weeks):
        if not setting.along:
            yield _beta(setting.p, common, rng)
            continue
        size = 1 / common - 1
        chance = NormalDist().cdf(score)
        yield beta_quantile(chance, setting.p * size, (1 - setting.p) * size)
        score = setting.along * score + rng.gauss(0, (1 - setting.along**2) ** 0.5)


def _day(
    setting: Setting, day: float, counters: int, mean: int, rng: random.Random
) -> Sequence[tuple[int, int]]:
    """Good answers and answers of each sampling unit of one day."""
    common = setting.icc * setting.shared
    # What the counter adds, so that day and counter together have the intraclass correlation of the setting.
    own = (setting.icc - common) / (1 - common)
    units = [_counter(_beta(day, own, rng), mean, rng) for _ in range(counters)]
    return units if setting.by_counter else [(sum(g for g, _ in units), sum(n for _, n in units))]


def _counter(chance: float, mean: int, rng: random.Random) -> tuple[int, int]:
    number = max(1, round(rng.gauss(mean, mean**0.5)))
    return sum(rng.random() < chance for _ in range(number)), number


def _beta(mean: float, correlation: float, rng: random.Random) -> float:
    """A beta draw with this mean and variance correlation · mean · (1 − mean)."""
    if correlation <= 0 or not 0 < mean < 1:
        return mean
    size = 1 / correlation - 1
    return rng.betavariate(mean * size, (1 - mean) * size)


def main(windows: int = CELL_WINDOWS) -> None:
    """Print the tables of docs/methodology-simulation.md."""
    _print_table("", SHARES, windows)
    _print_table("by_counter", (0.5, 0.8, 0.9), windows, by_counter=True)
    _print_table("along", (0.5, 0.8, 0.9), windows, shared=(0.25, 0.5, 1.0), along=0.5)
    _print_table("beyond", (0.98, 0.99), windows)


def _print_table(
    name: str,
    levels: Sequence[float],
    windows: int,
    shared: Sequence[float] = SHARED,
    *,
    by_counter: bool = False,
    along: float = 0.0,
) -> None:
    print(
        f"\n{name}\n| cửa sổ · window | ICC | *p* | "
        + " | ".join(f"{s:.0%}" for s in shared)
        + " |"
    )
    print("|" + "---|" * (3 + len(shared)))
    for weeks, icc, p in product((1, 4), CORRELATIONS, levels):
        settings = [Setting(s, icc, p, weeks, by_counter, along) for s in shared]
        cells = [printed_cell(name, setting, windows) for setting in settings]
        kind = "tuần / week" if weeks == 1 else "khối / block"
        print(
            f"| {kind} | {icc} | {p} | " + " | ".join(cells) + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
