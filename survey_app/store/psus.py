"""The sampling units of a vintage: groups of days under a random label, with their counts."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey_app.domain.counting import (
    Totals,
    Versions,
    count,
    form_count,
    totals_from_json,
    totals_to_json,
)
from survey_app.domain.psu import keep_groups, merge_days
from survey_app.store.forms import StoredForm, day_of

_LABEL_BYTES = 4


@dataclass(frozen=True, slots=True)
class StoredPsu:
    """One sampling unit of a vintage. The days are the server's; only the label leaves it."""

    label: str
    days: tuple[date, ...]
    forms: int
    totals: Totals


def make_psus(
    forms: Sequence[StoredForm], versions: Versions, earlier: Sequence[StoredPsu] = ()
) -> list[StoredPsu]:
    """Sampling units of a week's forms, sorted by their random labels: drawn for its first vintage, kept by later ones.

    Days are merged by their complete forms: partial ones are never scored, and do not make a sampling unit any larger.
    """
    by_day: defaultdict[date, list[StoredForm]] = defaultdict(list)
    for form in forms:
        by_day[day_of(form)].append(form)
    if earlier:
        labels = {psu.days[0]: psu.label for psu in earlier}
        groups = keep_groups([psu.days for psu in earlier], by_day)
        names = [next(labels[day] for day in days if day in labels) for days in groups]
    else:
        complete = {day: sum(f.status == "complete" for f in own) for day, own in by_day.items()}
        groups = merge_days(complete)
        names = _labels(len(groups))
    psus = [psu_of(name, days, by_day, versions) for name, days in zip(names, groups, strict=True)]
    return sorted(psus, key=lambda psu: psu.label)


def psu_of(
    label: str,
    days: tuple[date, ...],
    by_day: Mapping[date, Sequence[StoredForm]],
    versions: Versions,
) -> StoredPsu:
    """The sampling unit of `days`."""
    totals = count((form.counted for day in days for form in by_day.get(day, ())), versions)
    return StoredPsu(label, days, form_count(totals), totals)


def psu_to_json(psu: StoredPsu) -> dict[str, object]:
    """As stored in a vintage."""
    return {
        "label": psu.label,
        "days": [day.isoformat() for day in psu.days],
        "forms": psu.forms,
        "totals": totals_to_json(psu.totals),
    }


def psu_from_json(item: dict[str, Any]) -> StoredPsu:
    """The inverse of `psu_to_json`."""
    return StoredPsu(
        label=item["label"],
        days=tuple(date.fromisoformat(day) for day in item["days"]),
        forms=item["forms"],
        totals=totals_from_json(item["totals"]),
    )


def _labels(number: int) -> list[str]:
    labels: set[str] = set()
    while len(labels) < number:
        labels.add(secrets.token_hex(_LABEL_BYTES))
    return list(labels)
