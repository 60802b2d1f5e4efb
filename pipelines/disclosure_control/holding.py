"""The first decision about each row of a new lock: what may be shown alone, what stays hidden, what is held."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from disclosure_control.declarations import Declaration, Measure
from disclosure_control.locks import NOT_APPLICABLE, SHOWN, SUPPRESSED, TOO_EARLY, Key, Row, Table, as_key
from disclosure_control.primary_rules import has_period, is_open, is_too_small, names_serious_events, patients_behind
from disclosure_control.thresholds import MIN_PATIENTS

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class OpenTable:
    """A mart as the officer has it, over closed periods: `rows` are all of its columns."""

    declaration: Declaration
    rows: Iterable[Facts]


def first_table(period: str, closed_until: date, given: OpenTable, past: Sequence[Table] = ()) -> Table:
    """Each row alone: the primary rules, and the rules over time against all that the locks in `past` said."""
    declaration = given.declaration
    facts = {as_key(tuple(row[name] for name in declaration.dimensions)): row for row in given.rows}
    said = _said_before(declaration, past)
    rows = {key: _row(period, closed_until, declaration, key, row, said.get(key, [])) for key, row in facts.items()}
    gone = {
        key: _gone(period, closed_until, declaration, said[key])
        for key in sorted(said.keys() - facts.keys())
        if said[key][-1].status
    }
    return Table(declaration, {**rows, **gone})


def _said_before(declaration: Declaration, past: Sequence[Table]) -> Mapping[Key, list[Row]]:
    """What the earlier locks said of each row, also of one that was gone in between."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for table in past:
        if table.declaration.dimensions == declaration.dimensions:
            for key, row in table.rows.items():
                found[key].append(row)
    return found


def held(row: Row, former: Row) -> Row:
    """The row with what was shown before, whatever has become of it."""
    return replace(
        row, status=former.status, published=former.published, since=former.since, behind=former.behind,
        attributes=former.attributes, floor={**former.floor, **row.floor},
    )  # fmt: skip


def with_derived(declaration: Declaration, row: Row) -> Row:
    """The row in which nothing is shown that is computed of what is hidden."""
    status = dict(row.status)
    for measure in declaration.derived:
        status[measure.name] = _derived_status(measure, status, row.truth.get(measure.name))
    published = {name: row.truth[name] if said == SHOWN else None for name, said in status.items()}
    return replace(row, status=status, published=published)


def _row(period: str, closed_until: date, declaration: Declaration, key: Key, facts: Facts, said: Sequence[Row]) -> Row:
    new, former = _new(period, declaration, key, facts), said[-1] if said else None
    too_early = is_open(declaration, key, closed_until)
    status = {
        measure.name: TOO_EARLY if too_early else _count_status(declaration, measure, new, former)
        for measure in declaration.counts
    }
    row = with_derived(declaration, replace(new, status=status, floor=_floor(new, status, former)))
    return _over_time(declaration, row, former, said) if former else row


def _new(period: str, declaration: Declaration, key: Key, facts: Facts) -> Row:
    small = {each.name for each in declaration.counts if facts[each.name] is not None
             and is_too_small(declaration, each, facts)}  # fmt: skip
    patients = {each.name: patients_behind(each, facts) for each in declaration.counts}
    return Row(
        key=key,
        truth={each.name: _number(facts[each.name]) for each in declaration.measures},
        patients=patients,
        denominator=int(facts[declaration.patients] or 0),
        status={},
        published={},
        since=period,
        behind=patients,
        too_small=frozenset(small),
        attributes={name: None if facts[name] is None else str(facts[name]) for name in declaration.attributes},
        is_listed=not names_serious_events(declaration.dimensions, facts),
    )


def _count_status(declaration: Declaration, measure: Measure, row: Row, former: Row | None) -> str:
    if row.truth[measure.name] is None:
        return NOT_APPLICABLE
    if measure.name in row.too_small or (former and _stays_hidden(declaration, measure, row, former)):
        return SUPPRESSED
    return SHOWN


