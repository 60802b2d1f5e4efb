"""The faults of a campaign are its seed's, and nothing else's."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from control_room.fault_campaign.faults import DISKS, WORKERS, Kind, planned


@given(st.integers(), st.integers(1, 60))
def test_a_seed_plans_the_same_faults_again_and_a_longer_campaign_begins_like_a_shorter_one(seed, count):
    assert planned(seed, count) == planned(seed, count) == planned(seed, count + 7)[:count]


def test_another_seed_plans_others():
    assert planned(1, 30) != planned(2, 30)


@given(st.integers(), st.integers(1, 200))
def test_no_kind_comes_twice_more_often_than_another(seed, count):
    counts = Counter(fault.kind for fault in planned(seed, count))
    assert max(counts.values()) - min(counts[kind] for kind in Kind) <= 1


@given(st.integers())
def test_a_worker_that_is_woken_late_has_slept_for_longer_than_the_broker_waits_for_it(seed):
    for fault in planned(seed, 50):
        assert 1 <= fault.worker <= WORKERS
        assert (fault.lasts_s > 10) or fault.kind not in (Kind.WORKER_WOKEN_LATE, Kind.LANDER_WOKEN_LATE)
        assert (fault.lasts_s < 10) or fault.kind is not Kind.WORKER_PAUSED


def test_without_disks_of_its_own_nothing_is_filled():
    assert not DISKS & {fault.kind for fault in planned(1, 100, with_disks=False)}
