"""What a lock says otherwise than the one before, and why; and when periods close."""

from datetime import UTC, date, datetime

import pytest

from disclosure_control.control import control
from disclosure_control.restatements import News, restatements
from warehouse_releases.lock_periods import Period, closes_at, last_closed

CLOSED = date(2026, 7, 1)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def locks(marts, session):
    """Twenty patients of May come late, in each of four clinics."""
    first = [session(clinic, n, month, "asked") for clinic in "abcd" for month in (MAY, JUNE) for n in range(30)]
    late = [session(clinic, 100 + n, MAY, "asked") for clinic in "abcd" for n in range(20)]
    before = control("first", CLOSED, marts(first))
    return before, control("second", CLOSED, marts([*first, *late]), [before])


def test_a_cell_that_moved_is_restated_and_one_that_is_as_it_was_is_not(locks) -> None:
    found = [(each.mart_cell, each.old, each.new) for each in map(_Told, restatements(*locks, {News("late", "a", MAY)}))
             if each.measure == "sessions"]  # fmt: skip
    assert ("by_month month=2026-05-01", 120, 200) in found
    assert ("by_clinic clinic_id=a, month=2026-05-01, method=asked", 30, 50) in found
    assert not [cell for cell, _, _ in found if "2026-06-01" in cell]


def test_what_is_held_is_no_restatement(marts, session) -> None:
    """One patient of June comes late: not even the sums of all months may tell."""
    first = [session(clinic, n, month, "asked") for clinic in "abcd" for month in (MAY, JUNE) for n in range(30)]
    before = control("first", CLOSED, marts(first))
    second = control("second", CLOSED, marts([*first, session("a", 200, JUNE, "asked")]), [before])
    assert restatements(before, second, [News("late", "a", JUNE)]) == []
    assert {row.since for table in second.tables.values() for row in table.rows.values()} == {"first"}


class _Told:
    def __init__(self, restated) -> None:
        self.mart_cell, self.measure = f"{restated.table} {restated.cell}", restated.measure
        self.old, self.new = restated.old, restated.new


@pytest.mark.parametrize(
    ("news", "cause"),
    [
        ([], "late"),
        ([News("late", "a", MAY)], "late"),
        ([News("retracted", "a", MAY), News("late", "b", MAY)], "late; retracted"),
        ([News("corrected", "a", JUNE)], "late"),
        ([News("rule"), News("vocabulary")], "rule; vocabulary"),
        ([News("erasure", "c")], "erasure"),
    ],
)
def test_the_causes_are_those_that_reach_the_cell(locks, news: list[News], cause: str) -> None:
    causes = {each.cause for each in restatements(*locks, news) if each.table == "by_month"}
    assert causes == {cause}


def test_news_of_one_clinic_restate_no_cell_of_another(locks) -> None:
    causes = {each.cell.split(",")[0]: each.cause for each in restatements(*locks, [News("corrected", "a", MAY)])
              if each.table == "by_clinic"}  # fmt: skip
    assert causes == {"clinic_id=a": "corrected", "clinic_id=b": "late", "clinic_id=c": "late", "clinic_id=d": "late"}


def test_a_cell_without_a_period_grows_and_is_restated_only_when_the_network_counts_otherwise(locks) -> None:
    assert [each for each in restatements(*locks, [News("late", "a", MAY)]) if each.table == "ever"] == []
    assert {each.cause for each in restatements(*locks, [News("rule")]) if each.table == "ever"} == {"rule"}


@pytest.mark.parametrize(
    ("moment", "kind", "period"),
    [
        ("2026-09-27T18:00", "week", Period("2026-W38", date(2026, 9, 21))),
        ("2026-09-28T11:59", "week", Period("2026-W38", date(2026, 9, 21))),
        ("2026-09-28T12:00", "week", Period("2026-W39", date(2026, 9, 28))),
        ("2027-01-04T12:00", "week", Period("2026-W53", date(2027, 1, 4))),
        ("2026-10-01T11:59", "month", Period("2026-08", date(2026, 9, 1))),
        ("2027-01-01T12:00", "month", Period("2026-12", date(2027, 1, 1))),
    ],
)
def test_a_period_has_closed_when_it_is_over_everywhere(moment: str, kind, period: Period) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert last_closed(at, kind) == period
    assert closes_at(period.closed_until, kind) > at


@pytest.mark.parametrize(
    ("after", "kind", "closes"),
    [
        (date(2026, 9, 1), "week", datetime(2026, 9, 7, 12, tzinfo=UTC)),
        (date(2026, 9, 21), "week", datetime(2026, 9, 28, 12, tzinfo=UTC)),
        (date(2026, 9, 21), "month", datetime(2026, 10, 1, 12, tzinfo=UTC)),
        (date(2026, 8, 31), "month", datetime(2026, 9, 1, 12, tzinfo=UTC)),
        (date(2026, 1, 31), "month", datetime(2026, 2, 1, 12, tzinfo=UTC)),
    ],
)
def test_after_another_setting_the_next_period_closes_at_its_own_end(after: date, kind, closes: datetime) -> None:
    assert closes_at(after, kind) == closes
