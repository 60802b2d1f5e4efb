"""mart_clinic_signals: one set of criteria, on clinics that are made to be found and clinics that must not be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")

LAST_DAY = date(2026, 6, 30)
LAST_NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
WEEKDAYS = [LAST_DAY - timedelta(days=days) for days in range(60) if (LAST_DAY - timedelta(days=days)).weekday() < 5]
PER_DAY = 12
SILENT_DAYS = 14


def _open(
    network: Any, clinic: str, days: list[date], per_day: int, prompted: int, unprompted: int, way: str,
    received: datetime | None = None,
) -> None:  # fmt: skip
    """So many of a thousand sessions are followed by an event that asking finds, and by one that needs no asking."""
    told = {"fatigue": 0, "haematoma_bruise": 0}
    for number in range(len(days) * per_day):
        session = {"session_id": f"g{number}", "ae_screen_method": way}
        at = f"{days[number // per_day]}T09:00:00+00:00"
        arrived = received or datetime.fromisoformat(at)
        network.say(clinic, "session.completed", session, at=at, patient=f"p{number % 40}", received=arrived)
        for term, share in (("fatigue", prompted), ("haematoma_bruise", unprompted)):
            if (number + 1) * share // 1000 > told[term]:
                told[term] += 1
                event = {"term": term, "session_id": f"g{number}"}
                network.say(clinic, "adverse_event.reported", event, at=at, patient=f"p{number % 40}")


def tell(network: Any) -> None:
    ordinary = WEEKDAYS, PER_DAY, 40, 40
    for number in range(8):
        _open(network, f"grove-{number}", *ordinary, "open_question")
    _open(network, "grove-risky", WEEKDAYS, PER_DAY, 40, 160, "open_question")
    _open(network, "grove-quiet", WEEKDAYS, PER_DAY, 4, 4, "open_question")
    _open(network, "grove-checklist", WEEKDAYS, PER_DAY, 240, 40, "checklist")
    _open(network, "grove-small", WEEKDAYS[:4], 3, 40, 300, "open_question")
    _open(network, "grove-silent", WEEKDAYS[SILENT_DAYS:], PER_DAY, 40, 40, "open_question")
    # Sends its history, oldest first, and has come that far on the last day.
    _open(network, "grove-loading", WEEKDAYS[SILENT_DAYS:], PER_DAY, 40, 40, "open_question", LAST_NOON)
    _open(network, "grove-holiday", WEEKDAYS[:10] + WEEKDAYS[25:], PER_DAY, 40, 40, "open_question")
    # Never links an event to its session: that is no concealment.
    _open(network, "grove-unlinking", WEEKDAYS, PER_DAY, 0, 0, "open_question")
    for number in range(40):
        network.say("grove-unlinking", "adverse_event.reported", {"term": "fatigue"}, patient=f"p{number}")
    repeated = [event for event in network.events if event["clinic_id"] == "grove-0"][:60]
    for number, event in enumerate(repeated):
        network.events.append({**event, "origin_offset": 500_000 + number})
    network.time_zones["grove-unheard"] = "UTC"


@pytest.fixture
def signals(rows) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["signal"], row["clinic_id"]): row for row in rows("from mart_clinic_signals")}


def _found(signals: dict, signal: str) -> set[str]:
    return {clinic for (name, clinic), row in signals.items() if name == signal and row["found"]}


def test_four_times_the_events_that_need_no_asking_are_an_elevated_risk(signals) -> None:
    assert _found(signals, "elevated_risk") == {"grove-risky"}
    row = signals["elevated_risk", "grove-risky"]
    assert 1.5 < row["ratio_low"] < row["ratio"] < row["ratio_high"]


def test_a_clinic_that_asks_by_checklist_is_held_to_what_nobody_has_to_ask_about(signals) -> None:
    assert signals["elevated_risk", "grove-checklist"]["status"] == "not_found"
    assert signals["under_reporting", "grove-checklist"]["status"] == "not_found"


def test_a_tenth_of_the_events_that_need_no_asking_is_under_reporting(signals) -> None:
    assert _found(signals, "under_reporting") == {"grove-quiet"}
    assert signals["under_reporting", "grove-quiet"]["ratio_high"] < 0.5


def test_events_that_name_no_session_were_still_reported(signals) -> None:
    row = signals["under_reporting", "grove-unlinking"]
    assert (row["observed"], row["status"]) == (0, "not_found")


def test_a_small_clinic_is_not_judged_by_a_handful_of_sessions(signals) -> None:
    assert signals["elevated_risk", "grove-small"]["status"] == "not_evaluated"
    assert signals["under_reporting", "grove-small"]["status"] == "not_evaluated"


def test_silence_is_a_gap_that_has_not_ended(signals) -> None:
    assert {clinic for clinic in _found(signals, "silence") if clinic.startswith("grove")} == {"grove-silent"}
    row = signals["silence", "grove-silent"]
    assert (row["observed"], row["expected"]) == (0, SILENT_DAYS * PER_DAY)
    assert row["detail"] == f"{SILENT_DAYS} working days without a session"


def test_sending_history_again_is_found(signals) -> None:
    assert _found(signals, "resent_history") == {"grove-0"}
    assert signals["resent_history", "grove-0"]["observed"] == 60


def test_a_session_without_a_valid_licence_is_found(signals) -> None:
    assert _found(signals, "lapsed_licence") == {"fir", "larch", "rowan"}
    assert signals["lapsed_licence", "fir"]["observed"] == 2


def test_every_clinic_is_held_against_every_criterion_and_none_is_found_for_want_of_data(rows, signals) -> None:
    clinics = {row["clinic_id"] for row in rows("from core.clinics")}
    criteria = {row["signal"] for row in rows("from vocabularies.signal_criteria")}
    assert signals.keys() == {(signal, clinic) for signal in criteria for clinic in clinics}
    assert {signals[signal, "grove-unheard"]["status"] for signal in criteria} == {"not_evaluated"}
