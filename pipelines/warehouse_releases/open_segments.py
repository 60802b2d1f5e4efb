"""Records that wait to become segments: what is open, and when it is due. Pure."""

from dataclasses import dataclass, field

from warehouse_releases.segments import Source

# A record's offset, and its value as it stood in the topic.
Fetched = tuple[int, bytes | None]


@dataclass
class OpenSegment:
    """The records of one source from `first` on, in order."""

    source: Source
    first: int
    opened_at: float = 0.0
    records: list[Fetched] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The last offset covered; `first - 1` while it is empty."""
        return self.records[-1][0] if self.records else self.first - 1

    def add(self, records: list[Fetched], now: float) -> None:
        """Take records that were fetched; what a repeated fetch brings again is left out."""
        if not self.records:
            self.opened_at = now
        last = self.last
        self.records.extend(record for record in records if record[0] > last)

    def is_due(self, now: float, rows: int, seconds: float) -> bool:
        return len(self.records) >= rows or (bool(self.records) and now - self.opened_at >= seconds)

    def successor(self) -> "OpenSegment":
        """The empty segment that goes on where this one ends."""
        return OpenSegment(self.source, self.last + 1)
