"""Rules about moments: bursts and forms outside opening hours. What they return holds no moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from survey_app.domain.opening import Span
from survey_app.domain.quality.records import Flag, JudgedForm
from survey_app.domain.quality.ruleset import RuleSet

Queue = tuple[str, str]


def bursts(forms: Iterable[JudgedForm], rules: RuleSet) -> list[Flag]:
    """Runs of forms at one counter, each at most `longest_gap` seconds after the one before.

    Which tablet a form came from is not kept. Only forms answered within such a gap can belong to a run; others in between,
    from a second tablet or sent after an outage, do not end it, and two calm tablets side by side make none.
    """
    flags = []
    for (_, channel), own in sorted(_by_queue(forms).items()):
        least = rules.burst.least_forms.get(channel)
        for run in _runs(own, rules):
            if least is not None and len(run) >= least:
                params = {"forms": float(len(run))}
                flags += [Flag(form.id, "burst", rules.version, params) for form in run]
    return flags


def out_of_hours(form: JudgedForm, open_spans: Sequence[Span], rules: RuleSet) -> Flag | None:
    """A tablet's form that arrived while its counter is closed. Phones may answer at night."""
    if form.minute is None or form.channel not in rules.hours.channels:
        return None
    if any(_is_within(form.weekday, form.minute, span, rules.hours.margin) for span in open_spans):
        return None
    return Flag(form.id, "out_of_hours", rules.version)


def _is_within(weekday: int, minute: int, span: Span, margin: int) -> bool:
    opens, closes = (60 * moment.hour + moment.minute for moment in (span.opens, span.closes))
    return span.weekday == weekday + 1 and opens - margin <= minute < closes + margin


def _by_queue(forms: Iterable[JudgedForm]) -> dict[Queue, list[tuple[int, JudgedForm]]]:
    queues: defaultdict[Queue, list[tuple[int, JudgedForm]]] = defaultdict(list)
    for form in forms:
        if form.seconds is not None:
            queues[form.counter, form.channel].append((form.seconds, form))
    return queues


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
