"""What became of every event, straight from the segments: the rule of `stg_dispositions`, before any build.

DuckDB over the lake's files. An origin that the stream repeated counts once, as it was judged last, and as an event if
it ever was one. Of the events with one clinic and id the first is accepted, the same content again is a duplicate, and
other content is quarantined as `id_reused`, and so is all content under an id that belonged first to an erased event.
Of an event whose patient was erased stays that it arrived. A test holds this against a build of the same segments.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases.lake import holding, list_segments, parquet_paths, spill_folder
from warehouse_releases.quoting import text
from warehouse_releases.segments import Segment

_CREATE_DISPOSITIONS = """
create temp table dispositions as
with events as (
    select *, [reason.code for reason in flags] as codes
    from read_parquet($events, hive_partitioning = false, union_by_name = true)
    qualify row_number() over (
        partition by origin_topic_id, origin_partition, origin_offset
        order by landed_offset desc, landed_partition, normaliser_version desc
    ) = 1
),

quarantined as (
    select *, [reason.code for reason in reasons] as codes
    from read_parquet($quarantine, hive_partitioning = false, union_by_name = true)
    qualify row_number() over (
        partition by origin_topic_id, origin_partition, origin_offset
        order by landed_offset desc, landed_partition
    ) = 1
),

still_quarantined as (
    select quarantined.*
    from quarantined
    anti join events using (origin_topic_id, origin_partition, origin_offset)
),

identified as (
    select
        *,
        row_number() over same_id = 1 as is_first,
        content_hash is not distinct from first_value(content_hash) over same_id as is_same
    from events
    window same_id as (
        partition by clinic_id, event_id, coalesce(is_erased, false)
        order by received_at, origin_topic_id, origin_partition, origin_offset
    )
)

select
    origin_topic_id, origin_partition, origin_offset, clinic_id, event_id, event_type, received_at, occurred_at,
    case
        when is_erased then 'erased'
        when id_was_erased then 'quarantined'
        when is_first then 'accepted'
        when is_same then 'duplicate'
        else 'quarantined'
    end as disposition,
    case
        when is_erased then []
        when id_was_erased then ['id_reused']
        when is_first then codes
        when is_same then []
        else ['id_reused']
    end as codes
from identified
union all
select
    origin_topic_id, origin_partition, origin_offset, clinic_id, event_id, event_type, received_at, null as occurred_at,
    'quarantined' as disposition,
    codes
from still_quarantined
"""


# How often to look again when listed files were replaced, and removed, before they were read.
_TRIES = 3


@contextmanager
def open_dispositions(lake: Path, segments: list[Segment] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the table `dispositions`, one row per distinct origin. Raises `duckdb.Error`."""
    with duckdb.connect(config={"threads": 2}) as connection:
        # Not in the configuration: there it is read before the calendar is loaded that knows it.
        connection.execute("set TimeZone = 'UTC'")
        # What does not fit into memory never lies in the folder from which a command was called.
        connection.execute(f"set temp_directory = {text(str(spill_folder(lake)))}")
        _create(connection, lake, segments)
        yield connection


def _create(connection: duckdb.DuckDBPyConnection, lake: Path, segments: list[Segment] | None) -> None:
    chosen = list_segments(lake, (EVENTS, QUARANTINE)) if segments is None else segments
    for left in reversed(range(_TRIES)):
        paths = {"events": parquet_paths(lake, EVENTS, chosen), "quarantine": parquet_paths(lake, QUARANTINE, chosen)}
        try:
            connection.execute(_CREATE_DISPOSITIONS, paths)
            return
        except duckdb.Error:
            if not left or (now := holding(lake, chosen)) == chosen:
                raise
            chosen = now
