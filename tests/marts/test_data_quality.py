"""mart_data_quality: what is checked, on which day, and what it is worth."""

from datetime import date, datetime
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")


def _backfill(network: Any) -> None:
    """Two years of a clinic that joined in May come at once, and one event of June that is late."""
    network.time_zones["tamarack"], network.joined["tamarack"] = "UTC", datetime(2026, 5, 1)
    for number, day in enumerate(("2024-06-30", "2025-06-30", "2026-04-30", "2026-06-01")):
        at = f"{day}T09:00:00+00:00"
        network.say("tamarack", "session.completed", {"session_id": f"b{number}"}, at=at)


def tell(network: Any) -> None:
    _backfill(network)
    credential, session = "practitioner.credential_recorded", "session.completed"
    licence = {"practitioner_id": "dr", "credential": "licence", "issuer": "state"}
    span = {"valid_from": "2026-01-01", "valid_until": "2026-01-31"}
    key = {"credential_key": "k"}
    network.say("fir", credential, {**licence, **span}, patient=None, facts=key)
    # A lapse that a renewal does not close.
    network.say("fir", credential, {**licence, "valid_from": "2026-02-10"}, patient=None, facts=key)
    for number, day in enumerate(("01-31", "02-01", "02-09", "02-10")):
        network.say(
            "fir", session, {"session_id": str(number), "practitioner_id": "dr"}, at=f"2026-{day}T23:00:00+00:00"
        )
    counted = {"needles_inserted": 10, "needles_removed": 10, "ae_screen_method": "checklist"}
    for number in range(9):
        network.say("fir", session, {"session_id": f"n{number}", **counted}, at="2026-03-03T09:00:00+00:00")
    network.say("fir", session, {"session_id": "lost", **counted, "needles_removed": 9}, at="2026-03-03T09:00:00+00:00")
    tacked = {"session_id": "tacked", **counted, "needles_removed": 8, "needles_left_in": 2}
    network.say("fir", session, tacked, at="2026-03-04T09:00:00+00:00")
    # Two new patients, one with a score three days later; and one too new to be judged.
    for name, day in (("scored", "2026-04-01"), ("unscored", "2026-04-01"), ("new", "2026-06-28")):
        network.say("fir", session, {"session_id": name}, patient=name, at=f"{day}T09:00:00+00:00")
    score = {"instrument": "nrs_sleep", "value": 5}
    network.say("fir", "outcome.recorded", score, patient="scored", at="2026-04-04T09:00:00+00:00")
    # On the last day of the window, and later in the day than the session was; and on the day after.
    for name, day in (("last-day", "2026-05-08"), ("day-after", "2026-05-09")):
        network.say("fir", session, {"session_id": name}, patient=name, at="2026-05-01T09:00:00+00:00")
        network.say("fir", "outcome.recorded", score, patient=name, at=f"{day}T17:00:00+00:00")
    # A baseline that was followed up, and one that was not.
    for name in ("followed", "lost"):
        network.say("fig", "outcome.recorded", score, patient=name, at="2026-01-10T09:00:00+00:00")
    network.say("fig", "outcome.recorded", score, patient="followed", at="2026-04-08T09:00:00+00:00")


@pytest.fixture
def checks(rows) -> dict[tuple[str, str, date], dict[str, Any]]:
    found = rows("select * from mart_data_quality where clinic_id in ('fir', 'fig', 'elm', 'tamarack')")
    return {(row["clinic_id"], row["check_id"], row["day"]): row for row in found}


def _judged(row: dict[str, Any]) -> tuple[float, float, str]:
    return row["numerator"], row["denominator"], row["status"]


def test_a_session_needs_a_credential_that_is_valid_on_its_own_day(checks) -> None:
    found = {
        day: row["status"]
        for (clinic, check, day), row in checks.items()
        if (clinic, check) == ("fir", "licence_lapsed")
    }
    assert [found[date(2026, month, day)] for month, day in ((1, 31), (2, 1), (2, 9), (2, 10))] == [
        "pass", "fail", "fail", "pass"
    ]  # fmt: skip


def test_a_session_by_nobody_in_particular_is_of_unknown_licence_and_not_lapsed(checks) -> None:
    assert _judged(checks["fir", "licence_lapsed", date(2026, 3, 3)]) == (0, 0, "not_applicable")
    assert _judged(checks["fir", "licence_unknown", date(2026, 3, 3)]) == (10, 10, "fail")


def test_one_needle_too_few_taken_out_fails(checks) -> None:
    assert _judged(checks["fir", "needles_unaccounted", date(2026, 3, 3)]) == (1, 10, "fail")


def test_needles_that_stay_on_purpose_are_accounted_for(checks) -> None:
    assert _judged(checks["fir", "needles_unaccounted", date(2026, 3, 4)]) == (0, 1, "pass")


def test_a_session_that_does_not_say_how_it_asked_did_not_ask(checks) -> None:
    assert _judged(checks["fir", "ae_not_asked", date(2026, 3, 3)]) == (0, 10, "pass")
    assert _judged(checks["fir", "ae_not_asked", date(2026, 1, 31)]) == (1, 1, "fail")


def test_a_baseline_may_be_recorded_until_a_week_after_the_first_session(checks) -> None:
    assert _judged(checks["fir", "baseline_missing", date(2026, 4, 1)]) == (1, 2, "fail")
    assert _judged(checks["fir", "baseline_missing", date(2026, 5, 1)]) == (1, 2, "fail")
    assert checks["fir", "baseline_missing", date(2026, 6, 28)]["status"] == "too_early"


def test_a_baseline_that_nothing_follows_is_missed_only_when_four_months_are_over(checks) -> None:
    assert _judged(checks["fig", "follow_up_missing", date(2026, 1, 10)]) == (1, 2, "fail")
    assert checks["fir", "follow_up_missing", date(2026, 4, 4)]["status"] == "too_early"


def test_what_arrives_is_judged_on_the_day_that_it_arrives(checks) -> None:
    received = date(2026, 6, 30)
    assert _judged(checks["elm", "refused_share", received]) == (4, 6, "fail")
    assert _judged(checks["elm", "flagged_share", received]) == (1, 1, "fail")
    assert _judged(checks["elm", "duplicate_share", received]) == (1, 6, "fail")


def test_late_events_are_those_that_took_more_than_a_week(checks) -> None:
    # All but the newest patient's session.
    row = checks["fir", "late_events", date(2026, 6, 30)]
    assert row["denominator"] - row["numerator"] == 1


def test_what_happened_before_a_clinic_joined_is_its_history_and_not_late(checks) -> None:
    assert _judged(checks["tamarack", "late_events", date(2026, 6, 30)]) == (1, 4, "fail")


def test_every_check_names_its_severity_and_what_it_endangers(rows) -> None:
    assert rows("select 1 from mart_data_quality where severity is null or endangers is null") == []


def test_every_row_has_a_known_check_and_none_could_not_be_computed(rows) -> None:
    assert rows("select 1 from mart_data_quality where status = 'error'") == []
    (row,) = rows("select count(distinct check_id) as checks from mart_data_quality")
    assert rows("select count(*) as checks from vocabularies.quality_checks") == [row]
