"""What the truth says was planted is really there, once, and in different clinics."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from clinic_events.vocabularies import flagged_codes

SINGLE_PLANTS = ["elevated_risk", "under_reporting", "silence", "lapsed_licence", "resent_history"]
DECOYS = ["asks_by_checklist", "small_clinic", "holiday_gap"]


def test_each_part_is_played_once_and_by_a_clinic_of_its_own(planted) -> None:
    truth = planted.network.truth
    assert sorted(p.kind for p in truth.plants if p.kind != "broken_events") == sorted(SINGLE_PLANTS)
    assert sorted(d.kind for d in truth.decoys) == sorted(DECOYS)
    assert len({truth.clinic_of(kind) for kind in (*SINGLE_PLANTS, *DECOYS)}) == 8


def test_where_nothing_is_planted_there_is_no_truth_to_find_and_nothing_sent_again(nothing_planted) -> None:
    network = nothing_planted.network
    assert (network.truth.plants, network.truth.decoys, network.resent) == ((), (), [])


def test_the_risky_clinic_has_three_times_the_events_that_nobody_asks_about(planted) -> None:
    row = _signal(planted, "elevated_risk", planted.network.truth.clinic_of("elevated_risk"))
    assert 2.2 < row["observed"] / row["expected"] < 4.5


def test_the_under_reporting_clinic_reports_a_tenth(planted) -> None:
    row = _signal(planted, "under_reporting", planted.network.truth.clinic_of("under_reporting"))
    assert row["observed"] / row["expected"] < 0.25


def test_the_silent_clinic_sends_nothing_in_its_last_days_and_the_others_do(planted, as_of: datetime) -> None:
    truth = planted.network.truth
    silent, days = next((p.clinic_id, p.amount) for p in truth.plants if p.kind == "silence")
    last = dict(planted.last_event)
    assert last.pop(silent) < as_of - timedelta(days=days)
    assert min(last.values()) > as_of - timedelta(days=7)


def test_the_sessions_without_a_licence_are_counted_and_are_nowhere_else(planted) -> None:
    lapsed = next(p for p in planted.network.truth.plants if p.kind == "lapsed_licence")
    observed = {row["clinic_id"]: row["observed"] for row in planted.signals if row["signal"] == "lapsed_licence"}
    assert observed.pop(lapsed.clinic_id) == lapsed.amount > 20
    assert set(observed.values()) == {0}


def test_what_is_sent_again_was_accepted_before_to_the_byte(planted) -> None:
    network = planted.network
    resent = next(p for p in network.truth.plants if p.kind == "resent_history")
    assert planted.duplicates == Counter({resent.clinic_id: resent.amount})
    assert set(network.resent) <= set(network.messages)


def test_the_safe_clinic_asks_by_checklist_only_and_so_reports_much_more_than_most(planted) -> None:
    safe = planted.network.truth.clinic_of("asks_by_checklist")
    assert {data.ae_screen_method for data, _ in planted.sessions[safe].values()} == {"checklist"}
    share = {clinic: _reporting(planted, clinic) for clinic in planted.sessions}
    assert share[safe] > 1.5 * median(share.values())


def test_the_safe_clinic_reports_six_times_as_much_of_what_depends_on_asking(planted) -> None:
    safe = planted.network.truth.clinic_of("asks_by_checklist")
    open_question = {
        clinic: {name for name, (data, _) in sessions.items() if data.ae_screen_method == "open_question"}
        for clinic, sessions in planted.sessions.items()
    }
    eventful = sum(len(_asked_about(planted, clinic) & names) for clinic, names in open_question.items())
    asked_openly = eventful / sum(map(len, open_question.values()))
    by_checklist = len(_asked_about(planted, safe)) / len(planted.sessions[safe])
    assert 3.5 < by_checklist / asked_openly < 8


def test_the_small_clinic_is_small_and_the_closed_one_comes_back(planted, as_of: datetime) -> None:
    truth = planted.network.truth
    sizes = {clinic: len(sessions) for clinic, sessions in planted.sessions.items()}
    assert sizes.pop(str(truth.clinic_of("small_clinic"))) * 5 < min(sizes.values())
    days = sorted({day for _, day in planted.sessions[str(truth.clinic_of("holiday_gap"))].values()})
    assert max(later - earlier for earlier, later in pairwise(days)) > timedelta(days=10)
    assert days[-1] > as_of.date() - timedelta(days=4)


def _signal(planted, signal: str, clinic_id: str) -> dict:
    return next(row for row in planted.signals if (row["signal"], row["clinic_id"]) == (signal, clinic_id))


def _reporting(planted, clinic: str) -> float:
    return len({event.session_id for event in planted.adverse_events[clinic]}) / len(planted.sessions[clinic])


def _asked_about(planted, clinic: str) -> set[str]:
    """Sessions after which something was reported that depends on asking."""
    dependent = flagged_codes("adverse_event_terms", "asking_dependent")
    return {event.session_id for event in planted.adverse_events[clinic] if event.term in dependent}
