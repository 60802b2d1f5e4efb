"""Marts by what a session was exposed to: what counts where, over what, and what is left out."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")

SESSION, EVENT = "session.completed", "adverse_event.reported"
# Nobody else in the network needles here, so what is counted is this clinic's alone.
HERE, THERE = "pelvic_floor", "eye"


def tell(network: Any) -> None:
    needles = [
        {"region": HERE, "depth_mm": 8, "gauge_mm": 0.22, "lot": "TEASEL-1", "manufacturer": "Maker"},
        {"region": HERE, "depth_mm": 12, "gauge_mm": 0.22, "lot": "TEASEL-1", "manufacturer": "Maker"},
        {"region": THERE, "depth_mm": 3, "gauge_mm": 0.16},
    ]
    network.say("teasel", "needle_lot.received", {"lot": "Teasel-1", "manufacturer": "maker"}, patient=None)
    _credential(network, "2025-03-01T09:00:00+00:00", ["cancer_care"])
    for number, day in enumerate(("2025-02-03", "2025-04-07", "2025-05-05")):
        _session(network, f"s{number}", day, needles=needles if number else needles[:1], duration_min=30)
    _session(network, "asked-nobody", "2025-05-06", method="not_asked", needles=needles[:1])
    _session(network, "withdrawn", "2025-05-07", patient="left", needles=needles[:1])
    network.say("teasel", "consent.withdrawn", {"purposes": ["quality_and_safety"]}, patient="left")
    _event(network, "s1", term="local_infection", needle=1, onset_at="2025-04-07T09:10:00+00:00")
    _event(network, "s1", term="local_infection", region=THERE, onset_at="2025-04-09T09:30:00+00:00")
    _event(network, "s2", term="local_infection")
    _event(network, "s2", term="seizure", onset_at="2025-05-05T10:15:00+00:00")
    _event(network, "withdrawn", patient="left", term="seizure")


def _credential(network: Any, at: str, trainings: list[str]) -> None:
    data = {"practitioner_id": "dr", "credential": "licence", "number": "H1", "valid_from": "2020-01-01",
            "trainings": [{"code": code} for code in trainings]}  # fmt: skip
    network.say("teasel", "practitioner.credential_recorded", data, patient=None, at=at)


def _session(network: Any, name: str, day: str, patient: str = "p", method: str = "checklist", **said: Any) -> None:
    data = {"session_id": name, "practitioner_id": "dr", "ae_screen_method": method,
            "started_at": f"{day}T09:00:00+00:00", "techniques": ["plum_blossom", "pharmacopuncture", "Aunt Ada's way"],
            **said}  # fmt: skip
    network.say("teasel", SESSION, data, patient=patient, at=f"{day}T09:30:00+00:00")


def _event(network: Any, session: str, patient: str = "p", **said: Any) -> None:
    data = {"session_id": session, "case_id": f"{session}-{len(network.events)}", **said}
    network.say("teasel", EVENT, data, patient=patient, at="2025-06-01T09:00:00+00:00")


@pytest.fixture
def infections(rows) -> dict[tuple[str, str], dict[str, Any]]:
    found = rows(
        "from mart_side_effects_by_exposure "
        "where term = 'local_infection' and severity = 'all' and asking = 'asked' and exposure <> 'technique'"
    )
    return {(row["exposure"], row["level"]): row for row in found}


def test_a_local_event_counts_at_the_needle_that_it_names_and_not_where_else_the_session_had_needles(
    infections,
) -> None:
    assert infections["region", HERE]["events"] == 1
    assert infections["depth_band", "5_to_10_mm"]["events"] == 1
    assert infections["depth_band", "10_to_15_mm"]["events"] == 0


def test_one_that_names_a_region_alone_counts_there_and_at_no_depth(infections) -> None:
    assert infections["region", THERE]["events"] == 1
    assert infections["depth_band", "under_5_mm"]["events"] == 0


def test_one_that_names_neither_is_not_placed_and_has_no_rate(infections) -> None:
    row = infections["region", "not_placed"]
    assert (row["events"], row["sessions_exposed"], row["events_per_1000_sessions"]) == (1, None, None)
    assert infections["depth_band", "not_placed"]["events"] == 2


def test_sessions_and_needles_that_were_exposed_are_two_denominators_of_those_who_agree_and_were_asked(
    infections,
) -> None:
    row = infections["region", HERE]
    assert (row["sessions_exposed"], row["needles_exposed"], row["patients_exposed"]) == (3, 5, 1)
    assert row["events_per_1000_sessions"] == pytest.approx(1000 / 3)
    assert row["events_per_10000_needles"] == pytest.approx(10_000 / 5)
    low, high = (row[f"events_per_10000_needles_counting_error_only_{end}"] for end in ("low", "high"))
    # Garwood for one event, over five needles.
    assert (low, high) == (pytest.approx(0.0253178 * 2000, rel=1e-4), pytest.approx(5.571643 * 2000, rel=1e-4))


def test_those_who_were_not_asked_stand_apart(rows) -> None:
    found = rows(
        "select sessions_exposed, events from mart_side_effects_by_exposure where term = 'local_infection' "
        "and severity = 'all' and exposure = 'region' and level = ? and asking = 'not_asked'",
        HERE,
    )
    assert found == [{"sessions_exposed": 1, "events": 0}]


def test_a_systemic_event_counts_at_all_that_its_session_had_and_has_no_rate_per_needle(rows) -> None:
    found = rows(
        "select level, linkage, events, events_per_10000_needles as per_needle from mart_side_effects_by_exposure "
        "where term = 'seizure' and severity = 'all' and asking = 'asked' and exposure = 'region' and level in (?, ?) "
        "order by level",
        HERE, THERE,
    )  # fmt: skip
    assert [(row["level"], row["linkage"], row["events"]) for row in found] == [
        (THERE, "session", 1),
        (HERE, "session", 1),
    ]
    assert {row["per_needle"] for row in found} == {None}


@pytest.mark.parametrize("level", ["plum_blossom", "pharmacopuncture"])
def test_a_session_counts_under_each_of_its_techniques(rows, level: str) -> None:
    found = rows(
        "select sessions, events, sessions_with_event, patients_with_event from mart_safety_by_exposure "
        "where stratifier = 'technique' and stratum = ? and asking = 'asked' and ae_screen_method = 'all'",
        level,
    )
    assert found == [{"sessions": 3, "events": 4, "sessions_with_event": 2, "patients_with_event": 1}]


def test_what_a_clinic_calls_a_technique_is_repeated_nowhere(rows) -> None:
    strata = "select 1 from mart_safety_by_exposure where lower(stratum) like '%ada%'"
    levels = "select 1 from mart_side_effects_by_exposure where lower(level) like '%ada%'"
    assert rows(strata) == rows(levels) == []


def test_a_session_before_a_training_was_known_does_not_count_under_it(rows) -> None:
    found = rows(
        "select sessions from mart_safety_by_exposure where stratifier = 'training' and stratum = 'cancer_care' "
        "and asking = 'asked' and ae_screen_method = 'all'"
    )
    assert found == [{"sessions": 2}]


def test_a_lot_that_its_clinic_has_recorded_is_named_to_officers(rows) -> None:
    found = rows("select term, events, sessions_exposed from mart_side_effects_by_lot where lot = 'teasel-1'")
    counted = {row["term"]: (row["events"], row["sessions_exposed"]) for row in found}
    assert counted == {"all": (4, 3), "local_infection": (3, 3), "seizure": (1, 3)}


def test_onset_is_told_from_the_beginning_of_the_session(rows) -> None:
    found = rows("select onset, events, events_with_onset from mart_time_to_onset where term = 'local_infection'")
    assert {row["onset"]: row["events"] for row in found} == {"during": 1, "1_to_3_days": 1, "not_recorded": 1}
    assert {row["events_with_onset"] for row in found} == {2}


def test_who_withdrew_is_in_no_mart(rows) -> None:
    (row,) = rows("select sum(sessions) as sessions, sum(events) as events from mart_safety_by_clinic "
                  "where clinic_id = 'teasel'")  # fmt: skip
    assert (row["sessions"], row["events"]) == (4, 4)
    assert rows("select 1 from core.adverse_events where clinic_id = 'teasel' and patient_id = 'left'") != []
    listed = rows("select event_id from line_lists.mart_serious_events where clinic_id = 'teasel'")
    assert len(listed) == 1
