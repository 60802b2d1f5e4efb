"""Tables whose counts add up to the same: what they have in common is the sum of either's cells.

A mart that names a margin says so, and must be right. Counts of one name in several tables, and a table's own divisions
of the same whole, are tried: an analyst would try them too, and sees from what is shown whether they add up.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from disclosure_control.knowledge import Knowledge, Terms, as_terms
from disclosure_control.locks import Key, Lock
from disclosure_control.primary_rules import ALL

# A finer dimension tells the coarser ones.
_COARSER = {"day": ("month", "quarter"), "month": ("quarter",)}
# Dimensions that say by what the next one divides the whole: each of their values is a division of its own.
DIVIDERS = ("stratifier", "exposure", "grouping_kind", "kind")
# A guess is right when it holds for so many of what two divisions have in common.
_HOLDS_MOSTLY = 0.5
# Cells by the values of some dimensions.
Sums = dict[Key, list[int]]


@dataclass(frozen=True)
class Member:
    """The cells of one count in one table that divide the same whole in the same way.

    `must_add_up` says that the mart named the whole, and that these are all of its cells.
    """

    name: str
    must_add_up: bool
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
    equal = {key: _difference(ours.get(key, []), theirs.get(key, [])) for key in sorted(ours.keys() | theirs.keys())}
    told = {key: terms for key, terms in equal.items() if terms}
    if not (first.must_add_up and second.must_add_up):
        held = {key: terms for key, terms in told.items() if knowledge.value(terms) == 0}
        told = held if len(held) >= _HOLDS_MOSTLY * len(told) else {}
    for key, terms in told.items():
        where = f" at ({', '.join(key)})" if key else ""
        source = f"{first.name} and {second.name} do not add up to the same {family}{where}"
        knowledge.relate(dict(terms), 0.0, 0.0, source)


def _difference(ours: list[int], theirs: list[int]) -> Terms:
    weights: dict[int, float] = defaultdict(float)
    for cells, weight in ((ours, 1.0), (theirs, -1.0)):
        for count in cells:
            weights[count] += weight
    return as_terms(weights)


def _families(lock: Lock, counts: Mapping[tuple[str, str, str, Key], int]) -> dict[str, list[Member]]:
    """By the family's name. A table with rows for `all` of a dimension, or with several divisions, is several."""
    divided: dict[tuple[str, str, tuple[str, ...]], dict[Key, int]] = defaultdict(dict)
    declared: dict[str, bool] = {}
    for (period, table, name, key), count in counts.items():
        if period == lock.period and table in lock.tables:
            measure = next(each for each in lock.tables[table].declaration.counts if each.name == name)
            dimensions, values = _division(measure.by, key)
            divided[measure.family, f"{table}.{name}", dimensions][values] = count
            declared[f"{table}.{name}"] = measure.must_add_up
    members = Counter((family, name) for family, name, _ in divided)
    families: dict[str, list[Member]] = defaultdict(list)
    for (family, name, dimensions), cells in divided.items():
        must_add_up = declared[name] and members[family, name] == 1
        families[family].append(Member(name, must_add_up, dimensions, cells))
    return families


def _division(by: tuple[str, ...], key: Key) -> tuple[tuple[str, ...], Key]:
    """The dimensions that a cell is of, and their values: without those that it is all of, named by their divider."""
    divider = next((value for name, value in zip(by, key, strict=True) if name in DIVIDERS), None)
    named = [(name, value) for name, value in zip(by, key, strict=True) if name not in DIVIDERS and value != ALL]
    divided_by = next((by[place + 1] for place, name in enumerate(by[:-1]) if name in DIVIDERS), None)
    dimensions = tuple(f"{name} of {divider}" if name == divided_by else name for name, _ in named)
    return dimensions, tuple(value for _, value in named)


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
