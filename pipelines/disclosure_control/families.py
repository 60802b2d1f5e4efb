"""Tables whose counts add up to the same: what they have in common is the sum of either's cells."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from disclosure_control.knowledge import Knowledge
from disclosure_control.locks import Key, Lock
from disclosure_control.primary_rules import ALL

# A finer dimension tells the coarser ones.
_COARSER = {"day": ("month", "quarter"), "month": ("quarter",)}
# Cells by the values of some dimensions.
Sums = dict[Key, list[int]]


@dataclass(frozen=True)
class Member:
    """The cells of one count in one table that divide the same whole in the same way."""

    name: str
    dimensions: tuple[str, ...]
    cells: Mapping[Key, int]

    def sums(self, common: tuple[str, ...]) -> Sums:
        found: Sums = defaultdict(list)
        for key, count in self.cells.items():
            values = _told(dict(zip(self.dimensions, key, strict=True)))
            found[tuple(values[name] for name in common)].append(count)
        return found


def relate_families(knowledge: Knowledge, lock: Lock, counts: Mapping[tuple[str, str, str, Key], int]) -> None:
    """Add that the members of a family add up to the same, whatever they have in common."""
    for family, members in _families(lock, counts).items():
        for first, second in combinations(members, 2):
            _relate(knowledge, family, first, second)


def _relate(knowledge: Knowledge, family: str, first: Member, second: Member) -> None:
    common = _common(first, second)
    ours, theirs = first.sums(common), second.sums(common)
    for key in sorted(ours.keys() | theirs.keys()):
        terms: dict[int, float] = defaultdict(float)
        for cells, weight in ((ours.get(key, []), 1.0), (theirs.get(key, []), -1.0)):
            for count in cells:
                terms[count] += weight
        where = f" at ({', '.join(key)})" if key else ""
        source = f"{first.name} and {second.name} do not add up to the same {family}{where}"
        knowledge.relate(terms, 0.0, 0.0, source)


def _families(lock: Lock, counts: Mapping[tuple[str, str, str, Key], int]) -> dict[str, list[Member]]:
    """By the family's name. A table with rows for `all` of a dimension is several members: with it and without it."""
    divided: dict[tuple[str, str, tuple[str, ...]], dict[Key, int]] = defaultdict(dict)
    for (period, table, name, key), count in counts.items():
        if period != lock.period or table not in lock.tables:
            continue
        measure = next(each for each in lock.tables[table].declaration.counts if each.name == name)
        kept = [(dimension, value) for dimension, value in zip(measure.by, key, strict=True) if value != ALL]
        dimensions, values = tuple(each[0] for each in kept), tuple(each[1] for each in kept)
        divided[measure.family, f"{table}.{name}", dimensions][values] = count
    families: dict[str, list[Member]] = defaultdict(list)
    for (family, name, dimensions), cells in divided.items():
        families[family].append(Member(name, dimensions, cells))
    return families


def _common(first: Member, second: Member) -> tuple[str, ...]:
    """The finest dimensions that both tell."""
    told = [{*member.dimensions, *(one for name in member.dimensions for one in _coarser(member, name))}
            for member in (first, second)]  # fmt: skip
    shared = told[0] & told[1]
    return tuple(sorted(shared - {coarse for name in shared for coarse in _COARSER.get(name, ())}))


def _coarser(member: Member, name: str) -> tuple[str, ...]:
    place = member.dimensions.index(name)
    is_date = all(_as_date(key[place]) for key in member.cells)
    return _COARSER.get(name, ()) if is_date else ()


def _told(values: dict[str, str]) -> dict[str, str]:
    for fine in ("month", "day"):
        first = _as_date(values.get(fine, ""))
        if first:
            month = first.replace(day=1)
            values = {"month": month.isoformat(), "quarter": _quarter(month).isoformat(), **values}
    return values


def _quarter(month: date) -> date:
    return month.replace(month=(month.month - 1) // 3 * 3 + 1)


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
