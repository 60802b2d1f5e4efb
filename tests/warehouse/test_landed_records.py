"""What the lake keeps of a record, and what becomes of one that cannot be read."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from clinic_events.network_records import encode
from network_registry.topics import ALERTS, EVENTS, QUARANTINE
from warehouse_releases.decoded_segments import decode_segment
from warehouse_releases.lake import prepare
from warehouse_releases.landed_records import LANDED_TOPICS

CONTRACT = {
    EVENTS: "origin_cluster_id origin_topic origin_topic_id origin_partition origin_offset event_id event_type "
    "schema_version clinic_id occurred_at occurred_offset_min received_at patient_id key_version flags content_hash "
    "normaliser_version data facts recorded_at source_key source_epoch source_sequence supersedes is_test traceparent "
    "is_erased id_was_erased "
    "landed_partition landed_offset",
    QUARANTINE: "origin_cluster_id origin_topic origin_topic_id origin_partition origin_offset clinic_id event_id "
    "event_type received_at reasons says_serious landed_partition landed_offset",
    ALERTS: "origin_cluster_id origin_topic origin_topic_id origin_partition origin_offset clinic_id event_id "
    "event_type kind quarantined received_at landed_partition landed_offset",
}


def only_row(topic, record):
    decoded = decode_segment(LANDED_TOPICS[topic], 2, [(11, encode(record))])
    assert decoded.unreadable == []
    return decoded.table.to_pylist()[0]


def test_the_columns_are_those_of_the_contract():
    assert {topic: " ".join(LANDED_TOPICS[topic].schema.names) for topic in CONTRACT} == CONTRACT


def test_an_event_keeps_its_origin_its_clinics_clock_and_its_place(stream):
    local = datetime(2026, 9, 1, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    event = msgspec.structs.replace(stream.accepted(7, flags=("unknown_code",), data={"a": [1]}), occurred_at=local)
    row = only_row(EVENTS, event)
    assert (row["origin_topic"], row["origin_offset"]) == ("clinic.north.events", 7)
    assert row["occurred_at"] == datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
    assert row["occurred_offset_min"] == 330
    assert row["flags"] == [{"code": "unknown_code", "path": "/data"}]
    assert row["data"] == '{"a":[1]}'
    assert (row["landed_partition"], row["landed_offset"]) == (2, 11)


def test_an_event_keeps_what_is_certain_of_it_apart_from_what_was_said_and_what_its_envelope_said(stream):
    said = {"recorded_at": datetime(2026, 9, 1, 9, 40, tzinfo=timezone(timedelta(hours=2))), "source_key": "k",
            "source_epoch": 2, "source_sequence": 41, "supersedes": "e3", "is_test": True}  # fmt: skip
    event = stream.accepted(7, data={"term": "nausea"}, facts={"term_group": "systemic"})
    row = only_row(EVENTS, msgspec.structs.replace(event, **said))
    assert (row["data"], row["facts"]) == ('{"term":"nausea"}', '{"term_group":"systemic"}')
    assert {name: row[name] for name in said} == said
    plain = only_row(EVENTS, stream.accepted(8))
    assert (plain["is_test"], plain["supersedes"], plain["recorded_at"], plain["facts"]) == (False, None, None, "{}")


def test_the_bytes_of_a_quarantined_event_never_reach_the_lake(stream):
    row = only_row(QUARANTINE, stream.quarantined(3, "missing_field", "wrong_clinic"))
    assert [reason["code"] for reason in row["reasons"]] == ["missing_field", "wrong_clinic"]
    assert not any(isinstance(value, bytes) or "seal" in str(value) for value in row.values())


def test_the_first_and_last_hours_of_the_calendar_can_be_landed(stream):
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    for moment in (datetime(1, 1, 1, tzinfo=east), datetime(9999, 12, 31, 23, 59, tzinfo=west)):
        event = msgspec.structs.replace(stream.accepted(1), occurred_at=moment)
        assert decode_segment(LANDED_TOPICS[EVENTS], 0, [(0, encode(event))]).table.num_rows == 1


def test_what_cannot_be_read_stops_nothing_and_is_told_apart(stream):
    readable = encode(stream.accepted(1))
    oversize = encode(msgspec.structs.replace(stream.accepted(2), schema_version=2**40))
    naive = encode(msgspec.structs.replace(stream.accepted(3), occurred_at=datetime(2026, 9, 1)))
    deep = encode(stream.accepted(7)).replace(b'"data":{}', b'"data":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}")
    records = [(0, None), (1, readable), (2, b"{"), (3, oversize), (4, b"{}"), (5, naive), (6, readable), (7, deep)]
    decoded = decode_segment(LANDED_TOPICS[EVENTS], 0, records)
    assert decoded.table["landed_offset"].to_pylist() == [1, 6]
    assert [origin.offset for origin in decoded.origins] == [1, 1]
    assert decoded.unreadable == [0, 2, 3, 4, 5, 7]


@given(st.lists(st.one_of(st.none(), st.binary(max_size=40)), max_size=20))
def test_no_bytes_at_all_can_stop_the_lander(values):
    for topic in LANDED_TOPICS.values():
        decoded = decode_segment(topic, 0, list(enumerate(values)))
        assert decoded.unreadable == list(range(len(values)))
        assert decoded.table.schema.equals(topic.schema)


def test_a_lake_has_a_file_for_every_topic_before_anything_has_landed(tmp_path):
    prepare(tmp_path)
    for topic, landed in LANDED_TOPICS.items():
        assert pq.read_table(tmp_path / topic / "schema-only.parquet").schema.equals(landed.schema)
