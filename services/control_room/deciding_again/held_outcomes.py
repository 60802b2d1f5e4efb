"""What the lake holds of each event, in an order in which a stretch of a partition is found at once.

A DuckDB file beside the plan, made once: a row for each record that landed, by its origin.
"""

from pathlib import Path

import duckdb

from control_room.deciding_again.outcomes import Outcome
from network_registry.topics import ALERTS, EVENTS, NETWORK_TOPICS, QUARANTINE
from session_stream.decide import Source
from warehouse_releases.durable_files import flush_to_disk
from warehouse_releases.lake import list_segments, parquet_paths
from warehouse_releases.quoting import text
from warehouse_releases.replacing import reading

HELD = "held.duckdb"

_ORIGIN = 'origin_topic_id as topic_id, origin_partition as "partition", origin_offset as "offset", landed_offset'
_LINES = "list_aggregate(list_transform({}, lambda one: chr(10) || one.code || ' ' || one.path), 'string_agg', '')"
_CREATE = f"""
create table held as
select
    {_ORIGIN},
    case when is_erased then 'erased' else 'accepted' end as kind,
    md5_number_lower(concat(content_hash, chr(10), normaliser_version, chr(10), facts, {_LINES.format("flags")}))
        as digest
from read_parquet($events, hive_partitioning = false, union_by_name = true)
union all
select {_ORIGIN}, 'quarantined', md5_number_lower(substr(coalesce({_LINES.format("reasons")}, ''), 2))
from read_parquet($quarantine, hive_partitioning = false, union_by_name = true)
union all
select {_ORIGIN}, 'alerted', 0
from read_parquet($alerts, hive_partitioning = false, union_by_name = true)
order by topic_id, "partition", "offset"
"""
# Of an event that was ever accepted, what was said last; else why it was refused last.
_FIND = """
select "offset", kind, digest from held
where topic_id = ? and "partition" = ? and "offset" between ? and ?
order by "offset", kind = 'quarantined' desc, landed_offset
"""


def keep_held(lake: Path, file: Path, memory: str) -> None:
    """Write the file, unless it is there and whole. Raises `duckdb.Error` when a segment cannot be read."""
    if file.exists() and _is_whole(file):
        return
    aside = file.with_suffix(".aside")
    for left in file.parent.glob(f"{aside.name}*"):
        left.unlink()
    with reading(lake), duckdb.connect(str(aside), config={"memory_limit": memory}) as connection:
        connection.execute(f"set temp_directory = {text(str(file.parent / 'spilled'))}")
        segments = list_segments(lake, NETWORK_TOPICS)
        named = (("events", EVENTS), ("quarantine", QUARANTINE), ("alerts", ALERTS))
        connection.execute(_CREATE, {name: parquet_paths(lake, topic, segments) for name, topic in named})
    flush_to_disk(aside)
    aside.replace(file)


def _is_whole(file: Path) -> bool:
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            connection.execute('select max(digest), max("offset"), max(kind) from held')
    except duckdb.Error:
        return False
    return True


class HeldOutcomes:
    """The file, opened to be asked."""

    def __init__(self, file: Path) -> None:
        self._connection = duckdb.connect(str(file), read_only=True, config={"threads": 1})

    def between(self, source: Source, first: int, last: int) -> dict[int, Outcome]:
        """By offset, both ends included; nothing of an offset that the lake holds nothing of."""
        rows = self._connection.execute(_FIND, [source.topic_id, source.partition, first, last]).fetchall()
        alerted = {offset for offset, kind, _ in rows if kind == "alerted"}
        return {offset: Outcome(kind, digest, offset in alerted) for offset, kind, digest in rows if kind != "alerted"}
