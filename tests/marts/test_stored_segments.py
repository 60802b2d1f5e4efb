"""A segment that was landed before the columns that are there now is history too: a build reads it beside others."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from network_registry.topics import EVENTS
from warehouse_releases.landed_records import LANDED_TOPICS

pytestmark = pytest.mark.xdist_group("marts")

# Written by the stream and the lander of commit f90be21: one patient of clinic old-oak, and one session.
STORED_SEGMENTS = Path(__file__).parents[1] / "warehouse" / "stored_segments"
STORED = STORED_SEGMENTS / "events_before_facts.parquet"


def tell(network: Any) -> None:
    network.stored_segments += sorted(STORED_SEGMENTS.glob("*.parquet"))


def test_the_stored_segment_lacks_columns_that_segments_have_now() -> None:
    lacking = set(LANDED_TOPICS[EVENTS].schema.names) - set(pq.read_schema(STORED).names)
    assert {"facts", "is_test", "supersedes"} <= lacking


def test_its_events_are_in_staging_with_nothing_where_a_column_was_not_there_yet(rows) -> None:
    found = rows("select event_type, source_key, supersedes from staging.stg_events where clinic_id = 'old-oak'")
    assert {row["event_type"] for row in found} == {
        "practitioner.credential_recorded", "patient.enrolled", "assessment.completed", "session.completed",
        "adverse_event.reported", "outcome.recorded",
    }  # fmt: skip
    assert {(row["source_key"], row["supersedes"]) for row in found} == {(None, None)}


def test_its_session_is_counted_with_its_event_its_licence_and_its_condition(rows) -> None:
    (row,) = rows("select sessions, sessions_with_event from mart_safety_by_clinic where clinic_id = 'old-oak'")
    assert row == {"sessions": 1, "sessions_with_event": 1}
    (row,) = rows("select is_licensed, condition_group from core.sessions where clinic_id = 'old-oak'")
    assert row == {"is_licensed": True, "condition_group": "mental_health"}


def test_its_needles_count_at_no_point(rows) -> None:
    found = rows("select side, depth_mm, point_code from core.needles where clinic_id = 'old-oak' order by position")
    assert [tuple(row.values()) for row in found] == [("left", 15, None), ("both", None, None)]


@pytest.mark.parametrize(("clinic", "patients", "sessions"), [("old-elm", 2, 2), ("old-ash", 1, 1)])
def test_segments_of_later_versions_are_read_beside_it(rows, clinic: str, patients: int, sessions: int) -> None:
    """Of old-ash one of two patients was erased before the file was stored."""
    (row,) = rows("select count(*) as found from core.patients where clinic_id = ?", clinic)
    assert row["found"] == patients
    (row,) = rows("select sum(sessions) as found from mart_safety_by_clinic where clinic_id = ?", clinic)
    assert row["found"] == sessions


def test_of_an_erased_event_stands_its_arrival_and_nothing_of_what_it_was(rows) -> None:
    found = rows("from staging.stg_dispositions where clinic_id = 'old-ash' and disposition = 'erased'")
    assert [(row["event_id"], row["event_type"], row["reasons"]) for row in found] == [("", None, [])] * 2
    assert {row["origin_offset"] for row in found} == {4, 5} and all(row["received_at"] for row in found)
