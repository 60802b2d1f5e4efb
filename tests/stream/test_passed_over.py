"""Records that a worker has passed over are found by what the broker has, and read again without anybody's help."""

import pytest

from session_stream.confirmations import Confirmations, RecordBatch
from session_stream.passed_over import PassedOver

ALPHA, BETA = ("clinic.alpha.events", 0), ("clinic.beta.events", 0)

# The worker's first fetch is lost on its way, with aiokafka's positions past it.
FIRST_FETCH_IS_LOST = """
app.PATIENCE_SECONDS = 2.0
consumer = record_batches.RecordBatchConsumer
wait = consumer._wait_next_records
async def losing(self, timeout):
    fetched, active = await wait(self, timeout)
    if fetched and not hasattr(self, "has_lost"):
        self.has_lost = True
        fetched = {}
    return fetched, active
consumer._wait_next_records = losing
"""


class KeepingUp(PassedOver):
    """Whose fetches are small."""

    def look(self, reading, ends):
        for _ in range(2):
            self.fetched(3)
        return super().look(reading, ends)


@pytest.fixture
def passed_over() -> PassedOver:
    return KeepingUp()


@pytest.mark.parametrize(
    ("fetches", "found"), [([], []), ([2000, 3], []), ([2000, 3, 2000, 900], []), ([3, 3, 2000], [ALPHA])]
)
def test_with_a_backlog_a_partition_has_only_not_had_its_turn(fetches, found):
    passed_over = PassedOver()
    passed_over.look({ALPHA: 5}, {ALPHA: 8})
    for records in fetches:
        passed_over.fetched(records)
    assert passed_over.look({ALPHA: 5}, {ALPHA: 8}) == found


def test_what_stands_still_before_the_end_from_one_look_to_the_next_was_passed_over(passed_over):
    assert passed_over.look({ALPHA: 5, BETA: 9}, {ALPHA: 8, BETA: 9}) == []
    assert passed_over.look({ALPHA: 5, BETA: 9}, {ALPHA: 8, BETA: 12}) == [ALPHA]


@pytest.mark.parametrize("second", [{ALPHA: 6}, {}, {ALPHA: 8}])
def test_what_moves_or_is_under_way_or_is_through_was_not(passed_over, second):
    passed_over.look({ALPHA: 5}, {ALPHA: 8})
    assert passed_over.look(second, {ALPHA: 8}) == []


def test_a_record_that_came_after_the_last_look_has_time_until_the_next(passed_over):
    passed_over.look({ALPHA: 5}, {ALPHA: 5})
    assert passed_over.look({ALPHA: 5}, {ALPHA: 6}) == []
    assert passed_over.look({ALPHA: 5}, {ALPHA: 6}) == [ALPHA]


def test_what_was_not_there_when_it_was_read_again_is_not_looked_for_a_third_time(passed_over):
    looks = [passed_over.look({ALPHA: 5}, {ALPHA: 6}) for _ in range(5)]
    assert looks == [[], [ALPHA], [], [], []]
    passed_over.look({ALPHA: 6}, {ALPHA: 9})
    assert passed_over.look({ALPHA: 6}, {ALPHA: 9}) == [ALPHA]


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
    worker = network.start_worker(FIRST_FETCH_IS_LOST)
    wait_until(lambda: network.committed_total(clinic) == 20)
    assert worker.poll() is None and "passed over: reading again" in network.log()
    assert {event["event_id"] for event in network.records("network.events", clinic)} == {f"e-{n}" for n in range(20)}
