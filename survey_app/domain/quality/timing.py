"""Rules about moments: bursts and forms outside opening hours. What they return holds no moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from survey_app.domain.quality.records import Flag, JudgedForm
from survey_app.domain.quality.ruleset import RuleSet

Device = tuple[str, str, str]


def bursts(forms: Iterable[JudgedForm], rules: RuleSet) -> list[Flag]:
    """Runs of forms on one device, each at most `longest_gap` seconds after the one before.

    Only forms answered within such a gap can belong to a run; others in between, from a second tablet or sent after an
    outage, do not end it.
    """
    flags = []
    for (_, channel, _), own in sorted(_by_device(forms).items()):
        least = rules.burst.least_forms.get(channel)
        for run in _runs(own, rules):
            if least is not None and len(run) >= least:
                params = {"forms": float(len(run))}
                flags += [Flag(form.id, "burst", rules.version, params) for form in run]
    return flags


def out_of_hours(form: JudgedForm, rules: RuleSet) -> Flag | None:
    """A tablet's form that arrived while the counter is closed. Phones may answer at night."""
    if form.minute is None or form.channel not in rules.hours.channels:
        return None
    start, end = rules.hours.opening.get(form.weekday, (0, 0))
    if start <= form.minute < end:
        return None
    return Flag(form.id, "out_of_hours", rules.version)


def _by_device(forms: Iterable[JudgedForm]) -> dict[Device, list[tuple[int, JudgedForm]]]:
    devices: defaultdict[Device, list[tuple[int, JudgedForm]]] = defaultdict(list)
    for form in forms:
        if form.seconds is not None:
            key = (form.counter, form.channel, form.device)
            devices[key].append((form.seconds, form))
    return devices


def _runs(timed: list[tuple[int, JudgedForm]], rules: RuleSet) -> Iterator[Sequence[JudgedForm]]:
    longest = rules.burst.longest_gap + rules.burst.slack
    quick = [item for item in timed if item[1].active_seconds <= longest]
    run: list[JudgedForm] = []
    before = 0
    for seconds, form in sorted(quick, key=lambda item: (item[0], item[1].id)):
        gap = seconds - before
        if run and gap > rules.burst.longest_gap:
            yield run
            run = []
        if run and form.active_seconds > gap + rules.burst.slack:
            continue  # it took longer than the gap, so it had waited unsent: its moment says nothing
        run.append(form)
        before = seconds
    yield run
