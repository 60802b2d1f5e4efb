"""Records that a worker has passed over: the broker has them, and nobody reads them any more.

No batch is unconfirmed then, so that nothing else would notice until the clinic sends again. Pure.
"""

from collections.abc import Mapping

from session_stream.confirmations import Partition

# Fewer records than aiokafka hands over at once: after two such fetches in a row the broker had nothing more to give.
_FULL_FETCH = 1_000


class PassedOver:
    """What was seen at the last look, and what was read again already: what nobody finds twice was never there, as the
    ends of transactions are not."""

    def __init__(self) -> None:
        self._behind: dict[Partition, int] = {}
        self._read_again: dict[Partition, int] = {}
        self._small_fetches = 0
        self._has_kept_up = False

    def fetched(self, records: int) -> None:
        """To be told of each fetch: with a backlog in hundreds of partitions one may wait minutes for its turn."""
        self._small_fetches = self._small_fetches + 1 if records < _FULL_FETCH else 0
        self._has_kept_up = self._has_kept_up or self._small_fetches > 1

    def look(self, reading: Mapping[Partition, int], ends: Mapping[Partition, int]) -> list[Partition]:
        """Partitions in which reading stands still before the end, and stood there at the last look, though the worker
        has kept up with the broker meanwhile. `reading` has the offset that is to come next in each partition of which
        nothing is under way, `ends` the one after its last."""
        behind = {place: offset for place, offset in reading.items() if offset < ends.get(place, 0)}
        found = [
            place
            for place, offset in behind.items()
            if self._has_kept_up and self._behind.get(place) == offset and self._read_again.get(place) != offset
        ]
        self._behind, self._has_kept_up = behind, False
        self._read_again.update((place, behind[place]) for place in found)
        return found
