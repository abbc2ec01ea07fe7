"""Rules on the quality of forms: what each flags, and what it must leave alone."""

import random
from dataclasses import replace
from datetime import time

import pytest

from survey_app.content.rules import quality_rules
from survey_app.domain.opening import DEFAULT, Span
from survey_app.domain.problem import Problem
from survey_app.domain.quality import JudgedForm, Judgement, Sample, build_ruleset, judge, withheld
from survey_app.domain.quality.comparing import more_than_dossiers, without_code
from survey_app.domain.quality.forms import medians, straight_line, too_fast
from survey_app.domain.quality.reading import longest_run, read_answers
from survey_app.domain.quality.timing import bursts, out_of_hours
from survey_app.domain.routing import Answer
from tests.support.small import CRITERIA, SMALL

RULES = quality_rules()
MONDAY_NINE = 9 * 3600
KNOWN = {"v1": 75.0}
GOOD = "yes yes yes"


def judged(name: str = "a", **changes: object) -> JudgedForm:
    form = JudgedForm(
        id=name,
        counter="q1",
        channel="kiosk",
        questionnaire="v1",
        items=15,
        active_seconds=70,
        shape="all",
        pattern=f"pattern-{name}",
        score=0.8,
    )
    return replace(form, **changes)  # type: ignore[arg-type]  # tests name any field


def sitting(number: int, gap: int, **changes: object) -> list[JudgedForm]:
    """`number` forms, `gap` seconds apart, from nine o'clock on a Monday."""
    moments = [MONDAY_NINE + gap * n for n in range(number)]
    return [
        judged(f"form {n}", **{"seconds": moment, "minute": 540, **changes})
        for n, moment in enumerate(moments)
    ]


def sample(forms: list[JudgedForm], *, is_quarter_end: bool = False) -> Sample:
    ids = frozenset(form.id for form in forms)
    return Sample(forms, ids, ("q1",), is_quarter_end=is_quarter_end)


class TestSpeed:
    def test_under_a_second_an_item(self) -> None:
        flag = too_fast(judged(active_seconds=14), {}, RULES)
        assert flag is not None
        assert flag.params == {"needed": 15.0}
        assert too_fast(judged(active_seconds=15), {}, RULES) is None

    def test_under_half_of_the_median_of_its_version(self) -> None:
        known = medians([judged(str(n), active_seconds=80) for n in range(30)], RULES)
        assert too_fast(judged(active_seconds=39), known, RULES) is not None
        assert too_fast(judged(active_seconds=40), known, RULES) is None
        assert too_fast(judged(active_seconds=39, questionnaire="v2"), known, RULES) is None

    def test_a_median_of_few_forms_is_none(self) -> None:
        assert medians([judged(str(n)) for n in range(29)], RULES) == {}

    def test_a_form_that_does_not_say_how_long_it_took_is_left_alone(self) -> None:
        # The long form without JavaScript sends 0.
        assert too_fast(judged(active_seconds=0), {"v1": 80.0}, RULES) is None


class TestStraightLine:
    def test_needs_a_reversed_item_in_the_run(self) -> None:
        quick = judged(active_seconds=50, run=9, reversed_run=2)
        assert straight_line(quick, KNOWN, RULES) is not None
        assert straight_line(replace(quick, reversed_run=0), KNOWN, RULES) is None

    def test_whoever_takes_time_is_heard(self) -> None:
        slow = judged(active_seconds=90, run=9, reversed_run=3)
        assert straight_line(slow, KNOWN, RULES) is None

    def test_run_over_questions_with_the_same_choices(self) -> None:
        answers: dict[str, Answer] = dict.fromkeys(CRITERIA, "yes")
        answers |= {"satisfaction": "s5", "extra": "yes", "gifts": "yes"}
        assert longest_run(SMALL, answers) == (10, 2)

    def test_all_good_answers_are_no_run_with_a_reversed_item(self) -> None:
        answers: dict[str, Answer] = dict.fromkeys(CRITERIA, "yes")
        assert longest_run(SMALL, answers) == (0, 0)
        assert longest_run(SMALL, {**answers, "extra": "no", "gifts": "no"}) == (2, 2)

    def test_not_wanting_to_answer_is_no_straight_line(self) -> None:
        answers: dict[str, Answer] = dict.fromkeys([*CRITERIA, "extra", "gifts"], "refused")
        assert longest_run(SMALL, answers) == (0, 0)

    def test_reading_a_form(self) -> None:
        answers: dict[str, Answer] = dict.fromkeys(CRITERIA[:4], "yes")
        reading = read_answers(SMALL, {**answers, "satisfaction": "s3", "procedure": "cert"})
        assert reading.pattern == "yes yes yes yes s3"
        assert reading.who.split() == ["cert"]
        assert reading.score == pytest.approx(4.5 / 5)
        assert reading.items == 6


