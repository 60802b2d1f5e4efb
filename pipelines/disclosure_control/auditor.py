"""The auditor: over all analyst tables and all locks together, what can be told too exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

from disclosure_control.locks import Lock
from disclosure_control.published_facts import gather
from disclosure_control.ranges import narrow_ranges


@dataclass(frozen=True)
class Leak:
    """A hidden count, a complement or a change whose range of possible values is `width` wide: too narrow."""

    name: str
    width: float


def audit_locks(locks: Sequence[Lock]) -> list[Leak]:
    """Every leak of these locks, the oldest first, by name. Raises `DoesNotAddUp`."""
    narrow = narrow_ranges(gather(locks).knowledge)
    return [Leak(one.protected.name, one.width) for one in narrow]
