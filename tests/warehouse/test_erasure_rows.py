"""Who counts as one person in an erasure, and what refused events and alerts lose."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network_registry.erased_patients import ErasedPatients, hash_of_event
from network_registry.topics import ALERTS, QUARANTINE
from warehouse_releases.erasure_plan import connected
from warehouse_releases.erasure_rows import without_the_erased
from warehouse_releases.landed_records import LANDED_TOPICS

SECRET = b"k" * 32


@given(st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=2), max_size=12), st.integers(0, 9))
def test_a_chain_of_mergers_is_followed_to_its_end_in_both_directions(pairs, start):
    found = connected({start}, pairs)
    assert start in found
    assert all(pair <= found or not pair & found for pair in pairs)
    assert all(one == start or any(one in pair and len(pair & found) == len(pair) for pair in pairs) for one in found)


@pytest.mark.parametrize("topic", [QUARANTINE, ALERTS])
def test_what_was_refused_or_raised_an_alert_loses_the_id_of_an_erased_event_and_nothing_else(topic):
    rows = [
        {"clinic_id": "a", "event_id": one, "event_type": "session.completed", "landed_offset": 3}
        for one in ("e1", "e2")
    ]
    erased = ErasedPatients(SECRET).with_events([hash_of_event(SECRET, "a", "e1")])
    gone, kept = without_the_erased(topic, pa.Table.from_pylist(rows, LANDED_TOPICS[topic].schema), erased).to_pylist()
    assert (gone["event_id"], gone["event_type"], gone["clinic_id"], gone["landed_offset"]) == (None, None, "a", 3)
    assert kept["event_id"] == "e2"