class TestBursts:
    def test_five_forms_at_forty_five_seconds(self) -> None:
        flags = bursts(sitting(5, 45, active_seconds=40), RULES)
        assert len(flags) == 5
        assert flags[0].params == {"forms": 5.0}

    def test_four_forms_or_longer_gaps_are_none(self) -> None:
        assert bursts(sitting(4, 45, active_seconds=40), RULES) == []
        assert bursts(sitting(9, 46, active_seconds=40), RULES) == []

    def test_forms_that_waited_for_the_network_are_none(self) -> None:
        # After an outage a tablet sends its forms one second apart; each had taken longer than that.
        assert bursts(sitting(30, 1, active_seconds=40), RULES) == []

    def test_a_second_tablet_at_the_counter_does_not_hide_it(self) -> None:
        honest = [
            judged(f"other {n}", seconds=MONDAY_NINE + 30 + 60 * n, minute=540) for n in range(5)
        ]
        flags = bursts([*sitting(5, 45, active_seconds=40), *honest], RULES)
        assert {flag.form for flag in flags} == {f"form {n}" for n in range(5)}

    def test_two_calm_tablets_side_by_side_are_none(self) -> None:
        # Which tablet a form came from is not kept: it would link answers to a device.
        assert bursts(sitting(20, 30, active_seconds=55), RULES) == []
        assert len(bursts(sitting(8, 30, active_seconds=25), RULES)) == 8

    def test_phones_need_more(self) -> None:
        phones = {"channel": "code", "active_seconds": 30}
        assert bursts(sitting(9, 40, **phones), RULES) == []
        assert len(bursts(sitting(10, 40, **phones), RULES)) == 10

    def test_without_a_moment_nothing_is_said(self) -> None:
        assert bursts(sitting(9, 10, active_seconds=8, seconds=None), RULES) == []


class TestOpeningHours:
    @pytest.mark.parametrize(
        ("weekday", "minute", "is_flagged"),
        [(0, 389, True), (0, 390, False), (0, 720, False), (4, 1080, True), (5, 600, True)],
    )
    def test_an_hour_outside_is_flagged(self, weekday: int, minute: int, is_flagged: bool) -> None:
        flag = out_of_hours(judged(weekday=weekday, minute=minute), DEFAULT, RULES)
        assert (flag is not None) is is_flagged

    def test_phones_may_answer_at_night(self) -> None:
        assert out_of_hours(judged(channel="code", minute=60), DEFAULT, RULES) is None

    def test_each_counter_has_its_own(self) -> None:
        saturday = judged(seconds=5 * 86_400 + 10 * 3600, minute=600, weekday=5)
        forms = [replace(saturday, id=str(n), counter=f"q{n % 2}") for n in range(2)]
        open_on_saturday = {"q1": [Span(6, time(7, 30), time(11, 30))]}
        ids = frozenset(form.id for form in forms)
        said = judge(Sample(forms, ids, ("q0", "q1"), False, hours=open_on_saturday), RULES)
        assert [(flag.form, flag.rule) for flag in said.flags] == [("0", "out_of_hours")]


class TestUnits:
    others = ((60, 100), (55, 100), (62, 100), (58, 100))

    def test_a_share_without_code_far_above_the_others(self) -> None:
        assert without_code("unit", (97, 100), self.others, RULES) is not None
        assert without_code("unit", (63, 100), self.others, RULES) is None

    def test_where_no_codes_are_in_use_nobody_is_judged(self) -> None:
        assert without_code("unit", (100, 100), self.others, RULES) is None

    def test_more_forms_than_dossiers(self) -> None:
        assert more_than_dossiers("unit", 111, 100, RULES) is not None
        assert more_than_dossiers("unit", 110, 100, RULES) is None
        assert more_than_dossiers("unit", 50, 0, RULES) is None


