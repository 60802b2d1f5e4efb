"""mart_dose, mart_care_intents and mart_plan_adherence: how much, how often, and as planned or not."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")

PATIENT = "planned"


def _at(day: str) -> str:
    return f"2025-{day}T09:00:00+00:00"


def _treat(network: Any, day: str, number: int, patient: str = PATIENT, **more: Any) -> None:
    data = {"session_id": f"s{number}", "style": "japanese", "retention_min": 10 * number, **more}
    network.say("sumac", "session.completed", data, patient=patient, at=_at(day))


def tell(network: Any) -> None:
    condition = {"conditions": [{"code": "wellness"}], "episode_id": "e1", "care_intent": "maintenance"}
    network.say("sumac", "assessment.completed", condition, patient=PATIENT, at=_at("01-05"))
    plan = {
        "plan_id": "plan", "episode_id": "e1", "planned_sessions": 6, "sessions_per_week": 2,
        "points": ["ST36", "SP6", "LI4"], "techniques": ["cupping_dry", "a secret one"],
    }  # fmt: skip
    network.say("sumac", "treatment_plan.created", plan, patient=PATIENT, at=_at("01-05"))
    revised = {**plan, "planned_sessions": 2, "points": ["ST36", "LI4"]}
    network.say("sumac", "treatment_plan.revised", revised, patient=PATIENT, at=_at("01-13"))
    electrical = [{"point": "ST36", "stimulation": "electrical"}, {"point": "LI4", "stimulation": "twirling_rotating"}]
    _treat(network, "01-06", 1, plan_id="plan", needles=electrical)
    _treat(network, "01-13", 2, plan_id="plan", needles=[{"point": "ST36"}], techniques=["cupping_dry"])
    # Names no plan: it follows the only one of its episode.
    _treat(network, "01-20", 3, episode_id="e1", needles=[{"point": "BL23"}], needles_inserted=5)
    _treat(network, "01-20", 4, patient="another", style="a secret one")
    network.say(
        "sumac", "assessment.completed", {"conditions": [{"code": "wellness"}]}, patient="idle", at=_at("01-05")
    )
    idle = {"plan_id": "never-begun", "planned_sessions": 4}
    network.say("sumac", "treatment_plan.created", idle, patient="idle", at=_at("01-05"))


@pytest.fixture
def dose(rows) -> dict[tuple[str, str], dict[str, Any]]:
    found = rows("from mart_dose where condition_group = 'preventive'")
    return {(row["style"], row["quantity"]): row for row in found}


@pytest.fixture
def plans(rows) -> dict[str, dict[str, Any]]:
    return {row["plan_version"]: row for row in rows("from mart_plan_adherence where condition_group = 'preventive'")}


def test_a_quantity_is_told_by_its_quartiles_over_those_that_recorded_it(dose) -> None:
    retention = dose["japanese", "retention_min"]
    assert (retention["n"], retention["patients"]) == (3, 1)
    assert [retention[name] for name in ("lower_quartile", "median", "upper_quartile")] == [15, 20, 25]
    needles = dose["japanese", "needles_per_session"]
    assert (needles["mean"], needles["median"]) == (pytest.approx(8 / 3), 2)


def test_dose_is_needles_times_minutes(dose) -> None:
    assert dose["japanese", "needle_minutes"]["upper_quartile"] == (20 + 150) / 2


def test_stimulation_is_a_share_of_the_needles_that_say_theirs(dose) -> None:
    assert dose["japanese", "share_of_needles_stimulated_electrically"]["n"] == 1
    assert dose["japanese", "share_of_needles_stimulated_electrically"]["mean"] == 0.5
    assert dose["japanese", "share_of_needles_stimulated_by_hand"]["mean"] == 0.5
    assert dose["japanese", "share_of_needles_warmed"]["mean"] == 0


def test_sessions_of_an_episode_are_counted_when_it_has_ended(dose) -> None:
    assert dose["japanese", "sessions_per_episode"]["median"] == 3
    assert dose["japanese", "sessions_per_week"]["median"] == 1


def test_a_clinics_own_word_for_a_style_is_unlisted(rows) -> None:
    found = rows("select distinct style from mart_dose where style like '%secret%' or style = 'unlisted'")
    assert found == [{"style": "unlisted"}]


def test_care_intents_have_their_own_intervals(rows) -> None:
    (row,) = rows("from mart_care_intents where condition_group = 'preventive' and care_intent = 'maintenance'")
    assert (row["patients_with_intent"], row["episodes"], row["sessions"]) == (1, 1, 3)
    assert (row["days_between_sessions_median"], row["sessions_per_episode_median"]) == (7, 3)
    assert row["patients"] == 1


def test_a_plan_is_compared_as_first_made_and_as_last_revised(plans) -> None:
    first, latest = plans["first"], plans["latest"]
    # The plan that was never begun has ended too: it counts with none of its four sessions.
    assert (first["plans"], first["plans_with_sessions_planned"]) == (2, 2)
    assert (first["sessions_planned"], first["sessions_done"], first["plans_completed"]) == (10, 3, 0)
    assert (latest["sessions_planned"], latest["sessions_done"], latest["plans_completed"]) == (6, 3, 1)


def test_planned_and_used_points_are_compared_both_ways(plans) -> None:
    assert plans["first"]["planned_points_used_share_mean"] == pytest.approx(2 / 3)
    assert plans["latest"]["planned_points_used_share_mean"] == 1
    assert plans["latest"]["used_points_planned_share_mean"] == pytest.approx(2 / 3)


def test_frequency_and_techniques_are_compared_where_both_are_known(plans) -> None:
    first = plans["first"]
    assert (first["plans_with_frequency"], first["sessions_per_week_planned_mean"]) == (1, 2)
    assert first["sessions_per_week_done_mean"] == 1
    assert (first["plans_with_techniques"], first["planned_techniques_used_share_mean"]) == (1, 1)
