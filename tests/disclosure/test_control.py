"""What control promises of any network: nothing hidden can be told, and nothing shown is changed."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from disclosure_control.auditor import audit_locks
from disclosure_control.control import control
from disclosure_control.declarations import Measure
from disclosure_control.locks import NOT_APPLICABLE, SHOWN, SUPPRESSED, TOO_EARLY, Lock, Row, lock_as_json
from disclosure_control.locks import lock_from_json as from_json
from disclosure_control.published_facts import gather, with_lock
from disclosure_control.ranges import narrow_ranges
from disclosure_control.thresholds import MIN_PATIENTS, MIN_WIDTH

CLOSED = date(2026, 7, 1)
MONTHS = [date(2026, 5, 1), date(2026, 6, 1)]

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
# Shrinking a failure takes minutes: each step is several locks.
FEWER = settings(FEW, phases=(Phase.explicit, Phase.reuse, Phase.generate))


@dataclass(frozen=True)
class Group:
    """Patients of one clinic who are treated alike: how many, and how many of them have an event."""

    clinic: str
    month: date
    method: str
    patients: int
    ill: int


groups = st.builds(
    lambda clinic, month, method, patients, ill: Group(clinic, month, method, patients, min(ill, patients)),
    st.sampled_from("abcd"),
    st.sampled_from(MONTHS),
    st.sampled_from(["asked", "open"]),
    st.integers(1, 40),
    st.integers(0, 30),
)
networks = st.lists(groups, min_size=1, max_size=10)


def sessions_of(given_groups: Iterable[Group], make: Callable) -> Iterator:
    for number, group in enumerate(given_groups):
        for patient in range(group.patients):
            yield make(group.clinic, 1000 * number + patient, group.month, group.method, patient < group.ill)


def figures(lock: Lock) -> Iterator[tuple[str, Row, Measure]]:
    for name, table in lock.tables.items():
        for row in table.rows.values():
            yield from ((name, row, measure) for measure in table.declaration.measures)


@FEW
@given(networks)
def test_what_is_hidden_stays_wide_and_what_is_shown_is_true(marts, session, network) -> None:
    lock = control("first", CLOSED, marts(sessions_of(network, session)))
    assert audit_locks([lock]) == []
    for _, row, measure in figures(lock):
        expected = row.truth[measure.name] if row.shows(measure.name) else None
        assert row.published[measure.name] == expected
        assert row.status[measure.name] in (SHOWN, SUPPRESSED, NOT_APPLICABLE)


@FEW
@given(networks)
def test_nothing_is_shown_of_few_patients_and_no_figure_of_a_hidden_count(marts, session, network) -> None:
    lock = control("first", CLOSED, marts(sessions_of(network, session)))
    for _, row, measure in figures(lock):
        if measure.is_count and row.shows(measure.name) and row.truth[measure.name]:
            assert row.patients[measure.name] >= MIN_PATIENTS
            left = row.denominator - row.patients[measure.name]
            assert measure.name == "sessions" or left >= MIN_PATIENTS
        if row.shows(measure.name):
            assert all(row.shows(name) for name in measure.of)


@FEW
@given(networks)
def test_no_hidden_cell_of_two_margins_can_be_told_by_an_independent_program(marts, session, network) -> None:
    """The clinics' sessions under the shown sums by month and way of asking: bounds by another solver, cell by cell."""
    lock = control("first", CLOSED, marts(sessions_of(network, session)))
    cells = list(lock.tables["by_clinic"].rows.values())
    sums = [row for name in ("by_method", "by_month") for row in lock.tables[name].rows.values()
            if row.shows("sessions")]  # fmt: skip
    fixed = [(float(row.truth["sessions"] or 0),) * 2 if row.shows("sessions") else (0, None) for row in cells]
    matrix = np.array([[float(row.key == cell.key[1 : 1 + len(row.key)]) for cell in cells] for row in sums])
    totals = [row.truth["sessions"] for row in sums]
    for place, cell in enumerate(cells):
        if cell.status["sessions"] == SUPPRESSED:
            assert width(place, matrix, totals, fixed) >= MIN_WIDTH - 1e-6


def width(place: int, matrix: np.ndarray, totals: Sequence, fixed: Sequence) -> float:
    ends = []
    for sign in (1.0, -1.0):
        weights = np.zeros(len(fixed))
        weights[place] = sign
        equal = {"A_eq": matrix, "b_eq": totals} if len(matrix) else {}
        found = linprog(weights, bounds=fixed, **equal)
        ends.append(sign * found.fun if found.status == 0 else float("inf"))
    return ends[1] - ends[0] if np.isfinite(ends).all() else float("inf")


@FEW
@given(networks)
def test_control_gives_the_same_again_and_changes_nothing_at_a_lock_without_news(marts, session, network) -> None:
    given_tables = marts(sessions_of(network, session))
    first = control("first", CLOSED, given_tables)
    assert control("first", CLOSED, given_tables) == first
    second = control("second", CLOSED, given_tables, [first])
    assert second.tables == first.tables


