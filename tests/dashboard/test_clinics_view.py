"""Which clinics come first, and what is said of each."""

from datetime import UTC, datetime, timedelta

from quality_dashboard.clinics_view import clinic_rows, top_reasons, totals
from quality_dashboard.facts import ClinicFact
from warehouse_releases.live_counts import ClinicCounts

CLOCK = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


def counts(clinic_id: str, days_ago: float | None = 0, **others) -> ClinicCounts:
    last = None if days_ago is None else CLOCK - timedelta(days=days_ago)
    return ClinicCounts(clinic_id, last_occurred_at=last, **others)


def rows(clinics, given, silent=frozenset()):
    return clinic_rows(tuple(clinics), given, frozenset(silent), CLOCK)


def test_silent_and_late_clinics_come_first_and_suspended_ones_last():
    clinics = [ClinicFact(name, name, name != "gone") for name in ("fine", "gone", "late", "new", "silent")]
    given = (counts("fine", 1), counts("gone", 90), counts("late", 3.5), counts("silent", 20))
    shown = rows(clinics, given, {"silent"})
    assert [(row.clinic_id, row.state) for row in shown] == [
        ("silent", "silent"),
        ("late", "late"),
        ("new", "no events"),
        ("fine", "on time"),
        ("gone", "suspended"),
    ]


def test_a_long_gap_alone_is_late_and_only_the_release_calls_a_clinic_silent():
    assert rows([ClinicFact("a", "a")], (counts("a", 30),))[0].state == "late"


def test_a_clinic_that_sends_its_history_is_heard_of_however_old_the_events_are():
    loading = counts("a", 700, last_received_at=CLOCK - timedelta(hours=1))
    assert rows([ClinicFact("a", "a")], (loading,))[0].state == "on time"


def test_a_time_that_is_still_to_come_says_nothing():
    ahead = counts("a", -700, last_received_at=CLOCK - timedelta(days=20))
    assert rows([ClinicFact("a", "a")], (ahead,))[0].state == "late"


def test_a_weekend_and_a_day_off_are_not_late():
    assert rows([ClinicFact("a", "a")], (counts("a", 2.9),))[0].state == "on time"


def test_counts_that_cannot_be_read_are_unknown_and_not_zero():
    row = rows([ClinicFact("a", "a")], None)[0]
    assert (row.state, row.counts) == ("unknown", None)
    assert totals(None) is None


def test_a_clinic_of_the_lake_that_the_registry_does_not_know_is_shown_as_such():
    assert rows([], (counts("a"),))[0].name == "not in the registry"


def test_there_may_be_no_clinic_at_all():
    assert rows([], ()) == []


def test_the_top_reasons_are_three_and_the_others_are_counted():
    reasons = (("wrong_type", 4), ("missing_field", 1200), ("unreadable", 2), ("unknown_type", 2), ("wrong_clinic", 1))
    assert top_reasons(reasons) == "missing field 1,200, wrong type 4, unknown type 2, 2 other reasons 3"


def test_shares_are_of_what_they_are_part_of():
    row = rows([ClinicFact("a", "a")], (counts("a", accepted=90, flagged=9, quarantined=10),))[0]
    assert (row.flagged_share, row.quarantined_share) == ("10.0 %", "10.0 %")


def test_the_last_line_adds_everything_up():
    total = totals((counts("a", 2, accepted=1, duplicates=5), counts("b", 1, accepted=2), counts("c", None)))
    assert total is not None
    assert (total.accepted, total.duplicates, total.last_occurred_at) == (3, 5, CLOCK - timedelta(days=1))
