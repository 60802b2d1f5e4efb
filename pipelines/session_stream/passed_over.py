"""Records that a worker has passed over: the broker has them, and nobody reads them any more.

No batch is unconfirmed then, so that nothing else would notice until the clinic sends again. Pure.
"""

from collections.abc import Mapping

from session_stream.confirmations import Partition


class PassedOver:
    """What was seen at the last look, and what was read again already: what nobody finds twice was never there, as the
    ends of transactions are not."""

    def __init__(self) -> None:
        self._behind: dict[Partition, int] = {}
        self._read_again: dict[Partition, int] = {}

    def look(self, reading: Mapping[Partition, int], ends: Mapping[Partition, int]) -> list[Partition]:
        """Partitions in which reading stands still before the end, and stood there at the last look. `reading` has the
        offset that is to come next in each partition of which nothing is under way, `ends` the one after its last."""
        behind = {place: offset for place, offset in reading.items() if offset < ends.get(place, 0)}
        found = [
            place
            for place, offset in behind.items()
            if self._behind.get(place) == offset and self._read_again.get(place) != offset
        ]
        self._behind = behind
        self._read_again.update((place, behind[place]) for place in found)
        return found
