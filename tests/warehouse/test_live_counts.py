"""What became of each clinic's events, counted from the segments as it will be counted in the next release."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from clinic_events.network_records import encode
from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases.decoded_segments import decode_segment
from warehouse_releases.lake import prepare, write_segment
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.live_counts import live_counts
from warehouse_releases.segments import Segment, Source


@pytest.fixture
def land(tmp_path):
    """Lands records in a lake of its own, each call as one segment; the lake."""
    prepare(tmp_path)
    ends: dict[str, int] = {}

    def landed(topic, *records):
        first = ends.get(topic, 0)
        numbered = [(first + n, encode(record)) for n, record in enumerate(records)]
        ends[topic] = first + len(records)
        segment = Segment(Source(topic, "cluster", "id", 0), first, ends[topic] - 1, date(2026, 9, 1))
        write_segment(tmp_path, segment, decode_segment(LANDED_TOPICS[topic], 0, numbered).table)
        return tmp_path

    return landed


def counts(lake):
    (found,) = live_counts(lake)
    return found.accepted, found.flagged, found.quarantined, found.duplicates


def test_an_event_that_the_stream_repeated_counts_once(land, stream):
    lake = land(EVENTS, stream.accepted(0), stream.accepted(1), stream.accepted(0))
    assert counts(lake) == (2, 0, 0, 0)


def test_the_same_event_sent_again_is_a_duplicate(land, stream):
    lake = land(EVENTS, stream.accepted(0, "e1"), stream.accepted(5, "e1"))
    assert counts(lake) == (1, 0, 0, 1)


def test_the_same_id_with_other_content_is_quarantined_as_id_reused(land, stream):
    lake = land(
        EVENTS, stream.accepted(0, "e1", "one"), stream.accepted(5, "e1", "other"), stream.accepted(6, "e1", "one")
    )
    assert counts(lake) == (1, 0, 1, 1)
    assert live_counts(lake)[0].reasons == (("id_reused", 1),)


def test_an_event_that_newer_rules_accept_is_no_longer_quarantined(land, stream):
    land(QUARANTINE, stream.quarantined(3))
    assert counts(land(EVENTS, stream.accepted(3))) == (1, 0, 0, 0)


def test_flagged_events_are_accepted_and_reasons_are_those_of_the_quarantined(land, stream):
    land(EVENTS, stream.accepted(0, flags=("unknown_code",)), stream.accepted(1))
    lake = land(
        QUARANTINE, stream.quarantined(2, "missing_field", "missing_field"), stream.quarantined(3, "unreadable")
    )
    assert counts(lake) == (2, 1, 2, 0)
    assert live_counts(lake)[0].reasons == (("missing_field", 1), ("unreadable", 1))


def test_a_clinic_that_never_sent_anything_is_there_with_zeros(land, stream):
    lake = land(EVENTS, stream.accepted(0))
    north, silent = live_counts(lake, ["silent"])
    assert (north.clinic_id, silent.clinic_id, silent.accepted) == ("north", "silent", 0)
    assert silent.freshness_s(north.last_received_at) is None
    assert north.freshness_s(north.last_received_at + timedelta(seconds=5)) == 5
    assert north.as_json(north.last_received_at)["last_received_at"] == "2026-09-01T08:00:00+00:00"


def test_test_data_are_accounted_for_like_every_other_event(land, stream):
    marked = structs.replace(stream.accepted(1), is_test=True)
    assert counts(land(EVENTS, stream.accepted(0), marked)) == (2, 0, 0, 0)
