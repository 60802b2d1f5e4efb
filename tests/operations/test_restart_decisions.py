"""When a supervised process is started again, decided without any process."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from control_room.supervision.lives import (
    LONGEST_DELAY_S,
    STEADY_S,
    Life,
    became_ready,
    delay_s,
    ended,
    started,
    stopped,
)
from control_room.supervision.plan import Plan, ProcessSpec, to_start, wake_in_s

PLAN = Plan(
    (ProcessSpec("broker", ("b",)), ProcessSpec("stream", ("s",), after=("broker",)), ProcessSpec("page", ("p",))),
    (("page",), ("stream",), ("broker",)),
)


def fresh_lives() -> dict[str, Life]:
    return {name: Life() for name in PLAN.names}


def names(specs: list[ProcessSpec]) -> list[str]:
    return [spec.name for spec in specs]


def test_what_needs_the_broker_waits_until_the_broker_is_ready_and_the_rest_does_not():
    lives = fresh_lives()
    assert names(to_start(PLAN, lives, 0.0)) == ["broker", "page"]
    lives["broker"] = started(lives["broker"], 0.0)
    assert "stream" not in names(to_start(PLAN, lives, 1.0))
    lives["broker"] = became_ready(lives["broker"], 2.0)
    assert "stream" in names(to_start(PLAN, lives, 2.0))


def test_a_process_that_ended_is_not_due_before_its_delay_is_over():
    life = ended(started(Life(), 10.0), 11.0)
    lives = fresh_lives() | {"page": life}
    assert "page" not in names(to_start(PLAN, lives, life.due_at - 0.001))
    assert "page" in names(to_start(PLAN, lives, life.due_at))


def test_what_needs_a_broker_that_died_is_not_started_again_until_the_broker_is_back():
    lives = fresh_lives() | {"broker": ended(started(Life(), 0.0), 100.0), "stream": ended(started(Life(), 0.0), 100.0)}
    assert "stream" not in names(to_start(PLAN, lives, 1e6))


def test_a_stopped_process_is_never_due():
    lives = {name: stopped(Life(), 0.0) for name in PLAN.names}
    assert to_start(PLAN, lives, 1e9) == []


@given(st.integers(1, 10_000))
def test_each_end_in_a_row_waits_at_least_as_long_as_the_one_before_and_never_longer_than_the_longest(failures: int):
    assert 0 < delay_s(failures) <= delay_s(failures + 1) <= LONGEST_DELAY_S


@given(st.lists(st.integers(0, int(STEADY_S) - 1), min_size=1, max_size=30))
def test_quick_ends_add_up_and_a_long_life_forgives_them(lifetimes: list[int]):
    now, life = 0.0, Life()
    for lifetime in lifetimes:
        life = ended(started(life, now), now + lifetime)
        now = life.due_at
    assert life.failures == life.restarts == len(lifetimes)
    recovered = ended(started(life, now), now + STEADY_S)
    assert recovered.failures == 1
    assert recovered.restarts == len(lifetimes) + 1


def test_the_supervisor_sleeps_no_longer_than_until_the_next_start_is_due():
    running = replace(Life(), phase="running")
    lives = dict.fromkeys(PLAN.names, running)
    assert wake_in_s(PLAN, lives, 0.0, 0.2, 5.0) == 5.0
    lives["page"] = ended(started(Life(), 0.0), 0.0)
    assert wake_in_s(PLAN, lives, 0.1, 0.2, 5.0) == lives["page"].due_at - 0.1
    lives["stream"] = started(Life(), 0.0)
    assert wake_in_s(PLAN, lives, 0.1, 0.2, 5.0) == 0.2


def test_a_delay_that_is_over_while_the_broker_is_away_does_not_keep_the_supervisor_busy():
    lives = fresh_lives() | {
        "broker": ended(started(Life(), 0.0), 1000.0),
        "stream": ended(started(Life(), 0.0), 0.0),
        "page": replace(Life(), phase="running"),
    }
    assert wake_in_s(PLAN, lives, 1000.0, 0.2, 5.0) == lives["broker"].due_at - 1000.0
