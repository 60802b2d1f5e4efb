"""mart_safety_by_clinic and mart_side_effects: what counts where, and over what."""

from datetime import date
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")


def tell(network: Any) -> None:
    network.time_zones["alder"] = "Europe/Berlin"
    session, event = "session.completed", "adverse_event.reported"
    # 23:30 in January by UTC is February in Berlin.
    network.say("alder", session, {"session_id": "s1", "ae_screen_method": "checklist"}, at="2026-01-31T23:30:00+00:00")
    network.say("alder", session, {"session_id": "s2", "ae_screen_method": "checklist"}, at="2026-02-10T09:00:00+01:00")
    network.say("alder", session, {"session_id": "s3"}, at="2026-02-11T09:00:00+01:00")
    # Two events after one session, one of them reported in the month after it.
    network.say("alder", event, {"term": "haematoma_bruise", "session_id": "s1", "severity": "mild"})
    network.say(
        "alder", event, {"term": "syncope", "session_id": "s1", "serious": True}, at="2026-03-02T09:00:00+01:00"
    )
    # No such session; a session of somebody else; none named at all.
    network.say("alder", event, {"term": "syncope", "session_id": "nowhere"}, at="2026-03-02T09:00:00+01:00")
    network.say("alder", event, {"term": "syncope", "session_id": "s2"}, patient="p2", at="2026-03-02T09:00:00+01:00")
    network.say("alder", event, {"term": "what the patient said"}, at="2026-03-02T09:00:00+01:00")
    # A session that arrives after the event that names it.
    network.say("birch", event, {"term": "nausea", "session_id": "later"}, at="2026-01-07T09:00:00+00:00")
    network.say("birch", session, {"session_id": "later", "ae_screen_method": "open_question"})
    # A case that is reported twice, and a session that is stated twice.
    network.say("birch", event, {"term": "oedema", "case_id": "c", "session_id": "later", "severity": "mild"})
    network.say("birch", event, {"term": "oedema", "case_id": "c", "session_id": "later", "severity": "moderate"})
    network.say("birch", session, {"session_id": "later", "ae_screen_method": "checklist"})


@pytest.fixture
def alder(rows) -> dict[tuple[date, str], dict[str, Any]]:
    found = rows("select * from mart_safety_by_clinic where clinic_id = 'alder'")
    return {(row["month"], row["ae_screen_method"]): row for row in found}


def test_there_is_one_row_for_each_clinic_month_and_way_of_asking(alder) -> None:
    assert alder.keys() == {
        (date(2026, 2, 1), "checklist"), (date(2026, 2, 1), "not_recorded"), (date(2026, 3, 1), "unlinked")
    }  # fmt: skip


def test_an_event_counts_in_the_month_and_under_the_method_of_its_session(alder) -> None:
    row = alder[date(2026, 2, 1), "checklist"]
    counts = [row[name] for name in ("sessions", "sessions_with_event", "events", "serious_events")]
    assert counts == [2, 1, 2, 1]


def test_the_rate_is_events_over_sessions_with_its_exact_interval(alder) -> None:
    row = alder[date(2026, 2, 1), "checklist"]
    assert row["rate_per_1000"] == 1000
    # Garwood for two events, over two sessions.
    assert (row["ci_low"], row["ci_high"]) == (pytest.approx(121.1, abs=0.1), pytest.approx(3612.3, abs=0.1))


def test_no_event_is_a_rate_of_zero_with_an_upper_limit(alder) -> None:
    row = alder[date(2026, 2, 1), "not_recorded"]
    assert (row["sessions"], row["rate_per_1000"], row["ci_low"]) == (1, 0, 0)
    assert row["ci_high"] == pytest.approx(3688.9, abs=0.1)


def test_events_without_their_patients_session_are_unlinked_and_have_no_rate(alder) -> None:
    row = alder[date(2026, 3, 1), "unlinked"]
    assert (row["sessions"], row["sessions_with_event"], row["events"]) == (0, 0, 3)
    assert (row["rate_per_1000"], row["ci_low"], row["ci_high"]) == (None, None, None)


def test_a_session_may_arrive_after_the_event_that_names_it_and_its_last_statement_holds(rows) -> None:
    (row,) = rows("select * from mart_safety_by_clinic where clinic_id = 'birch'")
    assert (row["month"], row["ae_screen_method"], row["sessions"]) == (date(2026, 1, 1), "checklist", 1)
    assert (row["events"], row["sessions_with_event"]) == (2, 1)


def test_a_case_that_is_reported_twice_counts_once_as_it_was_reported_last(rows) -> None:
    assert rows("select severity, events from mart_side_effects where term = 'oedema'") == [
        {"severity": "moderate", "events": 1}
    ]


def test_side_effects_have_the_sessions_whose_window_is_over_for_denominator(rows) -> None:
    (network,) = rows("select count(*) as sessions from evidence.ascertained_sessions where is_ascertained")
    (row,) = rows("select * from mart_side_effects where term = 'haematoma_bruise' and severity = 'mild'")
    assert row["sessions"] == network["sessions"] > 0
    assert row["rate_per_1000"] == pytest.approx(1000 * row["events"] / network["sessions"])
    assert row["ci_low"] < row["rate_per_1000"] < row["ci_high"]


def test_what_was_not_said_of_severity_and_what_is_no_term_have_words_of_their_own(rows) -> None:
    found = rows("select term, severity from core.adverse_events where clinic_id = 'alder' and term_group = 'unlisted'")
    assert found == [{"term": "unlisted", "severity": "not_recorded"}]
    assert rows("select 1 from mart_side_effects where term like '%patient%'") == []