def _stays_hidden(declaration: Declaration, measure: Measure, row: Row, former: Row) -> bool:
    """What was suppressed stays so. A cell without a period is never closed: with 11 patients more it is another."""
    if former.status.get(measure.name) != SUPPRESSED:
        return False
    grown = row.patients[measure.name] - former.floor.get(measure.name, 0) >= MIN_PATIENTS
    return has_period(declaration, row.key) or not grown


def _floor(row: Row, status: Mapping[str, str], former: Row | None) -> dict[str, int]:
    """The patients of each hidden count when it was last too small, or first hidden."""
    before = former.floor if former else {}
    return {
        name: row.patients[name] if name in row.too_small else before.get(name, row.patients[name])
        for name, said in status.items()
        if said == SUPPRESSED
    }


def _over_time(declaration: Declaration, row: Row, former: Row, said: Sequence[Row]) -> Row:
    # What was told and is as it was cannot be hidden any more.
    retold = any(former.shows(each.name) and not row.shows(each.name) and not _has_moved(each, row, former)
                 for each in declaration.counts)  # fmt: skip
    if retold or any(_nearly_says(declaration, row, earlier) for earlier in said):
        return held(row, former)
    changed = any(former.shows(each.name) and _is_changed(each, row, former) for each in declaration.measures)
    return row if changed or row.status != former.status else replace(row, since=former.since)


def _nearly_says(declaration: Declaration, row: Row, earlier: Row) -> bool:
    """Whether the row would say otherwise what a lock said, and by fewer patients than a cell may change by."""
    moved = {each.name for each in declaration.counts if _has_moved(each, row, earlier)}
    other = (each for each in declaration.measures if row.status[each.name] in (SHOWN, NOT_APPLICABLE)
             and earlier.shows(each.name) and _is_changed(each, row, earlier))  # fmt: skip
    return any(each.name not in moved if each.is_count else not moved & set(each.of) for each in other)


def _is_changed(measure: Measure, row: Row, earlier: Row) -> bool:
    same = row.truth[measure.name] == earlier.published.get(measure.name)
    return not same or (measure.is_count and _moved(measure, row, earlier) != 0)


def _has_moved(measure: Measure, row: Row, earlier: Row) -> bool:
    return abs(_moved(measure, row, earlier)) >= MIN_PATIENTS


def _moved(measure: Measure, row: Row, earlier: Row) -> int:
    """By how many patients a shown count differs from what was published of it."""
    return row.patients[measure.name] - earlier.behind.get(measure.name, 0) if earlier.shows(measure.name) else 0


def _gone(period: str, closed_until: date, declaration: Declaration, said: Sequence[Row]) -> Row:
    """A row that the mart does not have any more: its counts are 0."""
    former = said[-1]
    dimensions = dict(zip(declaration.dimensions, former.key, strict=True))
    counts = {each.name: 0 for each in declaration.counts}
    behind = dict.fromkeys(declaration.columns - dimensions.keys() - counts.keys(), 0)
    nothing = {**behind, **{each.name: None for each in declaration.derived}}
    facts = {**nothing, **former.attributes, **dimensions, **counts}
    row = _row(period, closed_until, declaration, former.key, facts, said)
    is_left = row.since != period or SUPPRESSED in row.status.values()
    # Nobody will miss it: all that was shown of it has moved to nothing.
    return row if is_left else replace(row, status={}, published={})


def _derived_status(measure: Measure, status: Mapping[str, str], truth: float | None) -> str:
    of = {status[name] for name in measure.of}
    if hidden := next((each for each in (TOO_EARLY, SUPPRESSED) if each in of), None):
        return hidden
    return NOT_APPLICABLE if truth is None or NOT_APPLICABLE in of else SHOWN


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
