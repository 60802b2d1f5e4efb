"""Conservation holds what the broker says against what the lake holds, and sees every way in which they can differ."""

from hypothesis import given
from hypothesis import strategies as st

from warehouse_releases.conservation import Conservation, PartitionReading, balance
from warehouse_releases.offset_ranges import ranges_of


def reading(first: int = 0, end: int = 10, committed: int = 10) -> PartitionReading:
    return PartitionReading("north", "topic-id", 2, first, end, committed)


@st.composite
def honest_partitions(draw):
    """A partition whose every handled offset has one disposition, some of them not committed yet."""
    first = draw(st.integers(0, 20))
    handled = draw(st.integers(first, 60))
    end = draw(st.integers(handled, 70))
    committed = draw(st.integers(0, handled))
    kinds = {offset: draw(st.sampled_from(["accepted", "quarantined", "duplicate"])) for offset in range(handled)}
    landed = {kind: ranges_of(o for o, k in kinds.items() if k == kind) for kind in set(kinds.values())}
    return reading(first, end, committed), landed, handled


@given(honest_partitions())
def test_sent_is_accepted_and_quarantined_and_duplicates_and_pending(partition):
    read, landed, handled = partition
    found = balance(read, landed, caught_up=True)
    assert found.problems == []
    assert found.sent == found.accepted + found.quarantined + found.duplicates + found.erased + found.pending
    assert found.pending == read.end - max(handled, read.first)


@given(honest_partitions(), st.data())
def test_an_offset_that_was_committed_and_is_not_in_the_lake_is_lost(partition, data):
    read, landed, _ = partition
    promised = range(read.first, read.committed)
    if not promised:
        return
    gone = data.draw(st.sampled_from(promised))
    kept = {kind: [(o, o) for a, b in ranges for o in range(a, b + 1) if o != gone] for kind, ranges in landed.items()}
    found = balance(read, kept, caught_up=True)
    assert found.lost == ((gone, gone),)
    assert not found.holds
    # While the lander is behind, nobody can tell: it is on its way until proven lost.
    waiting = balance(read, kept, caught_up=False)
    assert (waiting.lost, waiting.problems) == ((), [])
    assert waiting.pending == found.pending + 1


@given(honest_partitions(), st.data())
def test_an_offset_with_two_dispositions_is_counted_twice(partition, data):
    read, landed, handled = partition
    if handled <= read.first:
        return
    twice = data.draw(st.integers(read.first, handled - 1))
    both = {kind: [*landed.get(kind, []), (twice, twice)] for kind in ("accepted", "quarantined")}
    found = balance(read, landed | both, caught_up=True)
    assert found.counted_twice > 0
    assert not found.holds


def test_an_offset_that_the_topic_never_had_is_unknown_to_the_broker():
    found = balance(reading(end=10), {"accepted": [(0, 11)]}, caught_up=True)
    assert found.unknown == ((10, 11),)
    assert found.problems == ["2 unknown to the broker: offsets 10 to 11"]


def test_what_retention_deleted_before_the_stream_read_it_is_told():
    found = balance(reading(first=5, end=8, committed=3), {"accepted": [(0, 2)]}, caught_up=True)
    assert found.expired == ((3, 4),)
    assert not found.holds


def test_history_that_the_topic_no_longer_holds_counts_on_neither_side():
    found = balance(reading(first=5, end=8, committed=8), {"accepted": [(0, 7)]}, caught_up=True)
    assert (found.sent, found.accepted, found.problems) == (3, 3, [])


def test_one_partition_too_few_and_one_too_many_do_not_cancel_out():
    lost = balance(reading(end=3, committed=3), {"accepted": [(0, 1)]}, caught_up=True)
    extra = balance(reading(end=3, committed=3), {"accepted": [(0, 3)]}, caught_up=True)
    both = Conservation((lost, extra), caught_up=True)
    assert not both.holds
    assert len(both.problems) == 2


def test_it_can_be_told_as_json_with_every_problem_named():
    lost = balance(reading(committed=10), {"accepted": [(0, 3), (5, 9)]}, caught_up=True)
    told = Conservation((lost,), caught_up=True, missing_topics=("clinic.south.events",)).as_json()
    assert told["holds"] is False
    assert (told["sent"], told["accepted"], told["pending"]) == (10, 9, 0)
    assert told["problems"] == [
        "clinic.south.events: the broker has no such topic",
        "north partition 2: 1 lost: offsets 4",
    ]
