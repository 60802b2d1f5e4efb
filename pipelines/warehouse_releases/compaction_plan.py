"""Which segments are merged into one: a decision over names, sizes and ages. Pure.

The lander writes a small file a second. As soon as an hour of ingest is over its files become one, and as soon as the
day is over the hours' files become one, up to a size: so a row is written again twice at most. Only neighbours whose
offsets touch are merged, so that the name of the new file is as much a proof as the old ones were.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from warehouse_releases.segments import Segment, Source, by_source

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class StoredSegment:
    """A segment that holds, with when its newest row was written to the lake (UTC)."""

    segment: Segment
    written_at: datetime


@dataclass(frozen=True)
class Merge:
    """Neighbours of one source and day, in order, that become `into`."""

    parts: tuple[Segment, ...]
    written_at: datetime

    @property
    def into(self) -> Segment:
        """In the newest generation of its parts: so it holds in place of every one of them."""
        first, last = self.parts[0], self.parts[-1]
        generation = max(part.generation for part in self.parts)
        return Segment(first.source, first.first, last.last, first.ingest_date, generation)


def plan_merges(stored: Iterable[StoredSegment], now: datetime, largest: int) -> list[Merge]:
    """What is to be merged at `now`. `largest` bounds how many offsets a merged segment covers.

    Never the newest segment of a source: the lander goes on behind it, and tells the clinics again what is in it.
    """
    written = {one.segment: one.written_at for one in stored}
    return [merge for group in by_source(written).values() for merge in _merges(group, written, now, largest)]


def _merges(ordered: list[Segment], written: dict[Segment, datetime], now: datetime, largest: int) -> Iterator[Merge]:
    closed = [one for one in ordered[:-1] if _hour(written[one]) + _HOUR <= now]
    for _, together in groupby(closed, key=lambda one: _period(one, written[one], now)):
        for run in _runs(together, largest):
            if len(run) > 1:
                yield Merge(tuple(run), max(written[part] for part in run))


def _period(segment: Segment, written_at: datetime, now: datetime) -> tuple[Source, object, object]:
    """Segments of one period belong together: an hour of the running day, or a whole day that is over."""
    day_is_over = segment.ingest_date < now.date()
    return segment.source, segment.ingest_date, None if day_is_over else _hour(written_at)


def _runs(segments: Iterable[Segment], largest: int) -> Iterator[list[Segment]]:
    run: list[Segment] = []
    for segment in segments:
        if run and (segment.first != run[-1].last + 1 or segment.last - run[0].first >= largest):
            yield run
            run = []
        run.append(segment)
    if run:
        yield run


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
