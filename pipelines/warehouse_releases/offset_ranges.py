"""Sets of offsets as sorted, disjoint, inclusive ranges. Pure."""

from collections.abc import Iterable

Range = tuple[int, int]


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The same set with touching and overlapping ranges made one."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def ranges_of(offsets: Iterable[int]) -> list[Range]:
    return merged((offset, offset) for offset in set(offsets))


def missing(within: Range, ranges: Iterable[Range]) -> list[Range]:
    """What of `within` no range covers. `ranges` may overlap; a `within` that ends before it begins is empty."""
    found, position = [], within[0]
    for first, last in clipped(within, ranges):
        if first > position:
            found.append((position, first - 1))
        position = last + 1
    return [*found, (position, within[1])] if position <= within[1] else found


def clipped(within: Range, ranges: Iterable[Range]) -> list[Range]:
    """The part of the set that lies in `within`."""
    low, high = within
    return [(max(first, low), min(last, high)) for first, last in merged(ranges) if first <= high and last >= low]


def size(ranges: Iterable[Range]) -> int:
    """How many offsets the set holds."""
    return sum(last - first + 1 for first, last in merged(ranges))
