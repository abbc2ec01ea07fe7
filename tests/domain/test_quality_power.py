"""What the quality rules find and what they leave alone, by simulated quarters with fixed seeds.

docs/quality.md holds the table of a longer run.
"""

import pytest

from bench.quality_bound import Contented, oracle_power
from bench.quality_power import (
    BURST_RULES,
    EVERY_WEEK,
    PATTERN_RULES,
    code_power,
    false_alarms,
    past_power,
    power,
)
from bench.quality_simulation import World, in_bursts, with_pattern

WORLD = World(forms=300)
CONTENT = World(forms=300, level=2.5)


@pytest.mark.slow
@pytest.mark.parametrize("world", [WORLD, CONTENT])
def test_honest_counters_are_left_alone(world: World) -> None:
    # All rules, thirteen looks a quarter: at most 2 % of honest counters and quarters.
    alarms = false_alarms(world, 30, seed=11)
    assert alarms["any"] <= 0.02 * 30 * world.counters


@pytest.mark.slow
def test_a_counter_that_differs_in_single_questions_is_left_alone() -> None:
    # Twice and a half as much as elsewhere: less courteous staff make their own patterns common.
    world = World(forms=300, between_items=0.4)
    assert false_alarms(world, 30, seed=16)["any"] <= 0.02 * 30 * world.counters


@pytest.mark.slow
def test_bursts_are_found() -> None:
    found = power(WORLD, in_bursts(0.02), BURST_RULES, 20, seed=12, looks=EVERY_WEEK)
    assert found >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("world", [WORLD, CONTENT])
@pytest.mark.parametrize("rank", [None, 1, 2, 3])
def test_one_repeated_pattern_is_found(world: World, rank: int | None) -> None:
    # A tenth of the quarter's forms; any of the counter's own patterns but the modal one, and each of the next common.
    assert power(world, with_pattern(0.1, rank), PATTERN_RULES, 100, seed=13) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("world", [WORLD, CONTENT])
def test_any_pattern_is_found_though_its_person_is_varied(world: World) -> None:
    forge = with_pattern(0.1, None, disguised=True)
    assert power(world, forge, PATTERN_RULES, 100, seed=13) >= 0.95


@pytest.mark.slow
def test_a_disguised_modal_pattern_mostly_escapes_and_nobody_could_find_it() -> None:
    # No target: this holds the documentation to what it says cannot be found.
    forge = with_pattern(0.1, 0, disguised=True)
    assert power(CONTENT, forge, PATTERN_RULES, 60, seed=14) < 0.5
    assert oracle_power(Contented("submit", 4), CONTENT, 200, seed=15) < 0.95


@pytest.mark.slow
def test_rules_on_the_past_and_on_codes_seldom_accuse_the_honest() -> None:
    assert past_power(WORLD, 0.0, 60, seed=17) <= 0.02
    assert code_power(0.0, 2000, seed=18) <= 0.01
