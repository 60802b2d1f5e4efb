"""mart_stricta_completeness: how much of STRICTA 2010 the records of a clinic say."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")

DAY = "2025-01-05T09:00:00+00:00"
FULL = {"point": "ST36", "side": "left", "depth_mm": 12, "response_sought": "de_qi", "stimulation": "manual",
        "retention_min": 20, "gauge_mm": 0.25}  # fmt: skip


def tell(network: Any) -> None:
    plan = {"plan_id": "t", "style": "tcm", "rationale": "tcm_pattern", "individualisation": "individualised",
            "planned_sessions": 6, "sessions_per_week": 1, "setting": "group_practice"}  # fmt: skip
    network.say("nettle", "treatment_plan.created", plan, patient="whole", at=DAY)
    licence = {"practitioner_id": "dr", "credential": "licence", "valid_from": "2020-01-01"}
    network.say("nettle", "practitioner.credential_recorded", licence, patient=None, at=DAY)
    whole = {"session_id": "whole", "plan_id": "t", "practitioner_id": "dr", "needles_inserted": 2,
             "needles": [FULL, FULL], "techniques": ["moxibustion"]}  # fmt: skip
    network.say("nettle", "session.completed", whole, patient="whole", at=DAY)
    half = {"session_id": "half", "needles": [FULL, {"point": "LI4"}]}
    network.say("nettle", "session.completed", half, patient="half", at=DAY)
    network.say("nettle", "session.completed", {"session_id": "bare", "techniques": ["guasha"]}, patient="half", at=DAY)
    network.say("nettle", "session.completed", {"session_id": "left out"}, patient="withdrawn", at=DAY)
    network.say("nettle", "consent.withdrawn", {"purposes": ["quality_and_safety"]}, patient="withdrawn", at=DAY)


@pytest.fixture
def items(rows) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in rows("from mart_stricta_completeness where clinic_id = 'nettle'")}


def test_a_session_says_what_its_plan_says(items) -> None:
    assert [items[item]["sessions_that_say_it"] for item in ("1a", "1b", "1c", "3a", "3b", "4b", "5")] == [1] * 7


def test_all_fifteen_items_that_mean_something_in_routine_care_are_there(items) -> None:
    assert sorted(items) == ["1a", "1b", "1c", *(f"2{part}" for part in "abcdefg"), "3a", "3b", "4a", "4b", "5"]


def test_items_of_needling_are_asked_of_sessions_with_needles(items) -> None:
    assert (items["2c"]["sessions"], items["1a"]["sessions"]) == (2, 3)


def test_an_item_of_needling_is_said_when_every_needle_says_it(items) -> None:
    said = {item: items[item]["sessions_that_say_it"] for item in items if item.startswith("2")}
    assert said == {"2a": 1, "2b": 2, "2c": 1, "2d": 1, "2e": 1, "2f": 1, "2g": 1}


def test_other_interventions_are_said_by_any_technique_beyond_needling(items) -> None:
    assert items["4a"]["sessions_that_say_it"] == 2


def test_published_trials_stand_beside_and_nothing_where_none_are_published(items) -> None:
    assert (items["1a"]["published_share"], items["2d"]["published_share"]) == (0.98, 0.36)
    assert items["1c"]["published_share"] is None


def test_who_does_not_agree_to_quality_work_is_left_out(items) -> None:
    assert items["1a"]["patients"] == 2
