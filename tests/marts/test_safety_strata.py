"""Marts by stratum, serious events, positive reactions, reporting delays, published surveys: what stands where."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")


def tell(network: Any) -> None:
    for day, method in ((3, "checklist"), (4, "checklist"), (5, "open_question"), (6, "not_asked")):
        data = {"session_id": f"s{day}", "ae_screen_method": method}
        network.say("stratton", "session.completed", data, at=f"2025-03-{day:02}T09:00:00+00:00")
    _event(network, "s3", "syncope", serious=True)
    _event(network, "s3", "nausea")
    _event(network, None, "nausea")
    _event(network, "s4", "energised")
    network.refuse("stratton", "adverse_event.reported", "missing_patient")


def _event(network: Any, session: str | None, term: str, **said: Any) -> None:
    data = {"term": term, **({"session_id": session} if session else {}), **said}
    network.say("stratton", "adverse_event.reported", data, at="2025-03-10T09:00:00+00:00")


@pytest.fixture
def clinic(rows) -> dict[tuple[str, str], dict[str, Any]]:
    found = rows("from mart_safety_by_stratum where stratifier = 'clinic' and stratum = 'stratton'")
    return {(row["asking"], row["ae_screen_method"]): row for row in found}


def test_not_asked_is_a_stratum_of_its_own_and_all_that_asked_are_taken_together_too(clinic) -> None:
    sessions = {key: row["sessions"] for key, row in clinic.items()}
    assert sessions == {
        ("asked", "all"): 3, ("asked", "checklist"): 2, ("asked", "open_question"): 1, ("not_asked", "all"): 1,
        ("not_asked", "not_asked"): 1,
    }  # fmt: skip


def test_events_and_sessions_and_patients_with_an_event_are_three_measures(clinic) -> None:
    row = clinic["asked", "all"]
    assert (row["events"], row["sessions_with_event"], row["patients_with_event"], row["patients"]) == (2, 1, 1, 1)
    assert row["events_per_1000_sessions"] == pytest.approx(2000 / 3)
    assert row["share_of_sessions_with_event"] == pytest.approx(1 / 3)
    assert row["share_of_patients_with_event"] == 1


def test_one_patient_gives_a_counting_error_and_no_cluster_robust_interval(clinic) -> None:
    row = clinic["asked", "all"]
    assert row["events_per_1000_sessions_low"] is None
    assert row["events_per_1000_sessions_counting_error_only_low"] < row["events_per_1000_sessions"]


def test_an_unlinked_event_and_a_refused_report_stand_beside_the_rate(clinic) -> None:
    assert {(row["events_unlinked"], row["reports_quarantined"]) for row in clinic.values()} == {(1, 1)}


def test_sessions_of_the_last_week_are_too_early_and_in_no_denominator(rows) -> None:
    (told,) = rows(
        "select count(*) filter (where local_date < '2026-06-24') as over, "
        "count(*) filter (where local_date > '2026-06-24') as early from core.sessions where clinic_id = 'grove-1'"
    )
    (row,) = rows(
        "select sum(sessions) as over, sum(sessions_too_early) as early from mart_safety_by_stratum "
        "where stratifier = 'clinic' and stratum = 'grove-1' and ae_screen_method = 'all'"
    )
    assert told["early"] > 0
    assert row["early"] >= told["early"]
    assert row["over"] >= told["over"]


def test_the_network_has_cluster_robust_intervals_that_are_wider_than_the_counting_error(rows) -> None:
    (row,) = rows(
        "from mart_safety_by_stratum where stratifier = 'network' and asking = 'asked' and ae_screen_method = 'all'"
    )
    rate = "events_per_1000_sessions"
    assert row["practitioners"] > 1
    assert row[f"{rate}_low"] < row[f"{rate}_counting_error_only_low"] < row[rate]
    assert row[rate] < row[f"{rate}_counting_error_only_high"] < row[f"{rate}_high"]


def test_a_serious_event_stands_in_the_officers_list_with_its_clocks_and_names_no_patient(rows) -> None:
    (row,) = rows("from line_lists.mart_serious_events where clinic_id = 'stratton'")
    assert (row["term"], row["status"]) == ("syncope", "overdue")
    assert row["hours_to_first_report"] == 7 * 24
    assert not {"patient_id", "session_id", "case_id"} & row.keys()


def test_serious_events_have_the_sessions_that_asked_for_denominator(rows) -> None:
    (told,) = rows(
        "select count(*) as sessions from core.sessions where ae_asked and local_date between '2025-01-01' "
        "and '2025-03-31'"
    )
    (row,) = rows("from mart_serious_by_quarter where quarter = '2025-01-01'")
    assert row["sessions_asked"] == told["sessions"]
    assert 1 <= row["serious_events_asked"] <= row["serious_events"]


def test_a_positive_reaction_is_no_side_effect(rows) -> None:
    assert rows("select 1 from mart_side_effects where term = 'energised'") == []
    (row,) = rows("from mart_positive_reactions where term = 'energised' and ae_screen_method = 'checklist'")
    assert row["sessions_with_reaction"] >= 1


def test_what_is_known_never_falls_with_the_days_and_all_is_known_after_the_longest_delay(rows) -> None:
    found = rows("select maturity from mart_reporting_delay where ae_screen_method = 'checklist' order by days")
    known = [row["maturity"] for row in found]
    assert known == sorted(known)
    assert known[-1] == 1


def test_a_survey_has_our_figure_or_every_reason_why_not(rows) -> None:
    found = {row["survey"]: row for row in rows("from mart_published_comparison")}
    for row in found.values():
        assert row["comparable"] == (row["ours"] is not None) == (row["why_not"] is None), row["survey"]
    assert found["furuse_2017_sessions"]["comparable"]
    assert "recalled" in found["melchart_2004_patients"]["why_not"]
    assert "how events were asked for" in found["won_2022_sessions"]["why_not"]


def test_no_figure_stands_beside_one_that_was_not_read_in_its_source(rows) -> None:
    assert rows("select 1 from mart_published_comparison where comparable and not is_read") == []
