"""What `meridian bench stream` makes of its runs."""

import json
import re
from pathlib import Path

import pytest

from control_room.benchmarks import partitions
from control_room.benchmarks.stream_ratios import PEERS, SLOWEST, Measured, compared, turns

ROOT = Path(__file__).parents[2]


def a_run(events_per_second: float, conserved: bool = True) -> Measured:
    return Measured(events_per_second, 1e6 / events_per_second, conserved)


def runs_with(**instead):
    runs = {
        "copy_only": [a_run(100_000)],
        "hand_written": [a_run(40_000)],
        "quix_streams": [a_run(12_000)],
        "manual_faust": [a_run(2_000)],
        "meridian": [a_run(36_000)],
        "meridian_two_workers": [a_run(30_000)],
    }
    return runs | instead


def ratios(**instead):
    return compared(300_000, runs_with(**instead))["ratios"]


def test_the_best_round_tells_what_a_quiet_partition_costs_over_a_busy_one():
    runs = {"one_busy": [a_run(20_000), a_run(10_000)], "quiet": [a_run(10_000), a_run(16_000)]}
    measured = partitions.compared(1000, runs)
    assert measured["cpu_us_per_event"] == {"one_busy": 50.0, "quiet": 62.5}
    assert measured["quiet_over_one_busy"] == 1.25


def test_of_a_run_that_lost_something_nothing_is_told_of_partitions():
    with pytest.raises(RuntimeError, match="lost"):
        partitions.compared(1000, {"one_busy": [a_run(1)], "quiet": [a_run(1, conserved=False)]})


def test_all_run_in_the_first_round_and_all_but_the_slowest_in_the_others_back_and_there():
    assert set(turns(1)) == {*PEERS, "meridian", "meridian_two_workers"}
    assert turns(2) == turns(1)[:0:-1] and turns(3) == turns(1)[1:] and turns(1)[0] == SLOWEST


def test_a_ratio_is_ours_over_theirs():
    assert ratios() == {"hand_written": 0.9, "copy_only": 0.36, "quix_streams": 3.0, "manual_faust": 18.0}


def test_what_an_event_costs_two_workers_is_told_over_what_it_costs_one():
    assert compared(300_000, runs_with())["two_workers_cpu"] == 1.2


def test_the_best_round_of_each_counts():
    assert ratios(meridian=[a_run(20_000), a_run(38_000)])["hand_written"] == 0.95


def test_a_runner_that_lost_something_is_void_even_when_another_of_its_rounds_did_not():
    lost = [a_run(40_000), a_run(90_000, conserved=False)]
    measured = compared(300_000, runs_with(hand_written=lost))
    assert measured["ratios"]["hand_written"] is None
    assert {each["name"]: each["conserved"] for each in measured["runners"]}["hand_written"] is False


def test_nothing_is_compared_with_ours_when_ours_lost_something():
    assert set(ratios(meridian=[a_run(90_000, conserved=False)]).values()) == {None}


@pytest.mark.parametrize(("speed", "counts"), [(27_900, False), (28_100, True)])
def test_a_loop_by_hand_that_is_too_slow_beside_a_copy_does_not_count(speed, counts):
    assert (ratios(hand_written=[a_run(speed)])["hand_written"] is not None) == counts


def test_the_answer_is_what_its_page_of_shapes_says():
    shapes = (ROOT / "docs" / "json.md").read_text()
    example = re.search(r"## `meridian bench stream --json`\n.*?```json\n(.*?)```", shapes, re.DOTALL)
    assert example is not None
    expected, answer = json.loads(example[1]), compared(300_000, runs_with())
    assert answer.keys() == expected.keys() and answer["ratios"].keys() == expected["ratios"].keys()
    assert {tuple(runner) for runner in answer["runners"]} == {tuple(expected["runners"][0])}
