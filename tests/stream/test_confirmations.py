"""The commit rule: per partition, the end of the unbroken run of batches whose every output is confirmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from session_stream.confirmations import (
    Confirmations,
    OffsetsWentBack,
    RecordBatch,
    end_of_confirmed_run,
    has_gone_astray,
    size_of,
)

ONE, TWO = ("clinic.alpha.events", 0), ("clinic.alpha.events", 1)


def batch(first: int, end: int, *, confirmed: bool = False, partition=ONE) -> RecordBatch:
    return RecordBatch(partition, (), first, end, size=10, touched_at=0.0, is_decided=confirmed)


def test_records_without_a_value_weigh_something_too(arriving):
    assert size_of([arriving(None)] * 1000) > 100_000
    assert size_of([arriving(b"x" * 5000)]) > 5000


def test_nothing_is_confirmed_of_nothing():
    assert end_of_confirmed_run([]) is None


@given(st.lists(st.booleans(), max_size=30))
def test_the_run_ends_before_the_first_batch_that_is_not_confirmed(confirmed):
    batches = [batch(n * 10, n * 10 + 10, confirmed=each) for n, each in enumerate(confirmed)]
    unbroken = confirmed.index(False) if False in confirmed else len(confirmed)
    assert end_of_confirmed_run(batches) == (unbroken * 10 or None)


def test_a_batch_that_is_decided_but_not_yet_sent_is_not_confirmed():
    waiting = batch(0, 10, confirmed=True)
    waiting.outputs_open = 1
    assert end_of_confirmed_run([waiting]) is None


def test_offsets_without_records_do_not_break_the_run():
    assert end_of_confirmed_run([batch(0, 10, confirmed=True), batch(15, 20, confirmed=True)]) == 20


def test_partitions_do_not_wait_for_each_other():
    kept = Confirmations()
    kept.fetched(batch(0, 10))
    kept.fetched(batch(5, 8, confirmed=True, partition=TWO))
    assert kept.committable(ONE) is None and kept.committable(TWO) == 8


def test_offsets_that_go_back_are_refused_even_when_everything_was_confirmed():
    kept = Confirmations()
    kept.fetched(batch(0, 10, confirmed=True))
    assert kept.committable(ONE) == 10
    with pytest.raises(OffsetsWentBack):
        kept.fetched(batch(0, 5))


def test_a_fetch_that_follows_the_one_before_leaves_nothing_out():
    kept = Confirmations()
    kept.begin_at({ONE: 5})
    assert kept.left_out(ONE, 5) is None
    kept.fetched(batch(5, 10))
    assert kept.left_out(ONE, 10) is None


def test_what_is_left_out_is_looked_for_once_more_and_then_taken_for_never_there():
    kept = Confirmations()
    kept.begin_at({ONE: 5})
    assert kept.left_out(ONE, 8) == 5
    assert kept.left_out(ONE, 8) is None
    kept.fetched(batch(8, 10))
    assert kept.left_out(ONE, 12) == 10


def test_what_was_found_the_second_time_is_not_left_out():
    kept = Confirmations()
    kept.begin_at({ONE: 5})
    assert kept.left_out(ONE, 8) == 5 and kept.left_out(ONE, 5) is None


def test_of_a_partition_whose_beginning_is_unknown_nothing_is_looked_for():
    assert Confirmations().left_out(ONE, 100) is None


def test_a_forgotten_batch_can_never_be_committed_however_late_it_is_confirmed():
    kept, late = Confirmations(), batch(0, 10)
    kept.fetched(late)
    kept.forget_all()
    late.is_decided = True
    assert kept.committable(ONE) is None and not kept.holds(late)


def test_a_batch_is_never_shown_with_its_records():
    assert "PATIENT" not in repr(RecordBatch(ONE, ("PATIENT-4711",), 0, 1, 1, 0.0))


def at(time: float, *, started: bool = False, decided: bool = False) -> RecordBatch:
    return RecordBatch(ONE, (), 0, 1, 1, time, is_started=started, is_decided=decided)


def test_a_batch_that_waits_for_its_turn_is_not_astray_while_others_are_decided():
    assert not has_gone_astray([at(10.0)], decided_at=95.0, too_old=80.0)


def test_a_batch_is_astray_when_a_later_one_had_its_turn():
    assert has_gone_astray([at(10.0), at(11.0, started=True)], decided_at=95.0, too_old=80.0)


def test_a_batch_is_astray_when_nothing_has_been_decided_for_too_long():
    assert has_gone_astray([at(10.0)], decided_at=70.0, too_old=80.0)


def test_a_batch_that_takes_long_to_decide_is_not_astray():
    assert not has_gone_astray([at(10.0, started=True)], decided_at=20.0, too_old=80.0)


def test_a_batch_whose_outputs_are_not_confirmed_for_too_long_is_astray():
    assert has_gone_astray([at(70.0, started=True, decided=True)], decided_at=95.0, too_old=80.0)


class AnyOrderOfConfirmation(RuleBasedStateMachine):
    """Batches are fetched in order and confirmed in any; partitions are revoked and read again from the commit."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = Confirmations()
        self.position = self.committed = 0
        self.done: set[int] = set()
        self.batches: list[RecordBatch] = []

    @rule(records=st.integers(1, 5), markers=st.integers(0, 2))
    def fetch(self, records, markers):
        first = self.position + markers
        self.done |= set(range(self.position, first))  # offsets that hold no record
        self.batches.append(batch(first, first + records))
        self.kept.fetched(self.batches[-1])
        self.position = first + records

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def confirm_one(self, data):
        confirmed = data.draw(st.sampled_from(self.batches))
        confirmed.is_decided = True
        if self.kept.holds(confirmed):
            self.done |= set(range(confirmed.first, confirmed.end))

    @rule()
    def commit(self):
        self.committed = max(self.committed, self.kept.committable(ONE) or 0)

    @rule()
    def rebalance(self):
        self.kept.forget_all()
        self.position = self.committed

    @invariant()
    def never_past_unfinished_work(self):
        assert set(range(self.committed)) <= self.done


TestAnyOrderOfConfirmation = AnyOrderOfConfirmation.TestCase
