"""Post-stratification of a block's figures to the centre's dossier counts by procedure group.

People of one procedure may answer more readily than others; weights N_g / m_g (dossiers over forms)
give each procedure group its share of the work. The unweighted figure stays beside the weighted
one. Särndal, Swensson & Wretman 1992, 7.6; Deville & Särndal 1992; Valliant 1993 for the variance.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum
from typing import TypeVar

from survey_app.domain.counting import CellKey
from survey_app.domain.estimation import Ratio, RatioMean
from survey_app.domain.influence import Influence
from survey_app.domain.problem import Problem
from survey_app.domain.tally import Series, Tally

LEAST_FORMS = 10
NO_GROUP = "none"
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Stratum:
    """A post-stratum: the procedure groups in it, its forms m and its dossiers N."""

    groups: tuple[str, ...]
    forms: int
    dossiers: int

    @property
    def weight(self) -> float:
        """Dossiers that one form speaks for: N / m."""
        return self.dossiers / self.forms


@dataclass(frozen=True, slots=True)
class StratumRatio:
    """One post-stratum's part of a ratio mean; `forms`: all its complete forms, PSU by PSU."""

    weight: float
    ratio: Ratio
    forms: tuple[int, ...]

    @property
    def numerator(self) -> float:
        """Weighted sum, w · S."""
        return self.weight * fsum(self.ratio.sums)

    @property
    def denominator(self) -> float:
        """Weighted answers, w · n."""
        return self.weight * self.ratio.total

    def residuals(self, mean: float) -> list[float]:
        """By PSU k: w · [(S_k − R n_k) − m_k (S − R n) / m]."""
        total = fsum(self.ratio.sums) - mean * self.ratio.total
        level = total / (sum(self.forms) or 1)
        rows = zip(self.ratio.sums, self.ratio.answers, self.forms, strict=True)
        return [self.weight * (s - mean * n - level * m) for s, n, m in rows]


@dataclass(frozen=True)
class WeightedRatio:
    """R = Σ_g w_g S_g / Σ_g w_g n_g over post-strata g."""

    parts: tuple[StratumRatio, ...]

    @cached_property
    def total(self) -> int:
        """Answers, unweighted."""
        return sum(part.ratio.total for part in self.parts)

    @cached_property
    def answered(self) -> int:
        """The PSUs that have an answer."""
        found = 0
        for part in self.parts:
            found |= part.ratio.answered
        return found

    def influence(self, strata: Sequence[str]) -> Influence:
        """The weighted mean and its influences, equal to R's postStratify.

        u_k = Σ_g w_g [(S_gk − R n_gk) − m_gk (S_g − R n_g)/m_g] / Σ_g w_g n_g: each form's residual
        from the mean of its post-stratum, where m_g counts every form of it, answered or not.
        Raises ZeroDivisionError without answers.
        """
        weighted = fsum(part.denominator for part in self.parts)
        mean = fsum(part.numerator for part in self.parts) / weighted
        columns = zip(*(part.residuals(mean) for part in self.parts), strict=True)
        return Influence(
            value=mean,
            strata=tuple(strata),
            values=tuple(fsum(column) / weighted for column in columns),
            answered=self.answered,
        )


@dataclass(slots=True)
class WeightedSeries(Series):
    """A series whose mean is weighted: its sums and answers are those of its parts."""

    parts: tuple[StratumRatio, ...] = field(default=())

    @property
    def ratio(self) -> RatioMean:
        """The weighted ratio mean."""
        if self._ratio is None:
            self._ratio = WeightedRatio(self.parts)
        return self._ratio


def post_strata(
    forms: Mapping[str, int],
    dossiers: Mapping[str, int],
    total: int,
    order: Sequence[str],
    least: int = LEAST_FORMS,
) -> tuple[Stratum, ...] | Problem:
    """Post-strata of a block, or why it cannot be weighted.

    `forms`: complete forms by procedure group ("none": not told, left out of weighted figures);
    `dossiers`: finished dossiers by group, `total` as the centre reports them together; `order`:
    the groups such that neighbours resemble each other. A group with fewer than `least` forms joins
    the next, the last one the one before it.
    """
    problem = _unusable(forms, dossiers, total, order)
    if problem is not None:
        return problem
    strata = _collapse([Stratum((g,), forms.get(g, 0), dossiers[g]) for g in order], least)
    if len(strata) < 2:
        return Problem("weighting.one_stratum", "", {"needed": least})
    for stratum in strata:
        if not stratum.dossiers:
            return Problem("weighting.no_dossiers", ", ".join(stratum.groups))
    return tuple(strata)


