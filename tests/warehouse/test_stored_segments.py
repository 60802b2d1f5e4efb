"""Segments landed before the columns that are there now are counted like all others."""

import shutil
from datetime import date
from pathlib import Path

from network_registry.topics import EVENTS
from warehouse_releases.lake import list_segments, prepare
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.live_counts import live_counts
from warehouse_releases.segments import Segment, Source

STORED = Path(__file__).parent / "stored_segments" / "events_before_facts.parquet"


def test_a_lake_that_holds_nothing_else_is_counted(tmp_path):
    prepare(tmp_path)
    place = tmp_path / Segment(Source(EVENTS, "cluster", "id", 0), 0, 5, date(2026, 2, 3)).path
    place.parent.mkdir(parents=True)
    shutil.copy(STORED, place)
    assert len(list_segments(tmp_path)) == 1
    with open_dispositions(tmp_path) as lake:
        assert lake.execute("select disposition, count(*) from dispositions group by 1").fetchall() == [("accepted", 6)]
    (counted,) = live_counts(tmp_path)
    assert (counted.clinic_id, counted.accepted, counted.flagged) == ("old-oak", 6, 1)