@FEWER
@given(networks, st.lists(st.tuples(networks, st.integers(0, 8)), min_size=1, max_size=4))
def test_locks_one_after_the_other_tell_no_cell_and_no_small_change(marts, session, network, later) -> None:
    """Groups of patients come late, and others are taken back."""
    locks, told = [], list(network)
    for number, (more, retracted) in enumerate([([], 0), *later]):
        told = told[retracted:] + more
        locks.append(control(f"lock {number}", CLOSED, marts(sessions_of(told, session)), locks))
        assert audit_locks(locks) == []
    for before, after in combinations(locks, 2):
        for former, row, measure in both(before, after):
            _moves_by_rule(former, row, measure)
    for before, after in pairwise(locks):
        for former, row, measure in both(before, after):
            if former.status.get(measure.name) == SUPPRESSED and row.shows(measure.name):
                assert row.patients[measure.name] - former.floor[measure.name] >= MIN_PATIENTS


def both(before: Lock, after: Lock) -> Iterator[tuple[Row, Row, Measure]]:
    """The counts that two locks both have a row of."""
    for name, row, measure in figures(after):
        former = before.tables[name].rows.get(row.key)
        if former is not None and measure.is_count:
            yield former, row, measure


def _moves_by_rule(former: Row, row: Row, measure: Measure) -> None:
    """What any two locks say of a cell, whatever others between them said."""
    name = measure.name
    if former.status.get(name) == SUPPRESSED and row.shows(name):
        # A cell of a closed month never; one without a month when it is as good as another cell.
        assert len(row.key) == 1 and row.key[0] in ("asked", "open")
    if former.shows(name) and row.shows(name):
        moved = row.behind[name] - former.behind[name]
        assert moved == 0 or abs(moved) >= MIN_PATIENTS
        assert moved != 0 or row.published[name] == former.published[name]


def test_a_cell_that_comes_near_to_what_an_older_lock_said_is_held(marts, session) -> None:
    """30, then 45, then 33 patients: each step is large enough, and the first and the last would tell of three."""
    locks = []
    for number, patients in enumerate((30, 45, 33, 30, 56)):
        network = [Group(clinic, MONTHS[0], "asked", patients, 0) for clinic in "abcd"]
        locks.append(control(f"lock {number}", CLOSED, marts(sessions_of(network, session)), locks))
    rows = [lock.tables["by_clinic"].rows["a", MONTHS[0].isoformat(), "asked"] for lock in locks]
    assert [row.published["sessions"] for row in rows] == [30, 45, 45, 30, 56]
    assert [row.since for row in rows] == ["lock 0", "lock 1", "lock 1", "lock 3", "lock 4"]


def test_a_row_that_went_and_comes_again_is_compared_with_what_was_said_before(marts, session) -> None:
    locks = []
    for number, patients in enumerate((30, 0, 0, 33, 0, 45)):
        network = [Group(clinic, MONTHS[0], "asked", patients, 0) for clinic in "abcd"]
        locks.append(control(f"lock {number}", CLOSED, marts(sessions_of(network, session)), locks))
    key = "a", MONTHS[0].isoformat(), "asked"
    told = [row.published.get("sessions") if (row := lock.tables["by_clinic"].rows.get(key)) else None
            for lock in locks]  # fmt: skip
    assert told == [30, None, None, None, None, 45]
    assert audit_locks(locks) == []


@FEW
@given(networks, st.data())
def test_whatever_was_hidden_as_a_partner_cannot_be_shown_alone(marts, session, network, data) -> None:
    """Showing one more count either harms nothing, or the auditor tells: it never passes what is not wide."""
    lock = control("first", CLOSED, marts(sessions_of(network, session)))
    small = [(name, row) for name, row, measure in figures(lock) if measure.name in row.too_small]
    if not small:
        return
    name, row = data.draw(st.sampled_from(small))
    measure = data.draw(st.sampled_from(sorted(row.too_small)))
    status = {**row.status, measure: SHOWN}
    told = lock.with_rows(name, {**lock.tables[name].rows, row.key: _with_status(row, status)})
    assert any(measure in leak.name for leak in audit_locks([told]))


@FEW
@given(networks, networks, st.data())
def test_what_moved_since_the_last_lock_tells_as_much_as_everything(marts, session, network, more, data) -> None:
    first = control("first", CLOSED, marts(sessions_of(network, session)))
    second = control("second", CLOSED, marts(sessions_of(network + more, session)), [first])
    hidden = [(name, row, one.name) for name, row, one in figures(second) if row.status[one.name] == SUPPRESSED]
    if hidden:
        name, row, measure = data.draw(st.sampled_from(hidden))
        told = _with_status(row, {**row.status, measure: SHOWN})
        second = second.with_rows(name, {**second.tables[name].rows, row.key: told})
    before = gather([first])
    since = narrow_ranges(with_lock(before, second).knowledge, before.knowledge)
    assert since == narrow_ranges(gather([first, second]).knowledge)


def _with_status(row: Row, status: dict[str, str]) -> Row:
    return Row(**{**vars(row), "status": status})


def test_a_month_that_is_not_over_is_too_early(marts, session) -> None:
    network = [Group(clinic, month, "asked", 40, 15) for clinic in "abcd" for month in MONTHS]
    lock = control("first", date(2026, 6, 15), marts(sessions_of(network, session)))
    by_month = lock.tables["by_month"].rows
    assert by_month["2026-05-01",].status["sessions"] == SHOWN
    assert by_month["2026-06-01",].status == {"sessions": TOO_EARLY, "eventful": TOO_EARLY, "share": TOO_EARLY}


@FEW
@given(networks)
def test_a_lock_is_the_same_after_it_was_written_down(marts, session, network) -> None:
    lock = control("first", CLOSED, marts(sessions_of(network, session)))
    again = from_json(json.loads(json.dumps(lock_as_json(lock))))
    assert (again.period, again.tables) == (lock.period, lock.tables)