def forms_by_group(cells: Iterable[tuple[CellKey, int]]) -> dict[str, int]:
    """Complete forms by procedure group; `cells` as `sums.cells_in` gives them."""
    result: Counter[str] = Counter()
    for key, forms in cells:
        result[key.group] += forms
    return dict(result)


def weighted_tally(parts: Sequence[Tally], strata: Sequence[Stratum]) -> Tally:
    """The tally of the forms with a procedure group, with weighted means in place of plain ones.

    `parts`: the same PSUs' counts of each post-stratum's forms (`sums.tally_groups`).
    """
    weights = [stratum.weight for stratum in strata]
    result = Tally(list(parts[0].strata), _columns([part.psu_forms for part in parts]))
    result.versions = frozenset().union(*(part.versions for part in parts))
    for part in parts:
        result.forms += part.forms
        result.forms_any.update(part.forms_any)
    result.indicators.update(_weighted([p.indicators for p in parts], parts, weights))
    result.items.update(_weighted([p.items for p in parts], parts, weights))
    result.shares.update(_weighted([p.shares for p in parts], parts, weights))
    return result


def _unusable(
    forms: Mapping[str, int], dossiers: Mapping[str, int], total: int, order: Sequence[str]
) -> Problem | None:
    unknown = sorted(({*forms} - {NO_GROUP} | {*dossiers}) - {*order})
    if unknown:
        return Problem("weighting.unknown_group", ", ".join(unknown))
    missing = [group for group in order if group not in dossiers]
    if missing:
        return Problem("weighting.margin_missing", ", ".join(missing))
    if any(number < 0 for number in dossiers.values()):
        return Problem("weighting.margin_negative")
    if sum(dossiers.values()) != total:
        params = {"sum": sum(dossiers.values()), "total": total}
        return Problem("weighting.margins_differ", "", params)
    silent = [group for group in order if dossiers[group] and not forms.get(group, 0)]
    if silent:
        return Problem("weighting.no_forms", ", ".join(silent))
    return None


def _collapse(strata: list[Stratum], least: int) -> list[Stratum]:
    done: list[Stratum] = []
    held: Stratum | None = None
    for stratum in strata:
        held = stratum if held is None else _joined(held, stratum)
        if held.forms >= least:
            done.append(held)
            held = None
    if held is not None and done:
        done[-1] = _joined(done[-1], held)
    return done


def _joined(one: Stratum, other: Stratum) -> Stratum:
    groups = (*one.groups, *other.groups)
    return Stratum(groups, one.forms + other.forms, one.dossiers + other.dossiers)


def _columns(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _weighted(
    stores: Sequence[Mapping[Key, Series]], parts: Sequence[Tally], weights: Sequence[float]
) -> dict[Key, WeightedSeries]:
    keys = dict.fromkeys(key for store in stores for key in store)
    size = len(parts[0].strata)
    nothing = Series([0.0] * size, [0] * size)
    shares = [(w, tuple(part.psu_forms)) for w, part in zip(weights, parts, strict=True)]
    return {
        key: _weighted_series([store.get(key, nothing) for store in stores], shares) for key in keys
    }


def _weighted_series(
    listed: Sequence[Series], shares: Sequence[tuple[float, tuple[int, ...]]]
) -> WeightedSeries:
    return WeightedSeries(
        sums=[],
        answers=[],
        dont_know=sum(s.dont_know for s in listed),
        refused=sum(s.refused for s in listed),
        parts=tuple(
            StratumRatio(weight, Ratio(tuple(s.sums), tuple(s.answers)), forms)
            for (weight, forms), s in zip(shares, listed, strict=True)
        ),
    )
