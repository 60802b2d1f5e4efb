"""Records that a worker has passed over: aiokafka reads on behind them, and nobody has seen them.

No batch is unconfirmed then, so that nothing else would notice until the clinic sends again. Pure.
"""

from collections.abc import Mapping

from session_stream.confirmations import Partition


class PassedOver:
    """What was seen at the last look, and from where it was read again. What is not found then was never there: ends of
    transactions have offsets too."""

    def __init__(self) -> None:
        self._standing: dict[Partition, int] = {}
        self._read_again: dict[Partition, int] = {}
        self._found = 0

    def look(self, reading: Mapping[Partition, int], positions: Mapping[Partition, int]) -> dict[Partition, int]:
        """From where to read once more: partitions of which aiokafka is past what comes next, as at the last look.

        `reading` has the offset that is to come next in each partition of which nothing is under way, `positions` the
        one that aiokafka reads next: with a backlog, in which one has not had its turn, they are the same.
        """
        standing = {place: offset for place, offset in reading.items() if offset < positions.get(place, 0)}
        again = {
            place: offset
            for place, offset in standing.items()
            if self._standing.get(place) == offset != self._read_again.get(place)
        }
        self._standing = standing
        self._read_again.update(again)
        return again

    def fetched(self, place: Partition, first: int) -> None:
        """To be told of every batch by its first offset."""
        if self._read_again.get(place) == first:
            del self._read_again[place]
            self._found += 1

    def taken_count(self) -> int:
        """Of how many partitions something was found since this was asked last."""
        found, self._found = self._found, 0
        return found
