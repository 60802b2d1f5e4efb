"""Records that a worker has passed over are found by where aiokafka reads on, and read again without anybody's help."""

import pytest

from session_stream.confirmations import Confirmations, RecordBatch
from session_stream.passed_over import PassedOver

from .lost_fetch import FIRST_FETCH_IS_LOST

ALPHA, BETA = ("clinic.alpha.events", 0), ("clinic.beta.events", 0)

LOOKING_OFTEN = "record_batches.PASSED_OVER_SECONDS = 2.0"
# It looks all the time, and holds so little that most partitions wait for their turn.
LOOKING_ALL_THE_TIME = """
record_batches.PASSED_OVER_SECONDS = 0.05
record_batches.MAX_BYTES_IN_FLIGHT = 2**17
app._SETTINGS["broker_max_poll_records"] = 50
"""


@pytest.fixture
def passed_over() -> PassedOver:
    return PassedOver()


def test_what_aiokafka_is_past_at_two_looks_and_nobody_has_seen_was_passed_over(passed_over):
    assert passed_over.look({ALPHA: 5, BETA: 9}, {ALPHA: 8, BETA: 9}) == {}
    assert passed_over.look({ALPHA: 5, BETA: 9}, {ALPHA: 8, BETA: 12}) == {ALPHA: 5}


@pytest.mark.parametrize(
    ("reading", "positions"),
    [({ALPHA: 6}, {ALPHA: 8}), ({}, {ALPHA: 8}), ({ALPHA: 8}, {ALPHA: 8}), ({ALPHA: 5}, {ALPHA: 5}), ({ALPHA: 5}, {})],
    ids=["moves", "is under way", "is through", "is sought to", "was revoked"],
)
def test_what_is_otherwise_at_the_second_look_was_not(passed_over, reading, positions):
    passed_over.look({ALPHA: 5}, {ALPHA: 8})
    assert passed_over.look(reading, positions) == {}


def test_a_partition_that_has_not_had_its_turn_was_not(passed_over):
    for _ in range(5):
        assert passed_over.look({ALPHA: 5}, {ALPHA: 5}) == {}


def test_what_was_not_there_when_it_was_read_again_is_not_looked_for_a_third_time(passed_over):
    looks = [passed_over.look({ALPHA: 5}, {ALPHA: 6}) for _ in range(5)]
    assert looks == [{}, {ALPHA: 5}, {}, {}, {}]
    assert passed_over.taken_count() == 0
    passed_over.look({ALPHA: 6}, {ALPHA: 9})
    assert passed_over.look({ALPHA: 6}, {ALPHA: 9}) == {ALPHA: 6}


def test_what_is_found_is_counted_once(passed_over):
    for _ in range(2):
        passed_over.look({ALPHA: 5}, {ALPHA: 6})
    for place, first in ((BETA, 5), (ALPHA, 6), (ALPHA, 5), (ALPHA, 5)):
        passed_over.fetched(place, first)
    assert (passed_over.taken_count(), passed_over.taken_count()) == (1, 0)


def test_reading_stands_behind_what_was_confirmed_last_or_where_it_began():
    confirmations = Confirmations()
    confirmations.begin_at({ALPHA: 3, BETA: 4})
    batch = RecordBatch(ALPHA, (), 3, 7, 1, 0.0)
    confirmations.fetched(batch)
    assert confirmations.reading() == {BETA: 4}, "of the other one a batch is under way"
    batch.is_decided = True
    confirmations.committable(ALPHA)
    assert confirmations.reading() == {ALPHA: 7, BETA: 4}


def test_a_fetch_that_was_lost_is_read_again_though_nobody_sends_any_more(network, a_session, wait_until):
    clinic = network.clinic()
    assert network.publish(clinic, [a_session(f"e-{n}") for n in range(20)]) == 20
    worker = network.start_worker(LOOKING_OFTEN + FIRST_FETCH_IS_LOST)
    wait_until(lambda: network.committed_total(clinic) == 20)
    assert worker.poll() is None and "looking again for records left out" in network.log()
    assert {event["event_id"] for event in network.records("network.events", clinic)} == {f"e-{n}" for n in range(20)}


def test_a_backlog_that_is_looked_at_all_the_time_is_read_once(network, a_session, wait_until):
    clinics = [network.clinic() for _ in range(3)]
    values = [a_session(f"e-{n}") for n in range(1000)]
    for clinic in clinics:
        for partition in range(4):
            network.publish(clinic, values, partition=partition)
    worker = network.start_worker(LOOKING_ALL_THE_TIME)
    wait_until(lambda: all(network.committed_total(clinic) == 4000 for clinic in clinics))
    assert [network.passed_on(clinic) for clinic in clinics] == [4000] * 3
    assert worker.poll() is None and "looking again" not in network.log()
