"""A build that goes on from the last one is the same, cell by cell, as one that reads everything, whatever landed late:
corrections and retractions before and after what they are about, mergers, what is sent again, ids that are used twice,
credentials and lots that change what a session was."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from .conftest import Network
from .replayed_builds import ReplayedBuilds, differences, replayed_builds
from .told_stories import CLINICS, story

Landed = list[dict[str, Any]]


def landings(seed: int, portions: list[int]) -> list[Landed]:
    """What landed before each build: much at first, then as few events as `portions` say, so that most patients are
    not concerned. Some landed twice, as the stream repeats itself."""
    network, rng = Network(), Random(seed)
    for event in story(rng):
        network.say(**event)
    for event in rng.sample(network.events, 3):
        network.land_again(event)
    first = len(network.events) - sum(portions)
    cuts = [0, *(first + sum(portions[:number]) for number in range(len(portions) + 1))]
    return [network.events[cut:end] for cut, end in pairwise(cuts)]


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> ReplayedBuilds:
    return replayed_builds(tmp_path_factory.mktemp("replayed"), CLINICS)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), portions=st.lists(st.integers(1, 4), min_size=2, max_size=3))
@example(seed=1682, portions=[1, 3])  # a retraction that corrects another one takes effect when that one lands
def test_increments_are_a_whole_build_cell_by_cell(builds: ReplayedBuilds, seed: int, portions: list[int]) -> None:
    landed = landings(seed, portions)
    everything = [event for portion in landed for event in portion]
    assert differences(builds.build("whole", [everything]), builds.build("increments", landed)) == {}
