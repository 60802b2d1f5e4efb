"""A build that goes on from the last one takes tombstones in as one that reads everything does."""

from datetime import date

import pytest

from clinic_events.network_records import encode
from network_registry.erased_patients import ErasedPatients, hash_of_event, hash_of_patient
from network_registry.topics import EVENTS
from warehouse_releases import builder
from warehouse_releases.decoded_segments import decode_segment
from warehouse_releases.erasure_rows import without_the_erased
from warehouse_releases.increments import read_note
from warehouse_releases.lake import list_segments, write_segment
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.readers import query
from warehouse_releases.segments import Segment, Source, next_offset
from warehouse_releases.workshop import NOTE, workshop

from .conftest import copied

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]

SECRET = b"e" * 32
ERASED = (
    ErasedPatients(SECRET)
    .with_patients([hash_of_patient(SECRET, "gone")])
    .with_events([hash_of_event(SECRET, "north", "taken")])
)


@pytest.fixture
def place(released, tmp_path):
    """A home that goes on where another one is."""
    return copied(released, tmp_path / "home")


def land(place, *records) -> None:
    """Land records as a lander does that knows who is erased."""
    first = next_offset(list_segments(place.home.lake, [EVENTS]))
    values = [(first + n, encode(record)) for n, record in enumerate(records)]
    table = decode_segment(LANDED_TOPICS[EVENTS], 0, values).table
    segment = Segment(Source(EVENTS, "cluster", "id", 0), first, first + len(records) - 1, date(2026, 9, 2))
    write_segment(place.home.lake, segment, without_the_erased(EVENTS, table, ERASED))


def build(place) -> list[str]:
    steps: list[str] = []
    release = builder.build_now(place.home, place.settings, wait_landed=False, progress=steps.append)
    assert release.status == "released", release.manifest.get("error")
    return steps


def test_tombstones_of_several_increments_all_stand_there_once(place, stream):
    assert read_note(workshop(place.home) / NOTE) is not None
    for offsets in ((20, 21), (22,)):
        land(place, *(stream.accepted(offset, patient_id="gone") for offset in offsets))
        land(place, stream.accepted(30 + offsets[0], "taken"))
        assert any(step.startswith("building on") for step in build(place))
    found = query(
        place.home,
        "select origin_offset, disposition from staging.stg_dispositions where origin_offset >= 20 order by all",
        "officer",
    )
    assert [(row["origin_offset"], row["disposition"]) for row in found] == [
        (20, "erased"), (21, "erased"), (22, "erased"), (50, "quarantined"), (52, "quarantined"),
    ]  # fmt: skip