class TestSameCitizens:
    """Three honest counters, and one where a citizen comes back thirty times."""

    def counters(self, **changes: str) -> list[JudgedForm]:
        """300 forms a counter, two fifths with the common pattern; `changes`: of a tenth of q0's."""
        rng = random.Random(3)
        honest = [
            judged(
                f"q{counter} {n}",
                counter=f"q{counter}",
                shape="a b c",
                pattern=" ".join(rng.choices(["yes", "no"], [3, 1], k=3)),
                who=f"person {rng.randrange(40)}",
            )
            for counter in range(4)
            for n in range(300)
        ]
        return [
            replace(f, pattern=changes.get("pattern", f.pattern), who=changes.get("who", f.who))
            if f.counter == "q0" and rng.random() < 0.1
            else f
            for f in honest
        ]

    def said(self, forms: list[JudgedForm]) -> Judgement:
        ids = frozenset(form.id for form in forms)
        return judge(Sample(forms, ids, ("q0", "q1", "q2", "q3"), is_quarter_end=True), RULES)

    def test_the_modal_pattern_with_the_same_person_is_found(self) -> None:
        said = self.said(self.counters(pattern=GOOD, who="person 3"))
        (finding,) = [one for one in said.findings if one.rule == "same_citizen"]
        assert finding.place == "q0"
        assert finding.params["citizens"] == 1
        flagged = {flag.form for flag in said.flags if flag.rule == "same_citizen"}
        assert len(flagged) == finding.params["forms"]
        assert all(form.startswith("q0") for form in flagged)

    def test_different_persons_are_citizens(self) -> None:
        assert self.said(self.counters()).findings == ()
        varied = self.said(self.counters(pattern=GOOD))
        assert "same_citizen" not in {one.rule for one in varied.findings}

    def test_a_form_is_in_doubt_only_where_most_like_it_are_too_many(self) -> None:
        # A hundred more of a pattern that as many true citizens give: a finding on the counter, no flag on the citizens.
        forms = self.counters()
        alike = [form for form in forms if form.counter == "q0" and form.pattern == GOOD]
        more = [replace(form, id=f"more {form.id}") for form in alike[:100]]
        said = self.said([*forms, *more])
        assert "pattern" in {finding.rule for finding in said.findings}
        assert "pattern" not in {flag.rule for flag in said.flags}


class TestHistory:
    def test_levels_are_given_at_the_quarters_end_only(self) -> None:
        forms = [judged(str(n), score=0.5) for n in range(60)]
        assert judge(sample(forms), RULES).levels == {}
        assert judge(sample(forms, is_quarter_end=True), RULES).levels == {"q1": 0.5}

    def test_far_above_its_own_past(self) -> None:
        forms = [judged(str(n), score=0.95) for n in range(60)]
        whole = sample(forms, is_quarter_end=True)
        for past, rules in (([0.7, 0.71, 0.69, 0.7, 0.7], ["above_past"]), ([0.7] * 3, [])):
            said = judge(replace(whole, past={"q1": past}), RULES)
            assert [finding.rule for finding in said.findings] == rules


class TestJudging:
    def test_the_order_of_forms_does_not_matter(self) -> None:
        forms = sitting(6, 40, active_seconds=12)
        assert judge(sample(forms), RULES) == judge(sample(forms[::-1]), RULES)

    def test_says_rule_and_version_and_no_moment(self) -> None:
        judgement = judge(sample(sitting(6, 40, active_seconds=12)), RULES)
        assert {flag.rule for flag in judgement.flags} == {"burst", "speed"}
        assert {flag.version for flag in judgement.flags} == {"quality-1"}
        said = repr(judgement)
        assert not any(str(MONDAY_NINE + 40 * n) in said for n in range(6))

    def test_shifting_the_clock_changes_nothing(self) -> None:
        forms = sitting(6, 40, active_seconds=30)
        later = [replace(form, seconds=(form.seconds or 0) + 7 * 86_400) for form in forms]
        assert judge(sample(forms), RULES) == judge(sample(later), RULES)

    def test_only_the_closing_week_is_flagged(self) -> None:
        forms = sitting(6, 40, active_seconds=12)
        narrow = replace(sample(forms), judged=frozenset({"form 0"}))
        assert {flag.form for flag in judge(narrow, RULES).flags} == {"form 0"}

    def test_an_empty_week_says_nothing(self) -> None:
        judgement = judge(sample([], is_quarter_end=True), RULES)
        assert (judgement.flags, judgement.findings) == ((), ())


class TestWithholding:
    def test_above_a_quarter_in_doubt_no_score(self) -> None:
        problem = withheld(100, 26, RULES)
        assert problem == Problem("quality.withheld", "", {"most": 25, "rules": "quality-1"})
        assert withheld(100, 25, RULES) is None

    def test_that_nothing_is_published_does_not_count_a_few_flagged_forms(self) -> None:
        # More than a quarter of thirty, but fewer than the ten that are told: eight or nine.
        assert withheld(30, 9, RULES) is None
        assert withheld(30, 10, RULES) == withheld(30, 25, RULES) is not None

    def test_a_handful_of_forms_is_left_to_the_other_limits(self) -> None:
        assert withheld(29, 29, RULES) is None


class TestThresholds:
    def test_impossible_ones_are_named(self) -> None:
        data = RULES.model_dump()
        data["speed"] = {**data["speed"], "share_of_median": 1.5}
        data["burst"] = {**data["burst"], "longest_gap": 0}
        problems = build_ruleset(data)
        assert isinstance(problems, list)
        assert [p.where for p in problems] == ["speed.share_of_median", "burst.longest_gap"]
